/** The same request in the words of HTTP/2, and what of HTTP/1.1 has none there (RFC 9113 section 8). */
import type { WholeRequest } from '../http2/send-request.ts'
import type { Field } from '../http2/hpack-static.ts'
import type { RequestStep } from './shape.ts'

/** Why a step says what only HTTP/1.1 can. */
export type Untold =
  | 'in the clear'
  | 'bytes that are no request'
  | 'CONNECT'
  | 'a whole URL for a target'
  | 'a field about one connection'
  | 'a line that is no field'
  | 'lengths that disagree'
  | 'no host'

export interface Http2Words {
  readonly request: WholeRequest
  /** Null where all of the step is in the request; else the request is as near to it as bytes can come. */
  readonly untold: Untold | null
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const CONNECTION_FIELDS = ['connection', 'proxy-connection', 'keep-alive', 'upgrade', 'http2-settings']

/** `authority` and `target` are those of the step, with its addresses filled in. */
export function http2WordsOf(step: RequestStep, authority: string, target: string): Http2Words {
  const { method, headers = [] } = step
  const lines = headers.map(fieldOf)
  const hosts = valuesOf(lines, 'host')
  const said = Buffer.from(step.body ?? '')
  const isChunked = valuesOf(lines, 'transfer-encoding').join() === 'chunked'
  const { content, trailers } = isChunked ? unchunked(said) : { content: said, trailers: [] }
  const fields = lines.filter(([name]) => !(name === 'host' || (isChunked && name === 'transfer-encoding')))
  const isSized = isChunked || content.length === 0 || valuesOf(fields, 'content-length').length > 0
  const pseudo: Field[] = [
    [':method', method],
    [':scheme', 'https'],
    [':authority', hosts[0] ?? authority],
    [':path', target],
  ]
  const length: Field[] = isSized ? [] : [['content-length', String(content.length)]]
  const again = hosts.slice(1).map((host): Field => ['host', host])
  return {
    request: { fields: [...pseudo, ...again, ...fields, ...length], content, trailers },
    untold: untoldOf(step, target, fields, content.length, isChunked),
  }
}

function untoldOf(
  { method, headers = [] }: RequestStep,
  target: string,
  fields: readonly Field[],
  length: number,
  isChunked: boolean,
): Untold | null {
  if (method === 'CONNECT') return 'CONNECT'
  if (!target.startsWith('/') && target !== '*') return 'a whole URL for a target'
  if (headers.some((line) => !TOKEN.test(line.slice(0, line.indexOf(':'))) || /[\r\n]/.test(line))) {
    return 'a line that is no field'
  }
  if (fields.some(([name]) => CONNECTION_FIELDS.includes(name))) return 'a field about one connection'
  if (headers.some((line) => /^host:\s*$/i.test(line))) return 'no host'
  const lengths = valuesOf(fields, 'content-length')
  if (valuesOf(fields, 'transfer-encoding').length > 0) return 'lengths that disagree'
  if (isChunked ? lengths.length > 0 : lengths.some((each) => each !== String(length))) return 'lengths that disagree'
  return null
}

function fieldOf(line: string): Field {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).replace(/^[\t ]+|[\t ]+$/g, '')]
}

function valuesOf(fields: readonly Field[], name: string): readonly string[] {
  return fields.filter(([each]) => each === name).map(([, value]) => value)
}

/** What `chunked` of `shape.ts` has put into chunks: one at the most, and lines for trailers. */
function unchunked(body: Buffer): { readonly content: Buffer; readonly trailers: readonly Field[] } {
  const lineEnd = body.indexOf('\r\n')
  const length = Number.parseInt(body.toString('latin1', 0, lineEnd), 16)
  const start = length === 0 ? 0 : lineEnd + 2
  const end = start + length
  const [, ...lines] = body.toString('latin1', length === 0 ? 0 : end + 2).split('\r\n')
  return { content: body.subarray(start, end), trailers: lines.filter((line) => line !== '').map(fieldOf) }
}

/** A second reading of HTTP/1.1, by the letter and by nothing of Weir's: the referee of the corpus (RFC 9112 sections 2 to 7). */
import type { Message } from '../corpus/case.ts'

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/

export interface ReadRequests {
  readonly messages: readonly Message[]
  /** A message that began and did not end. */
  readonly rest: string
}

export interface ReadResponse {
  readonly status: number
  readonly reason: string
  /** Names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** False where the bytes ended first. */
  readonly complete: boolean
}

/** Throws where the bytes are not what a careful sender sends: one spelling of everything, no tolerance. */
export function readRequests(bytes: Buffer): ReadRequests {
  const text = bytes.toString('latin1')
  const messages: Message[] = []
  let at = 0
  while (at < text.length) {
    const head = readHead(text, at)
    if (head === null) break
    const [method = '', target = '', version, ...more] = head.line.split(' ')
    if (version !== 'HTTP/1.1' || more.length > 0) throw new Error(`not a request line: ${head.line}`)
    if (!TOKEN.test(method) || !/^[\x21-\x7e]+$/.test(target)) throw new Error(`not a request line: ${head.line}`)
    if (valuesOf(head.fields, 'host').length !== 1) throw new Error('not one Host')
    const body = readBody(text, head)
    if (body === null) break
    messages.push({ method, target, body: body.text })
    at = body.end
  }
  return { messages, rest: text.slice(at) }
}

/** Reads the responses to requests with these methods; interim ones are left out. What follows the last must be nothing. */
export function readResponses(bytes: Buffer, methods: readonly string[]): readonly ReadResponse[] {
  const text = bytes.toString('latin1')
  const responses: ReadResponse[] = []
  let at = 0
  while (at < text.length) {
    const head = readHead(text, at)
    if (head === null) throw new Error(`half a head: ${text.slice(at, at + 200)}`)
    const [, digits = '', reason = ''] = /^HTTP\/1\.1 (\d{3}) ([\t\x20-\x7e\x80-\xff]*)$/.exec(head.line) ?? []
    if (digits === '') throw new Error(`not a status line: ${head.line}`)
    const status = Number(digits)
    at = head.end
    if (status < 200) continue
    const none = methods[responses.length] === 'HEAD' || status === 204 || status === 304
    const body = none ? { text: '', end: at } : readResponseBody(text, head)
    responses.push({
      status,
      reason,
      fields: head.fields,
      body: body?.text ?? text.slice(at),
      complete: body !== null,
    })
    at = body?.end ?? text.length
  }
  return responses
}

interface Head {
  readonly line: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly end: number
}

function readHead(text: string, at: number): Head | null {
  const end = text.indexOf('\r\n\r\n', at)
  if (end === -1) return null
  const [line = '', ...lines] = text.slice(at, end).split('\r\n')
  const fields = lines.map((each): readonly [string, string] => {
    const colon = each.indexOf(':')
    const name = each.slice(0, Math.max(0, colon))
    const value = each.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
    if (!TOKEN.test(name) || !VALUE.test(value)) throw new Error(`not a field line: ${JSON.stringify(each)}`)
    return [name.toLowerCase(), value]
  })
  return { line, fields, end: end + 4 }
}

function valuesOf(fields: Head['fields'], name: string): readonly string[] {
  return fields.filter(([each]) => each === name).map(([, value]) => value)
}

type Body = { readonly text: string; readonly end: number } | null

function readBody(text: string, head: Head): Body {
  const lengths = valuesOf(head.fields, 'content-length')
  const codings = valuesOf(head.fields, 'transfer-encoding')
  if (lengths.length + codings.length > 1) throw new Error('more than one framing')
  if (codings.length > 0) {
    if (codings[0] !== 'chunked') throw new Error(`Transfer-Encoding: ${codings[0]}`)
    return readChunks(text, head.end)
  }
  const [length = '0'] = lengths
  if (!/^(?:0|[1-9]\d{0,15})$/.test(length)) throw new Error(`Content-Length: ${length}`)
  const end = head.end + Number(length)
  return end > text.length ? null : { text: text.slice(head.end, end), end }
}

function readResponseBody(text: string, head: Head): Body {
  const framed = head.fields.some(([name]) => name === 'content-length' || name === 'transfer-encoding')
  return framed ? readBody(text, head) : { text: text.slice(head.end), end: text.length }
}

function readChunks(text: string, start: number): Body {
  let at = start
  let body = ''
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd === -1) return null
    const size = text.slice(at, lineEnd)
    if (!/^[0-9a-f]{1,8}$/.test(size)) throw new Error(`not a chunk size: ${JSON.stringify(size)}`)
    const end = lineEnd + 2 + Number.parseInt(size, 16)
    if (end + 2 > text.length) return null
    if (text.slice(end, end + 2) !== '\r\n') throw new Error('no CRLF behind a chunk')
    body += text.slice(lineEnd + 2, end)
    at = end + 2
    if (end === lineEnd + 2) return { text: body, end: at }
  }
}

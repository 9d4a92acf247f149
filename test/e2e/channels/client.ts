/** Takes the steps of a channel through a proxy, byte for byte, by HTTP/1.1 or HTTP/2, and tells who answered. */
import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import { fieldOf, finalHead } from '../http2/talk.ts'
import { RawHttp2 } from '../http2/raw-http2.ts'
import { isOver, sendRequest } from '../http2/send-request.ts'
import { openRaw, openTls, openTunnel, type RawClient } from '../support/raw-client.ts'
import { http2WordsOf, type Untold } from './http2-words.ts'
import type { RequestStep, Step } from './shape.ts'
import { ANSWERED } from './world.ts'

export type Transport = 'HTTP/1.1' | 'HTTP/2'

export interface Ways {
  /** The proxy's. */
  readonly port: number
  /** The world's own, for addresses. */
  readonly worldPort: number
  /** PEM of all authorities that the client trusts. */
  readonly ca: string
}

export interface Outcome {
  /** `through`: the world answered. `refused`: the proxy did. `ended`: nobody did, and the connection is over, or says nothing. */
  readonly by: 'through' | 'refused' | 'ended'
  readonly status: number
  /** Status line, fields and body as they came; of HTTP/2 written as those of HTTP/1.1. */
  readonly answer: string
  /** Of the connection to the proxy. */
  readonly port: number
  /** What was agreed on inside of TLS where HTTP/2 was offered; null where nothing was. */
  readonly agreed: 'h2' | 'http/1.1' | null
}

const ANSWER_TIMEOUT_MS = 5_000
/** Where there may be no answer, for as long the world is given to be told something. */
const SILENCE_MS = 400

export async function take(ways: Ways, step: Step, transport: Transport = 'HTTP/1.1'): Promise<Outcome> {
  if ('raw' in step) {
    const client = await openRaw(ways.port)
    client.send(step.raw)
    return hear(client, SILENCE_MS, portOf(client))
  }
  if ('tls' in step) return takeTls(ways, step.tls, step.bytes)
  if ('tunnel' in step) return takeTunnel(ways, step.tunnel, step.bytes)
  return takeRequest(ways, step, transport)
}

/** What in a step HTTP/2 has no words for; null where it can say all of it. */
export function untoldOf(ways: Ways, step: Step): Untold | null {
  if (!('url' in step)) return 'bytes that are no request'
  const { scheme, authority, target } = partsOf(ways, step)
  return scheme === 'http' ? 'in the clear' : http2WordsOf(step, authority, target).untold
}

async function takeTunnel(ways: Ways, authority: string, bytes: string | Uint8Array): Promise<Outcome> {
  const { client, status, reply } = await openTunnel(ways.port, authority)
  const port = portOf(client)
  if (status !== 200) {
    client.destroy()
    return { by: 'refused', status, answer: reply, port, agreed: null }
  }
  client.send(Buffer.from(bytes))
  return hear(client, SILENCE_MS, port)
}

async function takeTls(ways: Ways, authority: string, bytes: string | Uint8Array): Promise<Outcome> {
  const { client } = await openTunnel(ways.port, authority)
  const port = portOf(client)
  const servername = authority.replace(/:\d+$/, '')
  const { client: inside } = await openTls(client, { servername, ca: ways.ca })
  inside.send(Buffer.from(bytes))
  return hear(inside, SILENCE_MS, port)
}

async function takeRequest(ways: Ways, step: RequestStep, transport: Transport): Promise<Outcome> {
  const { scheme, authority, target } = partsOf(ways, step)
  if (scheme === 'http') {
    const client = await openRaw(ways.port)
    client.send(bytesOf(step, authority, `http://${authority}${target}`))
    return hear(client, ANSWER_TIMEOUT_MS, portOf(client), step.method)
  }
  const { client, status, reply } = await openTunnel(
    ways.port,
    step.connect ?? `${authority}${/:\d+$/.test(authority) ? '' : ':443'}`,
  )
  const port = portOf(client)
  if (status !== 200) {
    client.destroy()
    return { by: 'refused', status, answer: reply, port, agreed: null }
  }
  const name = authority.replace(/:\d+$/, '')
  const servername = step.sni === undefined ? sniOf(name) : step.sni
  const alpn = transport === 'HTTP/2' ? { alpn: ['h2', 'http/1.1'] } : {}
  try {
    // Whose certificate is shown is not what is tried here: a client that checks nothing carries out more.
    const opened = await openTls(client, { servername, ca: ways.ca, expectedName: name, ...alpn })
    if (opened.tls.alpnProtocol === 'h2') return await takeByHttp2(opened, step, authority, target, port)
    opened.client.send(bytesOf(step, authority, target))
    const outcome = await hear(opened.client, ANSWER_TIMEOUT_MS, port, step.method)
    return { ...outcome, agreed: transport === 'HTTP/2' ? 'http/1.1' : null }
  } catch (error) {
    client.destroy()
    return { by: 'ended', status: 0, answer: String(error), port, agreed: null }
  }
}

async function takeByHttp2(
  opened: { readonly client: RawClient; readonly tls: TLSSocket },
  step: RequestStep,
  authority: string,
  target: string,
  port: number,
): Promise<Outcome> {
  opened.client.release()
  const client = new RawHttp2(opened.tls)
  const stream = 1
  try {
    await client.open()
    await sendRequest(client, stream, http2WordsOf(step, authority, target).request)
    await client.until(() => isOver(client, stream), 'an answer', ANSWER_TIMEOUT_MS)
    const { sections, body, reset, ended } = client.stream(stream)
    const head = finalHead(sections)
    const status = Number(fieldOf(head, ':status'))
    if (!ended || status === 0) return { by: 'ended', status: 0, answer: `RST_STREAM ${reset}`, port, agreed: 'h2' }
    const lines = head.filter(([each]) => each !== ':status').map(([each, value]) => `${each}: ${value}`)
    const answer = [`HTTP/2 ${status}`, ...lines, '', body.toString('latin1')].join('\r\n')
    return { by: isOfWorld(answer) ? 'through' : 'refused', status, answer, port, agreed: 'h2' }
  } finally {
    client.destroy()
    // Of what comes on no connection any more none is told apart from the next step's.
    if (!opened.tls.closed) await once(opened.tls, 'close')
  }
}

function portOf({ socket }: RawClient): number {
  return socket.localPort ?? 0
}

function isOfWorld(answer: string): boolean {
  return answer.toLowerCase().includes(ANSWERED)
}

/** An address is no name, and is not sent as one. */
function sniOf(name: string): string | null {
  return /^[\d.]+$/.test(name) ? null : name
}

function partsOf(ways: Ways, { url, target }: RequestStep): { scheme: string; authority: string; target: string } {
  const [, scheme = '', authority = '', own = ''] = /^(https?):\/\/([^/?#\\]+)(.*)$/s.exec(url) ?? []
  return { scheme, authority: authority.replace('{origin}', String(ways.worldPort)), target: target ?? (own || '/') }
}

function bytesOf({ method, headers = [], body = '' }: RequestStep, authority: string, target: string): Buffer {
  const content = Buffer.from(body)
  const says = (name: string): boolean => headers.some((line) => line.toLowerCase().startsWith(name))
  const framed = says('content-length') || says('transfer-encoding') || headers.some((line) => line.includes('\n'))
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...(says('host') ? [] : [`Host: ${authority}`]),
    ...headers,
    ...(framed || content.length === 0 ? [] : [`Content-Length: ${content.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), content])
}

const INTERIM = /^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r]+\r\n)*\r\n)+/

async function hear(client: RawClient, timeoutMs: number, port: number, method = ''): Promise<Outcome> {
  let answer = ''
  const isWhole = (bytes: Buffer): boolean => {
    const [head, ...body] = bytes.toString('latin1').replace(INTERIM, '').split('\r\n\r\n')
    if (body.length === 0) return false
    const length = method === 'HEAD' ? 0 : Number(/\ncontent-length: (\d+)/i.exec(head ?? '')?.[1] ?? 0)
    return body.join('\r\n\r\n').length >= length
  }
  try {
    const got = await client.read((bytes) => isWhole(bytes) || client.ended, timeoutMs)
    answer = got.toString('latin1').replace(INTERIM, '')
  } catch {
    // Silence, or an end without a word: the caller is told so.
  }
  client.destroy()
  const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1] ?? 0)
  if (status === 0) return { by: 'ended', status, answer, port, agreed: null }
  return { by: isOfWorld(answer) ? 'through' : 'refused', status, answer, port, agreed: null }
}

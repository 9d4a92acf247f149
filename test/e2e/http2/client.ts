/** A client of HTTP/2 behind Weir: CONNECT, TLS with ALPN, and Node's own session over it. */
import { once } from 'node:events'
import { type ClientHttp2Session, type ClientSessionOptions, connect as connectHttp2 } from 'node:http2'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { openTunnel } from './tunnel.ts'
import type { TestWeir } from '../support/weir.ts'

export interface Heard {
  readonly status: number
  readonly fields: readonly string[]
  readonly hints: readonly (readonly string[])[]
  readonly body: Buffer
  readonly trailers: readonly string[]
  /** What broke the stream off; null for an answer that came to its end. */
  readonly broken: number | null
}

export interface Ask {
  readonly method?: string
  readonly path?: string
  /** More fields, a flat list, behind the pseudo-header fields. */
  readonly fields?: readonly string[]
  readonly body?: Buffer | string
  readonly authority?: string
}

export interface Http2Client {
  readonly session: ClientHttp2Session
  ask(ask: Ask): Promise<Heard>
  close(): void
}

/** TLS to `host` through a tunnel of Weir's. */
export async function secureTunnel(
  weir: TestWeir,
  host: string,
  alpn: readonly string[] = ['h2', 'http/1.1'],
  port = 443,
): Promise<TLSSocket> {
  const socket = await openTunnel(weir.port, `${host}:${port}`)
  const secure = connectTls({ socket, servername: host, ca: weir.caPem, ALPNProtocols: [...alpn] })
  secure.on('error', () => undefined)
  await once(secure, 'secureConnect')
  return secure
}

export async function connectClient(
  weir: TestWeir,
  host: string,
  options: ClientSessionOptions & { readonly port?: number } = {},
): Promise<Http2Client> {
  const { port = 443, ...more } = options
  const secure = await secureTunnel(weir, host, ['h2'], port)
  const authority = port === 443 ? host : `${host}:${port}`
  const session = connectHttp2(`https://${authority}`, { ...more, createConnection: () => secure })
  session.on('error', () => undefined)
  return {
    session,
    ask: (ask) => askOn(session, authority, ask),
    close: () => session.destroy(),
  }
}

export function askOn(session: ClientHttp2Session, host: string, ask: Ask): Promise<Heard> {
  const { method = 'GET', path = '/', fields = [], body = null, authority = host } = ask
  const pairs = [':method', method, ':scheme', 'https', ':authority', authority, ':path', path, ...fields]
  const stream = session.request(pairs, { endStream: body === null })
  const heard = { status: 0, fields: [] as string[], hints: [] as string[][], trailers: [] as string[] }
  const chunks: Buffer[] = []
  stream.on('headers', (_headers, _flags, raw) => heard.hints.push(raw))
  stream.on('response', (headers, _flags, raw) => {
    heard.status = Number(headers[':status'])
    heard.fields = raw
  })
  stream.on('trailers', (_headers, _flags, raw) => {
    heard.trailers = raw
  })
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  if (body !== null) stream.end(body)
  return new Promise((resolve) => {
    let ended = false
    stream.on('end', () => {
      ended = !stream.closed || stream.rstCode === 0
    })
    stream.on('error', () => undefined)
    stream.on('close', () => {
      const broken = ended && stream.rstCode === 0 ? null : (stream.rstCode ?? 0)
      resolve({ ...heard, body: Buffer.concat(chunks), broken })
    })
  })
}

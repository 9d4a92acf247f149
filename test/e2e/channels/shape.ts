/** How a way to carry data out, or a benign action, is written down: requests as they are sent, and what they carry. */

/** What is to be carried out: nothing else that is sent looks like it. */
export const CANARY = 'q7Zr2Kx9Vb4Tn6Wd1Lm8Hs3P'

/** One HTTP request, byte for byte but for its framing. */
export interface RequestStep {
  readonly method: string
  /** SCHEME://HOST[:PORT]TARGET. The target is sent as it stands here, fragments and dots included. */
  readonly url: string
  /** Whole lines, `Name: value`. `Host` and the framing are added where none of these says them. */
  /** In the place of the URL's target. */
  readonly target?: string
  readonly headers?: readonly string[]
  readonly body?: string | Uint8Array
  /** Whom the CONNECT names, where not the URL: HOST:PORT. */
  readonly connect?: string
  /** The SNI, where not the URL's host; null sends none. */
  readonly sni?: string | null
  /** Leads up to the next step and is allowed: what it sends is not what is carried out. */
  readonly prelude?: true
}

/** Bytes in a tunnel, without TLS. */
export interface TunnelStep {
  readonly tunnel: string
  readonly bytes: string | Uint8Array
}

/** Bytes inside TLS. */
export interface TlsStep {
  readonly tls: string
  readonly bytes: string | Uint8Array
}

/** Bytes to the proxy itself. */
export interface RawStep {
  readonly raw: string
}

export type Step = RequestStep | TunnelStep | TlsStep | RawStep

export interface Channel {
  readonly name: string
  readonly service: string
  /** What is to be known of it; empty where the name says all. */
  readonly why: string
  readonly steps: readonly Step[]
}

export type Row = readonly [name: string, ...steps: Step[]]

/** A service's channels, one a row. What follows ` | ` in a name says why. */
export function channelsOf(service: string, rows: readonly Row[]): readonly Channel[] {
  return rows.map(([named, ...steps]) => {
    const [name = '', why = ''] = named.split(' | ')
    return { name: `${service}: ${name}`, service, why, steps }
  })
}

export function base64(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64')
}

export function send(
  method: string,
  url: string,
  body: string | Uint8Array = CANARY,
  ...headers: string[]
): RequestStep {
  return { method, url, body, headers }
}

/** A request without content. */
export function ask(method: string, url: string, ...headers: string[]): RequestStep {
  return { method, url, headers }
}

export function json(method: string, url: string, value: object | string, ...headers: string[]): RequestStep {
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  return send(method, url, body, 'Content-Type: application/json', ...headers)
}

export function form(url: string, fields: Readonly<Record<string, string>>, ...headers: string[]): RequestStep {
  const body = new URLSearchParams(fields).toString()
  return send('POST', url, body, 'Content-Type: application/x-www-form-urlencoded', ...headers)
}

const BOUNDARY = '----weirchannel7f3a'

export function multipart(
  method: string,
  url: string,
  fields: Readonly<Record<string, string>>,
  ...headers: string[]
): RequestStep {
  const parts = Object.entries(fields).map(([name, value]) => {
    const file = name.startsWith('@')
    const disposition = `Content-Disposition: form-data; name="${name.replace('@', '')}"${file ? '; filename="a.bin"' : ''}`
    return `--${BOUNDARY}\r\n${disposition}\r\n${file ? 'Content-Type: application/octet-stream\r\n' : ''}\r\n${value}\r\n`
  })
  const body = `${parts.join('')}--${BOUNDARY}--\r\n`
  return send(method, url, body, `Content-Type: multipart/form-data; boundary=${BOUNDARY}`, ...headers)
}

/** A body in chunks, with trailers where they are given. */
export function chunked(step: RequestStep, trailers: readonly string[] = []): RequestStep {
  const body = Buffer.from(step.body ?? '')
  const piece = body.length === 0 ? [] : [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]
  const end = Buffer.from(`0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`)
  return {
    ...step,
    headers: [...(step.headers ?? []), 'Transfer-Encoding: chunked'],
    body: Buffer.concat([...piece, end]),
  }
}

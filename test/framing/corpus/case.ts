/** What a case of the framing corpus is: raw bytes, the clause they rest on, and all that may reach an origin of them. */

/** One request as its reader understood it. `body` is the content itself, byte for byte as latin1. */
export interface Message {
  readonly method: string
  readonly target: string
  readonly body: string
}

/** Of origins that are stricter than the specification wants; the value says about what. */
export type ShyOrigins = Readonly<Partial<Record<OriginName, string>>>

export const ORIGIN_NAMES = ['raw', 'node', 'node-lenient', 'nginx', 'apache', 'apache-unsafe'] as const
export type OriginName = (typeof ORIGIN_NAMES)[number]

export interface RequestCase {
  readonly name: string
  readonly clause: string
  /**
   * Latin1 text, one character a byte, sent one segment after another. `{url}` stands for `http://HOST` on a plain connection
   * and for nothing inside a tunnel; `{host}` for the name of the origin, `{HOST}` for the same in
   * upper case.
   */
  readonly segments: readonly string[]
  /** True where a sender that keeps to the specification never sends this: what is wrong in it may not reach the origin. */
  readonly forbidden: boolean
  /** What reaches the origin, in order and whole; the marker behind it is not among them. */
  readonly messages: readonly Message[]
  /** Whether the request that follows on the same connection is served. */
  readonly marker: boolean
  /** True where the last message never ends: the client ends its side, for nothing else would. */
  readonly open: boolean
  /** True where the head was sent on before the fault came: the origin sees a message begin, and never end. */
  readonly begun: boolean
  /** Of absolute-form and CONNECT, which have no meaning inside a tunnel. */
  readonly plainOnly: boolean
  readonly shy: ShyOrigins
}

interface Options {
  readonly marker?: boolean
  readonly open?: boolean
  readonly begun?: boolean
  readonly plainOnly?: boolean
  readonly shy?: ShyOrigins
  readonly messages?: readonly Message[]
}

type Bytes = string | readonly string[]

/** The outcomes a case may have, all under one clause. */
export function under(clause: string) {
  const make = (name: string, bytes: Bytes, rest: Options & { readonly forbidden: boolean }): RequestCase => ({
    name,
    clause,
    segments: typeof bytes === 'string' ? [bytes] : bytes,
    messages: [],
    marker: false,
    open: false,
    begun: false,
    plainOnly: false,
    shy: {},
    ...rest,
  })
  return {
    /** Goes through as these messages, and the connection goes on. A text is the body of one `POST /a`. */
    carried: (name: string, bytes: Bytes, reached: string | readonly Message[], options: Options = {}): RequestCase =>
      make(name, bytes, {
        marker: true,
        ...options,
        forbidden: false,
        messages: typeof reached === 'string' ? [posted(reached)] : reached,
      }),
    /** Goes through in its proper spelling, without what the specification forbids in it: that reaches nobody. */
    stripped: (name: string, bytes: Bytes, reached: string | readonly Message[], options: Options = {}): RequestCase =>
      make(name, bytes, {
        marker: true,
        ...options,
        forbidden: true,
        messages: typeof reached === 'string' ? [posted(reached)] : reached,
      }),
    /** Could go through, but readers differ about it or Weir has no use for it: nothing of it does. */
    declined: (name: string, bytes: Bytes, options: Options = {}): RequestCase =>
      make(name, bytes, { ...options, forbidden: false }),
    /** May not be sent at all: nothing of it goes through. */
    forbidden: (name: string, bytes: Bytes, options: Options = {}): RequestCase =>
      make(name, bytes, { ...options, forbidden: true }),
  }
}

export function posted(body: string): Message {
  return { method: 'POST', target: '/a', body }
}

export function got(target = '/a', method = 'GET'): Message {
  return { method, target, body: '' }
}

/** A whole request with Host and these field lines. */
export function request(line: string, fields: readonly string[] = [], body = ''): string {
  return `${[line, 'Host: {host}', ...fields].join('\r\n')}\r\n\r\n${body}`
}

/** `POST /a` with these field lines. */
export function post(fields: readonly string[], body = ''): string {
  return request('POST {url}/a HTTP/1.1', fields, body)
}

/** `GET /a` with these field lines. */
export function get(fields: readonly string[] = [], body = ''): string {
  return request('GET {url}/a HTTP/1.1', fields, body)
}

/** `POST /a` in chunks, with these bytes for a body. */
export function chunked(body: string, fields: readonly string[] = []): string {
  return post(['Transfer-Encoding: chunked', ...fields], body)
}

/** A request that must never be taken for one: it stands where the body of another may end too early. */
export const SMUGGLED = 'GET {url}/smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n'

/** The request behind every case. */
export const MARKER = 'GET {url}/marker HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n'
export const MARKER_MESSAGE: Message = got('/marker')

export function fill(template: string, place: { readonly url: string; readonly host: string }): string {
  return template
    .replaceAll('{url}', place.url)
    .replaceAll('{host}', place.host)
    .replaceAll('{HOST}', place.host.toUpperCase())
}

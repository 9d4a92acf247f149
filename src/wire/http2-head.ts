/**
 * A request head of HTTP/2 in the words of HTTP/1.1, and the way back (RFC 9113 section 8): what one version would be judged
 * as, the other is.
 */
import type { HeadFault } from './request-head.ts'

export interface Http2Head {
  readonly method: string
  /** `:path`, as sent. */
  readonly target: string
  /** Names and values in turn: Host from `:authority`, one Cookie, and chunked framing where no length is told. */
  readonly rawHeaders: readonly string[]
}

/**
 * `pairs` is a flat list of names and values as they came, pseudo-header fields included; `endsWithHead` whether no body follows.
 * What a translator could pass on in two ways is a fault.
 */
export function readHttp2Head(pairs: readonly string[], endsWithHead: boolean): Http2Head | HeadFault {
  const pseudo = new Map<string, string>()
  const rawHeaders: string[] = []
  const crumbs: string[] = []
  const hosts: string[] = []
  let length: string | null = null
  let isBehindField = false
  for (let at = 0; at < pairs.length; at += 2) {
    const name = pairs[at] ?? ''
    const value = pairs[at + 1] ?? ''
    if (SPACE_AT_END.test(value)) return fault('white space around the value of a field')
    if (name.startsWith(':')) {
      if (isBehindField) return fault('a pseudo-header field behind a field')
      if (!PSEUDO.has(name)) return fault('a pseudo-header field that requests do not have')
      if (pseudo.has(name)) return fault(`more than one ${name}`)
      pseudo.set(name, value)
      continue
    }
    isBehindField = true
    if (/[A-Z]/.test(name)) return fault('a field name with capital letters')
    if (CONNECTION_FIELDS.has(name)) return fault(`the field ${name}, which is about one connection of HTTP/1.1`)
    if (name === 'te' && value.toLowerCase() !== 'trailers') return fault('a TE field other than trailers')
    if (name === 'content-length') length = value
    if (name === 'cookie') crumbs.push(value)
    else if (name === 'host') hosts.push(value)
    else rawHeaders.push(name, value)
  }
  const authority = authorityFrom(pseudo.get(':authority'), hosts)
  if (typeof authority !== 'string') return authority
  const method = pseudo.get(':method') ?? ''
  const target = pseudo.get(':path') ?? ''
  const misshapen = shapeFault(pseudo, method, target)
  if (misshapen !== null) return fault(misshapen)
  if (endsWithHead && length !== null && !/^0+$/.test(length)) return fault('a Content-Length without content')
  // Only now, so that a cookie in crumbs is one field wherever the crumbs stood (section 8.2.3).
  if (crumbs.length > 0) rawHeaders.push('cookie', crumbs.join('; '))
  if (!endsWithHead && length === null) rawHeaders.push('transfer-encoding', 'chunked')
  return { method, target, rawHeaders: ['host', authority, ...rawHeaders] }
}

const PSEUDO: ReadonlySet<string> = new Set([':method', ':scheme', ':authority', ':path'])

// Section 8.2.2. Upgrade and HTTP2-Settings could start another protocol behind a translator.
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

// Section 8.2.1: what one reader trims another one keeps.
const SPACE_AT_END = /^[\t ]|[\t ]$/

/** Both may stand there, and then say the same (section 8.3.1). */
function authorityFrom(authority: string | undefined, hosts: readonly string[]): string | HeadFault {
  const [host] = hosts
  if (hosts.length > 1) return fault('more than one Host')
  if (authority === undefined || authority === '') return host ?? fault('neither :authority nor Host')
  if (host !== undefined && host !== authority) return fault(':authority and Host differ')
  return authority
}

function shapeFault(pseudo: ReadonlyMap<string, string>, method: string, target: string): string | null {
  if (method === 'CONNECT') return 'CONNECT inside a tunnel'
  if (method === '') return 'no :method'
  if (pseudo.get(':scheme') !== 'https') return 'no :scheme, or another than https'
  // An absolute URL there names a host of its own to whoever writes it into a request line.
  return target.startsWith('/') || target === '*' ? null : 'no :path, or one that does not begin with /'
}

/**
 * The fields of a request over TLS in the words of HTTP/1.1 as HTTP/2 has them, pseudo-header fields first. `authority` stands in
 * for a Host that HTTP/1.0 may leave out.
 */
export function writeHttp2Head(method: string, path: string, authority: string, fields: readonly string[]): string[] {
  const pairs = [':method', method, ':scheme', 'https', ':authority', authority, ':path', path]
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] ?? '').toLowerCase()
    const value = fields[at + 1] ?? ''
    if (name === 'host') pairs[AUTHORITY_AT] = value
    else if (!CONNECTION_FIELDS.has(name)) pairs.push(name, value)
  }
  return pairs
}

const AUTHORITY_AT = 5

/** The fields of an answer or its trailers, likewise. */
export function writeHttp2Fields(fields: readonly string[]): string[] {
  const pairs: string[] = []
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] ?? '').toLowerCase()
    // HTTP/1.1 bears white space around a value, HTTP/2 does not.
    if (!CONNECTION_FIELDS.has(name)) pairs.push(name, (fields[at + 1] ?? '').trim())
  }
  return pairs
}

function fault(text: string): HeadFault {
  return { fault: text }
}

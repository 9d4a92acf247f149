/** Which protocol a client speaks, told from the first bytes it sends (RFC 8446 5.1, RFC 4253 4.2, RFC 9112 3). */

import { done, MORE, type Parse } from './parse.ts'

export type Protocol = 'tls' | 'ssh' | 'http' | 'unknown'

/** Past this many bytes there is always an answer: a request line that is longer is none. */
export const sniffBytesMax = 64 * 1024

/** Tells the protocol. `size` is 0: this only looks, and the parser of the protocol reads the same bytes again. */
export function sniffProtocol(bytes: Uint8Array): Parse<Protocol> {
  const opening = Buffer.from(bytes.subarray(0, OPENING_BYTES_MAX)).toString('latin1')
  if (opening.startsWith(TLS)) return done('tls', 0)
  if (opening.startsWith(SSH)) return done('ssh', 0)
  const method = METHODS.find((each) => opening.startsWith(each))
  if (method !== undefined) return sniffRequestLine(bytes, method.length)
  return [TLS, SSH, ...METHODS].some((each) => each.startsWith(opening)) ? MORE : done('unknown', 0)
}

const TLS = '\x16\x03'
const SSH = 'SSH-'
// The methods that Node's parser knows, each with the space behind it: a request with any other is refused there anyway.
const METHODS: readonly string[] = (
  'GET HEAD POST PUT PATCH DELETE CONNECT OPTIONS TRACE QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK SEARCH BIND ' +
  'UNBIND REBIND ACL REPORT MKACTIVITY CHECKOUT MERGE MKCALENDAR LINK UNLINK PURGE SOURCE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE'
)
  .split(' ')
  .map((method) => `${method} `)
const OPENING_BYTES_MAX = Math.max(...METHODS.map(({ length }) => length))

/**
 * A method alone is no sign of HTTP: protocols of lines have words like these (`OPTIONS rtsp://… RTSP/1.0`). What is not told
 * for HTTP/1 here is never read, and so is only let through by a rule that names it; the preface of HTTP/2 is such a one.
 */
function sniffRequestLine(bytes: Uint8Array, targetAt: number): Parse<Protocol> {
  const line = Buffer.from(bytes.subarray(targetAt, sniffBytesMax)).toString('latin1')
  const targetEnd = line.search(NOT_IN_TARGET)
  const rest = targetEnd === -1 ? '' : line.slice(targetEnd, targetEnd + VERSION.length)
  if (rest === VERSION && targetEnd > 0) return done('http', 0)
  const isOpen = targetEnd !== 0 && VERSION.startsWith(rest) && bytes.length < sniffBytesMax
  return isOpen ? MORE : done('unknown', 0)
}

/** Whatever else a target may not have is refused where it is read. */
const NOT_IN_TARGET = /[^\x21-\x7e\x80-\xff]/
const VERSION = ' HTTP/1.'

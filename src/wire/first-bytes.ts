/** Which protocol a client speaks, told from the first bytes it sends (RFC 8446 5.1, RFC 4253 4.2, RFC 9112 3, RFC 9113 3.4). */

import { done, MORE, type Parse } from './parse.ts'

export type Protocol = 'tls' | 'ssh' | 'http' | 'unknown'

/** Past this many bytes there is always an answer. */
export const sniffBytesMax = 14

/** Tells the protocol. `size` is 0: this only looks, and the parser of the protocol reads the same bytes again. */
export function sniffProtocol(bytes: Uint8Array): Parse<Protocol> {
  const text = Buffer.from(bytes.subarray(0, sniffBytesMax)).toString('latin1')
  for (const { protocol, opening } of OPENINGS) if (text.startsWith(opening)) return done(protocol, 0)
  const ambiguous = OPENINGS.some(({ opening }) => opening.startsWith(text))
  return ambiguous ? MORE : done('unknown', 0)
}

// The methods that Node's parser knows: a request with any other is refused there anyway. A method without its space is no
// sign of HTTP (`GETTING`), and a foreign line protocol that has one of these words is refused by the request line's parser.
const METHODS = (
  'GET HEAD POST PUT PATCH DELETE CONNECT OPTIONS TRACE QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK SEARCH BIND ' +
  'UNBIND REBIND ACL REPORT MKACTIVITY CHECKOUT MERGE MKCALENDAR LINK UNLINK PURGE SOURCE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE'
).split(' ')

const OPENINGS: readonly { readonly protocol: Protocol; readonly opening: string }[] = [
  { protocol: 'tls', opening: '\x16\x03' },
  { protocol: 'ssh', opening: 'SSH-' },
  { protocol: 'http', opening: 'PRI * HTTP/2.0' },
  ...METHODS.map((method) => ({ protocol: 'http' as const, opening: `${method} ` })),
]

/**
 * Recognises a question to a resolver over HTTPS (RFC 8484, and its form in JSON) that is a GET, on any host: a name that is
 * asked for carries data to whoever owns the domain. A question that is a POST is a write like any other.
 */
import type { Segments } from './path.ts'

/** A header, the name of the root, a type and a class (RFC 1035 section 4.1). */
const DNS_QUESTION_BYTES_MIN = 17

/** A query in which a parameter may be called `dns`; on the others, which are most, nothing is spent. */
const MAY_HAVE_MESSAGE = /dns|%/

export function asksResolver(query: string, segments: Segments): boolean {
  if (query === '') return false
  const last = segments[segments.length - 1]
  // The form in JSON, at the two addresses under which resolvers serve it, which may be a bare IP address.
  if (last === 'dns-query') return true
  if (last === 'resolve' && segments.length === 1 && new URLSearchParams(query).has('name')) return true
  return MAY_HAVE_MESSAGE.test(query) && new URLSearchParams(query).getAll('dns').some(isQuestion)
}

/** Base64url of a message that asks at least one question. */
function isQuestion(value: string): boolean {
  const message = Buffer.from(value, 'base64url')
  if (message.length < DNS_QUESTION_BYTES_MIN) return false
  return (message.readUInt8(2) & 0x80) === 0 && message.readUInt16BE(4) > 0
}

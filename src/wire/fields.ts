/** Header fields as a flat list of names and values, and what of them goes on to the next hop (RFC 9110 section 7.6.1). */

import assert from 'node:assert'

export interface Field {
  readonly name: string
  readonly value: string
}

/** The fields of a flat list of names and values in turn, in order. */
export function fieldsOf(rawHeaders: readonly string[]): readonly Field[] {
  assertPairs(rawHeaders)
  const fields: Field[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    fields.push({ name: rawHeaders[at] ?? '', value: rawHeaders[at + 1] ?? '' })
  }
  return fields
}

/** The values of all fields of that name (in lower case), in order. */
export function fieldValues(fields: readonly Field[], name: string): readonly string[] {
  return fields.filter((field) => isNamed(field.name, name)).map((field) => field.value)
}

/** The same of a flat list. */
export function rawValues(rawHeaders: readonly string[], name: string): readonly string[] {
  assertPairs(rawHeaders)
  const values: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (isNamed(rawHeaders[at] ?? '', name)) values.push(rawHeaders[at + 1] ?? '')
  }
  return values
}

// Most names differ in their length already, and are not spelled anew to see it.
function isNamed(name: string, lower: string): boolean {
  return name.length === lower.length && name.toLowerCase() === lower
}

function assertPairs(rawHeaders: readonly string[]): void {
  assert(rawHeaders.length % 2 === 0, 'a field name without a value')
}

/**
 * The fields of a request that go on, as a flat list, in order and case as they came. A Connection field may name more
 * fields to drop, but not those that are end-to-end: dropping them at a peer's word would send on another message than the
 * one that was judged. Such a nomination is ignored and the field stays.
 */
export function forwardedFields(rawHeaders: readonly string[]): string[] {
  return strip(rawHeaders, REQUEST_HOP)
}

/** The same for a response. */
export function forwardedResponseFields(rawHeaders: readonly string[]): string[] {
  return strip(rawHeaders, HOP_BY_HOP)
}

/** Of trailers, what is neither framing nor about one connection, and steers no cache or authority (RFC 9110 section 6.5.1). */
export function forwardedTrailers(rawTrailers: readonly string[]): string[] {
  return strip(rawTrailers, NO_TRAILER)
}

function strip(rawHeaders: readonly string[], dropped: ReadonlySet<string>): string[] {
  const nominated = nominatedIn(rawHeaders)
  const kept: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    const lower = name.toLowerCase()
    if (!dropped.has(lower) && !nominated.includes(lower)) kept.push(name, value)
  }
  return kept
}

function nominatedIn(rawHeaders: readonly string[]): readonly string[] {
  // What nearly every message says, and nominates what is dropped anyway.
  const values = rawValues(rawHeaders, 'connection').filter((value) => value !== 'keep-alive')
  if (values.length === 0) return NONE
  return values
    .flatMap((value) => value.split(','))
    .map((option) => option.trim().toLowerCase())
    .filter((option) => !isEndToEnd(option))
}

const NONE: readonly string[] = []

// Transfer-Encoding goes because the body is framed anew for the next hop.
const HOP_BY_HOP: ReadonlySet<string> = new Set(
  (
    'connection keep-alive te trailer transfer-encoding upgrade http2-settings ' +
    'proxy-connection proxy-authorization proxy-authenticate proxy-authentication-info'
  ).split(' '),
)

const NO_TRAILER: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  ...'content-length content-encoding content-type content-range host set-cookie location age cache-control expires date'.split(
    ' ',
  ),
  ...'vary retry-after www-authenticate alt-svc'.split(' '),
])

// The proxy answers an expectation itself: it may have to hold the body before it says a word upstream.
const REQUEST_HOP: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'expect'])

const END_TO_END: ReadonlySet<string> = new Set(
  (
    'host authorization cookie set-cookie www-authenticate location origin referer user-agent cache-control pragma age ' +
    'date etag expires last-modified vary range via forwarded git-protocol private-token job-token'
  ).split(' '),
)

// `content-length` and its kin, tenant restrictions (`sec-…`), conditions, and the fields that put another method or
// client in the place of the one that was judged (`x-http-method-override`, `x-forwarded-for`).
const END_TO_END_PREFIXES = ['content-', 'accept', 'access-control-', 'sec-', 'if-', 'x-']

function isEndToEnd(name: string): boolean {
  return END_TO_END.has(name) || END_TO_END_PREFIXES.some((prefix) => name.startsWith(prefix))
}

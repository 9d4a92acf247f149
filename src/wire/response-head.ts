/** The guard over what an HTTP/1 parser lets pass of a response: one reading of its length, or none (RFC 9112 section 6.3). */

import { fieldsOf, forwardedResponseFields, rawValues } from './fields.ts'
import type { HeadFault } from './request-head.ts'

export interface ResponseHead {
  /** What goes on to the client, as a flat list. */
  readonly fields: string[]
  readonly reason: string
}

/** `rawHeaders` is a flat list of names and values, as they came; `reason` the text behind the status. */
export function readResponseHead(
  status: number,
  reason: string,
  rawHeaders: readonly string[],
): ResponseHead | HeadFault {
  // A body that is left in a coding goes on under none, and would be taken for the content itself.
  const codings = rawValues(rawHeaders, 'transfer-encoding')
  if (codings.length > 1 || codings.some((coding) => coding.toLowerCase() !== 'chunked')) {
    return { fault: 'a Transfer-Encoding other than chunked' }
  }
  const fields = forwardedResponseFields(rawHeaders)
  const isSpelled = rawValues(fields, 'content-length').every((value) => status !== 204 && !ZEROS.test(value))
  return { fields: isSpelled ? fields : spellLength(status, fields), reason: PLAIN.test(reason) ? reason : '' }
}

// Clients go by the number (RFC 9112 section 4); what is no ASCII here was read as UTF-8, and is not what was sent.
const PLAIN = /^[\t\x20-\x7e]*$/

/** In front of a length they make it octal to some. */
const ZEROS = /^0+(?=\d)/

/** A client that believes the length of a 204 waits for a body that is the next answer (RFC 9110 section 8.6). */
function spellLength(status: number, fields: readonly string[]): string[] {
  return fieldsOf(fields).flatMap(({ name, value }) => {
    if (name.toLowerCase() !== 'content-length') return [name, value]
    return status === 204 ? [] : [name, value.replace(ZEROS, '')]
  })
}

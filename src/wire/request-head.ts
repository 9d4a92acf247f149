/** The guard over what an HTTP/1 parser lets pass: one reading of where a request goes and ends, or none (RFC 9112). */

import { parseAuthority } from '../net/destination.ts'
import { fieldValues, fieldsOf, type Field } from './fields.ts'
import { isVisibleAscii } from './request-target.ts'

export interface RequestHeadInput {
  readonly method: string
  /** `1.1`, as Node gives it; `2` for a head of HTTP/2 in the words of HTTP/1.1. */
  readonly httpVersion: string
  /** Names and values in turn, as they came: nothing joined, nothing dropped. */
  readonly rawHeaders: readonly string[]
  readonly target: string
}

export interface RequestHead {
  readonly framing: Framing
  /** The Host field as sent, a valid authority; null where an HTTP/1.0 client sent none. */
  readonly host: string | null
  readonly expectContinue: boolean
  /** Every protocol that an Upgrade field offers, whether or not Connection names it. */
  readonly upgrade: string | null
}

/** How the length of the body is told (RFC 9112 section 6.3). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }

export interface HeadFault {
  readonly fault: string
}

export const fieldsMax = 200

/** Answers what the head says where two readers could not differ about it, and the fault where they could. */
export function checkHead({ method, httpVersion, rawHeaders, target }: RequestHeadInput): RequestHead | HeadFault {
  if (!VERSIONS.has(httpVersion)) return fault('the version is not HTTP/1.0 or HTTP/1.1')
  if (!TOKEN.test(method)) return fault('the method is not a token')
  if (RTSP_METHODS.has(method)) return fault('a method of RTSP, which is not HTTP')
  if (!isVisibleAscii(target)) return fault('the target has characters that a target may not have')
  if (rawHeaders.length > fieldsMax * 2) return fault(`more than ${fieldsMax} fields`)
  const fields = fieldsOf(rawHeaders)
  const malformed = findMalformed(fields)
  if (malformed !== null) return fault(malformed)
  const framing = readFraming(fields, method, httpVersion)
  if ('fault' in framing) return framing
  const host = readHost(fields, httpVersion)
  if ('fault' in host) return host
  const expectations = fieldValues(fields, 'expect')
  const expects = expectations.length > 0
  if (expects && (expectations.length > 1 || expectations[0]?.toLowerCase() !== '100-continue')) {
    return fault('an expectation other than 100-continue')
  }
  const upgrades = fieldValues(fields, 'upgrade')
  return {
    framing,
    host: host.value,
    // An HTTP/1.0 client does not know interim answers (RFC 9110 section 10.1.1).
    expectContinue: expects && httpVersion !== '1.0',
    upgrade: upgrades.length === 0 ? null : upgrades.join(', '),
  }
}

const VERSIONS: ReadonlySet<string> = new Set(['1.0', '1.1', '2'])
// Node's parser reads `DESCRIBE / RTSP/1.0` too, and calls it HTTP/1.0 (RFC 9112 section 2.3); what it does not tell apart by
// the method goes on as HTTP/1.1.
const RTSP_METHODS: ReadonlySet<string> = new Set(
  'DESCRIBE ANNOUNCE SETUP PLAY PAUSE TEARDOWN GET_PARAMETER SET_PARAMETER REDIRECT RECORD FLUSH'.split(' '),
)
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
// A tab is the only control character that a value may have; CR, LF and NUL end it for some readers (RFC 9110 section 5.5).
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

function findMalformed(fields: readonly Field[]): string | null {
  for (const { name, value } of fields) {
    // Also `Content-Length ` and `Transfer-Encoding\t`: what one reader drops is the framing of the next one.
    if (!TOKEN.test(name)) return 'a field name is not a token'
    if (!VALUE.test(value)) return `the field ${name} has control characters`
  }
  return null
}

function readFraming(fields: readonly Field[], method: string, httpVersion: string): Framing | HeadFault {
  const lengths = fieldValues(fields, 'content-length')
  const codings = fieldValues(fields, 'transfer-encoding')
  if (codings.length > 0) {
    if (lengths.length > 0) return fault('both Transfer-Encoding and Content-Length')
    if (httpVersion === '1.0') return fault('Transfer-Encoding in HTTP/1.0')
    if (codings.length > 1) return fault('more than one Transfer-Encoding')
    if (codings[0]?.toLowerCase() !== 'chunked') return fault('a Transfer-Encoding other than chunked')
    return method === 'CONNECT' ? fault('CONNECT with a body') : { kind: 'chunked' }
  }
  const [text] = lengths
  if (text === undefined) return { kind: 'none' }
  if (lengths.length > 1) return fault('more than one Content-Length')
  if (!/^[0-9]{1,16}$/.test(text)) return fault('Content-Length is not a number')
  const length = Number(text)
  if (!Number.isSafeInteger(length)) return fault('Content-Length is too large')
  // What follows a CONNECT head is the tunnel. Windows clients do send a length of 0, which says just that.
  if (method === 'CONNECT') return length === 0 ? { kind: 'none' } : fault('CONNECT with a body')
  return { kind: 'length', length }
}

function readHost(fields: readonly Field[], httpVersion: string): { readonly value: string | null } | HeadFault {
  const hosts = fieldValues(fields, 'host')
  const [host] = hosts
  if (host === undefined) return httpVersion === '1.0' ? { value: null } : fault('no Host')
  if (hosts.length > 1) return fault('more than one Host')
  // Any port will do as the default: it is only the spelling that is judged.
  return parseAuthority(host, 80) === null ? fault('Host is not HOST or HOST:PORT') : { value: host }
}

function fault(text: string): HeadFault {
  return { fault: text }
}

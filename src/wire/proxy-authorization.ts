/** The value of one Proxy-Authorization field: a user and a password by the scheme Basic (RFC 7617, RFC 9110 section 11). */
import { isUtf8 } from 'node:buffer'
import { bad, type Parse } from './parse.ts'

export interface Credentials {
  /** Compared exactly. Never empty, without `:` and control characters. */
  readonly user: string
  /** Without control characters; it may be empty. */
  readonly password: string
}

/** The whole field value; anything longer is refused before it is decoded. */
export const AUTHORIZATION_BYTES_MAX = 2_048
/** As long as the names that the tools for htpasswd files can write. */
export const USER_BYTES_MAX = 255
export const PASSWORD_BYTES_MAX = 1_024

/**
 * Reads a field value as Node hands it out: one character a byte. A fault is the end of a sentence about the credentials
 * and repeats nothing of them, since it is shown and logged.
 */
export function parseProxyAuthorization(value: string): Exclude<Parse<Credentials>, { readonly state: 'more' }> {
  if (value.length > AUTHORIZATION_BYTES_MAX) return bad(`they are longer than ${AUTHORIZATION_BYTES_MAX} bytes`)
  if (!/^basic(?: |$)/i.test(value)) return bad('they are not of the scheme Basic')
  const bytes = decodeBase64(value.slice('basic'.length).replace(/^ +/, ''))
  if (bytes === null) return bad('they are not base64')
  // Two readings of one name would be two users: what is not UTF-8 is neither repaired nor taken for Latin-1.
  if (!isUtf8(bytes)) return bad('they are not text in UTF-8')
  const text = bytes.toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) return bad('no `:` ends the name of the user')
  const user = text.slice(0, colon)
  const password = text.slice(colon + 1)
  const fault = faultOf(user, password)
  return fault === null ? { state: 'done', value: { user, password }, size: value.length } : bad(fault)
}

function faultOf(user: string, password: string): string | null {
  if (user === '') return 'they name no user'
  if (Buffer.byteLength(user) > USER_BYTES_MAX) return `the name of the user is longer than ${USER_BYTES_MAX} bytes`
  if (Buffer.byteLength(password) > PASSWORD_BYTES_MAX) return `the password is longer than ${PASSWORD_BYTES_MAX} bytes`
  // RFC 7617 section 2 forbids them; they would also let a name draw in a log, and end a password early at a NUL.
  return /\p{Cc}/u.test(user) || /\p{Cc}/u.test(password) ? 'they hold control characters' : null
}

/** Only the canonical spelling: whatever reads the field beside Weir must read the same user (RFC 4648 section 3.5). */
function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : null
}

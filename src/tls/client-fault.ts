/** Why a client ended TLS before it asked for anything, as a sentence for the admin: most often it does not trust the CA. */
import { alertOf } from './alert.ts'

export interface ClientEnd {
  /** What its connection failed with; null where it was closed without a word. */
  readonly error: Error | null
  /** Where it was: GnuTLS and Node look at the certificate only after the handshake. */
  readonly stage: 'before' | 'handshake' | 'after'
  /** How long Weir waited in vain for the end of the handshake; null where the client ended it. */
  readonly waitedMs: number | null
}

export interface ClientFault {
  readonly message: string
  /** What shows that the client does not trust the inspection CA, in a few words; null where nothing does. */
  readonly sign: string | null
  /** Whether the client said so itself, and it is not only likely. */
  readonly certain: boolean
}

const WHAT_TO_DO = 'install it there (`weir ca trust`), or name the host under inspection.bypass'

// What RFC 8446 section 6.2 has for a certificate that the other end will not take. Browsers, OpenSSL, Go, Java and Apple each
// choose another of them.
const DISTRUSTING: readonly number[] = [42, 43, 44, 46, 48, 49]
const CERTIFICATE_EXPIRED = 45

/** `name` is the host that the client wanted to reach. */
export function clientFault(name: string, end: ClientEnd): ClientFault {
  if (end.waitedMs !== null)
    return other(`the client did not finish the TLS handshake for ${name} within ${end.waitedMs / 1_000} s`)
  if (end.stage === 'before') return other(`the client went away before TLS to ${name} began`)
  const alert = alertOf(end.error)
  if (alert !== null) {
    const said = `alert ${alert.name}`
    if (DISTRUSTING.includes(alert.number))
      return distrust(`the client does not trust the inspection CA for ${name} (${said})`, said, true)
    return other(
      alert.number === CERTIFICATE_EXPIRED
        ? `the client takes the certificate for ${name} for expired (${said}): check its clock, and this machine's`
        : `the client broke off TLS to ${name} (${said})`,
    )
  }
  const code = codeOf(end.error)
  if (code === null || code === 'ECONNRESET' || code === 'EPIPE') return silence(name, end.stage)
  return other(FAULTS[code]?.(name) ?? `the TLS handshake with the client for ${name} failed (${code})`)
}

const FAULTS: Readonly<Record<string, (name: string) => string>> = {
  ERR_SSL_NO_SHARED_CIPHER: (name) => `the client for ${name} and this proxy have no way to encrypt in common`,
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: (name) =>
    `the client for ${name} takes no certificate with an ECDSA key, and the leaves of this proxy have no other`,
  ERR_SSL_UNSUPPORTED_PROTOCOL: (name) =>
    `the client for ${name} speaks no TLS version that is still safe (1.2 or later)`,
  ERR_SSL_NO_APPLICATION_PROTOCOL: (name) => `the client for ${name} does not offer HTTP/1.1 inside TLS`,
}

/** A pinned application says nothing, and neither does one that looks at the certificate late. */
function silence(name: string, stage: ClientEnd['stage']): ClientFault {
  return stage === 'after'
    ? distrust(
        `the client closed TLS to ${name} right after the handshake, without a request: it may not trust the inspection CA`,
        'closed right after the handshake',
        false,
      )
    : distrust(
        `the client broke off TLS to ${name} in the handshake, without an alert: it may not trust the inspection CA, or be pinned to the certificate of the site`,
        'closed in the handshake',
        false,
      )
}

function distrust(what: string, sign: string, certain: boolean): ClientFault {
  return { message: `${what}: ${WHAT_TO_DO}`, sign, certain }
}

function other(message: string): ClientFault {
  return { message, sign: null, certain: false }
}

function codeOf(error: Error | null): string | null {
  if (error === null) return null
  return 'code' in error ? String(error.code) : 'unknown'
}

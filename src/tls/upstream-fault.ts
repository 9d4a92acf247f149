/** What went wrong in TLS towards an upstream, as a sentence for a person. */
import { ProxyError } from '../flow/proxy-error.ts'
import { type Alert, alertOf } from './alert.ts'

const WHAT_TO_DO = 'bypass the host, or give one with --client-certificate'

/** Of a handshake that failed; `identified` tells whether Weir had a certificate to show. */
export function handshakeFault(name: string, error: Error, identified: boolean): string {
  const alert = alertOf(error)
  const aboutUs = alert === null ? null : identityFault(name, alert, identified)
  if (aboutUs !== null) return aboutUs
  const code = 'code' in error ? String(error.code) : 'unknown'
  switch (code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return `${name} closed the connection during the TLS handshake.`
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `${name} does not answer in TLS.`
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
      return `${name} offers no TLS version that is still safe (1.2 or later).`
    default:
      return `The TLS handshake with ${name} failed (${alert === null ? code : `alert ${alert.name}`}).`
  }
}

/**
 * The failure in an error of a verified connection: in TLS 1.3 an upstream looks at the client's certificate after the handshake, and its
 * alert comes with the first read (RFC 8446 section 4.4.2.4). Null where the error tells nothing of that kind.
 */
export function certificateDemand(error: unknown): ProxyError | null {
  const alert = alertOf(error)
  if (alert === null) return null
  const sentence =
    alert.number === 116
      ? demand('the site')
      : REFUSING.includes(alert.number)
        ? `the site refused the TLS connection for its client certificate, or for want of one (alert ${alert.name}): ${WHAT_TO_DO}`
        : null
  return sentence === null ? null : new ProxyError('upstream-tls-failed', sentence, error)
}

// bad_certificate to unknown_ca and access_denied, as servers answer a certificate of the client's, or none.
const REFUSING: readonly number[] = [41, 42, 43, 44, 45, 46, 48, 49]

function identityFault(name: string, alert: Alert, identified: boolean): string | null {
  if (alert.number === 116) return `${demand(name)}.`
  if (REFUSING.includes(alert.number)) {
    return identified
      ? `${name} refuses the client certificate that this proxy shows (alert ${alert.name}).`
      : `${demand(name)} (alert ${alert.name}).`
  }
  // TLS 1.2 has no alert of its own for it (RFC 5246 section 7.4.6).
  if (alert.number === 40 && !identified)
    return `${name} refused the TLS handshake (alert handshake_failure): it and this proxy have no way to encrypt in common, or ${demand('it')}.`
  return null
}

function demand(name: string): string {
  return `${name} asks for a client certificate, which this proxy does not have: ${WHAT_TO_DO}`
}

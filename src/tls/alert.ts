/** The alert with which the other end of a TLS connection said why it ended it (RFC 8446 section 6). */

export interface Alert {
  readonly number: number
  /** As the specification spells it: `unknown_ca`. */
  readonly name: string
}

// RFC 8446 section 6 and, for the numbers it has retired, RFC 5246 section 7.2.
const NAMES: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
}

/** The alert in an error of a TLSSocket; null for an error that was no alert of the peer. */
export function alertOf(error: unknown): Alert | null {
  if (!(error instanceof Error)) return null
  // OpenSSL spells the reason differently from version to version, and ends its text with the number in all of them.
  const number = /SSL alert number (\d{1,3})\s*$/.exec(error.message)?.[1]
  if (number === undefined) return null
  return { number: Number(number), name: NAMES[Number(number)] ?? `number ${number}` }
}

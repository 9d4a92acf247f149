/** The one error of the I/O shells: whose fault it was, as a code, and what happened, as a cause. */

export type ProxyErrorCode =
  | 'client-aborted'
  | 'client-malformed'
  | 'client-timeout'
  | 'client-tls-failed'
  | 'upstream-unresolvable'
  | 'upstream-refused'
  | 'upstream-timeout'
  | 'upstream-certificate'
  | 'upstream-tls-failed'
  | 'upstream-broken'
  | 'weir-limit'
  | 'weir-fault'

/** The HTTP status that tells a client of each (RFC 9110 section 15). */
export const STATUS_OF: Readonly<Record<ProxyErrorCode, number>> = {
  'client-aborted': 400,
  'client-malformed': 400,
  'client-timeout': 408,
  'client-tls-failed': 400,
  'upstream-unresolvable': 502,
  'upstream-refused': 502,
  'upstream-timeout': 504,
  'upstream-certificate': 502,
  'upstream-tls-failed': 502,
  'upstream-broken': 502,
  'weir-limit': 503,
  'weir-fault': 500,
}

export class ProxyError extends Error {
  readonly code: ProxyErrorCode

  /** `message` is one sentence that may be shown to the client: no secret, no local path. */
  constructor(code: ProxyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ProxyError'
    this.code = code
  }
}

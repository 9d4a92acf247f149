/** Which versions of HTTP are spoken where TLS is opened: what each side is offered in its handshake (RFC 7301). */
import type { Settings } from '../settings/schema.ts'

/** How a client connection of HTTPS speaks, and so its upstreams. */
export interface Speech {
  /** Its requests come side by side: it speaks HTTP/2. */
  readonly isMultiplexed: boolean
  /** Offered to further upstreams. */
  readonly alpn: readonly string[]
}

export const HTTP1_ALONE: readonly string[] = ['http/1.1']
export const BOTH: readonly string[] = ['h2', 'http/1.1']

export const HTTP1: Speech = { isMultiplexed: false, alpn: HTTP1_ALONE }

/** What to offer the first upstream of a client that offers these protocols itself. */
export function offerFor(http2: Settings['http2'], offered: readonly string[]): readonly string[] {
  return http2 === 'always' || (http2 === 'auto' && offered.includes('h2')) ? BOTH : HTTP1_ALONE
}

/**
 * How the client will speak: as its upstream does, `upstream` being what that has agreed on. Where nothing is dialled (null), and to
 * a client that speaks nothing else, also HTTP/2.
 */
export function speechOf(http2: Settings['http2'], offered: readonly string[], upstream: string | null): Speech {
  const isTranslated = http2 === 'always' || upstream === null || !offered.includes('http/1.1')
  const isMultiplexed = http2 !== 'never' && offered.includes('h2') && (upstream === 'h2' || isTranslated)
  return { isMultiplexed, alpn: isMultiplexed || http2 === 'always' ? BOTH : HTTP1_ALONE }
}

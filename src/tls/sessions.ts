/** TLS sessions towards upstreams, kept for resumption and only ever under what was verified (RFC 8446 section 2.2). */
import type { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { LRUCache } from 'lru-cache'
import { type Destination, nameOf } from '../net/destination.ts'
import type { ClientIdentity } from './client-certificates.ts'
import type { Trust } from './trust.ts'

export interface SessionsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly sessionsMax?: number
  readonly sessionLifetimeMs?: number
}

/** A session, and the certificate that was verified when it began: a resumed handshake shows none. */
export interface VerifiedSession {
  readonly session: Buffer
  readonly certificate: X509Certificate
}

export interface Sessions {
  find(key: string): VerifiedSession | undefined
  /** Keeps a session, never longer than its certificate is valid. A later one replaces an earlier one. */
  store(key: string, verified: VerifiedSession): void
  forget(key: string): void
  readonly size: number
}

/** The connected socket, as far as a session depends on it. */
type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>

const SESSIONS_MAX = 4_000
const SESSION_LIFETIME_MS = 3_600_000
/** A session holds the peer's certificate and a ticket of the peer's choosing. */
export const SESSION_BYTES_MAX = 16_384

export function createSessions(options: SessionsOptions): Sessions {
  const { now, sessionsMax = SESSIONS_MAX, sessionLifetimeMs = SESSION_LIFETIME_MS } = options
  const sessions = new LRUCache<string, VerifiedSession>({
    max: sessionsMax,
    ttl: sessionLifetimeMs,
    ttlResolution: 0,
    perf: { now },
  })
  return {
    find: (key) => sessions.get(key),
    store(key, verified) {
      const ttl = Math.min(sessionLifetimeMs, verified.certificate.validToDate.getTime() - now())
      if (ttl < 1 || verified.session.length > SESSION_BYTES_MAX) return
      sessions.set(key, verified, { ttl })
    },
    forget: (key) => void sessions.delete(key),
    get size() {
      return sessions.size
    },
  }
}

/**
 * A resumed session skips the verification of its certificate, so it is found again only under everything that this
 * verification depended on: the name, the very peer, and whom Weir trusted. It also carries on who Weir was to the upstream
 * (RFC 8446 section 4.6.1), so another certificate of Weir's, or none, is another session.
 */
export function sessionKey(
  destination: Destination,
  peer: Peer,
  trust: Trust,
  identity: ClientIdentity | null = null,
): string {
  const shown = identity?.fingerprint256 ?? '-'
  return [nameOf(destination), peer.remoteAddress, peer.remotePort, trust.generation, shown].join(' ')
}

/** Server-side TLS contexts for inspected names, minted on demand and kept for a while (RFC 8446). */
import { createSecureContext, type SecureContext } from 'node:tls'
import { LRUCache } from 'lru-cache'
import { ProxyError } from '../flow/proxy-error.ts'
import { type Address, parseAddress } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import { type Host, parseHost } from '../net/host.ts'
import type { Authority } from './authority-admission.ts'
import { type Leaf, leafKey, mintLeaf } from './leaf.ts'

export interface ContextsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly contextsMax?: number
  readonly contextLifetimeMs?: number
  readonly leafDays?: number
}

export interface Contexts {
  /**
   * The context to show a client who asked for this host or address. Throws a ProxyError: `client-malformed` for what is
   * neither, `weir-fault` once the CA has expired and for a name that it may not sign for.
   */
  contextFor(name: string): SecureContext
  /** Whether clients can accept a leaf for this destination: where not, its TLS is never opened. */
  permits(destination: Destination): boolean
  readonly size: number
}

const CONTEXTS_MAX = 2_000
const CONTEXT_LIFETIME_MS = 86_400_000
const LEAF_DAYS = 7

/**
 * A cache of its own for one CA; a replaced CA gets a new one. Session tickets are sealed with keys inside each context, so with the cache of a replaced CA goes
 * every session that was made under it.
 */
export function createContexts(authority: Authority, options: ContextsOptions): Contexts {
  const { now, contextsMax = CONTEXTS_MAX, contextLifetimeMs = CONTEXT_LIFETIME_MS, leafDays = LEAF_DAYS } = options
  const contexts = new LRUCache<string, SecureContext>({
    max: contextsMax,
    ttl: contextLifetimeMs,
    ttlResolution: 0,
    perf: { now },
  })
  return {
    // Minting never waits, so that calls at once cannot mint one name twice.
    contextFor(text) {
      const name = parseAddress(text) ?? parseHost(text)
      if (name === null)
        throw new ProxyError('client-malformed', 'The name asked for is neither a host nor an address.')
      const key = typeof name === 'string' ? name : name.text
      const kept = contexts.get(key)
      if (kept !== undefined) return kept
      const at = now()
      const leaf = mint(authority, name, at, leafDays)
      const context = createSecureContext({
        key: leafKey.privatePem,
        cert: leaf.certificatePem + authority.chainPem,
        minVersion: 'TLSv1.2',
      })
      // Half of what the leaf has left, so that no handshake shows a leaf about to end; a lifetime of 0 would mean forever.
      const ttl = Math.max(1, Math.min(contextLifetimeMs, Math.floor((leaf.notAfter - at) / 2)))
      contexts.set(key, context, { ttl })
      return context
    },
    permits: ({ host, literal }) => authority.permits(host ?? literal),
    get size() {
      return contexts.size
    },
  }
}

function mint(authority: Authority, name: Host | Address, now: number, days: number): Leaf {
  if (authority.notAfter <= now)
    throw new ProxyError('weir-fault', 'The inspection certificate authority has expired; its operator must renew it.')
  if (!authority.permits(name))
    throw new ProxyError('weir-fault', 'The inspection certificate authority may not sign for this name.')
  return mintLeaf(authority, name, { now, days })
}

/** Puts together what every flow shares, from settings, policy and trust. */
import { mkdirSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { FlowSink } from '../flow/ports.ts'
import { type Address, isLoopback, parseAddress, rangeOf, sameAddress } from '../net/address.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { Settings } from '../settings/schema.ts'
import type { Authority } from '../tls/authority.ts'
import { createContexts } from '../tls/contexts.ts'
import { createProofs } from '../tls/proof.ts'
import { createSessions } from '../tls/sessions.ts'
import type { Trust } from '../tls/trust.ts'
import { dialEndpoint } from './dial.ts'
import { openHostsFile } from './hosts-file.ts'
import { createResolver, type DnsQueries } from './resolver.ts'
import type { Runtime } from './runtime.ts'
import { SpoolQuota } from './spool.ts'

export interface ProxyOptions {
  readonly settings: Settings
  readonly policy: CompiledPolicy
  /** The inspection CA; without one nothing is opened, and what needs to be opened is denied by doubt. */
  readonly authority: Authority | null
  readonly trust: Trust
  readonly sink: FlowSink
  readonly version: string
  /** Asked in place of the machine's DNS servers. */
  readonly dns?: DnsQueries
}

const HOSTS_FILE = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts'

/** `listening` tells where Weir listens, once it does. */
export function createRuntime(
  options: ProxyOptions,
  listening: () => { address: string; port: number } | null,
): Runtime {
  const { settings, authority, trust } = options
  const { limits } = settings
  const now = Date.now
  mkdirSync(settings.data, { recursive: true, mode: 0o700 })
  const weir: Runtime = {
    settings,
    policy: options.policy,
    version: options.version,
    sink: options.sink,
    resolver: createResolver({
      hosts: openHostsFile(HOSTS_FILE),
      timeoutMs: limits.resolveTimeoutMs,
      cacheEntriesMax: limits.dnsCacheEntriesMax,
      now,
      ...(options.dns === undefined ? {} : { dns: options.dns }),
    }),
    contexts: authority === null ? null : createContexts(authority, { now, contextsMax: limits.leafCacheEntriesMax }),
    trust,
    sessions: createSessions({ now }),
    proofs: createProofs({
      trust: () => trust,
      dial: (address, port) => dialEndpoint(weir, { address, port }),
      now,
      proofsMax: limits.proofCacheEntriesMax,
      proofLifetimeMs: limits.proofLifetimeMs,
      timeoutMs: limits.dialTimeoutMs + limits.tlsHandshakeTimeoutMs,
    }),
    quota: new SpoolQuota(limits, settings.data),
    sockets: new Set(),
    isOwn: (address, port) => isOwn(listening(), address, port),
    now,
  }
  return weir
}

function isOwn(listening: { address: string; port: number } | null, address: Address, port: number): boolean {
  if (listening === null || listening.port !== port) return false
  const bound = parseAddress(listening.address)
  if (bound === null || sameAddress(bound, address)) return true
  // A listener on the unspecified address is reached at every address of this machine.
  if (bound.text !== '0.0.0.0' && bound.text !== '::') return false
  // All of 127.0.0.0/8 is this machine, and 0.0.0.0 as well, though its interfaces list 127.0.0.1 alone.
  if (isLoopback(address) || rangeOf(address) === 'unspecified') return true
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])
  return own.some((entry) => parseAddress(entry.address)?.text === address.text)
}

/** Puts together what every flow shares, from settings, policy and trust. */
import { mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Ledger } from '../flow/ledger.ts'
import type { FlowSink, UserDirectory } from '../flow/ports.ts'
import { type Address, isLoopback, parseAddress, rangeOf, sameAddress } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import { isReachedByParent } from '../settings/parent-proxy.ts'
import type { Settings } from '../settings/schema.ts'
import { createBindings } from '../store/bindings.ts'
import { createLfsUploads } from '../store/lfs-uploads.ts'
import { createRepositoryMemory } from '../store/repository-memory.ts'
import type { Authority } from '../tls/authority.ts'
import { type ClientCertificates, NO_CLIENT_CERTIFICATES } from '../tls/client-certificates.ts'
import { type Contexts, createContexts } from '../tls/contexts.ts'
import { createProofs } from '../tls/proof.ts'
import { createSessions } from '../tls/sessions.ts'
import type { Trust } from '../tls/trust.ts'
import { Clients } from './clients.ts'
import { DistrustLog } from './distrust.ts'
import { dialEndpoint } from './dial.ts'
import { openHostsFile } from './hosts-file.ts'
import { createResolver, type DnsQueries } from './resolver.ts'
import type { Runtime } from './runtime.ts'
import { ScanPool } from './scan-pool.ts'
import { NO_KNOWLEDGE, type ScanKnowledge, type ScanSetup } from './scan-setup.ts'
import { SpoolQuota } from './spool.ts'

export interface ProxyOptions {
  readonly settings: Settings
  readonly policy: CompiledPolicy
  /** The inspection CA; without one nothing is opened, and what needs to be opened is denied by doubt. */
  readonly authority: Authority | null
  readonly trust: Trust
  readonly sink: FlowSink
  readonly version: string
  readonly users?: UserDirectory | null
  readonly clientCertificates?: ClientCertificates
  readonly scanKnowledge?: ScanKnowledge
  readonly ledger?: Ledger | null
  /** Asked in place of the machine's DNS servers. */
  readonly dns?: DnsQueries
}

const HOSTS_FILE = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts'

/** What a reload brings; what is left out stays as it is. */
export interface Renewal {
  readonly policy?: CompiledPolicy
  readonly trust?: Trust
  readonly authority?: Authority | null
  readonly clientCertificates?: ClientCertificates
  readonly scanKnowledge?: ScanKnowledge
}

/** `listening` tells where Weir listens, once it does. `renew` takes effect for every flow that begins afterwards. */
export function createRuntime(
  options: ProxyOptions,
  listening: () => { address: string; port: number } | null,
): { readonly weir: Runtime; readonly renew: (changes: Renewal) => void } {
  const { settings, authority, trust } = options
  const { limits } = settings
  const now = Date.now
  mkdirSync(settings.data, { recursive: true, mode: 0o700 })
  const contextsOf = (from: Authority): Contexts =>
    createContexts(from, { now, contextsMax: limits.leafCacheEntriesMax })
  const setupOf = (knowledge: ScanKnowledge): ScanSetup => {
    return { ...knowledge, directory: settings.data, bytesMax: limits.scanBytesMax, workMsMax: limits.scanWorkMs }
  }
  const scanners = new ScanPool({ limits, setup: setupOf(options.scanKnowledge ?? NO_KNOWLEDGE) })
  const weir: Mutable<Runtime> = {
    settings,
    policy: options.policy,
    users: options.users ?? null,
    ledger: options.ledger ?? null,
    bindings: createBindings(),
    repositories: createRepositoryMemory(),
    lfsUploads: createLfsUploads(),
    version: options.version,
    sink: options.sink,
    resolver: createResolver({
      hosts: openHostsFile(HOSTS_FILE),
      timeoutMs: limits.resolveTimeoutMs,
      cacheEntriesMax: limits.dnsCacheEntriesMax,
      now,
      ...(options.dns === undefined ? {} : { dns: options.dns }),
    }),
    contexts: authority === null ? null : contextsOf(authority),
    trust,
    clientCertificates: options.clientCertificates ?? NO_CLIENT_CERTIFICATES,
    distrust: new DistrustLog(),
    sessions: createSessions({ now }),
    proofs: createProofs({
      trust: () => weir.trust,
      dial: (address, port, destination) => dialForProof(weir, address, port, destination),
      now,
      proofsMax: limits.proofCacheEntriesMax,
      proofLifetimeMs: limits.proofLifetimeMs,
      timeoutMs: limits.dialTimeoutMs + limits.tlsHandshakeTimeoutMs,
    }),
    quota: new SpoolQuota(limits, settings.data),
    scanners,
    clients: new Clients(settings),
    sockets: new Set(),
    openTunnels: new Set(),
    isOwn: (address, port) => isOwn(listening(), address, port),
    now,
  }
  let fingerprint = authority?.fingerprint256
  const renew = (changes: Renewal): void => {
    if (changes.policy !== undefined) weir.policy = changes.policy
    if (changes.trust !== undefined) weir.trust = changes.trust
    if (changes.clientCertificates !== undefined) weir.clientCertificates = changes.clientCertificates
    if (changes.scanKnowledge !== undefined) scanners.renew(setupOf(changes.scanKnowledge))
    const { authority: renewed } = changes
    // The same CA keeps its leaves: each costs a signature and a context.
    if (renewed === undefined || renewed?.fingerprint256 === fingerprint) return
    fingerprint = renewed?.fingerprint256
    weir.contexts = renewed === null ? null : contextsOf(renewed)
  }
  return { weir, renew }
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

/** A proof is asked of the very place that the tunnel is joined to: behind a parent proxy, through that parent. */
function dialForProof(weir: Runtime, address: Address, port: number, destination: Destination): Promise<Socket> {
  const parent = isReachedByParent(weir.settings, destination) ? (weir.settings.upstreamProxy ?? null) : null
  return dialEndpoint(weir, { address, port, parent }, destination, 'tunnel')
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

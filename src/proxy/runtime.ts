/** What every flow shares: settings, policy, trust and the things that are counted over all of them. */
import type { Socket } from 'node:net'
import type { Bindings, LfsUploads, RepositoryMemory } from '../flow/bindings.ts'
import type { Ledger } from '../flow/ledger.ts'
import type { Scanners } from '../flow/scan.ts'
import type { FlowSink, UserDirectory } from '../flow/ports.ts'
import type { Address } from '../net/address.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { Settings } from '../settings/schema.ts'
import type { ClientCertificates } from '../tls/client-certificates.ts'
import type { Contexts } from '../tls/contexts.ts'
import type { Proofs } from '../tls/proof.ts'
import type { Sessions } from '../tls/sessions.ts'
import type { Trust } from '../tls/trust.ts'
import type { Clients } from './clients.ts'
import type { DistrustLog } from './distrust.ts'
import type { NameResolver } from './resolver.ts'
import type { SpoolQuota } from './spool.ts'

export interface Runtime {
  readonly settings: Settings
  /** What a reload replaces. */
  readonly policy: CompiledPolicy
  /** Who may say to be whom; null where nobody has credentials. */
  readonly users: UserDirectory | null
  /** What budgets have left; null where nothing keeps them, and then what a budget limits is denied. */
  readonly ledger: Ledger | null
  /** Upload addresses that answers announced to clients. */
  readonly bindings: Bindings
  /** What answers told of repositories. */
  readonly repositories: RepositoryMemory
  /** Objects of LFS that clients sent ahead of a push. */
  readonly lfsUploads: LfsUploads
  readonly version: string
  readonly sink: FlowSink
  readonly resolver: NameResolver
  /** Leaves of the inspection CA; null where there is no CA, and then nothing is opened. */
  readonly contexts: Contexts | null
  readonly trust: Trust
  /** What is shown to upstreams that ask for a certificate. */
  readonly clientCertificates: ClientCertificates
  readonly distrust: DistrustLog
  readonly sessions: Sessions
  readonly proofs: Proofs
  readonly quota: SpoolQuota
  /** Those who look into uploads; null where nobody does. */
  readonly scanners: Scanners | null
  readonly clients: Clients
  /** Every socket, of clients and upstreams, that must be gone before the process may end. */
  readonly sockets: Set<Socket>
  /** Tunnels that are spliced. */
  readonly openTunnels: Set<OpenTunnel>
  /** Whether an address and port are Weir's own: never dialled, whatever is allowed. */
  isOwn(address: Address, port: number): boolean
  /** Milliseconds since the epoch. */
  now(): number
}

/** A spliced tunnel, which ends when the policy of a later moment denies it. */
export interface OpenTunnel {
  rejudge(weir: Runtime): void
}

/** What one flow sees from its beginning to its end: a reload changes the runtime, and no flow half-way. */
export function pin(weir: Runtime): Runtime {
  return { ...weir }
}

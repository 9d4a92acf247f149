/** What every flow shares: settings, policy, trust and the things that are counted over all of them. */
import type { Socket } from 'node:net'
import type { FlowSink } from '../flow/ports.ts'
import type { Address } from '../net/address.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { Settings } from '../settings/schema.ts'
import type { Contexts } from '../tls/contexts.ts'
import type { Proofs } from '../tls/proof.ts'
import type { Sessions } from '../tls/sessions.ts'
import type { Trust } from '../tls/trust.ts'
import type { NameResolver } from './resolver.ts'
import type { SpoolQuota } from './spool.ts'

export interface Runtime {
  readonly settings: Settings
  readonly policy: CompiledPolicy
  readonly version: string
  readonly sink: FlowSink
  readonly resolver: NameResolver
  /** Leaves of the inspection CA; null where there is no CA, and then nothing is opened. */
  readonly contexts: Contexts | null
  readonly trust: Trust
  readonly sessions: Sessions
  readonly proofs: Proofs
  readonly quota: SpoolQuota
  /** Every socket, of clients and upstreams, that must be gone before the process may end. */
  readonly sockets: Set<Socket>
  /** Whether an address and port are Weir's own: never dialled, whatever is allowed. */
  isOwn(address: Address, port: number): boolean
  /** Milliseconds since the epoch. */
  now(): number
}

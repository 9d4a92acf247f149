/** The ports that the shells implement, so that what decides need not know who stores. */
import type { Address } from '../net/address.ts'
import type { Flow } from './flow.ts'

/** Why a flow is written: it ended, it still lives, or it was denied just now. */
export type RecordMoment = 'end' | 'alive' | 'denied'

export interface FlowSink {
  /**
   * Takes one line of the record. A line of moment `denied` is on its way to the disk or pipe when this returns.
   * `at` is milliseconds since the epoch; `policy` the hash of the policy that judged.
   */
  write(flow: Flow, moment: RecordMoment, at: number, policy: string): void
  /** False while lines cannot be written: then everything but proven reads is denied. */
  readonly writable: boolean
  /** Writes what is buffered. */
  flush(): void
}

/** What became of credentials that a client gave. */
export type Authentication =
  | { readonly state: 'known'; readonly user: string }
  | { readonly state: 'wrong' }
  /** Too many wrong ones: this attempt was not even looked at. */
  | { readonly state: 'slowed'; readonly retryAfterMs: number }
  | { readonly state: 'malformed'; readonly fault: string }

/** Who may say to be whom. `authorization` is the value of a Proxy-Authorization field (RFC 7617). */
export interface UserDirectory {
  /** The user whose credentials these are, where they were verified before; null where that is not known at once. */
  known(client: Address, authorization: string): string | null
  authenticate(client: Address, authorization: string): Promise<Authentication>
}

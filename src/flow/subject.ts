/** Everything a decision may depend on. No sockets, no clock: values only. */
import type { Address } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import type { Fact } from './fact.ts'
import type { OpaqueOperation, Operation } from './operation.ts'

/** How much of the inside of unopened TLS a condition may still hope to see. */
export type Inside = 'unseen' | 'never' | 'absent'

/**
 * What the flow does, as far as it is seen.
 * - `unseen`: before its first bytes; it may be anything.
 * - `tunnel`: unopened TLS. `inside` is `unseen` where Weir may open it, `never` where it cannot, `absent` under `bypass`.
 * - `opened`: TLS that is opened (or will be whatever the rules say); the request in it is not read yet.
 * - `opaque`: a protocol whose inside is never read.
 * - `known`: one operation, of one request or one part of it.
 */
export type OperationFact =
  | { readonly state: 'unseen' }
  | { readonly state: 'tunnel'; readonly inside: Inside }
  | { readonly state: 'opened' }
  | { readonly state: 'opaque'; readonly operation: Exclude<OpaqueOperation, 'tunnel'> }
  | { readonly state: 'known'; readonly operation: Exclude<Operation, OpaqueOperation> }

/** Where data lands, as `HOST/OWNER/REPO`: folded where the host folds case, without `.git`. */
export type Repository = string

/** One ref that a push changes. */
export interface RefUpdate {
  readonly name: string
  readonly kind: 'create' | 'update' | 'delete'
}

export interface Subject {
  /** `user` is the name that the client proved, null for a client without one. */
  readonly client: { readonly address: Address; readonly user: string | null }
  readonly destination: Destination
  /** The address that is dialled; known from checkpoint(dial) on, and from the start for a literal. */
  readonly address: Fact<Address>
  readonly operation: OperationFact
  readonly repository: Fact<Repository>
  /** The request method, in upper case. */
  readonly method: Fact<string>
  /** The ref this part of a push changes; `absent` for everything that is not a push. */
  readonly ref: Fact<RefUpdate>
  /** Milliseconds since the epoch, at which the rule's `until` and `hours` are judged. */
  readonly at: number
}

export type FactName = 'address' | 'operation' | 'repository' | 'method' | 'ref'

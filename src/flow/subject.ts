/** Everything a decision may depend on. No sockets, no clock: values only. */
import type { Address } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import type { PackFacts, PayloadFacts, SecretFacts, SourceFacts } from './content.ts'
import type { Amount, Fact } from './fact.ts'
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

/** Who may read a repository. `internal`: everyone of its organisation. */
export const VISIBILITIES = ['public', 'internal', 'private'] as const
export type Visibility = (typeof VISIBILITIES)[number]

/** What a look into the body finds; `absent` for a request without one, and `pack` for what is no push. */
export interface ContentFacts {
  readonly payload: Fact<PayloadFacts>
  readonly secrets: Fact<SecretFacts>
  readonly ownSource: Fact<SourceFacts>
  readonly pack: Fact<PackFacts>
}

export const CONTENT_FACTS = ['payload', 'secrets', 'ownSource', 'pack'] as const satisfies (keyof ContentFacts)[]
export type ContentFactName = (typeof CONTENT_FACTS)[number]

/** What stands inside a request, as far as it is seen. */
export interface InsideFacts extends ContentFacts {
  readonly repository: Fact<Repository>
  /** The request method, in upper case. */
  readonly method: Fact<string>
  /** The path, decoded, without the query; `never` where it can be read in more than one way. */
  readonly path: Fact<string>
  /** The ref this part of a push changes; `absent` for everything that is not a push. */
  readonly ref: Fact<RefUpdate>
  /** Of the repository where data lands, once the request is done; `absent` where it lands in none. */
  readonly visibility: Fact<Visibility>
  /** Whether it writes files that a forge runs; `absent` for what writes no files. */
  readonly ciFiles: Fact<boolean>
  /** The payload in bytes: what limits by `size` count. */
  readonly size: Amount
  /** All that goes out for this request, in bytes: its line, its fields and its body. */
  readonly sentBytes: Amount
}

/**
 * The service that an upload address was announced by, to this client, and so what a request to it is judged as.
 * - `none`: it was announced by nobody.
 * - `possible`: some address at this host was, by one of these; which one a request is to, only the request tells.
 * - `known`: this request is to one.
 */
export type SecondHop =
  | { readonly state: 'none' }
  | { readonly state: 'possible'; readonly services: readonly string[]; readonly repositories: readonly Repository[] }
  | { readonly state: 'known'; readonly service: string }

export const NO_HOP: SecondHop = Object.freeze({ state: 'none' } as const)

export interface Subject extends InsideFacts {
  /** `user` is the name that the client proved, null for a client without one. */
  readonly client: { readonly address: Address; readonly user: string | null }
  readonly destination: Destination
  /** The address that is dialled; known from checkpoint(dial) on, and from the start for a literal. */
  readonly address: Fact<Address>
  readonly operation: OperationFact
  readonly hop: SecondHop
  /** Milliseconds since the epoch, at which the rule's `until` and `hours` are judged. */
  readonly at: number
}

export type FactName = 'address' | 'operation' | 'hop' | keyof InsideFacts

/** Every fact of a request in one state: before one is read, or where none will ever be. */
export function insideFacts(state: Fact<never>): InsideFacts {
  return {
    repository: state,
    method: state,
    path: state,
    ref: state,
    visibility: state,
    ciFiles: state,
    size: state,
    sentBytes: state,
    ...contentFacts(state),
  }
}

export function contentFacts(state: Fact<never>): ContentFacts {
  return { payload: state, secrets: state, ownSource: state, pack: state }
}

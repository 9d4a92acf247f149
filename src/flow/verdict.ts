/** What was decided, and on what ground. */
import type { FactName } from './subject.ts'

/** The places in the life of a flow where it is judged, in order. */
export const CHECKPOINTS = ['connect', 'dial', 'tls', 'request', 'body'] as const
export type Checkpoint = (typeof CHECKPOINTS)[number]

/**
 * What an allow holds the flow to. `size` is in bytes of payload, or, where it `counts` them, of all that goes out: request
 * line, fields and body. On a tunnel both are what the client sent.
 */
export type Limit = RequestLimit | WindowLimit

/** Holds each request, or each tunnel, for itself. */
export interface RequestLimit {
  readonly per: 'request'
  readonly size: number
  readonly counts?: 'sentBytes'
  /** The budget's name, where the rule names one. */
  readonly budget: string | null
}

/** Holds all flows of one user, repository, … together, over the last `windowMs` milliseconds at any time. */
export interface WindowLimit {
  readonly per: BudgetScope
  readonly windowMs: number
  readonly size: number
  readonly counts?: 'sentBytes'
  readonly budget: string
}

/**
 * Whose flows a budget adds up. `user` counts a client without one by its address; `group` counts in every group that the
 * client is in, and those who are in none together.
 */
export const BUDGET_SCOPES = ['user', 'client', 'group', 'repository', 'owner', 'service', 'host'] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]

/** Why a flow was refused: the policy's own reasons first, then the guards that stand above every rule. */
export type DenialCode =
  | 'rule'
  | 'default'
  | 'doubt'
  | 'limit'
  | 'budget'
  | 'address-refused'
  | 'name-disagrees'
  | 'name-unproven'
  | 'malformed'
  | 'holding-limit'
  | 'upgrade-refused'
  | 'tenant-unset'
  | 'client-refused'
  | 'client-flood'
  | 'credentials-needed'
  | 'credentials-wrong'
  | 'credentials-slowed'
  | 'record-unwritable'
  | 'ledger-unwritable'
  | 'fault'

export interface Denial {
  readonly code: DenialCode
  /** The rule that decided; null for the default and the guards. */
  readonly rule: string | null
  /** One sentence for the person behind the proxy: what was refused and what to do. */
  readonly message: string
  /** What could not be seen, for a denial by doubt. */
  readonly unseen: readonly FactName[]
}

/** What a rule in `mode: report` would have done. */
export interface WouldDeny {
  readonly rule: string
  readonly message: string
}

export type Verdict =
  | {
      readonly action: 'allow'
      /** The rule that decided; null for the default. */
      readonly rule: string | null
      readonly limits: readonly Limit[]
      readonly wouldDeny: readonly WouldDeny[]
      /** Facts that only reporting rules wait for; left out where none does. */
      readonly watches?: readonly FactName[]
    }
  | {
      readonly action: 'undecided'
      /** The first rule that could not be decided, and what it waits for; null when the default waits. */
      readonly rule: string | null
      readonly needs: readonly FactName[]
    }
  | { readonly action: 'deny'; readonly denial: Denial; readonly wouldDeny: readonly WouldDeny[] }

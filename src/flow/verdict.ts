/** What was decided, and on what ground. */
import type { FactName } from './subject.ts'

/** The places in the life of a flow where it is judged, in order. */
export const CHECKPOINTS = ['connect', 'dial', 'tls', 'request', 'body'] as const
export type Checkpoint = (typeof CHECKPOINTS)[number]

/** What an allow holds the flow to. `size` is in bytes of logical upload; on a tunnel, of what the client sent. */
export interface Limit {
  readonly per: 'request'
  readonly size: number
  /** The budget's name, where the rule names one. */
  readonly budget: string | null
}

/** Why a flow was refused: the policy's own reasons first, then the guards that stand above every rule. */
export type DenialCode =
  | 'rule'
  | 'default'
  | 'doubt'
  | 'limit'
  | 'address-refused'
  | 'name-disagrees'
  | 'name-unproven'
  | 'malformed'
  | 'holding-limit'
  | 'upgrade-refused'
  | 'client-refused'
  | 'record-unwritable'
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
    }
  | {
      readonly action: 'undecided'
      /** The first rule that could not be decided, and what it waits for; null when the default waits. */
      readonly rule: string | null
      readonly needs: readonly FactName[]
    }
  | { readonly action: 'deny'; readonly denial: Denial; readonly wouldDeny: readonly WouldDeny[] }

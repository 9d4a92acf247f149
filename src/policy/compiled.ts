/** A policy made ready to decide: names resolved, patterns indexed, every rule a list of conditions. */
import type { Limit } from '../flow/verdict.ts'
import type { Cidr } from '../net/address.ts'
import type { About, Condition } from './conditions/condition.ts'
import type { Group } from './compiler.ts'
import type { RuleIndex } from './rule-index.ts'
import type { Indexes } from './sight.ts'
import type { WithTenants } from './tenants.ts'
import type { Action } from './value.ts'

export type InspectionMode = 'auto' | 'never' | 'always'

export interface CompiledRule {
  /** Null for the default, which stands as the last rules. */
  readonly name: string | null
  /** Place in the policy's `rules`; null for the default. */
  readonly position: number | null
  readonly action: Action
  readonly mode: 'enforce' | 'report'
  readonly message: string | null
  readonly limits: readonly Limit[]
  readonly conditions: readonly Condition[]
}

export interface CompiledPolicy extends Indexes, WithTenants {
  /** Names this text and these lists: the first 16 hexadecimal digits of a SHA-256. */
  readonly hash: string
  /** In order, the default at the end. The last one always matches. */
  readonly rules: readonly CompiledRule[]
  /** The rules by where they can match. */
  readonly ruleIndex: RuleIndex
  /** All that the conditions of its rules look at. */
  readonly asks: ReadonlySet<About>
  /** Whether an enforcing rule asks what is in an upload. */
  readonly looksIntoUploads: boolean
  /** Whether any rule, or a tenant header, asks who the user is. */
  readonly namesUsers: boolean
  readonly groups: ReadonlyMap<string, Group>
  /** Of all groups: a client in one of them needs no credentials. */
  readonly groupNetworks: readonly Cidr[]
  readonly inspection: {
    readonly mode: InspectionMode
    /** Ids of host sets. */
    readonly open: number
    readonly bypass: number
  }
}

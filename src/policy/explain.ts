/** Why a verdict is what it is, rule by rule and condition by condition, by the very evaluation that decides. */
import type { Subject } from '../flow/subject.ts'
import type { Verdict } from '../flow/verdict.ts'
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import { decide } from './decide.ts'
import { look, type Sight } from './sight.ts'
import type { Outcome, Value } from './value.ts'
import { evaluateRule, walkRules } from './walk.ts'

export interface ConditionReason {
  /** The key as the policy spells it. */
  readonly key: string
  readonly value: Value
  readonly why: string
}

export interface RuleReason {
  /** Null for the default. */
  readonly rule: string | null
  readonly action: 'allow' | 'deny'
  readonly mode: 'enforce' | 'report'
  readonly outcome: 'matches' | 'does not match' | 'not visible yet' | 'matches by doubt'
  /** Whether the verdict names this rule. */
  readonly decides: boolean
  /** Whether the rule stands behind the one that decides, and was not asked. */
  readonly reached: boolean
  readonly conditions: readonly ConditionReason[]
}

export interface Explanation {
  readonly verdict: Verdict
  /** In order; the default, as one, at the end. */
  readonly rules: readonly RuleReason[]
}

export function explain(policy: CompiledPolicy, subject: Subject): Explanation {
  const verdict = decide(policy, subject)
  const sight = look(policy, subject)
  const { terminal } = walkRules(policy, sight)
  // What only waits for a tenant header, or is refused for want of one, no rule has decided.
  const isForTenants = verdict.action === 'undecided' || isTenantDenial(verdict)
  const end = policy.rules.indexOf(terminal)
  const rules = policy.rules.map((rule, at) => {
    const decides = rule === terminal && !isForTenants
    return explainRule(rule, sight, decides, at <= end)
  })
  const written = rules.filter(({ rule }) => rule !== null)
  // The default is two rules where it allows: the one that would decide is the one to show.
  const closing = rules.find(({ rule, outcome }) => rule === null && outcome !== 'does not match')
  return { verdict, rules: closing === undefined ? written : [...written, closing] }
}

function isTenantDenial(verdict: Verdict): boolean {
  return verdict.action === 'deny' && verdict.denial.code === 'tenant-unset'
}

function explainRule(rule: CompiledRule, sight: Sight, decides: boolean, reached: boolean): RuleReason {
  const conditions = rule.conditions.map((condition) => {
    return { key: condition.key, value: condition.value(sight), why: condition.why(sight) }
  })
  const outcome = OUTCOMES[evaluateRule(rule, sight)]
  return { rule: rule.name, action: rule.action, mode: rule.mode, outcome, decides, reached, conditions }
}

const OUTCOMES: Readonly<Record<Outcome, RuleReason['outcome']>> = {
  yes: 'matches',
  no: 'does not match',
  unseen: 'not visible yet',
  doubt: 'matches by doubt',
}

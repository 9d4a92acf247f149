/** Reads the rules in order, up to the one that decides: what decide, explain and the look ahead all stand on. */
import type { FactName } from '../flow/subject.ts'
import type { WouldDeny } from '../flow/verdict.ts'
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import type { About, Condition } from './conditions/condition.ts'
import { refusalOf } from './refusal.ts'
import { type Sight, stateOf } from './sight.ts'
import { type Outcome, outcomeOf, type Value } from './value.ts'

export interface Walk {
  /** Enforcing rules before the terminal one that are not visible yet, in order. */
  readonly open: readonly CompiledRule[]
  /** The rule that decides when all open ones turn out "no". */
  readonly terminal: CompiledRule
  readonly terminalOutcome: 'yes' | 'doubt'
  /** What reporting rules before the terminal one would have denied. */
  readonly wouldDeny: readonly WouldDeny[]
}

/** Conditions on what is not settled, such as the client when any client is meant, count as "not visible yet". */
export type Unsettled = ReadonlySet<About>

const NOTHING: Unsettled = new Set()

export function walkRules(policy: CompiledPolicy, sight: Sight, unsettled: Unsettled = NOTHING): Walk {
  const open: CompiledRule[] = []
  const wouldDeny: WouldDeny[] = []
  for (const rule of policy.rules) {
    const outcome = evaluateRule(rule, sight, unsettled)
    if (outcome === 'no') continue
    if (rule.mode === 'report') {
      // Doubt would make a report of everything that is not looked at; a roll-out wants to see what is known.
      if (outcome === 'yes' && rule.action === 'deny') wouldDeny.push(reportOf(rule))
    } else if (outcome === 'unseen') {
      open.push(rule)
    } else {
      return { open, terminal: rule, terminalOutcome: outcome, wouldDeny }
    }
  }
  throw new Error('no rule decides, not even the default')
}

export function evaluateRule(rule: CompiledRule, sight: Sight, unsettled: Unsettled = NOTHING): Outcome {
  return outcomeOf(rule.action, valuesOf(rule, sight, unsettled))
}

/** What the rule's unseen, or for ever hidden, conditions look at. */
export function factsOf(rule: CompiledRule, sight: Sight, state: 'unseen' | 'never'): readonly FactName[] {
  const facts = new Set<FactName>()
  for (const condition of rule.conditions) {
    if (condition.value(sight) !== state) continue
    for (const about of condition.about) {
      if (isFact(about) && stateOf(sight.subject, about) === state) facts.add(about)
    }
  }
  return [...facts]
}

function* valuesOf(rule: CompiledRule, sight: Sight, unsettled: Unsettled): Iterable<Value> {
  for (const condition of rule.conditions) yield isUnsettled(condition, unsettled) ? 'unseen' : condition.value(sight)
}

function isUnsettled(condition: Condition, unsettled: Unsettled): boolean {
  return unsettled.size > 0 && condition.about.some((about) => unsettled.has(about))
}

function isFact(about: About): about is FactName {
  return about !== 'client' && about !== 'time' && about !== 'destination'
}

function reportOf(rule: CompiledRule): WouldDeny {
  return { rule: rule.name ?? '', message: refusalOf(rule) }
}

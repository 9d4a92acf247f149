/** Reads the rules in order, up to the one that decides: what decide, explain and the look ahead all stand on. */
import assert from 'node:assert'
import type { FactName } from '../flow/subject.ts'
import type { WouldDeny } from '../flow/verdict.ts'
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import type { About, Condition } from './conditions/condition.ts'
import { refusalOf } from './refusal.ts'
import { positionsAt } from './rule-index.ts'
import { type Sight, stateOf } from './sight.ts'
import { type Outcome, outcomeOf } from './value.ts'

export interface Walk {
  /** Enforcing rules before the terminal one that are not visible yet, in order. */
  readonly open: readonly CompiledRule[]
  /** The rule that decides when all open ones turn out "no". */
  readonly terminal: CompiledRule
  readonly terminalOutcome: 'yes' | 'doubt'
  /** What reporting rules before the terminal one would have denied. */
  readonly wouldDeny: readonly WouldDeny[]
  /** Reporting rules before it that would deny, and are not visible yet. */
  readonly watching: readonly CompiledRule[]
}

/** Conditions on what is not settled, such as the client when any client is meant, count as "not visible yet". */
export type Unsettled = ReadonlySet<About>

const NOTHING: Unsettled = new Set()

/** Asked of each open rule in turn: whether nothing that follows can change what the walk is for. */
export type Enough = (rule: CompiledRule) => boolean

const NEVER_ENOUGH: Enough = () => false

/** Where `isEnough` ends the walk, the rule that it ended at is the terminal one, although it may be open itself. */
export function walkRules(
  policy: CompiledPolicy,
  sight: Sight,
  unsettled: Unsettled = NOTHING,
  isEnough: Enough = NEVER_ENOUGH,
): Walk {
  const open: CompiledRule[] = []
  const wouldDeny: WouldDeny[] = []
  const watching: CompiledRule[] = []
  assert(policy.ruleIndex.size === policy.rules.length, 'the index is of other rules')
  const positions = positionsAt(policy.ruleIndex, sight)
  for (let at = positions.next(); at !== -1; at = positions.next()) {
    const rule = policy.rules[at]
    if (rule === undefined) break
    const outcome = evaluateRule(rule, sight, unsettled)
    if (outcome === 'no') continue
    if (rule.mode === 'report') {
      // Doubt would make a report of everything that is not looked at; a roll-out wants to see what is known.
      if (outcome === 'yes' && rule.action === 'deny') wouldDeny.push(reportOf(rule))
      else if (outcome === 'unseen' && rule.action === 'deny') watching.push(rule)
    } else if (outcome !== 'unseen') {
      return { open, terminal: rule, terminalOutcome: outcome, wouldDeny, watching }
    } else {
      if (isEnough(rule)) return { open, terminal: rule, terminalOutcome: 'yes', wouldDeny, watching }
      open.push(rule)
    }
  }
  throw new Error('no rule decides, not even the default')
}

/** Whether any of the rules that a walk could come by is such a one. */
export function someRuleAt(policy: CompiledPolicy, sight: Sight, isSuch: (rule: CompiledRule) => boolean): boolean {
  const positions = positionsAt(policy.ruleIndex, sight)
  for (let at = positions.next(); at !== -1; at = positions.next()) {
    const rule = policy.rules[at]
    if (rule !== undefined && isSuch(rule)) return true
  }
  return false
}

export function evaluateRule(rule: CompiledRule, sight: Sight, unsettled: Unsettled = NOTHING): Outcome {
  let isUnseen = false
  let isNever = false
  for (const condition of rule.conditions) {
    const value = isUnsettled(condition, unsettled) ? 'unseen' : condition.value(sight)
    if (value === 'no') return 'no'
    if (value === 'unseen') isUnseen = true
    else if (value === 'never') isNever = true
  }
  return outcomeOf(rule.action, isUnseen, isNever)
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

function isUnsettled(condition: Condition, unsettled: Unsettled): boolean {
  return unsettled.size > 0 && condition.about.some((about) => unsettled.has(about))
}

function isFact(about: About): about is FactName {
  return about !== 'client' && about !== 'user' && about !== 'time' && about !== 'destination'
}

function reportOf(rule: CompiledRule): WouldDeny {
  return { rule: rule.name ?? '', message: refusalOf(rule) }
}

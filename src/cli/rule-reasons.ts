/** A rule's part in a verdict, in words: how it came out, and condition by condition why. */
import type { RuleReason } from '../policy/explain.ts'

function nameOfRule({ rule }: RuleReason): string {
  return rule ?? 'default'
}

/** One line; names are padded to `width`, so that several stand in columns. */
export function lineOfRule(rule: RuleReason, width: number): string {
  return `${rule.decides ? '→' : ' '} ${nameOfRule(rule).padEnd(width)}  ${rule.action.padEnd(5)}  ${outcomeOf(rule)}`
}

/** Of a rule that does not match, what says no; of any other, all that it stands on. Nothing of one that was not reached. */
export function reasonsOf({ outcome, conditions, reached }: RuleReason): readonly string[] {
  if (!reached) return []
  const told = outcome === 'does not match' ? conditions.filter(({ value }) => value === 'no') : conditions
  return told.map(({ key, why }) => `${key}: ${why}`)
}

export function widthOf(rules: readonly RuleReason[]): number {
  return Math.max(0, ...rules.map((rule) => nameOfRule(rule).length))
}

function outcomeOf({ outcome, reached, mode, decides }: RuleReason): string {
  if (!reached) return 'not reached'
  return `${outcome}${decides ? ', decides' : ''}${mode === 'report' ? ' (reports only)' : ''}`
}

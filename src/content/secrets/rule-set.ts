/** Rules compiled to one look at the bytes: the keywords of all of them, and who is asked at which. */
import { compileLiterals, KEYWORDS_MAX, type Literals } from './literals.ts'
import { AFTER_BYTES_MAX, BEFORE_BYTES_MAX, type PointRule, type SecretRule, type SweepRule } from './rule.ts'

export interface RuleSet {
  readonly rules: readonly SecretRule[]
  readonly literals: Literals
  /** By the number of the keyword. */
  readonly calls: readonly Call[]
}

/** Who is asked where a keyword stands, and how much of the text they want to see. */
export interface Call {
  readonly points: readonly Numbered<PointRule>[]
  readonly sweeps: readonly Numbered<SweepRule>[]
  readonly before: number
  readonly after: number
}

interface Numbered<R extends SecretRule> {
  /** In `rules`. */
  readonly number: number
  readonly rule: R
}

export function compileRules(rules: readonly SecretRule[]): RuleSet {
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))]
  if (keywords.length > KEYWORDS_MAX) throw new RangeError(`${keywords.length} keywords`)
  for (const { id, before, after } of rules) {
    if (before > BEFORE_BYTES_MAX || after > AFTER_BYTES_MAX) throw new RangeError(`rule ${id} looks too far`)
  }
  const asked = new Map(keywords.map((keyword): readonly [string, Asked] => [keyword, { points: [], sweeps: [] }]))
  for (const [number, rule] of rules.entries()) {
    for (const keyword of new Set(rule.keywords)) {
      if (rule.kind === 'point') asked.get(keyword)?.points.push({ rule, number })
      else asked.get(keyword)?.sweeps.push({ rule, number })
    }
  }
  const calls = [...asked.values()].map(({ points, sweeps }): Call => {
    return {
      points,
      sweeps,
      before: Math.max(0, ...points.map(({ rule }) => rule.before)),
      after: Math.max(0, ...points.map(({ rule }) => rule.after)),
    }
  })
  return { rules, literals: compileLiterals(keywords), calls }
}

interface Asked {
  readonly points: Numbered<PointRule>[]
  readonly sweeps: Numbered<SweepRule>[]
}

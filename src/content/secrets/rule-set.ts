/** Rules compiled to one look at the bytes: the keywords of all of them, and who is asked at which. */
import { compileLiterals, KEYWORDS_MAX, type Literals } from './literals.ts'
import { AFTER_BYTES_MAX, BEFORE_BYTES_MAX, type PointRule, type SecretRule, type SweepRule } from './rule.ts'

export interface RuleSet {
  readonly rules: readonly SecretRule[]
  readonly literals: Literals
  /** By the number of the keyword. */
  readonly calls: readonly Call[]
  readonly sweepCount: number
}

/** Who is asked where a keyword stands, and how much of the text they want to see. */
export interface Call {
  readonly points: readonly PointRule[]
  readonly sweeps: readonly NumberedSweep[]
  readonly before: number
  readonly after: number
}

export interface NumberedSweep {
  readonly number: number
  readonly rule: SweepRule
}

export function compileRules(rules: readonly SecretRule[]): RuleSet {
  const sweeps = rules.filter((rule) => rule.kind === 'sweep').map((rule, number) => ({ rule, number }))
  const keywords = [...new Set(rules.flatMap((rule) => rule.keywords))]
  if (keywords.length > KEYWORDS_MAX) throw new RangeError(`${keywords.length} keywords`)
  for (const { id, before, after } of rules) {
    if (before > BEFORE_BYTES_MAX || after > AFTER_BYTES_MAX) throw new RangeError(`rule ${id} looks too far`)
  }
  const calls = keywords.map((keyword): Call => {
    const points = rules.filter((rule) => rule.kind === 'point' && rule.keywords.includes(keyword)).map(asPoint)
    return {
      points,
      sweeps: sweeps.filter(({ rule }) => rule.keywords.includes(keyword)),
      before: Math.max(0, ...points.map((rule) => rule.before)),
      after: Math.max(0, ...points.map((rule) => rule.after)),
    }
  })
  return { rules, literals: compileLiterals(keywords), calls, sweepCount: sweeps.length }
}

function asPoint(rule: SecretRule): PointRule {
  if (rule.kind !== 'point') throw new TypeError(`rule ${rule.id} is no rule of a point`)
  return rule
}

/** One condition of a rule: what each file of this folder makes from one key of the policy. */
import type { FactName } from '../../flow/subject.ts'
import type { Sight } from '../sight.ts'
import type { Value } from '../value.ts'

/** What a condition looks at: facts that become visible, and what is known from the start. `client` is its address. */
export type About = FactName | 'client' | 'user' | 'time' | 'destination'

/** Places by what a look at a destination finds there: an index of rules has each rule under its own. */
export type Places =
  | { readonly by: 'service' | 'category'; readonly keys: readonly string[] }
  | { readonly by: 'port' | 'host-set' | 'repository-set'; readonly keys: readonly number[] }

export interface Condition {
  /** The key as the policy spells it: `to.hosts`. */
  readonly key: string
  readonly about: readonly About[]
  /** Where it can hold at all, for a condition that names places: its value is "no" wherever none of them is. */
  readonly places?: Places
  /** What the condition asks for, in canonical text, any of which is enough: for comparing rules, and for people. */
  readonly items: readonly string[]
  value(sight: Sight): Value
  /** Why the value is what it is, as a part of a sentence. */
  why(sight: Sight): string
}

/** A fact as a value, where `test` judges it once it is known. */
export function judge<T>(
  fact: { readonly state: 'known'; readonly value: T } | { readonly state: 'absent' | 'unseen' | 'never' },
  test: (value: T) => boolean,
): Value {
  if (fact.state === 'known') return test(fact.value) ? 'yes' : 'no'
  return fact.state === 'absent' ? 'no' : fact.state
}

/** The sentence for a fact that is not known. */
export function whyUnknown(what: string, state: 'absent' | 'unseen' | 'never'): string {
  if (state === 'absent') return `there is no ${what}`
  return state === 'unseen' ? `the ${what} is not visible yet` : `the ${what} can never be seen`
}

/** Items for a sentence: all of a few, the first of many. */
export function listing(items: readonly string[]): string {
  const shown = items.slice(0, 4).join(', ')
  return items.length > 4 ? `${shown} and ${items.length - 4} more` : shown
}

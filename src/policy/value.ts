/** The values that a condition can have, and how they combine. */

/**
 * - `unseen`: a later checkpoint will tell.
 * - `never`: nothing will ever tell.
 */
export type Value = 'yes' | 'no' | 'unseen' | 'never'

export type Action = 'allow' | 'deny'

/** What became of a rule: `doubt` is a deny rule that matches although something in it can never be seen. */
export type Outcome = 'yes' | 'no' | 'unseen' | 'doubt'

/** All must hold. While something is unseen, the whole is: it may yet turn out "no", whatever stays hidden. */
export function all(values: Iterable<Value>): Value {
  let result: Value = 'yes'
  for (const value of values) {
    if (value === 'no') return 'no'
    if (value === 'unseen' || (value === 'never' && result === 'yes')) result = value
  }
  return result
}

export function not(value: Value): Value {
  return value === 'yes' ? 'no' : value === 'no' ? 'yes' : value
}

/** A rule as a whole, none of whose conditions is "no": an allow rule needs proof, a deny rule only doubt. */
export function outcomeOf(action: Action, isUnseen: boolean, isNever: boolean): Outcome {
  if (isNever && action === 'allow') return 'no'
  if (isUnseen) return 'unseen'
  return isNever ? 'doubt' : 'yes'
}

/** Conditions on what a look into the body found: what was not found may be in what could not be looked at. */
import type { ContentFactName, ContentFacts, Subject } from '../../flow/subject.ts'
import type { Value } from '../value.ts'
import { whyUnknown } from './condition.ts'

/** The value of a fact where it is known. */
export type Known<N extends ContentFactName> = ContentFacts[N] extends infer F
  ? F extends { readonly state: 'known'; readonly value: infer T }
    ? T
    : never
  : never

/** Of what is wanted, "yes" as soon as it is found, and "no" only where nothing was left out; the other way round of what must not be. */
export function judgeFound<N extends ContentFactName>(
  subject: Subject,
  name: N,
  isFound: (value: Known<N>) => boolean,
  wanted = true,
): Value {
  const fact = subject[name]
  if (fact.state !== 'known') return fact.state === 'absent' ? 'no' : fact.state
  const value = fact.value as Known<N>
  if (isFound(value)) return wanted ? 'yes' : 'no'
  if (fact.value.incomplete.length > 0) return 'never'
  return wanted ? 'no' : 'yes'
}

/** Why, where `words` say it of what is known. */
export function whyFound<N extends ContentFactName>(
  subject: Subject,
  name: N,
  noun: string,
  words: (value: Known<N>) => string,
): string {
  const fact = subject[name]
  if (fact.state !== 'known') return whyUnknown(noun, fact.state)
  const [first] = fact.value.incomplete
  const said = words(fact.value as Known<N>)
  return first === undefined ? said : `${said}, but not all could be looked at: ${first}`
}

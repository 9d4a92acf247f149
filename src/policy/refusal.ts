/** What a person is told who is refused: short, plain, and what to do where a rule says it. */
import { NAMED_ONLY } from './conditions/operations.ts'
import type { FactName, Subject } from '../flow/subject.ts'
import type { Denial } from '../flow/verdict.ts'
import type { CompiledRule } from './compiled.ts'

/** Said with a 407, to one of whom a user and a password are wanted. */
export const CREDENTIALS_WANTED = 'this proxy wants a user and a password for this'

export function denialOf(rule: CompiledRule, subject: Subject): Denial {
  if (rule.name !== null) return { code: 'rule', rule: rule.name, message: refusalOf(rule), unseen: [] }
  return { code: 'default', rule: null, message: defaultRefusal(subject), unseen: [] }
}

/** A denial by doubt says what could not be seen, never the rule's message: the rule may not be about this at all. */
export function doubtOf(rule: CompiledRule, unseen: readonly FactName[]): Denial {
  const what = unseen.map((fact) => WORDS[fact]).join(' and ')
  const message = `could not be inspected: ${what} ${unseen.length === 1 ? 'stays' : 'stay'} hidden, and rule ${rule.name ?? ''} refuses what it cannot see`
  return { code: 'doubt', rule: rule.name, message, unseen }
}

export function refusalOf(rule: CompiledRule): string {
  return rule.message ?? `refused by rule ${rule.name ?? ''}`
}

const WORDS: Readonly<Record<FactName, string>> = {
  address: 'the address',
  operation: 'the operation',
  repository: 'the repository',
  method: 'the method',
  ref: 'the ref',
  path: 'the path',
  visibility: 'the visibility of the repository',
  ciFiles: 'what files it writes',
  size: 'the size',
  sentBytes: 'what it sends',
  payload: 'what is in it',
  secrets: 'whether a secret is in it',
  ownSource: 'whether source of one’s own is in it',
  pack: 'what is in the pack',
  hop: 'who announced the address',
}

/** What a condition looks at, in words; a name that is none of a fact stays as it is. */
export function factInWords(name: string): string {
  return isFactName(name) ? WORDS[name] : name
}

function isFactName(name: string): name is FactName {
  return Object.hasOwn(WORDS, name)
}

function defaultRefusal({ operation }: Subject): string {
  if (operation.state === 'opaque' && NAMED_ONLY.includes(operation.operation)) {
    const what = operation.operation === 'ssh' ? 'SSH' : 'a protocol that Weir does not know'
    return `${what} is allowed only by a rule that names it, and none does`
  }
  return 'no rule allows this'
}

/** `operations`: what the flow does. Without the key a rule means all, and an allow rule all but what only a name allows. */
import { expandOperations, FAMILIES, OPERATIONS, type Operation } from '../../flow/operation.ts'
import type { OperationFact } from '../../flow/subject.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import type { Action, Value } from '../value.ts'
import { type Condition, listing } from './condition.ts'

/** Never allowed by a rule that does not name them (or `opaque`), nor by the default: nothing of them is ever seen. */
export const NAMED_ONLY: readonly Operation[] = ['ssh', 'unknown-protocol']

/** `meaning` says in words what is meant where the key is left out. */
export function compileOperations(
  rule: Pick<RuleInput, 'operations' | 'action'>,
  meaning = 'what the rule means without `operations`',
): Condition {
  const names = rule.operations === undefined ? null : listOf(rule.operations)
  const asked = names === null ? meaning : listing(names)
  const set = names === null ? operationsWithoutKey(rule.action) : expandOperations(names)
  const judgeOperation = operationJudge(set)
  return {
    key: 'operations',
    about: ['operation'],
    items: [...set],
    value: ({ subject }) => judgeOperation(subject.operation),
    why: ({ subject }) => whyOperation(subject.operation, judgeOperation(subject.operation), asked),
  }
}

function operationsWithoutKey(action: Action): ReadonlySet<Operation> {
  return new Set(action === 'deny' ? OPERATIONS : OPERATIONS.filter((operation) => !NAMED_ONLY.includes(operation)))
}

/** What can turn out to be inside opened TLS: every request, and a request that becomes another protocol. */
const INNER = OPERATIONS.filter((operation) => operation !== 'tunnel' && !NAMED_ONLY.includes(operation))
const REQUESTS = INNER.filter((operation) => !(FAMILIES.opaque as readonly Operation[]).includes(operation))

function operationJudge(set: ReadonlySet<Operation>): (fact: OperationFact) => Value {
  const hasEvery = OPERATIONS.every((operation) => set.has(operation))
  const hasEveryInner = INNER.every((operation) => set.has(operation))
  const hasInner = INNER.some((operation) => set.has(operation))
  const hasRequest = REQUESTS.some((operation) => set.has(operation))
  return (fact) => {
    switch (fact.state) {
      case 'unseen':
        return hasEvery ? 'yes' : 'unseen'
      case 'tunnel':
        if (set.has('tunnel')) return 'yes'
        return hasInner && fact.inside !== 'absent' ? fact.inside : 'no'
      case 'opened':
        return hasEveryInner ? 'yes' : hasInner ? 'unseen' : 'no'
      case 'opaque':
        // "deny write" must stop git over SSH too: what is never read may be a write.
        return set.has(fact.operation) ? 'yes' : hasRequest ? 'never' : 'no'
      case 'known':
        return set.has(fact.operation) ? 'yes' : 'no'
      default:
        return fact satisfies never
    }
  }
}

function whyOperation(fact: OperationFact, value: Value, asked: string): string {
  const isIn = value === 'yes' ? 'is among' : 'is not among'
  switch (fact.state) {
    case 'unseen':
      return value === 'yes' ? 'every operation is meant' : 'the operation is not visible yet'
    case 'tunnel':
      return value === 'yes' || value === 'no' ? `unopened TLS ${isIn} ${asked}` : whyInside(value)
    case 'opened':
      return value === 'unseen' ? 'the request is not read yet' : `every request ${isIn} ${asked}`
    case 'opaque':
      return value === 'never' ? `what ${fact.operation} does can never be seen` : `${fact.operation} ${isIn} ${asked}`
    case 'known':
      return `operation ${fact.operation} ${isIn} ${asked}`
    default:
      return fact satisfies never
  }
}

function whyInside(value: 'unseen' | 'never'): string {
  return value === 'unseen' ? 'what is inside TLS is not visible yet' : 'what is inside TLS can never be seen'
}

/** `when.methods`: the request method. */
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { type Condition, judge, listing, whyUnknown } from './condition.ts'

export function compileMethods({ when }: RuleInput): Condition | null {
  if (when?.methods === undefined) return null
  const methods = listOf(when.methods)
  return {
    key: 'when.methods',
    about: ['method'],
    items: methods,
    value: ({ subject }) => judge(subject.method, (method) => methods.includes(method)),
    why: ({ subject: { method } }) => {
      if (method.state !== 'known') return whyUnknown('method', method.state)
      return `method ${method.value} is ${methods.includes(method.value) ? '' : 'not '}one of ${listing(methods)}`
    },
  }
}

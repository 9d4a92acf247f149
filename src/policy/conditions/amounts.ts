/** `when.size` and `when.sentBytes`: how much goes out, judged as soon as so much has been seen, or the end. */
import type { Amount } from '../../flow/fact.ts'
import { formatSize, parseSize } from '../../text/quantity.ts'
import type { RuleInput } from '../schema-rule.ts'
import type { Value } from '../value.ts'
import { type Condition, whyUnknown } from './condition.ts'

export function compileSize({ when }: RuleInput): Condition | null {
  return when?.size === undefined ? null : over('size', 'payload', when.size.over)
}

export function compileSentBytes({ when }: RuleInput): Condition | null {
  return when?.sentBytes === undefined ? null : over('sentBytes', 'URL, fields and body together', when.sentBytes.over)
}

function over(fact: 'size' | 'sentBytes', noun: string, text: string | number): Condition {
  const limit = parseSize(text) ?? 0
  return {
    key: `when.${fact}`,
    about: [fact],
    items: [`over ${limit}`],
    value: ({ subject }) => judgeAmount(subject[fact], limit),
    why: ({ subject }) => {
      const amount = subject[fact]
      if (amount.state === 'atLeast' && amount.value <= limit) return `the ${noun} is not whole yet`
      if (amount.state !== 'known' && amount.state !== 'atLeast') return whyUnknown(noun, amount.state)
      const isOver = amount.value > limit
      return `${noun} of ${formatSize(amount.value)} is ${isOver ? '' : 'not '}over ${formatSize(limit)}`
    },
  }
}

function judgeAmount(amount: Amount, limit: number): Value {
  switch (amount.state) {
    case 'known':
      return amount.value > limit ? 'yes' : 'no'
    case 'atLeast':
      return amount.value > limit ? 'yes' : 'unseen'
    case 'absent':
      return 'no'
    case 'unseen':
    case 'never':
      return amount.state
    default:
      return amount satisfies never
  }
}

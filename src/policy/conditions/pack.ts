/** `when.newRoot`, `largestBlob`, `objects` and `authors`: what is in the pack of a push. */
import { formatSize, parseSize } from '../../text/quantity.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { type Condition, listing } from './condition.ts'
import { judgeFound, whyFound } from './found.ts'

export function compileNewRoot({ when }: RuleInput): Condition | null {
  const wanted = when?.newRoot
  if (wanted === undefined) return null
  return {
    key: 'when.newRoot',
    about: ['pack'],
    items: [String(wanted)],
    value: ({ subject }) => judgeFound(subject, 'pack', ({ newRoot }) => newRoot, wanted),
    why: ({ subject }) =>
      whyFound(subject, 'pack', 'pack', ({ newRoot }) =>
        newRoot ? 'it brings a history of its own' : 'it brings no history of its own',
      ),
  }
}

export function compileLargestBlob({ when }: RuleInput): Condition | null {
  if (when?.largestBlob === undefined) return null
  const limit = parseSize(when.largestBlob.over) ?? 0
  return over('largestBlob', 'largest file', limit, formatSize)
}

export function compileObjects({ when }: RuleInput): Condition | null {
  return when?.objects === undefined ? null : over('objects', 'number of objects', when.objects.over, String)
}

function over(
  key: 'largestBlob' | 'objects',
  noun: string,
  limit: number,
  format: (value: number) => string,
): Condition {
  return {
    key: `when.${key}`,
    about: ['pack'],
    items: [`over ${limit}`],
    value: ({ subject }) => judgeFound(subject, 'pack', (pack) => pack[key] > limit),
    why: ({ subject }) =>
      whyFound(subject, 'pack', 'pack', (pack) => {
        return `its ${noun}, ${format(pack[key])}, is ${pack[key] > limit ? '' : 'not '}over ${format(limit)}`
      }),
  }
}

export function compileAuthors({ when }: RuleInput): Condition | null {
  const wanted = when?.authors
  if (wanted === undefined) return null
  const isOutside = typeof wanted === 'object' && 'outside' in wanted
  const items = listOf(isOutside ? wanted.outside : wanted)
  const isAmong = (author: string): boolean => items.some((item) => matchesAuthor(item.toLowerCase(), author))
  const isMeant = isOutside ? (author: string): boolean => !isAmong(author) : isAmong
  const words = `${isOutside ? 'outside' : 'among'} ${listing(items)}`
  return {
    key: 'when.authors',
    about: ['pack'],
    // Each address more lets fewer authors be outside: they are one item.
    items: isOutside ? [`outside ${items.toSorted().join(' ')}`] : items,
    value: ({ subject }) => judgeFound(subject, 'pack', ({ authors }) => authors.some(isMeant)),
    why: ({ subject }) =>
      whyFound(subject, 'pack', 'pack', ({ authors }) => {
        const found = authors.find(isMeant)
        return found === undefined ? `no author is ${words}` : `author ${found} is ${words}`
      }),
  }
}

/** An address, or `*@` and all of a domain. Addresses are written in whatever case. */
function matchesAuthor(item: string, author: string): boolean {
  const folded = author.toLowerCase()
  return item.startsWith('*@') ? folded.endsWith(item.slice(1)) : folded === item
}

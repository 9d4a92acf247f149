/** `when.refs` and `when.deletes`: the ref that this part of a push changes. Ref names keep their case (git-check-ref-format). */
import type { Compiler } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { matchesSegments, parseSegmentPattern, type SegmentPattern } from '../segment-pattern.ts'
import { type Condition, judge, listing, whyUnknown } from './condition.ts'

export function compileRefs({ when }: RuleInput, position: number, compiler: Compiler): Condition | null {
  if (when?.refs === undefined) return null
  const items: string[] = []
  const patterns = listOf(when.refs).flatMap((text, at) => {
    // Git takes `main` for the branch; `refs/tags/main` is a tag, and has to be spelled.
    const full = text.startsWith('refs/') || text.startsWith('**') ? text : `refs/heads/${text}`
    items.push(full)
    const pattern = parseSegmentPattern(full)
    if (pattern !== null) return pattern
    const message = `\`${text}\` is not a pattern of refs`
    compiler.report(['rules', position, 'when', 'refs', at], message, 'write it as main, release/* or refs/tags/**')
    return []
  })
  return compiler.share(`when.refs ${items.join(' ')}`, () => refsAmong(items, patterns))
}

function refsAmong(items: readonly string[], patterns: readonly SegmentPattern[]): Condition {
  const matches = (name: string): boolean => patterns.some((pattern) => matchesSegments(pattern, name.split('/')))
  return {
    key: 'when.refs',
    about: ['ref'],
    items,
    value: ({ subject }) => judge(subject.ref, ({ name }) => matches(name)),
    why: ({ subject: { ref } }) => {
      if (ref.state !== 'known') return whyUnknown('ref', ref.state)
      return `ref ${ref.value.name} is ${matches(ref.value.name) ? '' : 'not '}among ${listing(items)}`
    },
  }
}

export function compileDeletes({ when }: RuleInput): Condition | null {
  const wanted = when?.deletes
  if (wanted === undefined) return null
  return {
    key: 'when.deletes',
    about: ['ref'],
    items: [String(wanted)],
    value: ({ subject }) => judge(subject.ref, ({ kind }) => (kind === 'delete') === wanted),
    why: ({ subject: { ref } }) => {
      if (ref.state !== 'known') return whyUnknown('ref', ref.state)
      return `the push ${ref.value.kind}s ref ${ref.value.name}`
    },
  }
}

/** `when.paths`: the path of the request, decoded; where servers disagree what it is, nobody can tell. */
import type { Compiler } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { matchesSegments, parseSegmentPattern, type SegmentPattern } from '../segment-pattern.ts'
import { type Condition, judge, listing, whyUnknown } from './condition.ts'

export function compilePaths({ when }: RuleInput, position: number, compiler: Compiler): Condition | null {
  if (when?.paths === undefined) return null
  const items = listOf(when.paths)
  const patterns = items.flatMap((text, at) => {
    // Of the path `/` no segment is left.
    const pattern = parseSegmentPattern(text === '/' ? ROOT : text.slice(1))
    // What is matched is decoded, and no escape would ever stand in it.
    const isDecoded = !/%[0-9a-f]{2}/i.test(text)
    if (pattern !== null && text.startsWith('/') && isDecoded) return pattern
    const message = `\`${text}\` is not a pattern of paths`
    const hint = isDecoded ? 'write it as /api/** or /*/settings' : 'write it without escapes'
    compiler.report(['rules', position, 'when', 'paths', at], message, hint)
    return []
  })
  return compiler.share(`when.paths ${items.join(' ')}`, () => pathsAmong(items, patterns))
}

/** Stands for the one segment of `/`, which is empty; no pattern can spell it. */
const ROOT = '\u0000'

function pathsAmong(items: readonly string[], patterns: readonly SegmentPattern[]): Condition {
  const matches = (path: string): boolean => {
    const segments = path === '/' ? [ROOT] : path.slice(1).split('/')
    return patterns.some((pattern) => matchesSegments(pattern, segments))
  }
  return {
    key: 'when.paths',
    about: ['path'],
    items,
    value: ({ subject }) => judge(subject.path, matches),
    why: ({ subject: { path } }) => {
      if (path.state !== 'known') return whyUnknown('path', path.state)
      return `path ${path.value} is ${matches(path.value) ? '' : 'not '}among ${listing(items)}`
    },
  }
}

/** Patterns of file paths, or of all that is outside of them. */
import type { Compiler } from '../compiler.ts'
import { listOf } from '../schema-values.ts'
import { matchesSegments, parseSegmentPattern } from '../segment-pattern.ts'
import { listing } from './condition.ts'

type Wanted = string | readonly string[] | { readonly outside: string | readonly string[] }

export interface FilePatterns {
  readonly items: readonly string[]
  /** For a sentence, behind "is". */
  readonly words: string
  readonly isMeant: (path: string) => boolean
}

/** Without a `/`, a pattern names files in whatever folder. */
export function compileFilePatterns(wanted: Wanted, path: readonly PropertyKey[], compiler: Compiler): FilePatterns {
  const isOutside = typeof wanted === 'object' && 'outside' in wanted
  const texts = listOf(isOutside ? wanted.outside : wanted)
  const patterns = texts.flatMap((text, at) => {
    const pattern = parseSegmentPattern(text.includes('/') ? text.replace(/^\//, '') : `**/${text}`)
    if (pattern !== null) return pattern
    const place = isOutside ? [...path, 'outside', at] : [...path, at]
    compiler.report(place, `\`${text}\` is not a pattern of files`, 'write it as *.pem, src/** or docs/*.md')
    return []
  })
  const isAmong = (file: string): boolean => {
    const segments = file.split('/')
    return patterns.some((pattern) => matchesSegments(pattern, segments))
  }
  return {
    // Each pattern more lets fewer files be outside: they are one item.
    items: isOutside ? [`outside ${texts.toSorted().join(' ')}`] : texts,
    words: `${isOutside ? 'outside' : 'among'} ${listing(texts)}`,
    isMeant: isOutside ? (file) => !isAmong(file) : isAmong,
  }
}

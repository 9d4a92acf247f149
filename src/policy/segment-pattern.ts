/** Patterns over `/`-separated names, for repositories and refs: `*` within one segment, `**` any number of segments. */

/**
 * A pattern as runs of segments with `**` between them. `**` stands for zero or more whole segments, so that `a/**` has
 * `a`, `a/b` and `a/b/c`, and `a/**\/b` has `a/b`. `*` stands for zero or more characters of one segment.
 */
export interface SegmentPattern {
  readonly text: string
  readonly runs: readonly (readonly Segment[])[]
}

/** The literal pieces of one segment, with a `*` between each two. */
type Segment = readonly string[]

// Matching costs at most the product of both lengths; this keeps the product small.
export const patternCharactersMax = 512

/** Null for an empty pattern or segment, an over-long one, and a `**` that is not a segment of its own. */
export function parseSegmentPattern(text: string): SegmentPattern | null {
  if (text.length === 0 || text.length > patternCharactersMax) return null
  const runs: Segment[][] = [[]]
  for (const segment of text.split('/')) {
    if (segment === '') return null
    if (segment === '**') runs.push([])
    else if (segment.includes('**')) return null
    else runs.at(-1)?.push(segment.split('*'))
  }
  return { text, runs }
}

/**
 * Greedy from the left, which is exact: the first run stands at the start, the last at the end, and every run between is
 * as long as the segments it takes, so that the leftmost place leaves the most room. Nothing is ever tried twice.
 */
export function matchesSegments(pattern: SegmentPattern, segments: readonly string[]): boolean {
  const { runs } = pattern
  const first = runs[0] ?? []
  if (runs.length === 1) return first.length === segments.length && runMatches(first, segments, 0)
  const last = runs.at(-1) ?? []
  const end = segments.length - last.length
  if (end < first.length || !runMatches(first, segments, 0) || !runMatches(last, segments, end)) return false
  let at = first.length
  for (const run of runs.slice(1, -1)) {
    while (at + run.length <= end && !runMatches(run, segments, at)) at++
    if (at + run.length > end) return false
    at += run.length
  }
  return true
}

function runMatches(run: readonly Segment[], segments: readonly string[], from: number): boolean {
  return run.every((segment, at) => segmentMatches(segment, segments[from + at] ?? ''))
}

function segmentMatches(pieces: Segment, text: string): boolean {
  const first = pieces[0] ?? ''
  if (pieces.length === 1) return text === first
  const last = pieces.at(-1) ?? ''
  const end = text.length - last.length
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (let piece = 1; piece < pieces.length - 1; piece++) {
    const literal = pieces[piece] ?? ''
    const found = text.indexOf(literal, at)
    if (found === -1 || found + literal.length > end) return false
    at = found + literal.length
  }
  return true
}

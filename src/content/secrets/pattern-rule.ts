/** Rules by pattern: a sticky expression at the keyword, or one around it, and what its match must be besides. */
import { isMonotonous, isPlaceholder } from './placeholder.ts'
import { entropyOf } from './randomness.ts'
import type { PointRule, Rank, Stretch } from './rule.ts'

/**
 * No letter or digit before it, unless that is the end of an escape: `\n` in a JSON string, `%3D` in a URL.
 * All patterns are of bounded repetitions without nesting, so that a match costs at most as many steps as the rule sees bytes.
 */
const START = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf"'])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u00[0-9a-f]{2}))`

export interface PatternOptions {
  /** How far behind the start of the keyword the match may reach, in bytes. */
  readonly after?: number
  /** How far before the keyword the match may begin; without it, it begins with the keyword. */
  readonly before?: number
  /** How many bytes before the keyword `check` wants to see. */
  readonly context?: number
  /** The group with the secret; the whole match without it. */
  readonly group?: number
  readonly entropyMin?: number
  readonly rank?: Rank
  /** Lets letters stand right before it. */
  readonly isInner?: boolean
  /** Takes placeholders by their words as well: where the secret holds words by chance or by its form. */
  readonly allowsWords?: boolean
  readonly check?: (secret: string, text: string, at: number) => boolean
}

const AFTER_BYTES = 400
/** As many as START looks back at. */
const SHOWN_BEFORE_BYTES = 8
const ENTROPY_MIN = 2.6
/** A place with more near misses than these has no credential. */
const TRIES_MAX = 8

/** `pattern` begins with the keyword, or, with `before`, holds it. Upper and lower case are its own affair. */
export function patternRule(
  id: string,
  title: string,
  keywords: readonly string[],
  pattern: string,
  options: PatternOptions = {},
): PointRule {
  const { after = AFTER_BYTES, before = 0, rank = 3, isInner = false } = options
  const group = options.group ?? 0
  // Places of groups are asked for only where one is wanted: they cost a second match.
  const flags = `${group === 0 ? '' : 'd'}${before === 0 ? 'y' : 'g'}`
  const expression = new RegExp(isInner ? pattern : `${START}${pattern}`, flags)
  return {
    kind: 'point',
    id,
    title,
    keywords,
    before: Math.max(before, options.context ?? SHOWN_BEFORE_BYTES),
    after,
    rank,
    find(text, at) {
      expression.lastIndex = Math.max(0, at - before)
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const match = expression.exec(text)
        if (match === null || match.index > at) return null
        if (match.index + match[0].length <= at) continue
        const stretch = stretchOf(match, group)
        return stretch !== null && isPlausible(text, at, stretch, options) ? stretch : null
      }
      return null
    },
  }
}

function stretchOf(match: RegExpExecArray, group: number): Stretch | null {
  if (group === 0) return { start: match.index, end: match.index + match[0].length }
  const [start, end] = match.indices?.[group] ?? []
  return start === undefined || end === undefined ? null : { start, end }
}

function isPlausible(text: string, at: number, { start, end }: Stretch, options: PatternOptions): boolean {
  const secret = text.slice(start, end)
  if (entropyOf(secret) < (options.entropyMin ?? ENTROPY_MIN)) return false
  if (options.allowsWords === true ? isMonotonous(secret) : isPlaceholder(secret)) return false
  return options.check?.(secret, text, at) ?? true
}

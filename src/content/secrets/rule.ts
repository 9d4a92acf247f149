/** What a rule for credentials is to the scanner: where it looks, and what it finds there. */

/** A rule may look so far before and behind the keyword that called it. */
export const BEFORE_BYTES_MAX = 512
export const AFTER_BYTES_MAX = 6144

interface RuleHead {
  /** In kebab-case, and the same for ever: policies name it. */
  readonly id: string
  /** What it finds, for people: "a personal access token of GitHub". */
  readonly title: string
  /** In lower case, ASCII, at least KEYWORD_CHARACTERS_MIN. The rule is asked wherever one of them stands, in upper or lower case. */
  readonly keywords: readonly string[]
  /** How many bytes before and behind the start of the keyword it wants to see; at most the limits above. */
  readonly before: number
  readonly after: number
  /** Of two findings at one place the one with the higher rank is kept. */
  readonly rank: Rank
  /** Whether it looks into the piece of content with this path; into all without it. */
  readonly appliesTo?: (path: string) => boolean
}

/** Looks at a keyword for the one credential that it belongs to. */
export interface PointRule extends RuleHead {
  readonly kind: 'point'
  /** One character of `text` is one byte of the content. */
  find(text: string, at: number): Stretch | null
}

/** Looks through the text around keywords; a text between two of them is shown once. */
export interface SweepRule extends RuleHead {
  readonly kind: 'sweep'
  /** How many bytes before the end of its text a credential may start and still be seen whole. */
  readonly reach: number
  /** Whether each of its bytes is counted against SLOW_BYTES_MAX of the scan. */
  readonly isSlow: boolean
  sweep(text: string): readonly Stretch[]
}

export type SecretRule = PointRule | SweepRule

/** 3: a shape that nothing else has. 2: a shape with its context. 1: a random value under a telling name. */
export type Rank = 1 | 2 | 3

/** Within the text that a rule was shown; `end` is the first character after it. */
export interface Stretch {
  readonly start: number
  readonly end: number
}

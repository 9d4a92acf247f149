/** Chooses, of the grams of one blob, the few that an index keeps: winnowing again, with a larger window. */
import { WINDOW_GRAMS, KEPT_WINDOW_MAX, PRINTS_BASE, PRINTS_GROWTH_WORDS, PRINTS_PER_DOUBLING } from './parameters.ts'

interface Ranked {
  readonly rank: number
  readonly word: number
}

/**
 * The smallest of a large window is the smallest of every small one around it, so that each of these is among the grams that a
 * reader looks up, wherever the text stands. They lie all over the blob, and an edit changes only those beside it: versions of
 * one file have most of them in common. `ownWords` are those
 * of the blob that are not public text: so many for a few, so many more for the rest.
 */
export function keepGrams<T extends Ranked>(grams: readonly T[], ownWords: number): readonly T[] {
  const window = keptWindow(ownWords)
  // For each, the nearest before it that is smaller, and behind it that is not larger: it is chosen if a window fits between.
  const before = new Float64Array(grams.length).fill(-1)
  const behind = new Float64Array(grams.length).fill(Math.max((grams.at(-1)?.word ?? 0) + 1, window))
  const open: number[] = []
  for (const [at, gram] of grams.entries()) {
    for (;;) {
      const last = open.at(-1)
      const other = last === undefined ? undefined : grams[last]
      if (last === undefined || other === undefined) break
      if (other.rank < gram.rank) {
        before[at] = other.word
        break
      }
      behind[last] = gram.word
      open.pop()
    }
    open.push(at)
  }
  return grams.filter((_, at) => (behind[at] ?? 0) - (before[at] ?? 0) - 1 >= window)
}

/** Rounded up to a power of the square root of two: a version that is a little longer keeps the same grams. */
function keptWindow(words: number): number {
  const doublings = Math.max(0, Math.log2(words / PRINTS_GROWTH_WORDS))
  const wanted = PRINTS_BASE + PRINTS_PER_DOUBLING * doublings
  const window = 2 ** (Math.round(2 * Math.log2((2 * words) / wanted)) / 2)
  return Math.min(KEPT_WINDOW_MAX, Math.max(WINDOW_GRAMS, Math.ceil(window)))
}

import { describe, expect, it } from 'vitest'
import type { Gram } from '../../../src/content/fingerprints/gram-stream.ts'
import { GRAM_WORDS, MATCH_DISTANCE_WORDS_MAX } from '../../../src/content/fingerprints/parameters.ts'
import {
  FILES_MAX,
  PartialMatches,
  STRETCH_GAP_BYTES_MAX,
  STRETCHES_MAX,
} from '../../../src/content/fingerprints/partial-matches.ts'

const GRAM_BYTES = 100

/** Another gram each time, if nothing else is said, ten bytes for each word before it. */
function gram(word: number, first = word, start = word * 10): Gram {
  return { first, second: 0, rank: 0, word, start, end: start + GRAM_BYTES }
}

/** Bytes found of file 0 in a piece that is so large. */
function bytesOf(grams: readonly Gram[], ofBytes: number): number {
  const matches = new PartialMatches(() => 7)
  for (const one of grams) matches.add(one, [0])
  const [part] = matches.sum(ofBytes)
  if (part !== undefined) expect(part.repository).toBe(7)
  return part?.bytes ?? 0
}

const LARGE = 1e9

describe('grams of one file are enough', () => {
  it.each<[what: string, grams: readonly Gram[], ofBytes: number, isEnough: boolean]>([
    ['where they are three', [gram(0), gram(20), gram(40)], LARGE, true],
    ['and not where they are two', [gram(0), gram(20)], LARGE, false],
    ['where two are a fourth of the piece', [gram(0), gram(20)], 1_200, true],
    ['and not where two are less', [gram(0), gram(20)], 1_201, false],
    ['and not where it is one, that is all of the piece', [gram(0)], GRAM_BYTES, false],
    ['where they stand side by side', [gram(0), gram(GRAM_WORDS), gram(2 * GRAM_WORDS)], LARGE, true],
    ['and not where one overlaps', [gram(0), gram(GRAM_WORDS - 1), gram(2 * GRAM_WORDS)], LARGE, false],
    ['and not where one is said twice', [gram(0, 1), gram(20, 2), gram(40, 1)], LARGE, false],
    [
      'where they are as far from each other as may be',
      [0, 1, 2].map((at) => gram(at * MATCH_DISTANCE_WORDS_MAX)),
      LARGE,
      true,
    ],
    [
      'and not where one is farther',
      [gram(0), gram(MATCH_DISTANCE_WORDS_MAX), gram(2 * MATCH_DISTANCE_WORDS_MAX + 1)],
      LARGE,
      false,
    ],
    [
      'where a neighbourhood has them, whatever comes behind',
      [gram(0), gram(20), gram(40), gram(40 + 2 * MATCH_DISTANCE_WORDS_MAX)],
      LARGE,
      true,
    ],
    [
      'where a later neighbourhood has them, and one of them was said before',
      [gram(0, 1), ...[1, 2, 3].map((first) => gram(2 * MATCH_DISTANCE_WORDS_MAX + first * 20, first))],
      LARGE,
      true,
    ],
  ])('%s', (_, grams, ofBytes, isEnough) => {
    expect(bytesOf(grams, ofBytes) > 0).toBe(isEnough)
  })

  it('of that file alone: others’ do not add up', () => {
    const matches = new PartialMatches(() => 7)
    for (const [at, source] of [0, 1, 2].entries()) matches.add(gram(at * 20), [source])
    expect(matches.sum(LARGE)).toEqual([])
  })
})

describe('the bytes of a file', () => {
  it('are those from gram to gram, up to a gap', () => {
    const at = (start: number): Gram => gram(start, start, start)
    const near = GRAM_BYTES + STRETCH_GAP_BYTES_MAX
    expect(bytesOf([at(0), at(near), at(2 * near)], LARGE)).toBe(2 * near + GRAM_BYTES)
    expect(bytesOf([at(0), at(near + 1), at(2 * near + 2)], LARGE)).toBe(3 * GRAM_BYTES)
  })

  it('are counted once where two files have them', () => {
    const matches = new PartialMatches((source) => source)
    for (const word of [0, 20, 40]) matches.add(gram(word), [0, 1])
    matches.add(gram(60), [1])
    // The file with more of them has them.
    expect(matches.sum(LARGE)).toEqual([{ repository: 1, bytes: 700 }])
  })

  it('lie in so many stretches; what is beyond lengthens the last', () => {
    const apart = STRETCH_GAP_BYTES_MAX + GRAM_BYTES + 1
    const grams = (count: number): readonly Gram[] =>
      Array.from({ length: count }, (_, at) => gram(at * 20, at, at * apart))
    expect(bytesOf(grams(STRETCHES_MAX), LARGE)).toBe(STRETCHES_MAX * GRAM_BYTES)
    expect(bytesOf(grams(STRETCHES_MAX + 1), LARGE)).toBe(STRETCHES_MAX * GRAM_BYTES + apart)
  })
})

describe('files are remembered', () => {
  const fill = (count: number): PartialMatches => {
    const matches = new PartialMatches((source) => source)
    matches.add(gram(0), [0])
    for (let source = 1; source < count; source++) matches.add(gram(1), [source])
    matches.add(gram(20), [0])
    matches.add(gram(40), [0])
    return matches
  }

  it('up to so many', () => {
    expect(fill(FILES_MAX).sum(LARGE)).toHaveLength(1)
  })

  it('and beyond them those with one gram are let go', () => {
    expect(fill(FILES_MAX + 1).sum(LARGE)).toEqual([])
  })

  it('in a time that does not grow with how many there are', () => {
    const matches = new PartialMatches((source) => source)
    for (let source = 0; source < FILES_MAX; source++) {
      for (const word of [0, 20, 40]) matches.add(gram(word), [source])
    }
    const begun = performance.now()
    for (let source = FILES_MAX; source < 20 * FILES_MAX; source++) matches.add(gram(60), [source])
    // A look through all of them for each would take minutes.
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(matches.sum(LARGE).length).toBeGreaterThan(0)
  })

  it('but never one that has more', () => {
    const matches = new PartialMatches((source) => source)
    for (const word of [0, 20, 40]) matches.add(gram(word), [0])
    for (let source = 1; source < 3 * FILES_MAX; source++) matches.add(gram(60), [source])
    expect(matches.sum(LARGE)).toMatchObject([{ repository: 0 }])
  })
})

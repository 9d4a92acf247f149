/** Runs of base64 in a text: where they begin and end, over line breaks, and whether they say something. */
import { describe, expect, it } from 'vitest'
import { alignmentOf, nextRun, readRun, RUN_CHARACTERS_MIN } from '../../../src/content/secrets/base64-run.ts'

const SHORTEST = 'QUJD'.repeat(RUN_CHARACTERS_MIN / 4)

function starts(text: string, from = 0, to = text.length): readonly number[] {
  const found: number[] = []
  for (let at = from; ; ) {
    const start = nextRun(Buffer.from(text), at, to, text.length)
    if (start === -1) return found
    found.push(start)
    at = readRun(Buffer.from(text), start, text.length).end + 1
  }
}

describe('a run', () => {
  it('has at least so many characters', () => {
    expect(starts(`"${SHORTEST}"`)).toEqual([1])
    expect(starts(`"${SHORTEST.slice(1)}"`)).toEqual([])
  })

  it('is found wherever it starts', () => {
    for (let shift = 0; shift < 100; shift += 1) expect(starts(`${' '.repeat(shift)}${SHORTEST} `)).toEqual([shift])
  })

  it('is found where it starts before the end of the stretch alone', () => {
    expect(starts(` ${SHORTEST}`, 0, 2)).toEqual([1])
    expect(starts(` ${SHORTEST}`, 0, 1)).toEqual([])
  })

  it.each([
    ['a line break', `${SHORTEST}\n${SHORTEST}`, 80],
    ['one of Windows', `${SHORTEST}\r\nQUJD`, 44],
    ['an indent', `${SHORTEST}\n    QUJD`, 44],
    ['one written as an escape', `${SHORTEST}\\nQUJD`, 44],
    ['not over an empty line', `${SHORTEST}\n\nQUJD`, 40],
    ['not over a space', `${SHORTEST} QUJD`, 40],
    ['not behind a short line', `${SHORTEST}\nQUJD\nQUJD`, 44],
  ])('goes on over %s', (_, text, length) => {
    expect(readRun(Buffer.from(text), 0, text.length).text).toHaveLength(length)
  })
})

describe('what a run says', () => {
  const text = Buffer.from('words that people can read, and a few more of them').toString('base64')

  it.each([0, 1, 2, 3] as const)('is text behind %d characters of something else', (skipped) => {
    expect(alignmentOf(`${'abc'.slice(0, skipped)}${text}`)).toBe(skipped)
  })

  it('is text in UTF-16', () => {
    expect(alignmentOf(Buffer.from('words that people read', 'utf16le').toString('base64'))).toBe(0)
  })

  it('is none where it is a picture, a sum or too little', () => {
    expect(
      alignmentOf(Buffer.from(Array.from({ length: 60 }, (_, at) => (at * 89) & 0xff)).toString('base64')),
    ).toBeNull()
    expect(alignmentOf('4f9a81c27be03d564f9a81c27be03d564f9a81c27be03d56')).toBeNull()
    expect(alignmentOf(text.slice(0, 20))).toBeNull()
  })
})

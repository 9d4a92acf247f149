import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Gram, GramStream } from '../../../src/content/fingerprints/gram-stream.ts'
import { GRAM_WORDS, WINDOW_GRAMS } from '../../../src/content/fingerprints/parameters.ts'
import { feedPieces } from '../../fuzz/pieces.ts'
import { makeCode } from './code.ts'
import { KEYS } from './small-index.ts'

const SEED = 20_260_601
const CODE = makeCode(1, 200)

function gramsOf(text: string | Uint8Array, seeds = KEYS.words): readonly Gram[] {
  const grams: Gram[] = []
  const stream = new GramStream(seeds, (gram) => grams.push({ ...gram }))
  stream.push(Buffer.from(text))
  stream.end()
  return grams
}

const hashes = (grams: readonly Gram[]): readonly string[] => grams.map(({ first, second }) => `${first} ${second}`)

describe('the grams of a text are the same', () => {
  const expected = hashes(gramsOf(CODE))
  it.each<[what: string, text: string | Uint8Array]>([
    ['with other indentation', CODE.replaceAll(/^ */gm, '\t\t')],
    ['with the line ends of another system', CODE.replaceAll('\n', '\r\n')],
    ['with blanks at the ends, and empty lines', CODE.replaceAll('\n', '  \t\n\n')],
    ['with other marks and quotes', CODE.replaceAll('"', "'").replaceAll(')', ');').replaceAll('=', ':=')],
    ['in capitals', CODE.toUpperCase()],
    ['all on one line', CODE.replaceAll('\n', ' ')],
    ['commented out', CODE.replaceAll(/^/gm, '// ')],
    ['as a diff', CODE.replaceAll(/^/gm, '+')],
    [
      'with numbered lines',
      CODE.split('\n')
        .map((line, at) => `${at + 1}: ${line}`)
        .join('\n'),
    ],
    ['with other numbers', CODE.replaceAll(/\b\d+\b/g, '0x1F')],
    ['in JSON', JSON.stringify(CODE)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(CODE))],
    ['in JSON that escapes what it may', JSON.stringify(`é/${CODE}`).replace('é', '\\u00e9').replaceAll('/', '\\/')],
    ['in UTF-16', Buffer.from(`\ufeff${CODE}`, 'utf16le')],
  ])('%s', (_, text) => {
    expect(expected.length).toBeGreaterThan(50)
    expect(hashes(gramsOf(text))).toEqual(expected)
  })

  it('in whatever pieces it comes', () => {
    const pieces = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(pieces, (sizes) => {
        const grams: Gram[] = []
        const stream = new GramStream(KEYS.words, (gram) => grams.push({ ...gram }))
        feedPieces(Buffer.from(CODE), sizes, (piece) => stream.push(piece))
        stream.end()
        expect(grams).toEqual(gramsOf(CODE))
      }),
      { seed: SEED, numRuns: 50 },
    )
  })
})

describe('what is chosen', () => {
  it('leaves no run of a gram and a window without one, wherever it stands', () => {
    const words = CODE.split(/\b(?=[a-z])/i)
    fc.assert(
      fc.property(fc.nat(words.length - 200), (start) => {
        const run = words.slice(start, start + 100).join(' ')
        const among = new Set(hashes(gramsOf(`${makeCode(2, 20)}\n${run}\n${makeCode(3, 20)}`)))
        const own = gramsOf(run).filter(({ word }) => word + GRAM_WORDS <= 100)
        expect(own.length).toBeGreaterThan(100 / WINDOW_GRAMS / 2)
        // At the ends of the run its neighbours may have smaller ones.
        const inside = own.filter(({ word }) => word >= WINDOW_GRAMS && word + GRAM_WORDS + WINDOW_GRAMS < 100)
        for (const gram of hashes(inside)) expect(among).toContain(gram)
      }),
      { seed: SEED, numRuns: 100 },
    )
  })

  it('is another with another key', () => {
    const other = gramsOf(
      CODE,
      Int32Array.from(KEYS.words, (seed) => seed ^ 0x5bd1e995),
    )
    const places = new Set(gramsOf(CODE).map(({ word }) => word))
    const alike = other.filter(({ word }) => places.has(word)).length
    expect(alike).toBeLessThan(other.length * 0.6)
  })

  it('says where it stands', () => {
    const text = `\n\n${CODE}`
    for (const { start, end } of gramsOf(text)) {
      const words = text.slice(start, end).match(/\b[a-z_]\w*/gi)
      expect(words).toHaveLength(GRAM_WORDS)
      expect(text.slice(start - 1, end + 1)).toMatch(/^\W[\s\S]*\W$/)
    }
  })

  it.each([
    ['a table of zeros', 'zero, '.repeat(500)],
    ['a table of numbers', '0x00, 0xff, 12, '.repeat(500)],
    [
      'letters of minified code',
      Array.from({ length: 2_000 }, (_, at) => 'abcdefghijklmnopqrstuvwxyz'[at % 26]).join(','),
    ],
  ])('is nothing of %s', (_, text) => {
    expect(gramsOf(text)).toEqual([])
  })
})

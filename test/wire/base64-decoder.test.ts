import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Base64Decoder, base64Run } from '../../src/wire/base64-decoder.ts'
import { QuotedPrintableDecoder } from '../../src/wire/quoted-printable.ts'

function decode(text: string, sizes: readonly number[]): { text: string; brokenAt: number | null } {
  const decoder = new Base64Decoder()
  const pieces: Uint8Array[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    const piece = Buffer.from(text.slice(at, at + size), 'latin1')
    pieces.push(Buffer.from(decoder.push(piece)))
    piece.fill(0x41)
    at += size
  }
  pieces.push(decoder.end())
  return { text: Buffer.concat(pieces).toString('latin1'), brokenAt: decoder.brokenAt }
}

const WAYS = [[1], [2, 3], [5], [1_000_000]]

describe('base64', () => {
  it.each([
    ['', '', null],
    ['YQ==', 'a', null],
    ['YQ', 'a', null],
    ['YWI=', 'ab', null],
    ['YWJj', 'abc', null],
    ['YWJj\r\nZGVm\n', 'abcdef', null],
    ['_-8=', '\xff\xef', null],
    ['/+8=', '\xff\xef', null],
    ['YWJjZ', 'abc', 5],
    ['YWJj!ZGVm', 'abc', 4],
    ['YWJj ZGVm', 'abc', 4],
    ['YQ==YQ==', 'a', 4],
    ['YQ=', 'a', 3],
    ['YQ===', 'a', 4],
    ['=', '', 1],
  ])('%j', (coded, text, brokenAt) => {
    for (const way of WAYS) expect(decode(coded, way)).toEqual({ text, brokenAt })
  })

  it('decodes what was encoded', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (bytes, sizes) => {
          const text = Buffer.from(bytes)
          expect(decode(text.toString('base64'), sizes)).toEqual({ text: text.toString('latin1'), brokenAt: null })
          expect(decode(text.toString('base64url'), sizes)).toEqual({ text: text.toString('latin1'), brokenAt: null })
        },
      ),
      { seed: 2, numRuns: 200 },
    )
  })

  it('is told how far it goes', () => {
    expect(base64Run(Buffer.from('YWJj\r\nZG-_ x'), 0)).toBe(10)
    expect(base64Run(Buffer.from('YWJj'), 2)).toBe(2)
  })
})

describe('quoted-printable', () => {
  it.each([
    ['a=3Db', 'a=b'],
    ['a=\r\nb', 'ab'],
    ['a=\nb', 'ab'],
    ['a=e2=82=ac', 'a\xe2\x82\xac'],
    ['a=zz', 'a=zz'],
    ['a=4', 'a=4'],
    ['a=', 'a='],
    ['a=\rx', 'a=\rx'],
  ])('%j', (coded, text) => {
    for (const size of [1, 2, 100]) {
      const decoder = new QuotedPrintableDecoder()
      const pieces: Uint8Array[] = []
      for (let at = 0; at < coded.length; at += size) pieces.push(decoder.push(Buffer.from(coded.slice(at, at + size))))
      expect(Buffer.concat([...pieces, decoder.end()]).toString('latin1')).toBe(text)
    }
  })
})

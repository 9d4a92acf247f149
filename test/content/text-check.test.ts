import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ByteCounts,
  isTextAtOnce,
  mayBeginText,
  textBytesPerControl,
  Utf8Check,
  utf16Of,
} from '../../src/content/text-check.ts'

describe('UTF-8', () => {
  it('is told in pieces as it is at once', () => {
    const bytes = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }).map((text) => Uint8Array.from(Buffer.from(text))),
      fc.uint8Array({ maxLength: 12 }),
      fc
        .tuple(fc.string({ unit: 'binary', maxLength: 9 }), fc.uint8Array({ maxLength: 3 }))
        .map(([text, more]) => Uint8Array.from(Buffer.concat([Buffer.from(text), more]))),
    )
    fc.assert(
      fc.property(bytes, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (all, sizes) => {
        const check = new Utf8Check()
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          check.push(all.slice(at, at + size))
          at += size
        }
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
        let isUtf8 = true
        try {
          text.decode(all)
        } catch {
          isUtf8 = false
        }
        expect(check.end()).toBe(isUtf8)
      }),
      { seed: 9, numRuns: 2_000 },
    )
  })

  it.each(['c0af', 'eda080', 'f4908080', 'ff', '80', 'e282', 'f09f98'])('%s is none', (hex) => {
    for (const size of [1, 2, 9]) {
      const check = new Utf8Check()
      const bytes = Buffer.from(`61${hex}`, 'hex')
      for (let at = 0; at < bytes.length; at += size) check.push(bytes.subarray(at, at + size))
      expect(check.end()).toBe(false)
    }
  })
})

describe('text', () => {
  it.each([
    ['hello\tthere\r\n\f\u001b[31m', true],
    ['', true],
    ['a\0', false],
    ['a\u0001', false],
    ['\u007f', true],
    ['\ufeffü', true],
  ])('%j: %s', (text, expected) => {
    expect(isTextAtOnce(Buffer.from(text))).toBe(expected)
    expect(mayBeginText(Buffer.from(text))).toBe(expected)
  })

  it('has one control character for so many bytes, and no more', () => {
    const text = (controls: number): Buffer =>
      Buffer.from(`${'\0'.repeat(controls)}${'a'.repeat(2 * textBytesPerControl - controls)}`)
    expect([isTextAtOnce(text(2)), isTextAtOnce(text(3))]).toEqual([true, false])
  })

  it('may begin where a character is cut off, and is not whole there', () => {
    const cut = Buffer.from('aü').subarray(0, 2)
    expect([mayBeginText(cut), isTextAtOnce(cut)]).toEqual([true, false])
  })
})

describe('UTF-16', () => {
  it.each([
    ['fffe6100', 'utf-16le'],
    ['feff0061', 'utf-16be'],
    ['fffe0000', null],
    [Buffer.from('a text of some length', 'utf16le').toString('hex'), 'utf-16le'],
    [Buffer.from('a text of some length', 'utf16le').swap16().toString('hex'), 'utf-16be'],
    ['00'.repeat(40), null],
    ['6100', null],
    [Buffer.from('plain text, of some length').toString('hex'), null],
  ])('%s: %s', (hex, encoding) => {
    expect(utf16Of(Buffer.from(hex, 'hex'))).toBe(encoding)
  })
})

describe('counts of bytes', () => {
  it('tell entropy and control characters', () => {
    const counts = new ByteCounts()
    counts.push(Uint8Array.from({ length: 256 }, (_, at) => at))
    counts.push(Uint8Array.from({ length: 256 }, (_, at) => at))
    expect([counts.entropy, counts.total, counts.controls]).toEqual([8, 512, 2 * 26])
    const one = new ByteCounts()
    one.push(new Uint8Array(9).fill(65))
    expect([one.entropy, one.controls]).toEqual([0, 0])
  })
})

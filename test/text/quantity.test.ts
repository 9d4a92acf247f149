import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatSize, parseSize } from '../../src/text/quantity.ts'

describe('parseSize', () => {
  it.each([
    ['50 MB', 50_000_000],
    ['50MB', 50_000_000],
    ['1.5 GiB', 1_610_612_736],
    ['1.1 MB', 1_100_000],
    ['0.3 kB', 300],
    ['1 KB', 1_000],
    ['1 KiB', 1_024],
    ['7 B', 7],
    ['1.1 GiB', 1_181_116_006],
    ['0.0001 kB', 0],
    ['1.123456 GB', 1_123_456_000],
    ['7', 7],
    ['0 MB', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    [1_234, 1_234],
    [0, 0],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each([
    [''],
    ['MB'],
    ['50 Mb'],
    ['50 mb'],
    ['50  MB'],
    [' 50 MB'],
    ['-1 MB'],
    ['1e3'],
    ['1,5 MB'],
    ['12345678901234567'],
    ['1.1234567 GB'],
    ['9007199254740992'],
    ['9999 TB TB'],
    ['99999999 TB'],
    ['5 constructor'],
    [1.5],
    [-1],
    [Number.NaN],
    [2 ** 53],
  ])('refuses %s', (text) => {
    expect(parseSize(text)).toBeNull()
  })

  it('is exact for every whole number of each unit', () => {
    const units = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, MiB: 2 ** 20, GiB: 2 ** 30 }
    const unit = fc.constantFrom(...Object.entries(units))
    fc.assert(
      fc.property(fc.nat(100_000), unit, (count, [name, bytes]) => {
        expect(parseSize(`${count} ${name}`)).toBe(count * bytes)
      }),
      { seed: 1 },
    )
  })
})

describe('formatSize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [1_250_000, '1.25 MB'],
    [1_550_000_000, '1.55 GB'],
    [50_000_000, '50 MB'],
    [2_000_000_000_000, '2 TB'],
  ])('says %i as %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text)
  })
})

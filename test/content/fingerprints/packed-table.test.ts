import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packTable, PackedTable, shapeTable, tableBytes } from '../../../src/content/fingerprints/packed-table.ts'

const SEED = 20_260_602

const tables = fc.record({
  keyBits: fc.constantFrom(36, 48),
  numberBits: fc.integer({ min: 1, max: 24 }),
  seeds: fc.array(fc.tuple(fc.nat(2 ** 30), fc.nat(2 ** 30), fc.nat()), { maxLength: 300 }),
})

describe('a packed table', () => {
  it('gives back every number at its key, and nothing at others', () => {
    fc.assert(
      fc.property(tables, fc.nat(2 ** 30), ({ keyBits, numberBits, seeds }, stranger) => {
        const entries = seeds
          .map(([high, low, number]) => ({
            // Some keys are the same, and some lie in one bucket.
            key: ((high % 7) * 2 ** (keyBits - 3) + (low % 50)) % 2 ** keyBits,
            number: number % 2 ** numberBits,
          }))
          .sort((left, right) => left.key - right.key || left.number - right.number)
        const shape = shapeTable(entries.length, keyBits, numberBits)
        const bytes = new Uint8Array(tableBytes(shape))
        packTable(bytes, shape, entries)
        const table = new PackedTable(bytes, shape)
        expect([...table.entries()]).toEqual(entries)
        for (const { key } of entries) {
          expect(table.find(key)).toEqual(entries.filter((entry) => entry.key === key).map(({ number }) => number))
        }
        const none = stranger * 64 + 63
        if (!entries.some(({ key }) => key === none)) expect(table.find(none)).toEqual([])
      }),
      { seed: SEED, numRuns: 200 },
    )
  })

  it('takes a few bits more than its entries', () => {
    const shape = shapeTable(1_000_000, 36, 17)
    expect(tableBytes(shape) / 1_000_000).toBeLessThan((36 - 20 + 17 + 6.5) / 8)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchItems, Joint, splitValue } from '../../src/cli/pieces.ts'

const plain = fc.jsonValue({ maxDepth: 5 })

function joined(value: unknown, weightMax?: number): unknown {
  const joint = new Joint()
  // As they cross from one thread to another.
  for (const piece of splitValue(value, weightMax)) joint.add(structuredClone(piece))
  return joint.whole
}

describe('splitValue', () => {
  it('is undone by a Joint, however small the pieces are', () => {
    const property = fc.property(plain, fc.integer({ min: 1, max: 40 }), (value, weightMax) => {
      expect(joined(value, weightMax)).toEqual(value)
      expect(joined(value)).toEqual(value)
    })
    fc.assert(property, { seed: 1, numRuns: 500 })
  })

  it('leaves a small value whole and opens a large one', () => {
    expect([...splitValue({ a: [1, 2] })]).toEqual([[[[], { a: [1, 2] }]]])
    expect([...splitValue({ a: [1, 2], b: 3 }, 3)]).toEqual([
      [
        [[], {}],
        [['a'], []],
      ],
      [[['a', 0], 1]],
      [[['a', 1], 2]],
      [[['b'], 3]],
    ])
  })

  it.each([
    ['many small values', Array.from({ length: 20_000 }, (_, at) => at)],
    ['many objects', Array.from({ length: 3_000 }, (_, at) => ({ name: `n${at}`, list: ['a', 'b', 'c'] }))],
    ['long texts', Array.from({ length: 100 }, () => 'x'.repeat(100_000))],
  ])('keeps %s in pieces of a few thousand values or 128 KiB', (_, value) => {
    const pieces = [...splitValue(value)]
    expect(joined(value)).toEqual(value)
    for (const piece of pieces) expect(JSON.stringify(piece).length).toBeLessThan(200 * 1024)
    expect(pieces.length).toBeGreaterThan(5)
  })

  it('takes a name for a name', () => {
    const value: unknown = JSON.parse('{ "__proto__": { "a": [1] }, "b": { "constructor": 2 } }')
    const whole = joined(value, 1)
    expect(JSON.stringify(whole)).toBe(JSON.stringify(value))
    expect(Object.getPrototypeOf(whole)).toBe(Object.prototype)
  })
})

describe('batchItems', () => {
  it('keeps items whole and in order', () => {
    const property = fc.property(fc.array(plain), fc.integer({ min: 1, max: 40 }), (items, weightMax) => {
      const batches = [...batchItems(items, weightMax)]
      expect(batches.flat()).toEqual(items)
      for (const batch of batches) expect(batch.length).toBeGreaterThan(0)
    })
    fc.assert(property, { seed: 2, numRuns: 300 })
  })

  it('fills a batch up to the weight, and lets a heavier item alone', () => {
    expect([...batchItems([1, 2, [3, 4, 5], 6, 7], 2)]).toEqual([[1, 2], [[3, 4, 5]], [6, 7]])
  })
})

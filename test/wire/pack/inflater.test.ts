import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Inflater } from '../../../src/wire/pack/inflater.ts'

const TEXT = Buffer.from('a text, a text, and again a text')

describe('an inflater', () => {
  it.each([0, 1, 6, 9])('finds the end of a stream, wherever it is cut: level %d', (level) => {
    const stream = deflateSync(TEXT, { level })
    const inflater = new Inflater()
    for (let cut = 1; cut < stream.length; cut++) {
      const input = Buffer.concat([stream, Buffer.from('next')])
      const output = Buffer.alloc(TEXT.length + 1)
      inflater.begin()
      expect(inflater.inflate(input, 0, cut, output, 0, output.length)).toBe(false)
      const { produced } = inflater
      expect(inflater.consumed).toBe(cut)
      expect(inflater.inflate(input, cut, input.length, output, produced, output.length)).toBe(true)
      expect([inflater.consumed, inflater.produced]).toEqual([stream.length - cut, TEXT.length - produced])
      expect(output.subarray(0, TEXT.length).equals(TEXT)).toBe(true)
    }
    inflater.close()
  })

  it('writes no byte outside of its room', () => {
    const inflater = new Inflater()
    const output = Buffer.alloc(40, 0xa5)
    inflater.begin()
    expect(inflater.inflate(deflateSync(TEXT), 0, deflateSync(TEXT).length, output, 10, 20)).toBe(false)
    expect(inflater.produced).toBe(10)
    expect(output.toString('latin1')).toBe(`${'\xa5'.repeat(10)}${TEXT.toString('latin1', 0, 10)}${'\xa5'.repeat(20)}`)
    for (const [at, end, from, to] of [
      [0, 41, 0, 1],
      [-1, 1, 0, 1],
      [1, 1, 0, 1],
      [0, 1, 0, 41],
      [0, 1, 2, 2],
    ] as const) {
      expect(() => inflater.inflate(output, at, end, output, from, to)).toThrow()
    }
    inflater.close()
  })
})

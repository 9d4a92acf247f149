import { describe, expect, it } from 'vitest'
import { Ring } from '../../../src/wire/pack/ring.ts'

/** Of an object of 67 bytes, with what stands around it. */
const PLACE = 100
const SIZE = PLACE - 33

function ringOf(places: number, objects = 20): Ring {
  return new Ring(places * PLACE, objects)
}

function put(ring: Ring, index: number): number {
  const at = ring.reserve(index, SIZE)
  ring.bytes.fill(index, at, at + SIZE)
  return at
}

describe('the ring', () => {
  it('has the last objects, and no others', () => {
    const ring = ringOf(3)
    for (let index = 0; index < 10; index++) {
      put(ring, index)
      for (let other = 0; other < 20; other++) {
        const at = ring.find(other)
        const isHere = other <= index && other > index - 3
        expect(at !== -1, `${other} behind ${index}`).toBe(isHere)
        if (isHere) expect(ring.bytes.subarray(at, at + SIZE).every((byte) => byte === other)).toBe(true)
      }
    }
  })

  it('puts no object over its end', () => {
    const ring = new Ring(250, 4)
    expect([put(ring, 0), put(ring, 1), put(ring, 2)]).toEqual([32, 132, 32])
    expect([ring.find(0), ring.find(1)]).toEqual([-1, 132])
  })

  it.each([2, 3, 5])('of %d places moves what is to be kept out of the way', (places) => {
    const ring = ringOf(places)
    for (let index = 0; index < 17; index++) put(ring, index % 3)
    put(ring, 5)
    for (let index = 6; index < 20; index++) {
      const at = ring.reserve(index, SIZE, 5, SIZE)
      ring.bytes.fill(0, at - 32, at + SIZE + 1)
      const kept = ring.find(5)
      expect(ring.bytes.subarray(kept, kept + SIZE).every((byte) => byte === 5)).toBe(true)
      expect(ring.find(index)).toBe(at)
    }
  })

  it('says what fits in beside what', () => {
    const ring = ringOf(2)
    expect([ring.fits(SIZE, SIZE), ring.fits(SIZE + 1, SIZE), ring.fits(0, 134), ring.fits(0, 135)]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect(() => ring.reserve(0, 2 * PLACE)).toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import { SipHash, sipKey } from '../../../src/content/fingerprints/sip-hash.ts'

const upTo = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at)
const hash = (bytes: Uint8Array): string => {
  const sip = new SipHash(sipKey(upTo(16)))
  sip.hashBytes(bytes)
  return sip.high.toString(16).padStart(8, '0') + sip.low.toString(16).padStart(8, '0')
}

describe('SipHash-2-4', () => {
  // The vectors of the reference implementation, whose bytes stand the other way round.
  it.each([
    [0, '726fdb47dd0e0e31'],
    [1, '74f839c593dc67fd'],
    [7, 'ab0200f58b01d137'],
    [8, '93f5f5799a932462'],
    [15, 'a129ca6149be45e5'],
    [63, '958a324ceb064572'],
  ])('of the first %i bytes', (length, expected) => {
    expect(hash(upTo(length))).toBe(expected)
  })

  it('of two words is that of their bytes', () => {
    const sip = new SipHash(sipKey(upTo(16)))
    sip.hashPair(0x03020100, 0x07060504)
    expect([sip.high, sip.low]).toEqual([0x93f5f579, 0x9a932462])
  })
})

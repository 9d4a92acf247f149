import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyedHash } from '../../src/identity/keyed-hash.ts'

describe('the keyed hash', () => {
  it('is HMAC-SHA-256', () => {
    const key = fc.uint8Array({ maxLength: 64 })
    fc.assert(
      fc.property(key, fc.string({ unit: 'grapheme', maxLength: 200 }), (bytes, text) => {
        const expected = createHmac('sha256', bytes).update(text).digest('base64')
        expect(createKeyedHash(Buffer.from(bytes))(text)).toBe(expected)
      }),
      { seed: 2104, numRuns: 200 },
    )
  })

  it('takes a key of a block and no longer', () => {
    expect(() => createKeyedHash(Buffer.alloc(64))).not.toThrow()
    expect(() => createKeyedHash(Buffer.alloc(65))).toThrow('a key of more than a block')
  })
})

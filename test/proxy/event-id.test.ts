/** Event ids: their alphabet, their length, and that they do not meet. */
import { describe, expect, it } from 'vitest'
import { createEventId } from '../../src/proxy/event-id.ts'

describe('createEventId', () => {
  const ids = Array.from({ length: 20_000 }, createEventId)

  it('gives 13 characters that read alike to everybody', () => {
    for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{13}$/)
  })

  it('gives none twice, over many fillings of its pool', () => {
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('uses every character in every place', () => {
    for (let at = 0; at < 13; at++) expect(new Set(ids.map((id) => id[at])).size).toBe(32)
  })
})

/** Event ids: their alphabet, their length, and that they do not meet. */
import { describe, expect, it } from 'vitest'
import { createEventId, parseEventId } from '../../src/proxy/event-id.ts'

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

describe('parseEventId', () => {
  it('takes every id that is made', () => {
    for (const id of Array.from({ length: 1_000 }, createEventId)) expect(parseEventId(id)).toBe(id)
  })

  it.each([
    ['M3NG8CE6H1DEC', 'm3ng8ce6h1dec'],
    ['m3ng8ce6hIdec', 'm3ng8ce6h1dec'],
    ['m3ng8ce6hldec', 'm3ng8ce6h1dec'],
    ['o3ng8ce6h1deO', '03ng8ce6h1de0'],
  ])('reads %s as a person meant it', (text, id) => {
    expect(parseEventId(text)).toBe(id)
  })

  it.each([
    ['nothing', ''],
    ['one that is too short', 'm3ng8ce6h1de'],
    ['one that is too long', 'm3ng8ce6h1dec0'],
    ['a letter that is in none', 'm3ng8ce6h1deu'],
    ['a sign', 'm3ng8ce6h1de/'],
    ['space around it', ' m3ng8ce6h1dec'],
    ['a letter that folds to two', 'm3ng8ce6h1de\u0130'],
    ['a pair of surrogates in the place of two', 'm3ng8ce6h1d\u{1f600}'],
  ])('takes no %s', (_, text) => {
    expect(parseEventId(text)).toBeNull()
  })
})

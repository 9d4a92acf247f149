/** The states of a fact, shared by all flows and therefore not to be written to. */
import { describe, expect, it } from 'vitest'
import { ABSENT, known, NEVER, UNSEEN } from '../../src/flow/fact.ts'

describe('facts', () => {
  it('are known with their value, or one of three frozen states', () => {
    expect(known(7)).toEqual({ state: 'known', value: 7 })
    expect([ABSENT, UNSEEN, NEVER].map(({ state }) => state)).toEqual(['absent', 'unseen', 'never'])
    for (const fact of [ABSENT, UNSEEN, NEVER]) expect(Object.isFrozen(fact)).toBe(true)
  })
})

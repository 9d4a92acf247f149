import { describe, expect, it } from 'vitest'
import { Guesses, type GuessesOptions } from '../../src/identity/guesses.ts'

function guesses(options: Omit<GuessesOptions, 'now'> = {}) {
  const clock = { now: 1_000 }
  return { clock, guesses: new Guesses({ now: () => clock.now, ...options }) }
}

function failFive(of: Guesses, client: string, user: string): void {
  for (let at = 0; at < 5; at++) of.fail(client, user)
}

describe('guesses', () => {
  it('slow their address down for every user', () => {
    const { guesses: of } = guesses()
    for (const user of ['a', 'b', 'c', 'd', 'e']) of.fail('evil', user)
    expect([of.waitMs('evil', 'ada'), of.waitMs('other', 'ada')]).toEqual([1_000, 0])
  })

  it('slow a user down from every address where nobody was that user', () => {
    const { guesses: of } = guesses()
    of.succeed('office', 'ada')
    for (const client of ['e1', 'e2', 'e3', 'e4', 'e5']) of.fail(client, 'ada')
    expect([of.waitMs('e6', 'ada'), of.waitOfVerifiedMs('e6', 'ada')]).toEqual([1_000, 1_000])
    expect([of.waitMs('office', 'ada'), of.waitOfVerifiedMs('office', 'ada')]).toEqual([0, 0])
    expect(of.waitMs('office', 'grace')).toBe(0)
  })

  it('are not cleared by a success, which a guesser can have with an account of his own', () => {
    const { guesses: of } = guesses()
    failFive(of, 'evil', 'ada')
    of.succeed('evil', 'mallory')
    expect([of.waitMs('evil', 'ada'), of.waitMs('evil', 'mallory')]).toEqual([1_000, 1_000])
  })

  it('do not stop whoever is known at the same address, until they are too many', () => {
    const { guesses: of, clock } = guesses()
    of.succeed('shared', 'ada')
    failFive(of, 'shared', 'bob')
    for (let at = 0; at < 99; at++) of.waitMs('shared', 'bob')
    expect(of.waitOfVerifiedMs('shared', 'ada')).toBe(0)
    of.waitMs('shared', 'bob')
    expect(of.waitOfVerifiedMs('shared', 'ada')).toBe(1_000)
    clock.now += 1_000
    expect(of.waitOfVerifiedMs('shared', 'ada')).toBe(0)
  })

  it('keep verified credentials waiting from an address that guesses and was never theirs', () => {
    const { guesses: of } = guesses()
    failFive(of, 'evil', 'bob')
    expect([of.waitOfVerifiedMs('evil', 'ada'), of.waitOfVerifiedMs('home', 'ada')]).toEqual([1_000, 0])
  })

  it('leave an address familiar for its time, from the last look on', () => {
    const { guesses: of, clock } = guesses({ familiarMs: 100 })
    of.succeed('office', 'ada')
    failFive(of, 'evil', 'ada')
    clock.now += 100
    expect(of.waitMs('office', 'ada')).toBe(0)
    clock.now += 100
    expect(of.waitMs('office', 'ada')).toBe(0)
    clock.now += 101
    expect(of.waitMs('office', 'ada')).toBe(699)
  })

  it('leave as many addresses familiar as the limit', () => {
    const { guesses: of } = guesses({ familiarsMax: 2 })
    for (const client of ['a', 'b']) of.succeed(client, 'ada')
    failFive(of, 'evil', 'ada')
    expect(['a', 'b'].map((client) => of.waitMs(client, 'ada'))).toEqual([0, 0])
    of.succeed('c', 'ada')
    expect(['a', 'b', 'c'].map((client) => of.waitMs(client, 'ada'))).toEqual([1_000, 0, 0])
  })

  it('are counted for as many addresses and users as the limit', () => {
    const { guesses: of } = guesses({ failuresMax: 2 })
    failFive(of, 'a', 'u')
    failFive(of, 'b', 'v')
    expect([of.waitMs('a', 'w'), of.waitMs('x', 'u')]).toEqual([1_000, 1_000])
    of.fail('c', 'w')
    expect([of.waitMs('b', 'w'), of.waitMs('x', 'v')]).toEqual([0, 0])
  })
})

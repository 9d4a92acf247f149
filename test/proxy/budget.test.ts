/** What a flow counts towards: each budget by its scope, and nothing goes out that nobody counts. */
import { describe, expect, it, vi } from 'vitest'
import type { BudgetKey, Ledger, Reservation } from '../../src/flow/ledger.ts'
import { BUDGET_SCOPES, type BudgetScope, type Limit } from '../../src/flow/verdict.ts'
import { denialOf, isDenied, openReservation } from '../../src/proxy/budget.ts'
import { addressOf, destinationOf, makeFlow, makeWorld, type World } from './world.ts'

const RESERVATION: Reservation = { extend: () => ({ state: 'reserved' }), settle: () => undefined }

function worldWith(open: (keys: readonly BudgetKey[]) => Reservation): World {
  const ledger: Ledger = { open, uses: () => [] }
  return { ...makeWorld(), ledger }
}

function limit(per: BudgetScope): Limit {
  return { budget: 'daily', per, windowMs: 1_000, size: 5 }
}

function keysOf(fields: Parameters<typeof makeFlow>[0], ...scopes: readonly BudgetScope[]): readonly string[] {
  const open = vi.fn((_keys: readonly BudgetKey[]) => RESERVATION)
  openReservation(worldWith(open), makeFlow(fields), scopes.map(limit))
  return open.mock.calls[0]?.[0].map(({ key }) => key) ?? []
}

const FLOW = {
  destination: destinationOf('github.com:443'),
  repository: 'github.com/acme/app',
  service: 'github',
  user: 'ada',
}

describe('a budget', () => {
  it.each<readonly [BudgetScope, string]>([
    ['user', 'user:ada'],
    ['client', 'client:10.1.2.3'],
    ['repository', 'repository:github.com/acme/app'],
    ['owner', 'owner:github.com/acme'],
    ['service', 'service:github'],
    ['host', 'host:github.com'],
  ])('per %s counts for %s', (scope, key) => {
    expect(keysOf(FLOW, scope)).toEqual([key])
  })

  it.each<readonly [BudgetScope, string]>([
    ['user', 'client:10.1.2.3'],
    ['repository', 'repository:github.com/?'],
    ['owner', 'owner:github.com/?'],
    ['service', 'host:github.com'],
  ])('per %s counts together what is not known, for %s', (scope, key) => {
    expect(keysOf({ destination: FLOW.destination }, scope)).toEqual([key])
  })

  it('per group counts in every group that the client is in, and for those in none together', () => {
    const policy = `version: 1
groups:
  engineering: { users: [ada] }
  build: { networks: [10.1.0.0/16] }
  others: { users: [eve], networks: [10.9.0.0/16] }
`
    const open = vi.fn((_keys: readonly BudgetKey[]) => RESERVATION)
    const weir = { ...worldWith(open), policy: makeWorld({ policy }).policy }
    const keysFor = (fields: Parameters<typeof makeFlow>[0]): readonly string[] => {
      openReservation(weir, makeFlow(fields), [limit('group')])
      return open.mock.lastCall?.[0].map(({ key }) => key) ?? []
    }
    expect(keysFor({ user: 'ada' })).toEqual(['group:engineering', 'group:build'])
    expect(keysFor({ user: 'grace' })).toEqual(['group:build'])
    const address = { address: addressOf('10.2.0.1'), port: 1 }
    expect(keysFor({ user: 'grace', client: address })).toEqual(['group:'])
  })

  it('is opened with those that count the same, or with all', () => {
    const open = vi.fn((_keys: readonly BudgetKey[]) => RESERVATION)
    const limits: readonly Limit[] = [limit('user'), { ...limit('host'), counts: 'sentBytes' }]
    const keysFor = (counts?: 'size' | 'sentBytes'): readonly string[] | null => {
      const opened = openReservation(worldWith(open), makeFlow(FLOW), limits, counts)
      return opened === null ? null : (open.mock.lastCall?.[0].map(({ key }) => key) ?? [])
    }
    expect(keysFor('size')).toEqual(['user:ada'])
    expect(keysFor('sentBytes')).toEqual(['host:github.com'])
    expect(keysFor()).toEqual(['user:ada', 'host:github.com'])
    expect(openReservation(worldWith(open), makeFlow(FLOW), [limit('user')], 'sentBytes')).toBeNull()
  })

  it('has a count where not even the place is known', () => {
    expect(keysOf({}, 'host', 'service', 'repository', 'owner')).toEqual([
      'host:',
      'host:',
      'repository:/?',
      'owner:/?',
    ])
  })

  it('counts a client with IPv6 by its /64, and no more of it', () => {
    const at = (text: string) => keysOf({ client: { address: addressOf(text), port: 1 } }, 'client')
    expect(at('2001:db8:1:2:3:4:5:6')).toEqual(['client:20010db800010002/64'])
    expect(at('2001:db8:1:2:ffff::1')).toEqual(at('2001:db8:1:2:3:4:5:6'))
    expect(at('2001:db8:1:3::1')).not.toEqual(at('2001:db8:1:2::1'))
  })

  it('is opened with its name, window and size, all of them at once', () => {
    const open = vi.fn((_keys: readonly BudgetKey[]) => RESERVATION)
    const each: Limit = { per: 'request', size: 1, budget: null }
    const reservation = openReservation(worldWith(open), makeFlow(FLOW), [each, ...BUDGET_SCOPES.map(limit)])
    expect(reservation).toBe(RESERVATION)
    expect(isDenied(reservation)).toBe(false)
    expect(open).toHaveBeenCalledTimes(1)
    expect(open.mock.calls[0]?.[0].length).toBe(BUDGET_SCOPES.length)
    expect(open.mock.calls[0]?.[0][0]).toMatchObject({ budget: 'daily', windowMs: 1_000, size: 5 })
  })

  it('is none where only a request is limited: no ledger is asked', () => {
    const each: Limit = { per: 'request', size: 1, budget: null }
    expect(openReservation(makeWorld(), makeFlow(FLOW), [each])).toBeNull()
    expect(openReservation(makeWorld(), makeFlow(FLOW), [])).toBeNull()
    expect(isDenied(null)).toBe(false)
  })

  it('that nothing keeps is a denial', () => {
    const denied = openReservation(makeWorld(), makeFlow(FLOW), [limit('client')])
    expect(denied).toMatchObject({ action: 'deny', denial: { code: 'ledger-unwritable', rule: null } })
    expect(isDenied(denied)).toBe(true)
  })
})

describe('a reservation', () => {
  it('that was made denies nothing', () => {
    expect(denialOf({ state: 'reserved' }, 'a-little')).toBeNull()
  })

  it.each([
    [3_000, 'budget daily, of which 3 kB are left'],
    [0, 'budget daily, which is used up'],
  ])('that would pass its budget with %i bytes left says so, with the rule', (left, message) => {
    expect(denialOf({ state: 'exceeded', budget: 'daily', left }, 'a-little')).toMatchObject({
      action: 'deny',
      denial: { code: 'budget', rule: 'a-little', message: expect.stringContaining(message), unseen: [] },
      wouldDeny: [],
    })
  })

  it('that the store could not keep is a denial', () => {
    expect(denialOf({ state: 'failed' }, 'a-little')).toMatchObject({
      denial: { code: 'ledger-unwritable', rule: null },
    })
  })
})

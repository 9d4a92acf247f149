import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCatalog } from '../../src/catalog/catalog.ts'
import type { Subject } from '../../src/flow/subject.ts'
import { decide } from '../../src/policy/decide.ts'
import { needsUser } from '../../src/policy/needs-user.ts'
import { cover, randomPolicy, truth, USERS, type Veil, veil } from './arbitraries.ts'
import { loadText } from './load.ts'
import { address, subject } from './subjects.ts'

const HEAD = `version: 1
groups:
  engineering: { users: [ada] }
  build: { networks: [10.30.0.0/16, 10.40.0.0/16] }
`

describe('needsUser', () => {
  const hidden = { address: 'unseen', repository: 'unseen', method: 'unseen', ref: 'unseen' } as const
  const unseen = { to: 'a.example', operation: { state: 'unseen' }, ...hidden } as const

  it.each([
    ['a rule for a user', 'from: { users: ada }, action: allow', true],
    ['a rule for a group of users', 'from: engineering, action: allow', true],
    ['a rule for one of two groups', 'from: [build, engineering], action: allow', true],
    ['a rule for a group of networks', 'from: build, action: allow', false],
    ['a rule for everyone', 'action: allow', false],
    ['a rule that refuses a user what nobody may', 'from: { users: ada }, action: deny', false],
    ['a rule that reports', 'from: { users: ada }, mode: report, action: allow', false],
    ['a rule at another host', 'from: { users: ada }, to: { hosts: b.example }, action: allow', false],
    ['a rule on another port', 'from: { users: ada }, to: { ports: [22] }, action: allow', false],
    ['a rule that has ended', 'from: { users: ada }, until: 2020-01-01T00:00Z, action: allow', false],
    ['a rule out of its hours', 'from: { users: ada }, hours: { days: sun, zone: UTC }, action: allow', false],
    ['a rule in another network', 'from: { users: ada, networks: [192.0.2.0/24] }, action: allow', false],
    ['a rule in the client’s network', 'from: { users: ada, networks: [10.20.0.0/16] }, action: allow', true],
    ['a rule that may be excepted', 'from: { users: ada }, except: { networks: [192.0.2.0/24] }, action: allow', true],
    ['a rule that is excepted', 'from: { users: ada }, except: { hosts: a.example }, action: allow', false],
    [
      'a rule on what is inside',
      'from: { users: ada }, operations: [read], when: { methods: GET }, action: allow',
      true,
    ],
  ])('%s', (_, rule, expected) => {
    const { policy } = loadText(`${HEAD}rules: [{ name: r, ${rule} }]\n`)
    expect(needsUser(policy, subject(unseen))).toBe(expected)
  })

  it.each([
    ['a rule that is behind one for everyone', ['action: allow', 'from: { users: ada }, action: allow'], false],
    ['a rule that is behind a refusal', ['action: deny', 'from: { users: ada }, action: allow'], false],
    ['a rule before one that ends alike', ['from: { users: ada }, action: allow', 'action: allow'], false],
    [
      'a rule before one with other limits',
      ['from: { users: ada }, action: allow', 'limits: [{ per: request, size: 1 MB }], action: allow'],
      true,
    ],
    [
      'rules that end alike for other operations',
      ['from: { users: ada }, operations: [read, opaque], action: allow', 'operations: [read], action: allow'],
      true,
    ],
    [
      'a rule that nothing reaches, but for which TLS is opened',
      [
        'operations: [read], action: allow',
        'from: { users: ada }, operations: [read], limits: [{ per: request, size: 1 MB }], action: allow',
        'operations: [tunnel], action: allow',
      ],
      true,
    ],
    [
      'a refusal of a user that doubt would be about',
      [
        'operations: [read], action: allow',
        'from: { users: ada }, operations: [read], action: deny',
        'operations: [tunnel], action: allow',
      ],
      true,
    ],
    [
      'a refusal of a user before a rule for all',
      ['from: { users: ada }, operations: [write], action: deny', 'action: allow'],
      true,
    ],
    ['a rule on what is never read', ['from: { users: ada }, operations: [ssh], action: allow'], true],
    [
      'a rule on what is never read, behind a refusal that doubt makes of it',
      [
        'operations: [write, tunnel], action: deny',
        'from: { users: ada }, operations: [ssh, unknown-protocol, upgrade], action: allow',
      ],
      false,
    ],
    [
      'a rule before one that ends alike, with a refusal of something else between',
      [
        'from: { users: ada }, operations: [read], action: allow',
        'operations: [ssh], action: deny',
        'operations: [read, tunnel], action: allow',
      ],
      false,
    ],
  ])('%s', (_, rules, expected) => {
    const lines = rules.map((rule, at) => `  - { name: r${at}, ${rule} }\n`).join('')
    const { policy } = loadText(`${HEAD}rules:\n${lines}`)
    expect(needsUser(policy, subject(unseen))).toBe(expected)
  })

  it('asks for no name where there is one, or where the client is a group by its address', () => {
    const { policy } = loadText(`${HEAD}rules: [{ name: r, from: { users: ada }, action: allow }]\n`)
    expect(needsUser(policy, subject(unseen))).toBe(true)
    expect(needsUser(policy, subject({ ...unseen, user: 'eve' }))).toBe(false)
    for (const client of ['10.30.0.1', '10.40.0.1']) {
      expect(needsUser(policy, subject({ ...unseen, client }))).toBe(false)
    }
    expect(needsUser(policy, subject({ ...unseen, client: '10.31.0.1' }))).toBe(true)
  })

  it('does not look at the rules of a policy that names no users', () => {
    const { policy } = loadText(`${HEAD}rules: [{ name: r, from: build, action: allow }]\n`)
    expect(policy.namesUsers).toBe(false)
    expect(needsUser({ ...policy, rules: [] }, subject(unseen))).toBe(false)
    for (const from of ['engineering', '{ users: ada }']) {
      const named = loadText(`${HEAD}rules: [{ name: r, from: ${from}, action: allow }]\n`).policy
      expect(named.namesUsers).toBe(true)
    }
  })
})

const { catalog } = compileCatalog([{ id: 'our-git', kind: 'git', hosts: ['git.acme.example'] }])
const OPTIONS = { seed: 1, numRuns: 150 } as const
/** In no group's networks. */
const STRANGER = address('10.2.0.1')
const stranger = truth(catalog).map((full): Subject => ({ ...full, client: { address: STRANGER, user: null } }))
const many = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 20, maxLength: 60 })

describe('whether a user is needed', () => {
  it('is denied only where every user comes to the same end', () => {
    let free = 0
    const property = fc.property(randomPolicy, many(fc.tuple(stranger, veil)), (random, flows) => {
      for (const [full, hidden] of flows) {
        if (!random.policy.namesUsers || needsUser(random.policy, cover(full, hidden, random))) continue
        free++
        expect(endsOf(random, full).size).toBe(1)
        const early = endsOf(random, cover(full, hidden, random))
        early.delete('undecided')
        expect(early.size).toBeLessThanOrEqual(1)
      }
    })
    fc.assert(property, OPTIONS)
    expect(free).toBeGreaterThan(500)
  })

  it('is said only where users may come to different ends, but for rules that nothing can reach', () => {
    let asked = 0
    let needless = 0
    const property = fc.property(randomPolicy, many(stranger), (random, flows) => {
      for (const full of flows) {
        if (!needsUser(random.policy, full)) continue
        asked++
        if (endsOf(random, full).size === 1) needless++
      }
    })
    fc.assert(property, OPTIONS)
    expect(asked).toBeGreaterThan(100)
    expect(needless / asked).toBeLessThan(0.1)
  })

  it('is not said later where it was denied before', () => {
    const stages: readonly Veil['operation'][] = ['unseen', 'tunnel', 'opened', 'seen']
    const property = fc.property(randomPolicy, many(fc.tuple(stranger, veil)), (random, flows) => {
      for (const [full, hidden] of flows) {
        const needs = stages.map((operation) => needsUser(random.policy, cover(full, { ...hidden, operation }, random)))
        const all = [...needs, needsUser(random.policy, full)]
        if (all[0] === false) expect(all).not.toContain(true)
      }
    })
    fc.assert(property, OPTIONS)
  })
})

function endsOf({ policy }: { policy: Parameters<typeof decide>[0] }, full: Subject): Set<string> {
  const verdicts = USERS.map((user) => decide(policy, { ...full, client: { ...full.client, user } }))
  return new Set(
    verdicts.map((verdict) => (verdict.action === 'allow' ? JSON.stringify(verdict.limits) : verdict.action)),
  )
}

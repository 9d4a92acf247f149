import { describe, expect, it } from 'vitest'
import type { InspectionMode } from '../../src/policy/compiled.ts'
import { insideOf, inspectionNeeds, inspectionOf } from '../../src/policy/inspection.ts'
import { loadText } from './load.ts'
import { address, destination, NOON } from './subjects.ts'

function policyOf(inspection: object, options: { inspection?: InspectionMode } = {}) {
  return loadText(JSON.stringify({ version: 1, inspection }), new Map(), options).policy
}

describe('inspectionOf', () => {
  const lists = { open: ['wiki.example', '*.open.example', 'both.example'], bypass: ['*.bank.example', 'both.example'] }

  it.each([
    ['auto', 'other.example', 'auto'],
    ['auto', 'wiki.example', 'always'],
    ['auto', 'wiki.example:8443', 'always'],
    ['auto', 'a.open.example', 'always'],
    ['auto', 'www.bank.example', 'bypass'],
    ['auto', 'www.bank.example:80', 'bypass'],
    ['auto', 'www.bank.example:8443', 'auto'],
    ['auto', 'bank.example', 'auto'],
    ['auto', 'both.example', 'bypass'],
    ['auto', '192.0.2.1', 'auto'],
    ['always', 'other.example', 'always'],
    ['always', 'www.bank.example', 'bypass'],
    ['always', '192.0.2.1', 'always'],
    ['never', 'other.example', 'never'],
    ['never', 'wiki.example', 'never'],
    ['never', 'www.bank.example', 'bypass'],
  ] as const)('under %s, %s is %s', (mode, to, expected) => {
    expect(inspectionOf(policyOf({ mode, ...lists }), destination(to))).toBe(expected)
  })

  it('is auto where nothing is said, and what the option says over the policy', () => {
    expect(inspectionOf(policyOf({}), destination('a.example'))).toBe('auto')
    expect(inspectionOf(policyOf({ mode: 'always' }, { inspection: 'never' }), destination('a.example'))).toBe('never')
  })

  it.each([
    ['auto', 'a.example', 'unseen'],
    ['always', 'a.example', 'unseen'],
    ['never', 'a.example', 'never'],
    ['never', 'www.bank.example', 'absent'],
  ] as const)('under %s, the inside of %s is %s', (mode, to, expected) => {
    expect(insideOf(policyOf({ mode, ...lists }), destination(to))).toBe(expected)
  })
})

describe('inspectionNeeds', () => {
  const { policy } = loadText(`version: 1
default: allow
groups: { build: { networks: [10.30.0.0/16] }, people: { users: [ada] } }
rules:
  - { name: watched, to: { hosts: report.example }, operations: [write], mode: report, action: deny }
  - { name: closed-anyway, to: { hosts: closed.example }, operations: [write], action: deny }
  - { name: closed, to: { hosts: closed.example }, action: deny }
  - { name: build-only, from: build, to: { hosts: build.example }, operations: [write], action: deny }
  - { name: people-only, from: people, to: { hosts: people.example }, operations: [write], action: deny }
  - { name: by-day, to: { hosts: day.example }, hours: { days: mon, zone: UTC }, operations: [write], action: deny }
  - { name: by-address, to: { hosts: address.example, networks: [198.51.100.0/24] }, action: deny }
  - { name: by-both, to: { hosts: both.example, networks: [198.51.100.0/24] }, operations: [write], action: deny }
  - { name: codes, to: { category: code-repository }, operations: [write], action: deny }
inspection: { bypass: [gitlab.com] }
`)

  it.each([
    ['a host that no rule is about', 'other.example', null],
    ['a code host', 'github.com', 'codes'],
    ['a bypassed host', 'gitlab.com', null],
    ['a report rule opens nothing', 'report.example', null],
    ['a host that is refused whatever is inside', 'closed.example', null],
    ['a rule for some clients', 'build.example', 'build-only'],
    ['a rule for some users', 'people.example', 'people-only'],
    ['a rule for some days', 'day.example', 'by-day'],
    ['a rule on the address alone', 'address.example', null],
    ['a rule on the address and the inside', 'both.example', 'by-both'],
  ])('%s', (_, to, rule) => {
    expect(inspectionNeeds(policy, destination(to))).toBe(rule)
  })

  it('knows the user where it is told', () => {
    const to = destination('people.example')
    const client = { address: address('10.31.0.1'), user: 'ada' }
    expect(inspectionNeeds(policy, to, client)).toBe('people-only')
    for (const user of ['eve', null]) expect(inspectionNeeds(policy, to, { ...client, user })).toBeNull()
  })

  it('knows the client, and the instant, where it is told', () => {
    const monday = NOON - 24 * 60 * 60 * 1_000
    expect(inspectionNeeds(policy, destination('build.example'), { address: address('10.30.0.1'), user: null })).toBe(
      'build-only',
    )
    expect(
      inspectionNeeds(policy, destination('build.example'), { address: address('10.31.0.1'), user: null }),
    ).toBeNull()
    expect(
      inspectionNeeds(policy, destination('day.example'), { address: address('10.31.0.1'), user: null }, monday),
    ).toBe('by-day')
    expect(
      inspectionNeeds(policy, destination('day.example'), { address: address('10.31.0.1'), user: null }, NOON),
    ).toBeNull()
  })
})

/** Reading only the rules that can match at a place decides as reading all of them does. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCatalog } from '../../src/catalog/catalog.ts'
import type { Subject } from '../../src/flow/subject.ts'
import type { CompiledPolicy, CompiledRule } from '../../src/policy/compiled.ts'
import { decide, openThatMatter, untilApart } from '../../src/policy/decide.ts'
import { inspectionNeeds } from '../../src/policy/inspection.ts'
import { needsUser } from '../../src/policy/needs-user.ts'
import { Positions, positionsAt, type RuleIndex } from '../../src/policy/rule-index.ts'
import { look } from '../../src/policy/sight.ts'
import { evaluateRule, type Unsettled, type Walk, walkRules } from '../../src/policy/walk.ts'
import { chaos, randomPolicy } from './arbitraries.ts'
import { loadText } from './load.ts'
import { subject } from './subjects.ts'

const { catalog } = compileCatalog([{ id: 'our-git', kind: 'git', hosts: ['git.acme.example'] }])
const subjects = fc.array(chaos(catalog), { minLength: 20, maxLength: 60 })

/** The same policy, which reads every rule. */
function unindexed(policy: CompiledPolicy): CompiledPolicy {
  const none = new Map<never, never>()
  const byPlace = { port: none, service: none, category: none, 'host-set': none, 'repository-set': none }
  const anywhere = [...policy.rules.keys()]
  const ruleIndex: RuleIndex = { size: anywhere.length, anywhere, byPlace, byRepositoryHost: none }
  return { ...policy, ruleIndex }
}

function positionsOf(policy: CompiledPolicy, asked: Subject): readonly number[] {
  return drain(positionsAt(policy.ruleIndex, look(policy, asked)))
}

function drain(positions: Positions): readonly number[] {
  const found: number[] = []
  for (let at = positions.next(); at !== -1; at = positions.next()) found.push(at)
  return found
}

describe('an index of rules', () => {
  it('decides as all rules do, and asks for the same', () => {
    const property = fc.property(randomPolicy, subjects, ({ policy }, flows) => {
      const all = unindexed(policy)
      for (const flow of flows) {
        expect(decide(policy, flow)).toEqual(decide(all, flow))
        expect(needsUser(policy, flow)).toBe(needsUser(all, flow))
        expect(inspectionNeeds(policy, flow.destination)).toBe(inspectionNeeds(all, flow.destination))
      }
    })
    fc.assert(property, { seed: 1, numRuns: 100 })
  })

  it('leaves out only rules that are "no", whoever the client is and whenever', () => {
    const unsettled: Unsettled = new Set(['client', 'user', 'time'])
    let left = 0
    const property = fc.property(randomPolicy, subjects, ({ policy }, flows) => {
      for (const flow of flows) {
        const found = positionsOf(policy, flow)
        expect(found).toEqual([...new Set(found)].sort((one, other) => one - other))
        const others = policy.rules.filter((_, at) => !found.includes(at))
        left += others.length
        for (const rule of others) expect(evaluateRule(rule, look(policy, flow), unsettled)).toBe('no')
      }
    })
    fc.assert(property, { seed: 2, numRuns: 150 })
    expect(left).toBeGreaterThan(2_000)
  })

  it('leaves out what a rule of each kind says of elsewhere', () => {
    const { policy } = loadText(
      [
        'version: 1',
        'repositories: { ours: [github.com/acme/*, gitlab.com/acme/**] }',
        'lists: { listed: [a.example, "*.b.example"] }',
        'rules:',
        '  - { name: everywhere, operations: [write], action: deny }',
        '  - { name: category, to: { category: paste }, action: deny }',
        '  - { name: service, to: { services: github }, action: deny }',
        '  - { name: hosts, to: { lists: listed, hosts: ["*.c.example"] }, action: allow }',
        '  - { name: repositories, to: { repositories: ours, category: code-repository }, action: allow }',
        '  - { name: port, to: { ports: [8443] }, action: deny }',
        '  - { name: network, to: { networks: [192.0.2.0/24] }, action: deny }',
        '  - { name: but, except: { hosts: [a.example] }, action: deny }',
      ].join('\n'),
    )
    const namesAt = (words: Parameters<typeof subject>[0]): string =>
      positionsOf(policy, subject(words))
        .map((at) => policy.rules[at]?.name ?? 'default')
        .join(' ')
    expect(namesAt({ to: 'other.example:443' })).toBe('everywhere network but default')
    expect(namesAt({ to: 'other.example:8443' })).toBe('everywhere port network but default')
    expect(namesAt({ to: '192.0.2.1:443' })).toBe('everywhere network but default')
    expect(namesAt({ to: 'a.example:443' })).toBe('everywhere hosts network but default')
    expect(namesAt({ to: 'x.b.example:443' })).toBe('everywhere hosts network but default')
    expect(namesAt({ to: 'pastebin.com:443' })).toBe('everywhere category network but default')
    expect(namesAt({ to: 'github.com:443' })).toBe('everywhere service network but default')
    const known = { to: 'github.com:443', repository: 'github.com/acme/app' }
    for (const repository of ['unseen', 'never', known.repository]) {
      expect(namesAt({ ...known, repository })).toBe('everywhere service repositories network but default')
    }
    expect(namesAt({ ...known, repository: 'github.com/evil/app' })).toBe('everywhere service network but default')
    expect(namesAt({ to: 'gitlab.com:443', repository: 'unseen' })).toBe('everywhere repositories network but default')
    expect(namesAt({ to: 'bitbucket.org:443', repository: 'unseen' })).toBe('everywhere network but default')
  })

  it('lets a walk end early where the rest does not matter', () => {
    let shorter = 0
    const property = fc.property(randomPolicy, subjects, ({ policy }, flows) => {
      for (const flow of flows) {
        const sight = look(policy, flow)
        const counts = (rule: CompiledRule): boolean => rule.position === null || rule.position % 2 === 0
        for (const one of [undefined, counts]) {
          const [whole, cut] = [walkRules(policy, sight), walkRules(policy, sight, undefined, untilApart(one))]
          shorter += whole.open.length > cut.open.length ? 1 : 0
          const first = (walk: Walk): CompiledRule | undefined => openThatMatter(walk).find(one ?? (() => true))
          expect(first(cut)).toBe(first(whole))
          if (first(whole) === undefined) expect(cut).toEqual(whole)
        }
      }
    })
    fc.assert(property, { seed: 4, numRuns: 100 })
    expect(shorter).toBeGreaterThan(30)
  })

  it('is of the rules that it was made of, and of no others', () => {
    const { policy } = loadText('version: 1\nrules: [{ name: a, action: deny }]\n')
    const other: CompiledPolicy = { ...policy, rules: policy.rules.slice(1) }
    expect(() => walkRules(other, look(other, subject({})))).toThrow('the index is of other rules')
  })
})

describe('Positions', () => {
  it('reads many ascending lists as one', () => {
    const list = fc.uniqueArray(fc.nat(40), { maxLength: 12 }).map((items) => items.sort((one, other) => one - other))
    fc.assert(
      fc.property(fc.array(list, { maxLength: 14 }), (lists) => {
        expect(drain(new Positions(lists))).toEqual([...new Set(lists.flat())].sort((one, other) => one - other))
      }),
      { seed: 3, numRuns: 500 },
    )
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Analysis, analyse } from '../../src/policy/analyse.ts'
import { covers, findShadows } from '../../src/policy/shadow.ts'
import { randomPolicy } from './arbitraries.ts'
import { loadText } from './load.ts'
import { NOON } from './subjects.ts'

function analyseText(text: string, at = NOON): Analysis {
  const { policy, source } = loadText(`version: 1\n${text}`)
  return analyse(policy, source, at)
}

function warningsOf(text: string, at = NOON): readonly string[] {
  return analyseText(text, at).problems.map(({ severity, line, column, message }) => {
    expect(severity).toBe('warning')
    return `${line}:${column} ${message}`
  })
}

const rules = (...lines: readonly string[]): string =>
  `rules:\n${lines.map((line, at) => `  - { name: r${at}, ${line} }\n`).join('')}`

const DROP = 'services: { drop: { category: file-sharing, hosts: [drop.example], operations: ['
const dropWith = (row: string): string => `${DROP}{ ${row} }] } }\n`

describe('services of a policy', () => {
  it.each([
    ['methods: [POST], path: /find, operation: api-read', ['2:124 a POST to /find is api-read, whatever it carries']],
    ['methods: [GET, PUT], path: /x, operation: telemetry', ['2:125 a PUT to /x is telemetry, whatever it carries']],
    ['methods: [GET], path: /find, operation: api-read', []],
    ['methods: [POST], path: /find, operation: api-read, empty: true', []],
    ['methods: [POST], path: /ask, operation: api-read, body: { graphql: gitlab }', []],
    ['methods: [POST], path: /find, operation: file-upload', []],
  ])('with %s: %j', (text, warnings) => expect(warningsOf(dropWith(text))).toEqual(warnings))

  it('are opened where a rule needs to see what is done there', () => {
    const policy = `default: allow\n${dropWith('methods: [POST], path: /up, operation: file-upload')}`
    const { openings } = analyseText(
      `${policy}${rules('to: { services: drop }, operations: [file-upload], action: deny')}`,
    )
    expect(openings).toEqual([{ rule: 'r0', reason: 'rule', hosts: ['drop.example'], except: [] }])
  })
})

describe('openings', () => {
  it('groups hosts by the rule that needs them', () => {
    const { openings } = analyseText(
      `repositories: { ours: [github.com/acme/*] }\n${rules(
        'to: { hosts: [a.example, "*.b.example"] }, operations: [read], action: allow',
        'to: { repositories: ours }, operations: [git-push], action: allow',
        'to: { hosts: c.example, ports: [8443] }, operations: [read], action: allow',
        'to: { hosts: d.example }, action: allow',
      )}inspection: { open: [wiki.example], bypass: [bank.example] }\n`,
    )
    expect(openings).toContainEqual({ rule: 'r0', reason: 'rule', hosts: ['a.example', '*.b.example'], except: [] })
    expect(openings).toContainEqual({ rule: 'r2', reason: 'rule', hosts: ['c.example:8443'], except: [] })
    expect(openings).toContainEqual({ rule: null, reason: 'open', hosts: ['wiki.example'], except: [] })
    const ours = openings.find(({ rule }) => rule === 'r1')
    expect(ours?.hosts).toEqual(expect.arrayContaining(['github.com', 'api.github.com']))
    expect(ours?.hosts).not.toContain('gitlab.com')
    const all = openings.flatMap(({ hosts }) => hosts)
    for (const host of ['d.example', 'bank.example', '*']) expect(all).not.toContain(host)
  })

  it('says of a rule about every host where it opens nothing', () => {
    const { openings } = analyseText(
      `default: allow\n${rules('operations: [write], action: deny')}inspection: { bypass: [bank.example] }\n`,
    )
    expect(openings).toEqual([{ rule: 'r0', reason: 'rule', hosts: ['*'], except: ['bank.example'] }])
  })

  it.each([
    ['always', [{ rule: null, reason: 'mode', hosts: ['*'], except: [] }]],
    ['never', []],
  ])('under %s', (mode, openings) => {
    expect(analyseText(`inspection: { mode: ${mode} }\n`).openings).toEqual(openings)
  })

  it('asks once for all hosts of a long list', () => {
    const hosts = Array.from({ length: 20_000 }, (_, at) => `h${at}.example`)
    const start = performance.now()
    const { openings } = analyseText(
      `lists: { l: ${JSON.stringify(hosts)} }\n${rules('to: { lists: l }, operations: [read], action: allow')}`,
    )
    expect(openings[0]?.hosts).toHaveLength(20_000)
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})

describe('rules that have ended', () => {
  const text = rules('until: 2026-11-24T12:00Z, action: allow')

  it('are named from their instant on', () => {
    expect(warningsOf(text)).toEqual(['3:24 rule r0 ended at 2026-11-24T12:00Z'])
    expect(warningsOf(text, NOON - 1)).toEqual([])
  })
})

describe('rules that are never reached', () => {
  it.each([
    ['everything before', 'action: deny', 'to: { hosts: a.example }, action: allow'],
    ['the same', 'to: { hosts: a.example }, action: allow', 'to: { hosts: a.example }, action: allow'],
    [
      'a name below',
      'to: { hosts: "*.example" }, action: deny',
      'to: { hosts: [b.a.example, "*.a.example"] }, action: deny',
    ],
    ['fewer ports', 'to: { hosts: a.example }, action: allow', 'to: { hosts: a.example, ports: [443] }, action: allow'],
    [
      'a smaller network',
      'from: { networks: [10.0.0.0/8] }, action: deny',
      'from: { networks: [10.1.0.0/16, 10.2.3.4] }, action: allow',
    ],
    [
      'a user of several',
      'from: { users: [ada, grace] }, action: deny',
      'from: { users: ada }, to: { hosts: a.example }, action: allow',
    ],
    [
      'a deny rule for a user behind an allow rule that sees no inside',
      'from: { users: ada }, to: { hosts: a.example }, action: allow',
      'from: { users: ada }, to: { hosts: a.example, ports: [443] }, operations: [write], action: deny',
    ],
    [
      'an operation of the family',
      'operations: [write], action: deny',
      'operations: [git-push, paste], to: { category: paste }, action: allow',
    ],
    ['a later end', 'until: 2027-01-01T00:00Z, action: deny', 'until: 2026-12-01T00:00Z, action: deny'],
    [
      'the same hours',
      'hours: { days: mon, zone: UTC }, action: deny',
      'hours: { days: mon, zone: UTC }, action: allow',
    ],
    [
      'the same exception',
      'except: { hosts: [a.example, b.example] }, action: deny',
      'except: { hosts: [b.example, a.example] }, action: deny',
    ],
    ['a report', 'to: { category: paste }, action: deny', 'to: { category: paste }, mode: report, action: deny'],
    [
      'a ref of several',
      'when: { refs: [main, dev] }, action: deny',
      'when: { refs: main, deletes: true }, action: deny',
    ],
    [
      'a deny rule behind an allow rule that sees no inside',
      'to: { hosts: a.example }, action: allow',
      'to: { hosts: a.example, ports: [443] }, operations: [write], action: deny',
    ],
  ])('%s', (_, first, second) => {
    expect(warningsOf(rules(first, second))).toEqual([
      expect.stringMatching(/^4:13 rule r1 is never reached: r0 decides/),
    ])
  })

  it.each([
    ['another host', 'to: { hosts: a.example }, action: deny', 'to: { hosts: b.example }, action: deny'],
    ['the name above', 'to: { hosts: "*.a.example" }, action: deny', 'to: { hosts: a.example }, action: deny'],
    [
      'a name that ends like it',
      'to: { hosts: "*.a.example" }, action: deny',
      'to: { hosts: xa.example }, action: deny',
    ],
    [
      'more ports',
      'to: { hosts: a.example }, action: allow',
      'to: { hosts: a.example, ports: [443, 8443] }, action: allow',
    ],
    ['every port of a deny rule', 'to: { hosts: a.example }, action: allow', 'to: { hosts: a.example }, action: deny'],
    [
      'a larger network',
      'from: { networks: [10.1.0.0/16] }, action: deny',
      'from: { networks: [10.0.0.0/8] }, action: allow',
    ],
    ['another user', 'from: { users: [ada] }, action: deny', 'from: { users: [ada, grace] }, action: allow'],
    ['a user, not a network', 'from: { networks: [10.0.0.0/8] }, action: deny', 'from: { users: ada }, action: allow'],
    ['a user of other letters', 'from: { users: ada }, action: deny', 'from: { users: Ada }, action: allow'],
    ['more operations', 'operations: [git-push], action: deny', 'operations: [write], action: allow'],
    ['an exception', 'except: { hosts: a.example }, action: deny', 'to: { hosts: a.example }, action: allow'],
    ['an earlier end', 'until: 2026-12-01T00:00Z, action: deny', 'until: 2027-01-01T00:00Z, action: deny'],
    ['an end', 'until: 2026-12-01T00:00Z, action: deny', 'action: deny'],
    ['a report before', 'mode: report, action: deny', 'to: { hosts: a.example }, action: allow'],
    [
      'doubt: the allow rule steps aside, the deny rule does not',
      'operations: [write], action: allow',
      'operations: [git-push], action: deny',
    ],
    [
      'ssh, which the allow rule does not mean',
      'to: { hosts: a.example, ports: [22] }, action: allow',
      'to: { hosts: a.example, ports: [22] }, operations: [ssh], action: deny',
    ],
  ])('not: %s', (_, first, second) => {
    expect(warningsOf(rules(first, second))).toEqual([])
  })

  it('keeps a deny rule that stops ssh, which a later rule would let through', () => {
    const first = 'to: { hosts: a.example, ports: [443] }, action: allow'
    const second = 'to: { hosts: a.example, ports: [443] }, operations: [write], action: deny'
    expect(warningsOf(rules(first, second, 'operations: [ssh], action: allow'))).toEqual([])
  })
})

describe('rules for groups of users and networks', () => {
  const groups = 'groups: { build: { networks: [10.30.0.0/16] }, both: { networks: [10.0.0.0/8], users: [ada] } }\n'

  it('are reached only beyond what comes before', () => {
    const behind = (from: string): readonly string[] =>
      warningsOf(
        `${groups}${rules('from: both, action: deny', `from: ${from}, action: allow`, 'from: build, action: allow')}`,
      )
    const build = '5:13 rule r2 is never reached: r0 decides everything it matches'
    for (const from of ['build', '{ users: ada }', '{ networks: [10.1.0.0/16] }', '[build, both]']) {
      expect(behind(from)).toEqual(
        ['4:13 rule r1 is never reached: r0 decides everything it matches', build].map(shifted),
      )
    }
    for (const from of ['{ users: grace }', '{ networks: [192.168.0.0/16] }'])
      expect(behind(from)).toEqual([shifted(build)])
  })

  function shifted(text: string): string {
    return text.replace(/^\d+/, (line) => String(Number(line) + 1))
  }
})

describe('rules that cannot see', () => {
  it('are named where inspection is never', () => {
    const text = rules(
      'operations: [read], to: { hosts: a.example }, action: allow',
      'operations: [write], to: { hosts: b.example }, action: deny',
      'to: { hosts: c.example }, action: allow',
      'operations: [tunnel], to: { hosts: d.example }, action: deny',
      'operations: [write], mode: report, to: { hosts: e.example }, action: deny',
      'operations: [ssh], to: { hosts: f.example }, action: deny',
    )
    expect(warningsOf(`${text}inspection: { mode: never }\n`)).toEqual([
      '3:13 rule r0 allows nothing over TLS: it needs the inside, and inspection is never',
      '4:13 rule r1 refuses all TLS that it could be about: it needs the inside, and inspection is never',
    ])
    expect(warningsOf(text)).toEqual([])
  })

  it('are named where a deny rule meets a bypassed host', () => {
    expect(warningsOf(bypassing('write'))).toEqual([
      '3:13 rule r0 sees nothing at gitlab.com: inspection is bypassed there',
      '4:13 rule r1 sees nothing at *.bank.example: inspection is bypassed there',
    ])
    expect(warningsOf(bypassing('write, tunnel'))).toHaveLength(1)
    const forSome =
      'from: { users: ada }, hours: { days: mon, zone: UTC }, to: { hosts: bank.example }, operations: [write], action: deny'
    expect(warningsOf(`${rules(forSome)}inspection: { bypass: [bank.example] }\n`)).toEqual([
      '3:13 rule r0 sees nothing at bank.example: inspection is bypassed there',
    ])
  })
})

describe('names that no rule uses', () => {
  const names = [
    'groups: { g: { networks: [10.0.0.0/8] } }',
    'lists: { l: [a.example] }',
    'repositories: { s: [github.com/acme/*] }',
    'budgets: { b: { per: user, window: 1 h, size: 1 MB } }',
  ].join('\n')

  it('are named at their key', () => {
    expect(warningsOf(names)).toEqual([
      '2:11 no rule uses the group `g`',
      '3:10 no rule uses the list `l`',
      '4:17 no rule uses the set `s`',
      '5:12 no rule uses the budget `b`',
    ])
  })

  it.each([
    'from: g, to: { lists: l, repositories: s }, limits: [{ budget: b }], action: allow',
    'from: { groups: [g] }, except: { lists: [l], repositories: [s] }, limits: [{ budget: b }], action: allow',
  ])('are used by %s', (rule) => {
    expect(warningsOf(`${names}\n${rules(rule)}`)).toEqual([])
  })
})

function bypassing(operations: string): string {
  return `${rules(`to: { category: code-repository }, operations: [${operations}], action: deny`, 'operations: [write], to: { hosts: "*.bank.example" }, action: deny')}inspection: { bypass: ["*.bank.example", gitlab.com] }\n`
}

describe('findShadows', () => {
  it('finds what comparing each rule with each finds', () => {
    let found = 0
    const property = fc.property(randomPolicy, ({ policy: { rules: all } }) => {
      const shadows = findShadows(all)
      found += shadows.size
      for (const [at, rule] of all.entries()) {
        const plain = all.slice(0, at).find((other) => other.mode === 'enforce' && covers(other, rule, at, all))
        expect(shadows.get(rule)).toBe(plain)
      }
    })
    fc.assert(property, { seed: 1, numRuns: 300 })
    expect(found).toBeGreaterThan(50)
  })

  it.each([
    [999, 1],
    [1_000, 0],
  ])('compares a rule with 1,000 others: after %i of no account it finds %i', (count, found) => {
    const crowd = Array.from({ length: count }, (_, at) => `when: { refs: b${at} }, action: deny`)
    const pair = ['to: { hosts: a.example }, action: deny', 'to: { hosts: a.example, ports: [1] }, action: deny']
    expect(findShadows(loadText(`version: 1\n${rules(...crowd, ...pair)}`).policy.rules).size).toBe(found)
  })
})

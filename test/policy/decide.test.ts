import { describe, expect, it } from 'vitest'
import { decide, decideParts } from '../../src/policy/decide.ts'
import { explain } from '../../src/policy/explain.ts'
import { loadText } from './load.ts'
import { subject } from './subjects.ts'

const head = 'version: 1\nrepositories: { ours: [github.com/acme/*] }\n'

describe('decide', () => {
  const { policy } = loadText(`${head}rules:
  - { name: w, to: { repositories: ours }, operations: [git-push], when: { refs: main }, action: deny }
  - { name: a, to: { hosts: net.example, networks: [198.51.100.0/24] }, action: allow }
`)

  it.each([
    [
      'everything',
      subject({ to: 'github.com', operation: { state: 'unseen' }, repository: 'unseen', ref: 'unseen' }),
      ['repository', 'operation', 'ref'],
    ],
    [
      'what is inside',
      subject({ to: 'github.com', operation: 'tunnel', repository: 'unseen', ref: 'unseen' }),
      ['repository', 'operation', 'ref'],
    ],
    [
      'the ref alone',
      subject({ to: 'github.com', operation: 'git-push', repository: 'github.com/acme/a', ref: 'unseen' }),
      ['ref'],
    ],
    ['the address', subject({ to: 'net.example', address: 'unseen', operation: 'unknown-write' }), ['address']],
    [
      'the address and the operation',
      subject({ to: 'net.example', address: 'unseen', operation: { state: 'unseen' } }),
      ['address', 'operation'],
    ],
  ])('says that it waits for %s', (_, asked, needs) => {
    const open = loadText(`${head}default: allow\nrules:
  - { name: w, to: { repositories: ours }, operations: [git-push], when: { refs: main }, action: deny }
  - { name: a, to: { hosts: net.example, networks: [198.51.100.0/24] }, operations: [write], action: deny }
`).policy
    expect(decide(open, asked)).toMatchObject({ action: 'undecided', needs })
  })

  it('waits for nothing where every way ends in a denial', () => {
    const asked = subject({ to: 'github.com', operation: 'tunnel', repository: 'unseen', ref: 'unseen' })
    expect(decide(policy, asked)).toMatchObject({ action: 'deny', denial: { code: 'default', rule: null } })
  })

  it('names nobody when it is the default that waits', () => {
    const { policy: open } = loadText('version: 1\ndefault: allow\n')
    expect(decide(open, subject({ operation: { state: 'unseen' } }))).toEqual({
      action: 'undecided',
      rule: null,
      needs: ['operation'],
    })
  })

  it('knows what stays hidden in a denial by doubt', () => {
    const { policy: strict } = loadText(`${head}default: allow\nrules:
  - { name: w, to: { category: code-repository }, except: { repositories: ours }, operations: [write], when: { methods: PUT }, action: deny, message: Not for you. }
`)
    const asked = subject({
      to: 'github.com',
      operation: { state: 'tunnel', inside: 'never' },
      repository: 'never',
      method: 'never',
    })
    const verdict = decide(strict, asked)
    expect(verdict).toMatchObject({
      action: 'deny',
      denial: { code: 'doubt', rule: 'w', unseen: ['repository', 'operation', 'method'] },
    })
    expect(verdict.action === 'deny' ? verdict.denial.message : '').not.toContain('Not for you')
    // Of a rule with one doubtful condition and one that does not hold, nothing is left.
    expect(decide(strict, { ...asked, method: { state: 'known', value: 'GET' } }).action).toBe('allow')
  })

  it('waits while an exception may turn out not to hold, whatever else of it stays hidden', () => {
    const { policy: excepting } = loadText(`${head}rules:
  - { name: a, except: { networks: [198.51.100.0/24], repositories: ours }, action: allow }
`)
    const hidden = { to: 'github.com', operation: 'git-push', repository: 'never' }
    expect(decide(excepting, subject({ ...hidden, address: 'unseen' }))).toMatchObject({
      action: 'undecided',
      needs: ['address'],
    })
    expect(decide(excepting, subject({ ...hidden, address: '203.0.113.7' })).action).toBe('allow')
    expect(decide(excepting, subject({ ...hidden, address: '198.51.100.7' })).action).toBe('deny')
  })

  it('reports only what comes before the rule that decides, and only what is certain', () => {
    const { policy: watched } = loadText(`version: 1\nrules:
  - { name: r1, operations: [write], mode: report, action: deny, message: Do not. }
  - { name: r2, to: { hosts: other.example }, mode: report, action: allow }
  - { name: yes, to: { hosts: a.example }, action: allow }
  - { name: r3, mode: report, action: deny }
`)
    const wouldDeny = [{ rule: 'r1', message: 'Do not.' }]
    expect(decide(watched, subject({ to: 'a.example', operation: 'git-push' }))).toMatchObject({
      action: 'allow',
      rule: 'yes',
      wouldDeny,
    })
    expect(decide(watched, subject({ to: 'a.example', operation: 'web-read' }))).toMatchObject({
      action: 'allow',
      wouldDeny: [],
    })
    expect(
      decide(watched, subject({ to: 'a.example', operation: { state: 'tunnel', inside: 'never' } })),
    ).toMatchObject({ action: 'allow', wouldDeny: [] })
    expect(decide(watched, subject({ to: 'b.example', operation: 'git-push' }))).toMatchObject({
      action: 'deny',
      denial: { code: 'default' },
      wouldDeny: [...wouldDeny, { rule: 'r3', message: 'refused by rule r3' }],
    })
  })

  it('is quick over a thousand rules', () => {
    const rules = Array.from({ length: 1_000 }, (_, at) => ({
      name: `r${at}`,
      to: { hosts: [`*.h${at}.example`] },
      operations: ['write'],
      action: 'deny',
    }))
    const { policy: long } = loadText(JSON.stringify({ version: 1, default: 'allow', rules }))
    const asked = subject({ to: 'a.b.h999.example', operation: 'git-fetch' })
    for (let at = 0; at < 200; at++) decide(long, asked)
    const start = performance.now()
    for (let at = 0; at < 1_000; at++) expect(decide(long, asked).action).toBe('allow')
    // Some 30 microseconds each; the bound only has to notice a look-up that is made rule by rule.
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

describe('decideParts', () => {
  const { policy } =
    loadText(`${head}budgets: { b: { per: request, size: 3 MB }, d: { per: user, window: 1 h, size: 9 MB } }\nrules:
  - { name: watch, operations: [lfs-upload], mode: report, action: deny }
  - { name: push, to: { repositories: ours }, operations: [git-push], when: { refs: [main, dev] }, limits: [{ per: request, size: 5 MB }, { budget: b }, { budget: d }], action: allow }
  - { name: rest, to: { repositories: ours }, operations: [file-write, lfs-upload], limits: [{ budget: d }, { per: request, size: 2 MB }], action: allow }
`)
  const push = subject({
    to: 'github.com',
    operation: 'git-push',
    repository: 'github.com/acme/a',
    ref: { name: 'refs/heads/main', kind: 'update' },
  })
  const other = { ...push, ref: { state: 'known', value: { name: 'refs/heads/x', kind: 'update' } } } as const
  const unseen = { ...push, ref: { state: 'unseen' } } as const
  const file = subject({ to: 'github.com', operation: 'file-write', repository: 'github.com/acme/a' })
  const lfs = subject({ to: 'github.com', operation: 'lfs-upload', repository: 'github.com/acme/a' })

  it('denies all for one, wherever it stands', () => {
    for (const parts of [
      [push, other],
      [other, push],
      [unseen, other],
      [lfs, push, other],
    ]) {
      expect(decideParts(policy, parts)).toMatchObject({ action: 'deny', denial: { code: 'default' } })
    }
  })

  it('keeps the reports of every part', () => {
    expect(decideParts(policy, [lfs, push, other, lfs])).toMatchObject({
      wouldDeny: [{ rule: 'watch', message: 'refused by rule watch' }],
    })
  })

  it('waits for a part', () => {
    expect(decideParts(policy, [file, unseen])).toEqual({ action: 'undecided', rule: 'push', needs: ['ref'] })
  })

  it('holds the whole to the strictest limits', () => {
    expect(decideParts(policy, [push, file, push])).toMatchObject({
      action: 'allow',
      rule: 'push',
      limits: [
        { per: 'request', size: 2_000_000, budget: null },
        { per: 'request', size: 3_000_000, budget: 'b' },
        { per: 'user', windowMs: 3_600_000, size: 9_000_000, budget: 'd' },
      ],
    })
  })

  it('holds what counts payloads and what counts all that goes out each to its own strictest', () => {
    const { policy: counting } = loadText(`${head}rules:
  - { name: push, operations: [git-push], limits: [{ per: request, size: 5 MB }, { per: request, sentBytes: 6 MB }], action: allow }
  - { name: rest, operations: [file-write], limits: [{ per: request, sentBytes: 4 MB }], action: allow }
`)
    expect(decideParts(counting, [push, file])).toMatchObject({
      limits: [
        { per: 'request', size: 5_000_000, budget: null },
        { per: 'request', size: 4_000_000, budget: null, counts: 'sentBytes' },
      ],
    })
  })

  it('takes limits that count otherwise for other limits', () => {
    const { policy: apart } = loadText(`${head}rules:
  - { name: main, operations: [git-push], when: { refs: main }, limits: [{ per: request, size: 5 MB }], action: allow }
  - { name: rest, operations: [git-push], limits: [{ per: request, sentBytes: 5 MB }], action: allow }
`)
    expect(decide(apart, unseen)).toMatchObject({ action: 'undecided', rule: 'main' })
    const alike = loadText(`${head}rules:
  - { name: main, operations: [git-push], when: { refs: main }, limits: [{ per: request, sentBytes: 5 MB }], action: allow }
  - { name: rest, operations: [git-push], limits: [{ per: request, sentBytes: 5 MB }], action: allow }
`).policy
    expect(decide(alike, unseen)).toMatchObject({ action: 'allow', rule: 'rest' })
  })

  it('is what decide says of a single part', () => {
    for (const part of [push, other, unseen]) expect(decideParts(policy, [part])).toEqual(decide(policy, part))
  })

  it('takes no request without parts', () => {
    expect(() => decideParts(policy, [])).toThrow('at least one part')
  })
})

describe('explain', () => {
  it('says of each rule why', () => {
    const { policy } = loadText(`${head}groups: { build: { networks: [10.30.0.0/16] } }\nrules:
  - { name: build, from: build, to: { hosts: [a.example, github.com] }, action: allow }
  - { name: late, until: 2020-01-01T00:00Z, action: deny }
  - { name: ours, to: { category: code-repository }, except: { repositories: ours }, operations: [write], action: deny }
`)
    const asked = subject({
      client: '10.20.0.1',
      to: 'github.com',
      operation: 'git-push',
      repository: 'github.com/evil/x',
    })
    const { verdict, rules } = explain(policy, asked)
    expect(verdict).toMatchObject({ action: 'deny', denial: { rule: 'ours' } })
    const lines = rules.map(({ rule, outcome, decides, conditions }) => [
      `${rule ?? 'default'}: ${outcome}${decides ? ' and decides' : ''}`,
      ...conditions.map(({ key, value, why }) => `${key}: ${value}, ${why}`),
    ])
    expect(lines).toEqual([
      [
        'build: does not match',
        'from.groups: no, client 10.20.0.1 is not in group build',
        'to.hosts: yes, host github.com is among a.example, github.com',
        'to.ports: yes, port 443 is one of 80, 443',
        'operations: yes, operation git-push is among what the rule means without `operations`',
      ],
      [
        'late: does not match',
        'operations: yes, operation git-push is among what the rule means without `operations`',
        'until: no, the rule ended at 2020-01-01T00:00Z',
      ],
      [
        'ours: matches and decides',
        'to.category: yes, host github.com is in category code-repository',
        'except: yes, repository github.com/evil/x is not in set ours',
        'operations: yes, operation git-push is among write',
      ],
      ['default: matches', 'operations: yes, operation git-push is among what `default: deny` refuses'],
    ])
    expect(rules.map(({ reached }) => reached)).toEqual([true, true, true, false])
  })

  it('says who the client is, as far as the condition asks', () => {
    const { policy } = loadText(`${head}groups:
  build: { networks: [10.30.0.0/16] }
  people: { users: [ada] }
  both: { networks: [10.20.0.0/16], users: [ada] }
rules: ${JSON.stringify(['build', 'people', 'both'].map((from) => ({ name: from, from, action: 'allow' })))}
`)
    const whys = (user?: string): readonly (string | undefined)[] => {
      const asked = subject({ client: '10.40.0.1', operation: 'git-push', ...(user === undefined ? {} : { user }) })
      return explain(policy, asked)
        .rules.slice(0, 3)
        .map(({ conditions }) => conditions[0]?.why)
    }
    expect(whys()).toEqual([
      'client 10.40.0.1 is not in group build',
      'a client without a user is not in group people',
      'client 10.40.0.1, without a user, is not in group both',
    ])
    expect(whys('ada')).toEqual([
      'client 10.40.0.1 is not in group build',
      'user ada is in group people',
      'user ada at client 10.40.0.1 is in group both',
    ])
  })

  it.each([
    ['allow', 'git-push', 'allow', 'matches', 'operation git-push is among what `default: allow` lets through'],
    ['allow', 'ssh', 'deny', 'matches', 'ssh is among what `default: allow` never lets through'],
    ['deny', 'git-push', 'deny', 'matches', 'operation git-push is among what `default: deny` refuses'],
    ['allow', 'unseen', 'allow', 'not visible yet', 'the operation is not visible yet'],
  ])('shows one default: %s, to %s', (action, operation, shown, outcome, why) => {
    const { policy } = loadText(`version: 1\ndefault: ${action}\n`)
    const asked = subject({ operation: operation === 'unseen' ? { state: 'unseen' } : operation })
    expect(explain(policy, asked).rules).toMatchObject([
      { rule: null, action: shown, outcome, decides: operation !== 'unseen', conditions: [{ key: 'operations', why }] },
    ])
  })

  it('says what is not visible', () => {
    const { policy } = loadText(
      `${head}rules: [{ name: r, to: { repositories: ours }, action: deny }]\ndefault: allow\n`,
    )
    const outcomes = (operation: 'unseen' | 'never'): unknown =>
      explain(
        policy,
        subject({ to: 'github.com', operation: { state: 'tunnel', inside: operation }, repository: operation }),
      ).rules[0]
    expect(outcomes('unseen')).toMatchObject({ outcome: 'not visible yet', decides: false })
    expect(outcomes('never')).toMatchObject({ outcome: 'matches by doubt', decides: true })
  })
})

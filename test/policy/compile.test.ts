import { describe, expect, it } from 'vitest'
import { compilePolicy, policyRulesMax, ruleItemsMax } from '../../src/policy/compile.ts'
import type { RuleInput } from '../../src/policy/schema-rule.ts'
import { listFilesOf, readPolicy } from '../../src/policy/source.ts'
import { loadText, problemsOf } from './load.ts'

describe('the hash of a policy', () => {
  const text =
    'version: 1\nlists: { l: { file: l.txt }, m: { file: m.txt } }\nrules: [{ name: r, to: { lists: [l, m] }, action: allow }]\n'
  const hash = hashOf(text, 'a.example', 'b.example')

  it('is 16 hexadecimal digits, the same for the same texts', () => {
    expect(hash).toMatch(/^[0-9a-f]{16}$/)
    expect(hashOf(text, 'a.example', 'b.example')).toBe(hash)
    const turned = new Map([
      ['m.txt', 'b.example'],
      ['l.txt', 'a.example'],
    ])
    expect(loadText(text, turned).policy.hash).toBe(hash)
  })

  it('differs with the policy, with a list, and with where a text stands', () => {
    const others = [
      hashOf(`${text}# more\n`, 'a.example', 'b.example'),
      hashOf(text, 'a.example', 'c.example'),
      hashOf(text, 'b.example', 'a.example'),
    ]
    expect(new Set([hash, ...others]).size).toBe(4)
  })
})

describe('compilePolicy', () => {
  it('says which list files it wants', () => {
    const { source } = readPolicy(
      'version: 1\nlists: { a: { file: a.txt }, b: [b.example], c: { hosts: [c.example] }, d: { file: a.txt } }\n',
      'p.yaml',
    )
    expect(source === null ? null : listFilesOf(source)).toEqual(['a.txt'])
  })

  it('puts the problems of a list into its own file', () => {
    const { source } = readPolicy('version: 1\nlists: { a: { file: a.txt } }\n', 'p.yaml')
    if (source === null) throw new Error('no source')
    const { policy, problems } = compilePolicy(source, new Map([['a.txt', 'ok.example\nbad host\n']]))
    expect(policy).toBeNull()
    expect(problems).toMatchObject([{ file: 'a.txt', line: 2, column: 1, severity: 'error' }])
  })

  it('keeps a policy that has only warnings', () => {
    const { policy, problems } = loadText('version: 1\nrules: [{ name: r, action: allow, message: hello }]\n')
    expect(problems).toMatchObject([{ severity: 'warning' }])
    expect(policy.rules).toHaveLength(2)
  })

  it('shows 200 problems', () => {
    expect(problemsOf(rulesWithoutGroup(200))).toHaveLength(200)
    expect(problemsOf(rulesWithoutGroup(201))).toHaveLength(200)
  })

  it('has 100,000 rules', () => {
    const rule = (at: number): RuleInput => ({ name: `r${at}`, action: 'deny', to: { ports: [443] } })
    const problemsWith = (count: number): readonly string[] => {
      const input = { version: 1 as const, rules: Array.from({ length: count }, (_, at) => rule(at)) }
      const source = { file: 'p', files: [], input, locate: () => ({ file: 'p', line: 1, column: 1 }) }
      return compilePolicy(source, new Map()).problems.map(({ message }) => message)
    }
    expect(problemsWith(policyRulesMax)).toEqual([])
    expect(problemsWith(policyRulesMax + 1)).toEqual(['a policy has at most 100000 rules'])
  })

  it('has rules with lists of 5,000 items', () => {
    const hosts = (count: number): string => JSON.stringify(Array.from({ length: count }, (_, at) => `h${at}.example`))
    const text = (to: number, except: number): string =>
      `version: 1\nrules:\n  - name: r\n    to: { hosts: ${hosts(to)} }\n    except: { hosts: ${hosts(except)} }\n    action: allow\n`
    expect(problemsOf(text(ruleItemsMax, ruleItemsMax))).toEqual([])
    expect(problemsOf(text(ruleItemsMax + 1, 1))).toMatchObject([
      { line: 4, message: 'a list in a rule has at most 5000 items' },
    ])
    expect(problemsOf(text(1, ruleItemsMax + 1))).toMatchObject([{ line: 5 }])
  })

  it('gives rules that ask alike one condition, and rules that do not their own', () => {
    const { policy } = loadText(
      [
        'version: 1',
        'groups: { g: { networks: [10.1.0.0/16] }, h: { networks: [10.2.0.0/16] } }',
        'rules:',
        '  - { name: a, from: g, to: { ports: [443] }, operations: [write], action: deny }',
        '  - { name: b, from: g, to: { ports: [443] }, operations: [write], action: deny }',
        '  - { name: c, from: h, to: { ports: [444] }, operations: [read], action: deny }',
        '  - { name: d, from: g, except: { ports: [443] }, operations: [write], action: allow }',
      ].join('\n'),
    )
    const [a, b, c, d] = policy.rules.map(({ conditions }) => conditions)
    expect(a).toHaveLength(3)
    expect(a?.every((condition, at) => condition === b?.[at])).toBe(true)
    expect(a?.some((condition) => c?.includes(condition) === true)).toBe(false)
    expect(a?.filter((condition) => d?.includes(condition) === true).map(({ key }) => key)).toEqual(['from.groups'])
  })

  it('denies at the very end, whatever the default', () => {
    for (const action of ['allow', 'deny'])
      expect(loadText(`version: 1\ndefault: ${action}\n`).policy.rules.at(-1)?.action).toBe('deny')
    expect(loadText('version: 1\n').policy.rules.map(({ action }) => action)).toEqual(['deny'])
  })
})

function hashOf(policy: string, l: string, m: string): string {
  return loadText(
    policy,
    new Map([
      ['l.txt', l],
      ['m.txt', m],
    ]),
  ).policy.hash
}

function rulesWithoutGroup(count: number): string {
  return `version: 1\nrules:\n${Array.from({ length: count }, (_, at) => `  - { name: r${at}, from: x, action: allow }\n`).join('')}`
}

import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/policy/analyse.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import {
  listFilesOf,
  type PolicyFile,
  policyFilesMax,
  type PolicySource,
  readPolicies,
} from '../../src/policy/source.ts'
import { loadText } from './load.ts'
import { NOON } from './subjects.ts'

const WHO: PolicyFile = {
  file: '10-who.yaml',
  text: `version: 1
groups:
  engineering: { users: [ada] }
lists: { partners: { file: partners.txt } }
`,
}

const CODE: PolicyFile = {
  file: '20-code.yaml',
  text: `version: 1
default: allow
repositories: { ours: [github.com/acme/*] }
budgets: { daily: { per: user, window: 1 day, size: 1 GB } }
rules:
  - { name: push, from: engineering, to: { repositories: ours }, limits: [{ budget: daily }], action: allow }
  - { name: no-code, to: { category: code-repository }, action: deny }
`,
}

const WEB: PolicyFile = {
  file: '30-web.yaml',
  text: `version: 1
groups: { build: { networks: [10.30.0.0/16] } }
services: { our-git: { kind: git, hosts: [git.acme.example] } }
rules:
  - { name: partners, from: build, to: { lists: partners }, until: 2020-01-01T00:00Z, action: allow }
inspection: { bypass: [bank.example] }
`,
}

function sourceOf(files: readonly PolicyFile[]): PolicySource {
  const { source, problems } = readPolicies(files)
  if (source === null) throw new Error(JSON.stringify(problems))
  return source
}

const source = sourceOf([WHO, CODE, WEB])
const LISTS = new Map([['partners.txt', 'partner.example\n']])

describe('a policy of several files', () => {
  it('is one policy', () => {
    expect(source.input).toEqual({
      version: 1,
      default: 'allow',
      groups: { engineering: { users: ['ada'] }, build: { networks: ['10.30.0.0/16'] } },
      services: { 'our-git': { kind: 'git', hosts: ['git.acme.example'] } },
      repositories: { ours: ['github.com/acme/*'] },
      lists: { partners: { file: 'partners.txt' } },
      budgets: { daily: { per: 'user', window: '1 day', size: '1 GB' } },
      rules: expect.arrayContaining([]),
      inspection: { bypass: ['bank.example'] },
    })
    expect(source.file).toBe('10-who.yaml')
    expect(listFilesOf(source)).toEqual(['partners.txt'])
    const { policy } = compilePolicy(source, LISTS)
    expect(policy?.rules.map(({ name }) => name)).toEqual(['push', 'no-code', 'partners', null, null])
  })

  it('reads its rules in the order of the files', () => {
    const names = (files: readonly PolicyFile[]) => sourceOf(files).input.rules?.map(({ name }) => name)
    expect(names([CODE, WEB])).toEqual(['push', 'no-code', 'partners'])
    expect(names([WEB, CODE])).toEqual(['partners', 'push', 'no-code'])
  })

  it.each([
    ['a group', ['groups', 'engineering'], 'key', '10-who.yaml:3:3'],
    ['a group of the last file', ['groups', 'build', 'networks', 0], 'value', '30-web.yaml:2:31'],
    ['the name of a list file', ['lists', 'partners', 'file'], 'value', '10-who.yaml:4:28'],
    ['the default', ['default'], 'key', '20-code.yaml:2:1'],
    ['the first rule', ['rules', 0, 'name'], 'value', '20-code.yaml:6:13'],
    ['the second rule', ['rules', 1, 'name'], 'value', '20-code.yaml:7:13'],
    ['the third rule, which is the first of its file', ['rules', 2, 'name'], 'value', '30-web.yaml:5:13'],
    ['inspection', ['inspection', 'bypass', 0], 'value', '30-web.yaml:6:24'],
    ['the version', ['version'], 'value', '10-who.yaml:1:10'],
    ['what is nowhere', ['rules', 3, 'name'], 'value', '20-code.yaml:6:3'],
    ['a name that is nowhere', ['groups', 'nobody'], 'value', '10-who.yaml:3:3'],
    ['everything', [], 'value', '10-who.yaml:1:1'],
  ] as const)('knows the place of %s', (_, path, part, expected) => {
    const { file, line, column } = source.locate(path, part)
    expect(`${file}:${line}:${column}`).toBe(expected)
  })

  it('is analysed file by file', () => {
    const { policy } = compilePolicy(source, LISTS)
    if (policy === null) throw new Error('no policy')
    expect(analyse(policy, source, NOON).problems).toMatchObject([
      { file: '30-web.yaml', line: 5, message: 'rule partners ended at 2020-01-01T00:00Z' },
    ])
  })

  it('has a hash over all its texts, and where they end', () => {
    const hashOf = (files: readonly PolicyFile[], list = 'partner.example\n'): string | undefined =>
      compilePolicy(sourceOf(files), new Map([['partners.txt', list]])).policy?.hash
    const other = { ...CODE, text: `${CODE.text}# more\n` }
    const joined = { file: 'a.yaml', text: 'version: 1\n# a\n# b\n' }
    const split = [
      { file: 'a.yaml', text: 'version: 1\n# a\n' },
      { file: 'b.yaml', text: 'version: 1\n# b\n' },
    ]
    const hashes = [
      hashOf([WHO, CODE, WEB]),
      hashOf([WHO, WEB, CODE]),
      hashOf([WHO, other, WEB]),
      hashOf([WHO, CODE, WEB], 'other.example\n'),
      hashOf([joined]),
      hashOf(split),
      hashOf(split.toReversed()),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(hashOf([WHO, CODE, WEB])).toBe(hashes[0])
    const alone = loadText(joined.text, new Map([['partners.txt', 'partner.example\n']])).policy
    expect(hashOf([joined])).toBe(alone.hash)
  })

  it('has at most so many files', () => {
    const files = Array.from({ length: policyFilesMax + 1 }, (_, at) => ({ file: `${at}.yaml`, text: 'version: 1\n' }))
    expect(readPolicies(files.slice(0, -1)).problems).toEqual([])
    expect(readPolicies(files)).toEqual({
      source: null,
      problems: [
        { severity: 'error', message: 'a policy has at most 100 files', file: '100.yaml', line: 1, column: 1 },
      ],
    })
  })

  it('has at least one', () => {
    expect(() => readPolicies([])).toThrow('at least one file')
  })
})

describe('users and windows', () => {
  it.each([
    ['a user of 128 characters', `from: { users: [${'a'.repeat(128)}] }`],
    ['a user with a space, a slash and an accent', 'from: { users: ["CORP/Zoë Müller"] }'],
    ['one user without a list', 'from: { users: ada }'],
  ])('take %s', (_, from) => {
    expect(loadText(`version: 1\nrules: [{ name: r, ${from}, action: allow }]\n`).problems).toEqual([])
  })

  it.each([
    ['1 min', 60_000],
    ['90 min', 5_400_000],
    ['24 h', 86_400_000],
    ['1 day', 86_400_000],
    ['1.5 h', 5_400_000],
    ['366 days', 366 * 86_400_000],
  ])('take a window of %s', (window, windowMs) => {
    const budgets = `budgets: { b: { per: owner, window: ${window}, size: 1 GB }, c: { per: request, size: 2 MB } }`
    const rule = 'name: r, limits: [{ budget: b }, { budget: c }, { per: request, size: 3 MB }], action: allow'
    expect(loadText(`version: 1\n${budgets}\nrules: [{ ${rule} }]\n`).policy.rules[0]?.limits).toEqual([
      { per: 'owner', windowMs, size: 1e9, budget: 'b' },
      { per: 'request', size: 2e6, budget: 'c' },
      { per: 'request', size: 3e6, budget: null },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { compilePolicy } from '../../src/policy/compile.ts'
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

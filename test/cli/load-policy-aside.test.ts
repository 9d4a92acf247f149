/** Loading beside a running proxy comes to the same as loading at once, and whatever happens to the thread is a problem. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../../src/cli/load-policy.ts'
import { loadPolicyAside } from '../../src/cli/load-policy-aside.ts'
import type { CompiledPolicy } from '../../src/policy/compiled.ts'
import { explain } from '../../src/policy/explain.ts'
import { setsOfHost } from '../../src/policy/host-index.ts'
import { renderProblem } from '../../src/text/problem-render.ts'
import { largePolicy } from '../policy/large.ts'
import { subject, type Words } from '../policy/subjects.ts'
import { folderWith } from './weir-command.ts'

const EVERYTHING = `
version: 1
default: allow
groups: { near: { networks: [10.1.0.0/16], users: [ada] } }
services: { our-git: { kind: gitlab, hosts: [git.acme.example] } }
repositories: { ours: [github.com/acme/*, git.acme.example/**] }
lists: { listed: { file: listed.txt }, written: [w.example, "*.x.example"] }
budgets: { daily: { per: user, window: 1 day, size: 1 GB } }
rules:
  - { name: far, except: { hosts: [a.example] }, from: { users: grace }, operations: [write], action: deny, message: No. }
  - { name: ours, from: near, to: { repositories: ours }, operations: [git-push], limits: [{ budget: daily }], action: allow }
  - { name: listed, to: { lists: [listed, written], hosts: ["*.b.example"] }, action: allow }
  - { name: when, when: { methods: [PUT], refs: [main] }, mode: report, action: deny }
  - { name: until, until: 2030-01-01T00:00Z, hours: { days: mon-fri, zone: UTC }, to: { ports: [8443] }, action: deny }
inspection: { bypass: ["*.bank.example"], open: [wiki.example] }
`

const QUESTIONS: readonly Words[] = [
  { to: 'github.com:443', operation: 'git-push', repository: 'github.com/acme/app', client: '10.1.0.1', user: 'ada' },
  { to: 'github.com:443', operation: 'git-push', repository: 'github.com/evil/app', user: 'grace' },
  { to: 'git.acme.example:443', operation: { state: 'unseen' }, repository: 'unseen', method: 'unseen', ref: 'unseen' },
  { to: 'h1.listed.example:443' },
  { to: 'y.h2.listed.example:443' },
  { to: 'a.x.example:80' },
  { to: 'b.b.example:8443', method: 'PUT', ref: { name: 'refs/heads/main', kind: 'update' } },
  { to: 'wiki.example:443' },
  { to: 'x.bank.example:443' },
  { to: '192.0.2.7:443' },
]

describe('loadPolicyAside', () => {
  it('comes to the policy that loadPolicy comes to', async () => {
    const folder = folderWith({ 'p.yaml': EVERYTHING, 'listed.txt': 'h1.listed.example\n*.h2.listed.example\n' })
    for (const inspection of [undefined, 'never'] as const) {
      const aside = await loadPolicyAside(join(folder, 'p.yaml'), inspection)
      const once = await loadPolicy(join(folder, 'p.yaml'), inspection)
      expect(aside).toMatchObject({ file: once.file, files: once.files })
      expectSame(aside.policy, once.policy, QUESTIONS)
    }
  })

  it('comes to the same large policy', async () => {
    const { text, lists } = largePolicy(400, 2_000)
    const folder = folderWith({ 'p.yaml': text, ...Object.fromEntries(lists) })
    const [aside, once] = [await loadPolicyAside(folder, undefined), await loadPolicy(folder, undefined)]
    const hosts = ['www.site-0-1.example', 'h2-0.listed.example', 'svc-1.dept-1.example', 'github.com', 'gitlab.com']
    expectSame(
      aside.policy,
      once.policy,
      hosts.map((host) => ({ to: `${host}:443`, operation: 'git-push', repository: `${host}/org-1/a` })),
    )
  })

  it('warns as `weir check` does, and shows the lines', async () => {
    const text = 'version: 1\nrules:\n  - { name: a, action: deny }\n  - { name: b, action: deny }\n'
    const folder = folderWith({ 'p.yaml': text })
    const { policy, problems, texts } = await loadPolicyAside(join(folder, 'p.yaml'), undefined)
    expect(policy?.rules).toHaveLength(3)
    const [problem, ...others] = problems
    if (problem === undefined) throw new Error('no problem')
    expect(others).toEqual([])
    const shown = renderProblem(problem, texts.get(problem.file) ?? null, { colour: false })
    expect(shown).toContain('rule b is never reached')
    expect(shown).toContain('\n    - { name: b, action: deny }\n')
    expect(texts.get(problem.file)).toBe('\n\n\n  - { name: b, action: deny }')
  })

  it('tells 100 problems, errors first, and that there are more', async () => {
    const rule = (at: number): string => `  - { name: a${at}, to: { lists: none }, action: allow, message: x }\n`
    const rules = (count: number): string => Array.from({ length: count }, (_, at) => rule(at)).join('')
    const folder = folderWith({
      'p.yaml': `version: 1\nrules:\n${rules(50)}`,
      'q.yaml': `version: 1\nrules:\n${rules(60)}`,
    })
    const few = await loadPolicyAside(join(folder, 'p.yaml'), undefined)
    expect(few.problems).toHaveLength(100)
    const many = await loadPolicyAside(join(folder, 'q.yaml'), undefined)
    expect(many.problems).toHaveLength(101)
    expect(many.problems.slice(0, 60).every(({ severity }) => severity === 'error')).toBe(true)
    expect(many.problems.at(-1)?.message).toBe('there are 20 more problems, which `weir check` shows')
  })

  it.each([
    ['no YAML', 'rules: [', {}, 'p.yaml'],
    ['no policy', 'version: 2\n', {}, 'p.yaml'],
    ['a name that is not there', 'version: 1\nrules: [{ name: a, to: { lists: l }, action: deny }]\n', {}, 'p.yaml'],
    ['no list', 'version: 1\nlists: { l: { file: l.txt } }\n', {}, 'p.yaml'],
    ['a bad list', 'version: 1\nlists: { l: { file: l.txt } }\n', { 'l.txt': 'a.example\nbad host\n' }, 'l.txt'],
  ])('says what is wrong with a policy that is %s, at its place', async (_, text, others, named) => {
    const folder = folderWith({ 'p.yaml': text, ...others })
    const aside = await loadPolicyAside(join(folder, 'p.yaml'), undefined)
    const once = await loadPolicy(join(folder, 'p.yaml'), undefined)
    expect(aside.policy).toBeNull()
    expect(aside.problems).toEqual(once.problems)
    const [problem] = aside.problems
    expect(problem?.file).toBe(join(folder, named))
    if (problem === undefined) throw new Error('no problem')
    const show = (texts: ReadonlyMap<string, string>): string =>
      renderProblem(problem, texts.get(problem.file) ?? null, { colour: false })
    expect(show(aside.texts)).toBe(show(once.texts))
  })

  it('fails as loadPolicy does where there is nothing to read', async () => {
    await expect(loadPolicyAside(join(folderWith(), 'none.yaml'), undefined)).rejects.toThrow('there is no such file')
    await expect(loadPolicyAside(folderWith(), undefined)).rejects.toThrow('the folder has no policy')
  })
})

describe('the thread of loadPolicyAside', () => {
  const slow = (): string => {
    const folder = folderWith()
    writeFileSync(join(folder, 'p.yaml'), largePolicy(8_000, 0).text)
    return join(folder, 'p.yaml')
  }

  it('has so much time', async () => {
    const { policy, problems } = await loadPolicyAside(slow(), undefined, { timeoutMs: 400 })
    expect(policy).toBeNull()
    expect(problems.map(({ message }) => message)).toEqual(['did not load within 0.4 seconds'])
  })

  it('has so much memory', async () => {
    const { policy, problems } = await loadPolicyAside(slow(), undefined, { heapMebibytesMax: 40 })
    expect(policy).toBeNull()
    expect(problems.map(({ message }) => message)).toEqual(['takes more than 40 MiB of memory to load'])
  })

  it('is a problem of the policy where it fails', async () => {
    const folder = folderWith({ 'p.yaml': `version: 1\nrules: ${'['.repeat(200_000)}` })
    const { policy, problems } = await loadPolicyAside(join(folder, 'p.yaml'), undefined)
    expect(policy).toBeNull()
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ severity: 'error', file: join(folder, 'p.yaml') })
  })

  it('ends when nobody wants its policy any more', async () => {
    const loading = loadPolicyAside(slow(), undefined, { signal: AbortSignal.timeout(50) })
    await expect(loading).rejects.toThrow('timeout')
    await expect(loadPolicyAside(slow(), undefined, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  })
})

function expectSame(aside: CompiledPolicy | null, once: CompiledPolicy | null, questions: readonly Words[]): void {
  if (aside === null || once === null) throw new Error('does not load')
  expect(aside.hash).toBe(once.hash)
  expect(aside.inspection).toEqual(once.inspection)
  expect(aside.namesUsers).toBe(once.namesUsers)
  expect(aside.groupNetworks).toEqual(once.groupNetworks)
  // Conditions are functions: the questions below are what compares them.
  const bare = (policy: CompiledPolicy): unknown => policy.rules.map((rule) => ({ ...rule, conditions: null }))
  expect(bare(aside)).toEqual(bare(once))
  for (const words of questions) {
    const asked = subject(words)
    expect(explain(aside, asked)).toEqual(explain(once, asked))
    const { host } = asked.destination
    if (host !== null) expect([...setsOfHost(aside.hosts, host)]).toEqual([...setsOfHost(once.hosts, host)])
  }
}

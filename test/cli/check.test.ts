import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { xpath } from './report-formats/xmllint.ts'
import { folderWith, weir } from './weir-command.ts'

const GOOD = `version: 1
rules:
  - name: push-to-ours
    to: { repositories: [github.com/acme/*] }
    operations: [git-push]
    action: allow
  - name: no-writes-elsewhere
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
`
const BAD = GOOD.replace('action: deny', 'acton: deny')
const WARNING = `${GOOD}  - name: never-reached
    to: { category: code-repository }
    operations: [git-push]
    action: deny
`

interface Checked {
  readonly good: boolean
  readonly policies: readonly {
    readonly good: boolean
    readonly hash: string | null
    readonly problems: readonly { readonly line: number; readonly message: string }[]
    readonly openings: readonly { readonly rule: string | null; readonly hosts: readonly string[] }[]
  }[]
}

async function checkJson(words: readonly string[]): Promise<{ status: number; answer: Checked }> {
  const { status, out } = await weir(['check', '--json', ...words])
  return { status, answer: JSON.parse(out) as Checked }
}

describe('a good policy', () => {
  it('says so, and what is opened for which rule', async () => {
    const file = join(folderWith({ 'a.yaml': GOOD }), 'a.yaml')
    const { status, out, err } = await weir(['check', file])
    expect(out).toContain(`${file}: good, 2 rules, 0 errors, 0 warnings\n`)
    expect(out).toMatch(/^TLS is opened for rule push-to-ours: .*github\.com/m)
    expect({ status, err }).toEqual({ status: 0, err: '' })
  })

  it('says it in JSON', async () => {
    const file = join(folderWith({ 'a.yaml': GOOD }), 'a.yaml')
    const { status, answer } = await checkJson([file])
    expect(status).toBe(0)
    expect(answer).toMatchObject({
      good: true,
      policies: [{ good: true, hash: expect.stringMatching(/^[0-9a-f]{16}$/) }],
    })
    const opening = answer.policies[0]?.openings.find(({ rule }) => rule === 'push-to-ours')
    expect(opening?.hosts).toContain('github.com')
  })

  it('says what is opened for tenant headers', async () => {
    const text = 'version: 1\ntenants: { webex: { domains: [acme.example] } }\n'
    const { status, out } = await weir(['check', join(folderWith({ 'a.yaml': text }), 'a.yaml')])
    expect(out).toMatch(/^TLS is opened because `tenants` sets headers: identity\.webex\.com, /m)
    expect(status).toBe(0)
  })

  it('opens nothing where the settings say never', async () => {
    const file = join(folderWith({ 'a.yaml': GOOD }), 'a.yaml')
    const { out } = await weir(['check', file, '--inspection', 'never'])
    expect(out).toContain('No TLS is opened.')
  })
})

describe('a bad policy', () => {
  it('is shown with its line, a caret and the word that was meant', async () => {
    const file = join(folderWith({ 'a.yaml': BAD }), 'a.yaml')
    const { status, out } = await weir(['check', file])
    expect(out).toContain(`${file}:10:5: error: unknown key \`acton\``)
    expect(out).toContain('\n      acton: deny\n      ^^^^^\n  did you mean `action`?\n')
    expect(status).toBe(1)
  })

  it('is told in JSON without a hash', async () => {
    const file = join(folderWith({ 'a.yaml': BAD }), 'a.yaml')
    const { status, answer } = await checkJson([file])
    expect(status).toBe(1)
    expect(answer).toMatchObject({ good: false, policies: [{ good: false, hash: null, openings: [] }] })
    expect(answer.policies[0]?.problems.map(({ line }) => line)).toContain(10)
  })

  it('makes the whole not good, beside a good one', async () => {
    const folder = folderWith({ 'a.yaml': GOOD, 'b.yaml': BAD })
    const { status, answer } = await checkJson([join(folder, 'a.yaml'), join(folder, 'b.yaml')])
    expect([status, ...answer.policies.map(({ good }) => good)]).toEqual([1, true, false])
  })
})

describe('warnings', () => {
  it('are told, and are errors only with --strict', async () => {
    const file = join(folderWith({ 'a.yaml': WARNING }), 'a.yaml')
    const lenient = await weir(['check', file])
    expect(lenient.out).toContain('rule never-reached is never reached')
    expect(lenient.status).toBe(0)
    expect((await weir(['check', '--strict', file])).status).toBe(1)
  })
})

describe('list files', () => {
  const LISTED = `${GOOD}  - name: partners
    to: { lists: [partners] }
    action: allow
lists:
  partners: { file: partners.txt }
`

  it('are read beside the policy', async () => {
    const file = join(folderWith({ 'a.yaml': LISTED, 'partners.txt': 'partner.example\n' }), 'a.yaml')
    const { status, out } = await weir(['check', file])
    expect(out).toContain('good')
    expect(status).toBe(0)
  })

  it('that are wrong are shown at their own line', async () => {
    const folder = folderWith({ 'a.yaml': LISTED, 'partners.txt': 'partner.example\nnot a host\n' })
    const { status, out } = await weir(['check', join(folder, 'a.yaml')])
    expect(out).toContain(`${join(folder, 'partners.txt')}:2:1: error: `)
    expect(out).toContain('\n  not a host\n  ^')
    expect(status).toBe(1)
  })

  it('that are missing are told where the policy names them, once', async () => {
    const file = join(folderWith({ 'a.yaml': LISTED }), 'a.yaml')
    const { status, answer } = await checkJson([file])
    expect(answer.policies[0]?.problems).toHaveLength(1)
    expect(answer.policies[0]?.problems[0]).toMatchObject({
      line: 15,
      message: expect.stringContaining('no such file'),
    })
    expect(status).toBe(1)
  })

  it.each([
    ['above', '../secret.txt'],
    ['by an absolute path', join(process.cwd(), 'package.json')],
  ])('elsewhere (%s) are not read', async (_, elsewhere) => {
    const folder = folderWith({ 'secret.txt': 'hunter2 is the password\n' })
    mkdirSync(join(folder, 'policies'))
    const file = join(folder, 'policies', 'a.yaml')
    writeFileSync(file, LISTED.replace('partners.txt', elsewhere))
    const { status, out } = await weir(['check', file])
    expect(out).toContain('is not beside the policy')
    expect(out).not.toContain('hunter2')
    expect(status).toBe(1)
  })
})

describe('what is no policy file', () => {
  it('a file that is not there is wrong usage', async () => {
    const { status, err } = await weir(['check', 'no-such.yaml'])
    expect(err).toBe('error: no-such.yaml: there is no such file\n')
    expect(status).toBe(2)
  })
})

it('checks the policy of the settings when none is named', async () => {
  const file = join(folderWith({ 'a.yaml': GOOD }), 'a.yaml')
  const { out } = await weir(['check'], { environment: { WEIR_POLICY: file } })
  expect(out).toContain(`${file}: good`)
})

it('uses colours only where they are wanted', async () => {
  const file = join(folderWith({ 'a.yaml': GOOD }), 'a.yaml')
  const colour = '\u001b['
  expect((await weir(['check', file])).out).not.toContain(colour)
  expect((await weir(['check', file], { colours: true })).out).toContain(colour)
})

describe('reports for programs', () => {
  it('SARIF has the problems of all policies, and says the same by its exit status', async () => {
    const folder = folderWith({ 'a.yaml': WARNING, 'b.yaml': BAD })
    const { status, out } = await weir(['check', '--format', 'sarif', join(folder, 'a.yaml'), join(folder, 'b.yaml')])
    const { runs } = JSON.parse(out) as { runs: { results: { level: string; message: { text: string } }[] }[] }
    expect(runs[0]?.results.map(({ level, message }) => [level, message.text])).toEqual([
      ['warning', expect.stringContaining('rule never-reached is never reached')],
      ['error', 'unknown key `acton`\ndid you mean `action`?'],
    ])
    expect(status).toBe(1)
  })

  it('JUnit XML has a test for what holds, and one for each error', async () => {
    const folder = folderWith({ 'a.yaml': GOOD, 'b.yaml': BAD })
    const { status, out } = await weir(['check', '--format', 'junit', join(folder, 'a.yaml'), join(folder, 'b.yaml')])
    expect(xpath(out, 'string(//testsuite[1]/@failures)')).toBe('0')
    expect(xpath(out, 'string(//testsuite[1]/@tests)')).toBe('1')
    expect(xpath(out, 'string(//testsuite[2]//failure/@message)')).toBe('unknown key `acton`')
    expect(status).toBe(1)
  })

  it('JUnit XML has a warning as a failure only with --strict', async () => {
    const file = join(folderWith({ 'a.yaml': WARNING }), 'a.yaml')
    const lenient = await weir(['check', '--format', 'junit', file])
    expect([lenient.status, xpath(lenient.out, 'string(/testsuites/@failures)')]).toEqual([0, '0'])
    const strict = await weir(['check', '--strict', '--format', 'junit', file])
    expect([strict.status, xpath(strict.out, 'string(/testsuites/@failures)')]).toEqual([1, '1'])
  })

  it('GitHub has an annotation for each problem, and nothing else is written', async () => {
    const file = join(folderWith({ 'b.yaml': BAD }), 'b.yaml')
    const { status, out } = await weir(['check', '--format', 'github', file])
    expect(out).toMatch(
      /^::error title=weir policy,file=.*b\.yaml,line=10,endLine=10,col=5,endColumn=10::unknown key `acton`%0Adid you mean `action`\?\n$/,
    )
    expect(status).toBe(1)
  })
})

describe('a file of cases', () => {
  const CASES = 'cases:\n  - { name: a, to: a.example, expect: { action: allow } }\n'

  it('beside a policy is checked for what it is', async () => {
    const folder = folderWith({ 'a.yaml': GOOD, 'a.test.yaml': CASES })
    const { status, out } = await weir(['check', '--strict', join(folder, 'a.test.yaml'), join(folder, 'a.yaml')])
    expect(out).toContain(`${join(folder, 'a.test.yaml')}: good, 1 case, 0 errors, 0 warnings\n`)
    expect(out).toContain(`${join(folder, 'a.yaml')}: good, 2 rules`)
    expect(status).toBe(0)
  })

  it('is not good where it cannot be read', async () => {
    const file = join(folderWith({ 'a.test.yaml': CASES.replace('action', 'acton') }), 'a.test.yaml')
    const { status, out } = await weir(['check', file])
    expect(out).toContain('did you mean `action`?')
    expect(status).toBe(1)
  })
})

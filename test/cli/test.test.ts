import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { xpath } from './report-formats/xmllint.ts'
import { folderWith, type Outcome, weir } from './weir-command.ts'

const POLICY = `version: 1
rules:
  - name: push-to-ours
    to: { repositories: [github.com/acme/*] }
    operations: [git-push]
    action: allow
  - name: no-writes-elsewhere
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
    message: Push to github.com/acme.
`

const PUSH = `  - name: a push to ours
    url: https://github.com/acme/app.git/git-receive-pack
    method: POST
    expect: { action: allow, rule: push-to-ours }
`
const STEAL = `  - name: a push elsewhere
    url: https://github.com/mallory/stolen.git/git-receive-pack
    method: POST
    expect: { action: deny, rule: no-writes-elsewhere }
`
const WRONG = STEAL.replace('action: deny, rule: no-writes-elsewhere', 'action: allow, rule: push-to-ours')
const GOOD = `cases:\n${PUSH}${STEAL}`

interface Answer {
  readonly good: boolean
  readonly policies: readonly {
    readonly file: string
    readonly good: boolean
    readonly hash: string | null
    readonly files: readonly string[]
    readonly cases: readonly {
      readonly name: string
      readonly good: boolean
      readonly line: number
      readonly mismatches: readonly { readonly key: string; readonly expected: string; readonly got: string }[]
      readonly reasons: readonly { readonly rule: string | null }[]
    }[]
    readonly coverage: { readonly covered: number; readonly uncovered: readonly string[] } | null
    readonly problems: readonly { readonly message: string; readonly file: string }[]
  }[]
}

async function testJson(words: readonly string[]): Promise<{ status: number; answer: Answer }> {
  const { status, out } = await weir(['test', '--json', ...words])
  return { status, answer: JSON.parse(out) as Answer }
}

function run(files: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Outcome> {
  return weir(['test', join(folderWith(files), 'a.yaml'), ...words])
}

describe('cases that hold', () => {
  it('are counted, and every rule is shown', async () => {
    const folder = folderWith({ 'a.yaml': POLICY, 'a.test.yaml': GOOD })
    const { status, out, err } = await weir(['test', '--strict', join(folder, 'a.yaml')])
    expect(out).toBe(`${join(folder, 'a.yaml')}: good, 2 cases, 0 failed, 2 of 2 rules shown\n`)
    expect({ status, err }).toEqual({ status: 0, err: '' })
  })

  it('are told in JSON', async () => {
    const folder = folderWith({ 'a.yaml': POLICY, 'a.test.yaml': GOOD })
    const { status, answer } = await testJson([join(folder, 'a.yaml')])
    expect(status).toBe(0)
    expect(answer).toMatchObject({
      good: true,
      policies: [
        {
          good: true,
          hash: expect.stringMatching(/^[0-9a-f]{16}$/),
          files: [join(folder, 'a.test.yaml')],
          cases: [
            { name: 'a push to ours', line: 2, good: true, mismatches: [], reasons: [] },
            { name: 'a push elsewhere', line: 6, good: true },
          ],
          coverage: { covered: 2, uncovered: [] },
          problems: [],
        },
      ],
    })
  })

  it('are those of the policy of the settings when none is named', async () => {
    const file = join(folderWith({ 'a.yaml': POLICY, 'a.test.yaml': GOOD }), 'a.yaml')
    const { out } = await weir(['test'], { environment: { WEIR_POLICY: file } })
    expect(out).toContain(`${file}: good, 2 cases`)
  })
})

describe('a case that fails', () => {
  const FILES = { 'a.yaml': POLICY, 'a.test.yaml': `cases:\n${PUSH}${WRONG}` }

  it('is one line with its place, what was expected and what came, and the reasons below', async () => {
    const folder = folderWith(FILES)
    const { status, out, err } = await weir(['test', join(folder, 'a.yaml')])
    expect(out).toBe(
      [
        `${join(folder, 'a.test.yaml')}:6:11: fails: a push elsewhere: expected action allow, rule push-to-ours; got action deny, rule no-writes-elsewhere`,
        '    denied at checkpoint request: Push to github.com/acme.',
        '      push-to-ours         allow  does not match',
        '          to.repositories: repository github.com/mallory/stolen is not in github.com/acme/*',
        '    → no-writes-elsewhere  deny   matches, decides',
        '          to.category: host github.com is in category code-repository',
        '          operations: operation git-push is among write, admin',
        `${join(folder, 'a.yaml')}: not good, 2 cases, 1 failed, 2 of 2 rules shown`,
        '',
      ].join('\n'),
    )
    expect({ status, err }).toEqual({ status: 1, err: '' })
  })

  it('is told in JSON with the reasons', async () => {
    const { status, answer } = await testJson([join(folderWith(FILES), 'a.yaml')])
    expect([status, answer.good, answer.policies[0]?.good]).toEqual([1, false, false])
    const [, failed] = answer.policies[0]?.cases ?? []
    expect(failed?.mismatches).toEqual([
      { key: 'action', expected: 'allow', got: 'deny' },
      { key: 'rule', expected: 'push-to-ours', got: 'no-writes-elsewhere' },
    ])
    expect(failed?.reasons.map(({ rule }) => rule)).toEqual(['push-to-ours', 'no-writes-elsewhere'])
  })

  it('is a failure in JUnit XML, beside what holds', async () => {
    const { status, out } = await run(FILES, '--format', 'junit')
    expect(xpath(out, 'string(//testcase[failure]/@name)')).toBe('a push elsewhere')
    expect(xpath(out, 'string(/testsuites/@tests)')).toBe('2')
    expect(xpath(out, 'string(//failure)')).toContain('is not in github.com/acme/*')
    expect(status).toBe(1)
  })

  it('is an annotation for GitHub, and nothing else is written', async () => {
    const { status, out } = await run(FILES, '--format', 'github')
    expect(out).toMatch(/^::error title=weir case,file=.*a\.test\.yaml,line=6,.*::a push elsewhere: expected .*\n$/)
    expect(status).toBe(1)
  })

  it('is a result in SARIF', async () => {
    const { status, out } = await run(FILES, '--format', 'sarif')
    const { runs } = JSON.parse(out) as { runs: { results: { ruleId: string; level: string }[] }[] }
    expect(runs[0]?.results).toMatchObject([{ ruleId: 'case', level: 'error' }])
    expect(status).toBe(1)
  })

  it('is the same in colours, and only where they are wanted', async () => {
    const file = join(folderWith(FILES), 'a.yaml')
    const colour = '\u001b['
    expect((await weir(['test', file])).out).not.toContain(colour)
    const coloured = (await weir(['test', file], { colours: true })).out
    expect(coloured).toContain(`${colour}31mfails`)
    for (const format of ['junit', 'github', 'sarif']) {
      expect((await weir(['test', file, '--format', format], { colours: true })).out).not.toContain(colour)
    }
  })

  it('is written without what a terminal would act on', async () => {
    const nasty = WRONG.replace('a push elsewhere', '"\\u202e\\u2066 elsewhere"')
    const { out } = await run({ ...FILES, 'a.test.yaml': `cases:\n${nasty}` })
    expect(out).toContain('\ufffd\ufffd elsewhere')
  })
})

describe('a rule without a case', () => {
  const FILES = { 'a.yaml': POLICY, 'a.test.yaml': `cases:\n${PUSH}` }

  it('is a warning at its place in the policy', async () => {
    const folder = folderWith(FILES)
    const { status, out } = await weir(['test', join(folder, 'a.yaml')])
    expect(out).toContain(`${join(folder, 'a.yaml')}:7:11: warning: no case decides by rule no-writes-elsewhere\n`)
    expect(out).toContain(`\n  add one to ${join(folder, 'a.test.yaml')}\n`)
    expect(out).toContain(': good, 1 case, 0 failed, 1 of 2 rules shown\n')
    expect(status).toBe(0)
  })

  it('is an error with --strict, in every form', async () => {
    const strict = await run(FILES, '--strict')
    expect([strict.status, strict.out]).toEqual([1, expect.stringContaining(': not good, 1 case, 0 failed')])
    const junit = await run(FILES, '--strict', '--format', 'junit')
    expect([junit.status, xpath(junit.out, 'string(//failure/@type)')]).toEqual([1, 'coverage'])
  })

  it('is no failure but a note in JUnit XML without it', async () => {
    const { status, out } = await run(FILES, '--format', 'junit')
    expect(xpath(out, 'string(/testsuites/@failures)')).toBe('0')
    expect(xpath(out, 'string(//system-out)')).toContain('no case decides by rule no-writes-elsewhere')
    expect(status).toBe(0)
  })

  it('is counted where there are many', async () => {
    const rules = Array.from(
      { length: 25 },
      (_, at) => `  - { name: r${at}, to: { hosts: h${at}.example }, action: allow }\n`,
    )
    const policy = `version: 1\nrules:\n${rules.join('')}`
    const { out } = await run({
      'a.yaml': policy,
      'a.test.yaml': 'cases:\n  - { name: a, to: h3.example, expect: { action: allow } }\n',
    })
    expect(out.match(/no case decides by rule/g)).toHaveLength(20)
    expect(out).toContain('and 4 rules more without a case (--json names all)\n')
  })
})

describe('where cases are found', () => {
  it('in all files of a folder, whose own files are the policy', async () => {
    const folder = folderWith({ 'a.yaml': POLICY, 'a.test.yaml': `cases:\n${PUSH}`, 'b.test.yaml': `cases:\n${STEAL}` })
    const { status, answer } = await testJson(['--strict', folder])
    expect(answer.policies.map(({ file, files, cases }) => [file, files.length, cases.length])).toEqual([
      [folder, 2, 2],
    ])
    expect(status).toBe(0)
  })

  it('in a file of cases that is named, for the policy beside it, once', async () => {
    const folder = folderWith({ 'a.yaml': POLICY, 'a.test.yaml': GOOD })
    const { answer } = await testJson([join(folder, 'a.test.yaml'), join(folder, 'a.yaml')])
    expect(answer.policies.map(({ file, cases }) => [file, cases.length])).toEqual([[join(folder, 'a.yaml'), 2]])
  })

  it('in a file of cases without a policy of its name, for the folder', async () => {
    const folder = folderWith({ 'a.yaml': POLICY, 'all.test.yaml': GOOD })
    const { answer } = await testJson([join(folder, 'all.test.yaml')])
    expect(answer.policies.map(({ file, good }) => [file, good])).toEqual([[folder, true]])
  })

  it('in a file of cases anywhere that names its policy', async () => {
    const folder = folderWith({ 'a.yaml': POLICY })
    mkdirSync(join(folder, 'cases'))
    writeFileSync(join(folder, 'cases', 'x.test.yaml'), `policy: ../a.yaml\n${GOOD}`)
    const { answer } = await testJson([join(folder, 'cases', 'x.test.yaml')])
    expect(answer.policies.map(({ file, good }) => [file, good])).toEqual([[join(folder, 'a.yaml'), true]])
  })

  it('nowhere: that is not good', async () => {
    const { status, out } = await run({ 'a.yaml': POLICY })
    expect(out).toContain('error: the policy has no cases')
    expect(out).toMatch(/write some into .*a\.test\.yaml\n/)
    expect(status).toBe(1)
  })

  it('in no folder: that is not good', async () => {
    const { status, out } = await weir(['test', folderWith({ 'a.yaml': POLICY })])
    expect(out).toContain('error: the policy has no cases')
    expect(status).toBe(1)
  })

  it.each(['no-such.yaml', 'no-such.test.yaml', 'no-such-folder'])('not in %s, which is wrong usage', async (name) => {
    const { status, err } = await weir(['test', join(folderWith(), name)])
    expect(err).toMatch(/^error: .*: there is no such file\n$/)
    expect(status).toBe(2)
  })
})

describe('the inspection mode', () => {
  const clone = `cases:\n  - { name: a, to: github.com, operation: git-push, repository: github.com/acme/app, expect: { action: deny, code: doubt } }\n`

  it('of a file of cases goes over that of the policy', async () => {
    const { out, status } = await run({ 'a.yaml': POLICY, 'a.test.yaml': `inspection: never\n${clone}` })
    expect(out).toContain('0 failed')
    expect(status).toBe(0)
  })

  it('of the settings counts where the file has none', async () => {
    const files = { 'a.yaml': POLICY, 'a.test.yaml': clone }
    expect((await run(files)).status).toBe(1)
    expect((await run(files, '--inspection', 'never')).status).toBe(0)
  })
})

describe('what does not load', () => {
  it('as cases is shown with its line, a caret and the word that was meant', async () => {
    const folder = folderWith({ 'a.yaml': POLICY, 'a.test.yaml': GOOD.replace('method: POST', 'metod: POST') })
    const { status, out } = await weir(['test', join(folder, 'a.yaml')])
    expect(out).toContain(`${join(folder, 'a.test.yaml')}:4:5: error: unknown key \`metod\``)
    expect(out).toContain('\n      metod: POST\n      ^^^^^\n  did you mean `method`?\n')
    expect(status).toBe(1)
  })

  it('as a rule of the policy is shown where a case expects it', async () => {
    const folder = folderWith({
      'a.yaml': POLICY,
      'a.test.yaml': GOOD.replace('rule: push-to-ours', 'rule: push-to-our'),
    })
    const { status, out } = await weir(['test', join(folder, 'a.yaml')])
    expect(out).toContain(`${join(folder, 'a.test.yaml')}:5:36: error: the policy has no rule \`push-to-our\``)
    expect(out).toContain('did you mean `push-to-ours`?')
    expect(status).toBe(1)
  })

  it('as a policy is shown, and no case is run', async () => {
    const folder = folderWith({ 'a.yaml': POLICY.replace('action: deny', 'action: dney'), 'a.test.yaml': GOOD })
    const { status, answer } = await testJson([join(folder, 'a.yaml')])
    expect(answer.policies[0]).toMatchObject({ good: false, hash: null, cases: [], coverage: null })
    expect(answer.policies[0]?.problems[0]?.message).toContain('`dney` is not known here')
    expect(status).toBe(1)
  })

  it('does not keep another policy from its cases', async () => {
    const folder = folderWith({ 'a.yaml': 'version: 2\n', 'a.test.yaml': GOOD, 'b.yaml': POLICY, 'b.test.yaml': GOOD })
    const { status, answer } = await testJson([join(folder, 'a.yaml'), join(folder, 'b.yaml')])
    expect([status, ...answer.policies.map(({ good }) => good)]).toEqual([1, false, true])
  })
})

describe('wrong usage', () => {
  it.each<[name: string, words: readonly string[], said: string]>([
    ['an unknown format', ['--format', 'xml'], 'Allowed choices are text, sarif, junit, github'],
    [
      'two forms at once',
      ['--json', '--format', 'junit'],
      "option '--json' cannot be used with option '--format <FORMAT>'",
    ],
  ])('%s', async (_, words, said) => {
    const { status, out, err } = await weir(['test', ...words])
    expect(err).toContain(said)
    expect({ status, out }).toEqual({ status: 2, out: '' })
  })
})

it('the policies that come with Weir pass their own cases, and none of their rules is without', async () => {
  const { status, answer } = await testJson([
    '--strict',
    'policies/default.yaml',
    ...['locked-down', 'own-service', 'report-only', 'size-limit'].map((name) => `policies/examples/${name}.yaml`),
  ])
  expect(answer.policies.map(({ file, good }) => [file, good])).toEqual([
    ['policies/default.yaml', true],
    ['policies/examples/locked-down.yaml', true],
    ['policies/examples/own-service.yaml', true],
    ['policies/examples/report-only.yaml', true],
    ['policies/examples/size-limit.yaml', true],
  ])
  expect(status).toBe(0)
})

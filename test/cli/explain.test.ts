import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith, weir } from './weir-command.ts'

const POLICY = `version: 1
default: deny
groups:
  build: { networks: [10.30.0.0/16] }
repositories:
  ours: [github.com/acme/*]
rules:
  - name: read-code
    to: { category: code-repository }
    operations: [read, sign-in]
    action: allow
  - name: no-main
    to: { repositories: ours }
    operations: [git-push]
    when: { refs: [main] }
    action: deny
    message: main is protected
  - name: push-to-ours
    from: [build]
    to: { repositories: ours }
    operations: [git-push, file-write]
    limits:
      - { per: request, size: 1 MB }
    action: allow
  - name: no-writes-elsewhere
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
  - name: bank
    to: { hosts: ["*.bank.example"] }
    until: 2026-12-31T18:00Z
    action: allow
  - name: office
    to: { hosts: [intra.acme.example], networks: [10.0.0.0/8] }
    action: allow
inspection:
  bypass: [gitlab.com]
`

interface Answer {
  readonly asksWho: boolean
  readonly user: string | null
  readonly verdict: {
    readonly action: string
    readonly rule?: string | null
    readonly denial?: { readonly rule: string | null; readonly code: string; readonly message: string }
    readonly needs?: readonly string[]
  }
  readonly operation: string
  readonly repository: string | null
  readonly service: string | null
  readonly seen: string
  readonly openedFor: string | null
  readonly rules: readonly { readonly rule: string | null; readonly outcome: string; readonly decides: boolean }[]
}

async function explain(words: readonly string[], text = POLICY): Promise<Answer> {
  const policy = join(folderWith({ 'a.yaml': text }), 'a.yaml')
  const { status, out, err } = await weir(['explain', '--json', '--policy', policy, ...words])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return JSON.parse(out) as Answer
}

function summary({ verdict }: Answer): string {
  if (verdict.denial === undefined) return `${verdict.action} ${verdict.rule ?? 'default'}`
  return `${verdict.action} ${verdict.denial.rule ?? 'default'} ${verdict.denial.code}`
}

const BUILD = ['--client', '10.30.0.7']
const PUSH = ['--url', 'https://github.com/acme/widgets.git/git-receive-pack', '--method', 'POST']

describe('the verdict', () => {
  it.each<[name: string, words: readonly string[], expected: string]>([
    ['a push to a branch of ours', [...BUILD, ...PUSH, '--ref', 'topic'], 'allow push-to-ours'],
    ['by any other client', [...PUSH, '--ref', 'topic'], 'deny no-writes-elsewhere rule'],
    ['to a branch that is protected', [...BUILD, ...PUSH, '--ref', 'main'], 'deny no-main rule'],
    ['to the same as a whole ref', [...BUILD, ...PUSH, '--ref', 'refs/heads/main'], 'deny no-main rule'],
    ['to refs that are not named', [...BUILD, ...PUSH], 'undecided no-main'],
    ['at the limit', [...BUILD, ...PUSH, '--ref', 'topic', '--size', '1 MB'], 'allow push-to-ours'],
    ['one byte past it', [...BUILD, ...PUSH, '--ref', 'topic', '--size', '1000001'], 'deny push-to-ours limit'],
    [
      'by operation and repository',
      [
        ...BUILD,
        '--url',
        'github.com',
        '--operation',
        'git-push',
        '--repository',
        'GitHub.com/ACME/Widgets.git',
        '--ref',
        'x',
      ],
      'allow push-to-ours',
    ],
    [
      'by the API',
      ['--method', 'put', '--url', 'https://api.github.com/repos/mallory/stolen/contents/a'],
      'deny no-writes-elsewhere rule',
    ],
    ['a page', ['--url', 'https://github.com/mallory/stolen'], 'allow read-code'],
    ['a host that no rule names', ['--url', 'https://example.com/'], 'deny default default'],
    ['an address', ['--url', 'http://192.0.2.1/'], 'deny default default'],
    ['in time', ['--url', 'https://www.bank.example/', '--at', '2026-12-31T17:59Z'], 'allow bank'],
    ['too late', ['--url', 'https://www.bank.example/', '--at', '2026-12-31T18:00Z'], 'deny default default'],
    ['SSH', ['--url', 'github.com:22', '--operation', 'ssh'], 'deny no-main doubt'],
    ['SSH by its scheme', ['--url', 'ssh://git@github.com/acme/widgets'], 'deny no-main doubt'],
    ['git of old by its scheme', ['--url', 'git://github.com/acme/widgets'], 'deny no-main doubt'],
    ['a host at an address that is not named', ['--url', 'https://intra.acme.example'], 'undecided office'],
    ['a host at a good address', ['--url', 'https://intra.acme.example', '--address', '10.1.2.3'], 'allow office'],
    [
      'a host at another address',
      ['--url', 'https://intra.acme.example', '--address', '192.0.2.1'],
      'deny default default',
    ],
  ])('%s', async (_, words, expected) => {
    expect(summary(await explain(words))).toBe(expected)
  })
})

describe('what Weir sees', () => {
  it('is a request where a rule needs the inside', async () => {
    const answer = await explain([...PUSH, ...BUILD, '--ref', 'topic'])
    expect(answer).toMatchObject({ seen: 'request', openedFor: 'read-code', operation: 'git-push', service: 'github' })
    expect(answer.repository).toBe('github.com/acme/widgets')
  })

  it('is unopened TLS where none does', async () => {
    const answer = await explain([
      '--url',
      'https://www.bank.example/transfer',
      '--method',
      'POST',
      '--at',
      '2026-01-01T00:00Z',
    ])
    expect(answer).toMatchObject({ seen: 'tunnel', openedFor: null, operation: 'tunnel' })
  })

  it('is unopened TLS at a host under bypass, whatever is asked about', async () => {
    const answer = await explain(['--url', 'https://gitlab.com/a/b', '--operation', 'git-push'])
    expect(answer).toMatchObject({ seen: 'tunnel', operation: 'tunnel' })
  })

  it('is the request in the clear', async () => {
    expect(await explain(['--url', 'http://www.bank.example/'])).toMatchObject({ seen: 'request', openedFor: null })
  })

  it('is unopened TLS where the settings never open any, and then doubt denies', async () => {
    const answer = await explain(['--url', 'https://github.com/acme/widgets', '--inspection', 'never'])
    expect(summary(answer)).toBe('deny no-main doubt')
    expect(answer.seen).toBe('tunnel')
  })
})

describe('rule by rule', () => {
  it('says in JSON which rule decides, and what of the ones before it', async () => {
    const { rules } = await explain([...BUILD, ...PUSH, '--ref', 'topic'])
    expect(rules.filter(({ decides }) => decides).map(({ rule }) => rule)).toEqual(['push-to-ours'])
    expect(rules.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['does not match', 'does not match', 'matches'])
  })

  it('says it in words', async () => {
    const policy = join(folderWith({ 'a.yaml': POLICY }), 'a.yaml')
    const { out } = await weir(['explain', '--policy', policy, ...BUILD, ...PUSH, '--ref', 'topic'])
    expect(out).toMatch(/^allow, by rule push-to-ours, within 1 MB a request\n/)
    expect(out).toContain(
      'git-push on github.com/acme/widgets (refs/heads/topic) at github.com:443 (github) from 10.30.0.7',
    )
    expect(out).toMatch(/^ {2}read-code +allow +does not match\n {6}operations: operation git-push is not among/m)
    expect(out).toMatch(/^→ push-to-ours +allow +matches, decides$/m)
    expect(out).toMatch(/^ {2}bank +allow +not reached$/m)
  })

  it('says a refusal in the words of the rule', async () => {
    const policy = join(folderWith({ 'a.yaml': POLICY }), 'a.yaml')
    const { out } = await weir(['explain', '--policy', policy, ...BUILD, ...PUSH, '--ref', 'main'])
    expect(out).toMatch(/^deny, by rule no-main: main is protected\n/)
  })
})

const WITH_USERS = `version: 1
default: deny
groups:
  engineering: { users: [ada], networks: [10.30.0.0/16] }
budgets:
  daily: { per: user, window: 1 day, size: 1 GB }
  drip: { per: repository, window: 90 min, size: 5 MB }
rules:
  - name: engineers-push
    from: engineering
    to: { repositories: [github.com/acme/*] }
    operations: [git-push]
    limits: [{ per: request, size: 2 GB }, { budget: daily }, { budget: drip }]
    action: allow
  - name: wiki
    to: { hosts: wiki.example }
    action: allow
`

describe('users', () => {
  const push = [...PUSH, '--ref', 'topic']

  it('are who they say, and are told', async () => {
    const answer = await explain([...push, '--user', 'ada'], WITH_USERS)
    expect(summary(answer)).toBe('allow engineers-push')
    expect(answer).toMatchObject({ user: 'ada', asksWho: false })
  })

  it.each<[name: string, words: readonly string[], asks: boolean]>([
    ['without a user, where it depends on one', [], true],
    ['as another user', ['--user', 'eve'], false],
    ['from a network of a group', ['--client', '10.30.0.7'], false],
  ])('%s', async (_, words, asks) => {
    expect((await explain([...push, ...words], WITH_USERS)).asksWho).toBe(asks)
  })

  it('are not asked for where no rule asks', async () => {
    expect((await explain(['--url', 'https://wiki.example'], WITH_USERS)).asksWho).toBe(false)
  })

  it('are asked for at the CONNECT, although the request that follows needs none', async () => {
    expect((await explain(['--url', 'https://github.com/acme/widgets'], WITH_USERS)).asksWho).toBe(true)
    expect((await explain(['--url', 'http://github.com/acme/widgets'], WITH_USERS)).asksWho).toBe(false)
  })

  it('are asked for in words, and what an unnamed one would get is said', async () => {
    const policy = join(folderWith({ 'a.yaml': WITH_USERS }), 'a.yaml')
    const { out } = await weir(['explain', '--policy', policy, ...push])
    expect(out).toMatch(
      /^asked for credentials \(407\): the answer depends on the user\nwithout them: deny, by the default/,
    )
  })
})

describe('budgets', () => {
  const push = [...PUSH, '--ref', 'topic', '--user', 'ada']

  it('are told in their words', async () => {
    const policy = join(folderWith({ 'a.yaml': WITH_USERS }), 'a.yaml')
    const { out } = await weir(['explain', '--policy', policy, ...push])
    expect(out).toMatch(
      /^allow, by rule engineers-push, within 2 GB a request and 1 GB per user in 1 day \(budget daily\) and 5 MB per repository in 90 min \(budget drip\)\n/,
    )
    expect(out).toContain(' from 127.0.0.1 as ada\n')
  })

  it.each<[name: string, size: string, expected: string]>([
    ['a whole budget', '5 MB', 'allow engineers-push'],
    ['a byte more than a whole budget', '5000001', 'deny engineers-push budget'],
    ['more than a request may, whatever the budgets', '3 GB', 'deny engineers-push limit'],
  ])('hold %s', async (_, size, expected) => {
    expect(summary(await explain([...push, '--size', size], WITH_USERS))).toBe(expected)
  })
})

describe('what cannot be understood is wrong usage', () => {
  it.each<[name: string, words: readonly string[], said: string]>([
    ['no URL', [], "required option '--url <URL>' not specified"],
    ['a URL that is none', ['--url', 'https://'], '--url https://: is no address'],
    ['a scheme without a port', ['--url', 'gopher://a.example/'], 'is no address'],
    ['a client by name', ['--url', 'a.example', '--client', 'ada'], '--client ada: is no IP address'],
    [
      'a user that no credentials can name',
      ['--url', 'a.example', '--user', 'a:b'],
      '--user a:b: is no name of a user',
    ],
    ['an unknown operation', ['--url', 'a.example', '--operation', 'git-psh'], 'did you mean `git-push`?'],
    ['a family for an operation', ['--url', 'a.example', '--operation', 'write'], 'there is no such operation'],
    ['a repository without its host', ['--url', 'a.example', '--repository', '/x'], 'is not HOST/OWNER/REPO'],
    ['a size without a unit', ['--url', 'a.example', '--size', '1 pound'], 'is no size'],
    ['a time without a zone', ['--url', 'a.example', '--at', '2026-01-01T00:00'], 'is no instant with its zone'],
  ])('%s', async (_, words, said) => {
    const policy = join(folderWith({ 'a.yaml': POLICY }), 'a.yaml')
    const { status, err, out } = await weir(['explain', '--policy', policy, ...words])
    expect(err).toContain(said)
    expect({ status, out }).toEqual({ status: 2, out: '' })
  })
})

it('a policy that does not load explains nothing', async () => {
  const policy = join(folderWith({ 'a.yaml': POLICY.replace('action: allow', 'action: alow') }), 'a.yaml')
  const { status, err } = await weir(['explain', '--policy', policy, '--url', 'a.example'])
  expect(err).toContain('did you mean `allow`?')
  expect(status).toBe(1)
})

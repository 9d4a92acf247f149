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
  readonly category: string | null
  readonly route: string | null
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

describe('what is known of the service', () => {
  const OWN = `version: 1
default: allow
services:
  drop:
    category: file-sharing
    hosts: [drop.example]
    operations: [{ methods: [POST], path: "/upload/**", operation: file-upload }]
  github:
    operations: [{ methods: [POST], path: "/repos/{owner}/{repo}/odd", operation: ci-run }]
rules:
  - { name: no-uploads, to: { services: [drop, github] }, operations: [write, admin], action: deny }
`
  const post = ['--method', 'POST', '--url']

  it.each([
    [[...post, 'https://drop.example/upload/a'], 'drop file-sharing file-upload /upload/**'],
    [[...post, 'https://drop.example/other'], 'drop file-sharing unknown-write null'],
    [[...post, 'https://api.github.com/repos/a/b/odd'], 'github code-repository ci-run /repos/{owner}/{repo}/odd'],
    [[...post, 'https://drop.example/upload/a', '--operation', 'paste'], 'drop file-sharing paste null'],
    [['--url', 'http://nobody.example/'], 'null null web-read null'],
  ])('%j: %s', async (words, expected) => {
    const { service, category, operation, route } = await explain(words, OWN)
    expect([service, category, operation, route].map(String).join(' ')).toBe(expected)
  })

  it('is said in words', async () => {
    const policy = join(folderWith({ 'a.yaml': OWN }), 'a.yaml')
    const { out } = await weir(['explain', '--policy', policy, ...post, 'https://drop.example/upload/a'])
    expect(out).toContain('at drop.example:443 (drop) from 127.0.0.1\n')
    expect(out).toContain('\n  service drop, of category file-sharing\n  by the row /upload/**\n')
    const closed = await weir(['explain', '--policy', policy, '--url', 'ssh://gitlab.com/a/b'])
    expect(closed.out).toContain('\n  service gitlab, of category code-repository\n\n')
    const plain = await weir(['explain', '--policy', policy, '--url', 'http://nobody.example/'])
    expect(plain.out).not.toMatch(/^ {2}(?:service|by the row)/m)
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
    ['no URL', [], 'describe a flow with --url'],
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
    ['an amount without a unit', ['--url', 'https://a.example/', '--sent', '1 pound'], '--sent 1 pound: is no size'],
    [
      'a visibility that is none',
      ['--url', 'https://a.example/', '--visibility', 'secret'],
      'is none of public, internal, private',
    ],
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

describe('what stands inside a request', () => {
  const rule = (name: string, when: string): string =>
    `  - { name: ${name}, to: { hosts: "*.github.com" }, when: { ${when} }, action: deny }\n`
  const INSIDE = `version: 1
default: allow
rules:
${rule('long', 'sentBytes: { over: 16 kB }')}${rule('open', 'visibility: public')}${rule('runs', 'ciFiles: true')}${rule('admin', 'paths: /orgs/**')}`
  const FILE = ['--method', 'PUT', '--url', 'https://api.github.com/repos/acme/app/contents/README.md']
  const KNOWN = ['--sent', '1 kB', '--visibility', 'private']

  it.each<[string, readonly string[], string]>([
    ['a file', [...FILE, ...KNOWN], 'allow default'],
    ['at the limit', [...FILE, ...KNOWN, '--sent', '16 kB'], 'allow default'],
    ['one byte past it', [...FILE, ...KNOWN, '--sent', '16001'], 'deny long rule'],
    ['nobody says how much', [...FILE, '--visibility', 'private'], 'undecided long'],
    ['into the open', [...FILE, '--sent', '1 kB', '--visibility', 'public'], 'deny open rule'],
    ['nobody says into what', [...FILE, '--sent', '1 kB'], 'deny open doubt'],
    ['a file that the forge runs', [...FILE, ...KNOWN, '--ci-files'], 'deny runs rule'],
    [
      'by its path',
      ['--method', 'PUT', '--url', 'https://api.github.com/repos/acme/app/contents/.github/workflows/x.yml', ...KNOWN],
      'deny runs rule',
    ],
    ['a path', ['--url', 'https://api.github.com/orgs/acme', ...KNOWN], 'deny admin rule'],
    ['a path in other words', ['--url', 'https://api.github.com/%6frgs/%61cme', ...KNOWN], 'deny admin rule'],
    ['a path that nobody can tell', ['--url', 'https://api.github.com/x%2Forgs', ...KNOWN], 'deny admin doubt'],
  ])('%s', async (_, words, expected) => expect(summary(await explain(words, INSIDE))).toBe(expected))
})

describe('tenant headers', () => {
  const TENANTS = `version: 1
default: allow
groups: { build: { networks: [10.30.0.0/16] }, people: { users: [ada] } }
rules: [{ name: ssh, operations: [ssh], action: allow }]
tenants: { github: { enterprises: [acme, other], for: [build, people] } }
`
  const SET = [{ name: 'sec-GitHub-allowed-enterprise', value: 'acme,other' }]

  it.each<[name: string, words: readonly string[], expected: object]>([
    ['are told', [...BUILD, '--url', 'https://api.github.com/user'], { seen: 'request', tenantHeaders: SET }],
    ['are told in the clear', [...BUILD, '--url', 'http://github.com/'], { seen: 'request', tenantHeaders: SET }],
    [
      'are none at a host near by',
      [...BUILD, '--url', 'https://gist.github.com/'],
      { seen: 'request', tenantHeaders: [] },
    ],
    [
      'are none of others',
      ['--user', 'grace', '--url', 'https://github.com/'],
      { seen: 'tunnel', tenantHeaders: [], asksWho: false },
    ],
    ['ask who it is', ['--url', 'https://github.com/'], { asksWho: true, tenantHeaders: [] }],
    ['ask who it is in the clear', ['--url', 'http://github.com/'], { asksWho: true, tenantHeaders: [] }],
  ])('%s', async (_, words, expected) => {
    expect(await explain(words, TENANTS)).toMatchObject({ verdict: { action: 'allow' }, ...expected })
  })

  it('refuse what cannot carry them, and no rule is said to', async () => {
    const answer = await explain(['--user', 'ada', '--url', 'ssh://git@github.com/acme/app'], TENANTS)
    expect(answer.verdict).toMatchObject({ action: 'deny', denial: { code: 'tenant-unset', rule: null } })
    expect(answer.rules.filter(({ decides }) => decides)).toEqual([])
  })

  it('are told to a person', async () => {
    const policy = join(folderWith({ 'a.yaml': TENANTS }), 'a.yaml')
    const opened = await weir(['explain', '--policy', policy, ...BUILD, '--url', 'https://github.com/'])
    expect(opened.out).toContain('judged as a request; TLS is opened for `tenants`\n')
    expect(opened.out).toContain('  sets sec-GitHub-allowed-enterprise: acme,other\n')
    const refused = await weir(['explain', '--policy', policy, ...BUILD, '--url', 'ssh://git@github.com/acme/app'])
    expect(refused.out).toMatch(/^deny, by `tenants`: only certain GitHub accounts may be used at github\.com/)
  })
})

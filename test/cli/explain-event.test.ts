/** `weir explain EVENT-ID`: the sentences about a flow, where they are looked up, and that nothing in a record reaches the terminal. */
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LISTED_MAX } from '../../src/audit/content-fields.ts'
import { type EcsRecord, toEcs } from '../../src/audit/ecs.ts'
import { RECORD_LINE_BYTES_MAX } from '../../src/audit/recent-records.ts'
import { openControlSocket } from '../../src/cli/control-socket.ts'
import { REFS_TOLD_MAX } from '../../src/cli/event-story.ts'
import { COMPLAINTS_MAX } from '../../src/cli/saved-record.ts'
import { known } from '../../src/flow/fact.ts'
import { createFlow, type Flow } from '../../src/flow/flow.ts'
import type { RecordMoment } from '../../src/flow/ports.ts'
import type { ContentFacts } from '../../src/flow/subject.ts'
import type { Denial } from '../../src/flow/verdict.ts'
import { unlooked } from '../../src/flow/unlooked.ts'
import { parseAddress } from '../../src/net/address.ts'
import { parseAuthority } from '../../src/net/destination.ts'
import { folderWith, type Outcome, weir, type WeirOptions } from './weir-command.ts'

const ID = 'm3ng8ce6h1dec'
const OTHER_ID = 'n2msew53gas7z'
const AT = Date.UTC(2026, 0, 2, 3, 4, 5)

const ALLOW: Flow['verdict'] = { action: 'allow', rule: 'ours', limits: [], wouldDeny: [] }

function denied(changes: Partial<Denial> = {}): Partial<Flow> {
  const denial: Denial = {
    code: 'rule',
    rule: 'no-secrets-out',
    message: 'A credential is in it.',
    unseen: [],
    ...changes,
  }
  return { verdict: { action: 'deny', denial, wouldDeny: [] }, checkpoint: 'body', status: 403 }
}

function flowOf(fields: Partial<Flow>): Flow {
  const address = parseAddress('10.1.2.3')
  if (address === null) throw new Error('not an address')
  const flow = createFlow({
    id: ID,
    kind: 'request',
    startedAt: AT - 250,
    client: { address, port: 40_000 },
    destination: parseAuthority('github.com:443', null),
    request: {
      method: 'POST',
      scheme: 'https',
      target: '/acme/weir.git/git-receive-pack',
      httpVersion: '1.1',
      userAgent: null,
    },
  })
  return Object.assign(flow, fields)
}

function recordOf(fields: Partial<Flow>, moment: RecordMoment = 'end'): EcsRecord {
  return toEcs(flowOf(fields), moment, AT, 'hash')
}

const CONTENT: ContentFacts = {
  payload: known({
    types: ['text/plain', 'application/zip'],
    files: ['src/a.ts'],
    encrypted: ['backup.zip: an archive with a password'],
    archives: ['zip'],
    entropy: 7.9912,
    incomplete: ['an archive deeper than 8 levels'],
  }),
  secrets: known({
    findings: [
      {
        rule: 'github-token',
        title: 'a personal access token of GitHub',
        place: { commit: '0123456789abcdef0123456789abcdef01234567', within: ['backup.zip', 'src/.env'] },
        line: 3,
        excerpt: 'TOKEN=ghp_****',
      },
      { rule: 'private-key', title: 'a private key', place: { commit: null, within: [] }, line: 1, excerpt: '' },
    ],
    incomplete: [],
  }),
  ownSource: known({
    source: {
      bytes: 1_200_000,
      ofBytes: 1_898_000,
      repositories: [
        { name: 'acme/monorepo', blobs: 213, partial: 4, bytes: 1_000_000 },
        { name: 'acme/tools', blobs: 1, partial: 0, bytes: 150_000 },
        { name: 'acme/old', blobs: 0, partial: 1, bytes: 50_000 },
      ],
    },
    incomplete: ['the index is being read'],
  }),
  pack: known({
    objects: 120,
    largestBlob: 12_000_000,
    newRoot: true,
    authors: ['ada@acme.example', 'grace@acme.example'],
    ciFiles: ['.github/workflows/ci.yml'],
    ciNamed: [],
    incomplete: [],
  }),
}

const PUSH: Partial<Flow> = {
  ...denied(),
  user: 'ada',
  service: 'github',
  operation: 'git-push',
  repository: 'github.com/acme/weir',
  refs: [
    { name: 'refs/heads/main', kind: 'update' },
    { name: 'refs/heads/new', kind: 'create' },
  ],
  lfs: { objects: 2, bytes: 700 },
  content: CONTENT,
  openedFor: 'ours',
  bytesUp: 4_300_000,
  uploadSize: 4_200_000,
}

function linesOf(...records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

/** Explains the event from a saved record with this text. */
function explain(text: string, more: readonly string[] = [], options: WeirOptions = {}): Promise<Outcome> {
  const file = join(folderWith({ 'weir.jsonl': text }), 'weir.jsonl')
  return weir(['explain', ID, '--record', file, ...more], options)
}

async function told(fields: Partial<Flow>, moment: RecordMoment = 'end'): Promise<readonly string[]> {
  const { status, out, err } = await explain(linesOf(recordOf(fields, moment)))
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return out.trimEnd().split('\n')
}

/** A folder with the control socket of a Weir that keeps these, until the test ends. */
async function running(events: Readonly<Record<string, string>>): Promise<string> {
  const data = folderWith()
  const control = await openControlSocket(data, { status: () => ({}), event: (id) => events[id] ?? null })
  onTestFinished(() => control.close())
  return data
}

describe('what is told of a flow', () => {
  it('is everything in its order', async () => {
    expect(await told(PUSH, 'denied')).toEqual([
      `Event ${ID}: on 2026-01-02 at 03:04:05 UTC, user ada, at 10.1.2.3, asked for POST https://github.com/acme/weir.git/git-receive-pack.`,
      'It was the operation git-push on the repository github.com/acme/weir at the service github.',
      'It asked to update refs/heads/main, create refs/heads/new.',
      'Its upload was 4.2 MB, as far as it was read.',
      'Ahead of it the client had sent 2 objects of LFS to that repository, 700 B.',
      'TLS was opened for rule ours.',
      'It was denied by rule no-secrets-out, at the checkpoint body.',
      'The reason that was given: A credential is in it.',
      'The client saw status 403.',
      'Nothing of its body went upstream.',
      'Found:',
      '  a personal access token of GitHub (github-token) in commit 0123456, backup.zip > src/.env, line 3: TOKEN=ghp_****',
      '  a private key (private-key) in the upload itself, line 1',
      '  source of your own, 63.2 % of what was looked at (1.2 MB): 213 blobs of acme/monorepo, parts of 4 more; 1 blob of acme/tools; parts of 1 blob of acme/old',
      '  file types: text/plain, application/zip',
      '  archives: zip',
      '  enciphered: backup.zip: an archive with a password',
      '  entropy of 7.99 bits a byte, in the piece with the most',
      '  a pack of 120 objects, the largest file 12 MB',
      '  a root commit: a history that does not begin in the repository’s own',
      '  authors: ada@acme.example, grace@acme.example',
      '  files that the forge runs: .github/workflows/ci.yml',
      'Not looked at:',
      '  an archive deeper than 8 levels',
      '  the index is being read',
    ])
  })

  it('is little of a client that was not let in', async () => {
    const lines = await told({ ...denied({ code: 'client-refused', rule: null }), destination: null, request: null })
    expect(lines[0]).toBe(
      `Event ${ID}: on 2026-01-02 at 03:04:05 UTC, a client without a user, at 10.1.2.3, connected.`,
    )
    expect(lines.slice(1)).toEqual([
      'It was denied by a guard that stands above every rule (client-refused), at the checkpoint body.',
      'The reason that was given: A credential is in it.',
      'No byte went through it.',
    ])
  })

  it('is of a tunnel where to, how long, and how much', async () => {
    const tunnel = { request: null, startedAt: AT - 11_000_000, bytesUp: 5_000, bytesDown: 7_000_000, verdict: ALLOW }
    const lines = await told(tunnel, 'alive')
    expect(lines[0]).toContain('asked for a connection to github.com:443.')
    expect(lines.slice(1)).toEqual([
      'It had lasted 3 h by then.',
      'It was still going on, allowed by rule ours.',
      'The client sent 5 kB and was sent 7 MB.',
    ])
  })

  it.each<[destination: string, scheme: 'http' | 'https', target: string, url: string]>([
    ['github.com:8443', 'https', '/a?b=c', 'https://github.com:8443/a?b=c'],
    ['example.com:443', 'http', '/', 'http://example.com:443/'],
    ['[2001:db8::1]:80', 'http', '/x', 'http://[2001:db8::1]/x'],
  ])('has of %s the whole URL', async (authority, scheme, target, url) => {
    const request = { method: 'GET', scheme, target, httpVersion: '1.1', userAgent: null }
    const [first] = await told({ ...denied(), request, destination: parseAuthority(authority, null) })
    expect(first).toContain(`asked for GET ${url}.`)
  })

  it.each<[name: string, denial: Partial<Denial>, said: string]>([
    ['a rule', {}, 'rule no-secrets-out'],
    ['the default', { code: 'default', rule: null }, 'the default'],
    ['doubt', { code: 'doubt' }, 'doubt: rule no-secrets-out refuses what it cannot see'],
    ['doubt above the rules', { code: 'doubt', rule: null }, 'doubt'],
    ['a limit', { code: 'limit' }, 'a limit of rule no-secrets-out'],
    ['a limit of an address', { code: 'limit', rule: null }, 'a limit'],
    ['a budget', { code: 'budget' }, 'a budget of rule no-secrets-out'],
    ['tenants', { code: 'tenant-unset', rule: null }, '`tenants`'],
    ['a guard', { code: 'malformed', rule: null }, 'a guard that stands above every rule (malformed)'],
  ])('names what denied it: %s', async (_, denial, said) => {
    expect(await told(denied(denial))).toContain(`It was denied by ${said}, at the checkpoint body.`)
  })

  it('names what could not be seen', async () => {
    const lines = await told(denied({ code: 'doubt', unseen: ['secrets', 'pack'] }))
    expect(lines).toContain('Could not be seen: whether a secret is in it, what is in the pack.')
    const text = linesOf({ ...recordOf(denied()), 'weir.unseen': ['toString'] })
    expect((await explain(text)).out).toContain('Could not be seen: toString.\n')
  })

  it.each<[name: string, fields: Partial<Flow>, said: readonly string[]]>([
    ['allowed', { verdict: ALLOW }, ['It was allowed by rule ours.']],
    ['allowed by the default', { verdict: { ...ALLOW, rule: null } }, ['It was allowed by the default.']],
    [
      'a reporting rule would have denied',
      { verdict: { ...ALLOW, wouldDeny: [{ rule: 'watch', message: '' }] } },
      ['It was allowed by rule ours.', 'It would have been denied by rule watch, which only reports.'],
    ],
    [
      'failed',
      { verdict: ALLOW, failure: { code: 'upstream-refused', message: 'github.com refused the connection' } },
      ['It failed: github.com refused the connection (upstream-refused).', 'Until then it was allowed by rule ours.'],
    ],
    [
      'failed early',
      { failure: { code: 'client-aborted', message: 'the client went away' } },
      ['It failed: the client went away (client-aborted).', 'Nothing was decided until then.'],
    ],
    [
      'asked who it is',
      denied({ code: 'credentials-needed' }),
      ['It was asked for credentials: nothing was decided yet.'],
    ],
    ['ended', {}, ['It ended before anything was decided.']],
  ])('says what became of one that was %s', async (_, fields, said) => {
    expect(await told(fields)).toEqual(expect.arrayContaining([...said]))
  })

  it('says how much of the body went upstream, and how much there was', async () => {
    const lines = await told({ verdict: ALLOW, bytesUp: 4_000, upstreamBodyBytes: 4_000 })
    expect(lines).toEqual(expect.arrayContaining(['Its body was 4 kB.', '4 kB of its body went upstream.']))
    expect((await told({ verdict: ALLOW, uploadSize: 3_000, bytesUp: 4_000 })).join()).toMatch(
      /Its upload was 3 kB\.,(?!.*Its body)/,
    )
  })

  it('says of an upload that nothing was found in it, or nobody looked', async () => {
    const said = 'The record does not say what was in it: nothing was found, or no rule asked.'
    expect(await told({ verdict: ALLOW, uploadSize: 1 })).toContain(said)
    expect(await told({ verdict: ALLOW })).not.toContain(said)
    const lines = await told({ verdict: ALLOW, uploadSize: 1, content: unlooked('the scanners are busy') })
    expect(lines.slice(-2)).toEqual(['Not looked at:', '  the scanners are busy'])
  })

  it('has colours only where they are wanted', async () => {
    const text = linesOf(recordOf(PUSH))
    expect((await explain(text)).out).not.toContain('\u001b')
    const { out } = await explain(text, [], { colours: true })
    expect(out).toContain('It was \u001b[31mdenied\u001b[39m by rule')
    expect(out).toContain('\u001b[1mFound:\u001b[22m')
  })
})

describe('lists that are long', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `n${at}`)

  it('of refs end with how many more there are', async () => {
    const refsOf = (count: number): Partial<Flow> => ({
      ...denied(),
      refs: many(count).map((name) => ({ name, kind: 'create' })),
    })
    expect(await told(refsOf(REFS_TOLD_MAX))).toContainEqual(expect.stringMatching(/^It asked to create n0,.* n19\.$/))
    const more = await told(refsOf(REFS_TOLD_MAX + 1))
    expect(more).toContainEqual(expect.stringMatching(/^It asked to create n0,.* n19, and 1 more\.$/))
  })

  it('of secrets too', async () => {
    const secretsOf = (count: number): Partial<Flow> => {
      const findings = many(count).map((title) => ({
        rule: 'r',
        title,
        place: { commit: null, within: [] },
        line: 1,
        excerpt: '',
      }))
      return { ...denied(), content: { ...CONTENT, secrets: known({ findings, incomplete: [] }) } }
    }
    expect((await told(secretsOf(LISTED_MAX))).filter((line) => line.includes('secret'))).not.toContainEqual(
      expect.stringContaining('more'),
    )
    expect(await told(secretsOf(LISTED_MAX + 2))).toContain('  and 2 secrets more')
  })

  it('say where the record may have left something out', async () => {
    const listsOf = (count: number): Partial<Flow> => {
      const payload = {
        types: many(count),
        files: [],
        encrypted: [],
        archives: [],
        entropy: 0,
        incomplete: many(count),
      }
      return { ...denied(), content: { ...unlooked('n0'), payload: known(payload) } }
    }
    expect((await told(listsOf(LISTED_MAX - 1))).join()).not.toContain('perhaps more')
    const lines = await told(listsOf(LISTED_MAX))
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}file types: n0,.* n19, and perhaps more/))
    expect(lines.at(-1)).toBe('  and perhaps more: a record lists no more')
  })
})

describe('texts that somebody else chose', () => {
  const EVIL = '\u001b[2J\u0007\u009b31m\u202e\n\r\u0000'

  /** Every text in it, but what the form fixes, with what a terminal would act on. */
  function poison(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return value.map((each) => poison(each, path))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poison(each, `${path}${key}`)]))
    }
    const fixed = /@timestamp|event\.(?:id|action)|weir\.refskind|weir\.reason|weir\.verdict/.test(path)
    return typeof value === 'string' && !fixed ? `${value}${EVIL}` : value
  }

  const everything = recordOf({
    ...PUSH,
    failure: { code: 'upstream-broken', message: 'broken' },
    verdict: {
      action: 'deny',
      denial: { code: 'doubt', rule: 'r', message: 'm', unseen: ['pack'] },
      wouldDeny: [{ rule: 'watch', message: '' }],
    },
  })

  it.each<[name: string, changes: EcsRecord]>([
    ['of a denial', {}],
    ['of a guard', { 'weir.reason': `x${EVIL}` }],
    ['of a failure', { 'event.action': 'failed' }],
    ['of a tunnel', { 'http.request.method': undefined }],
  ])('%s never reach the terminal as they are', async (_, changes) => {
    const text = linesOf(Object.assign({}, poison(everything, ''), changes))
    const { status, out } = await explain(text)
    expect(status).toBe(0)
    expect(out).toContain('\ufffd[2J')
    expect(out).not.toMatch(/[^\P{C}\n]/u)
    const { out: json } = await explain(text, ['--json'])
    expect(json.trimEnd()).not.toMatch(/\p{C}/u)
    expect(JSON.parse(json)).toEqual(JSON.parse(text))
  })

  it('in what is no record are not told', async () => {
    const { err } = await explain(`${EVIL}\n{"a":"${EVIL}"}\n`)
    expect(err).not.toMatch(/[^\P{C}\n]/u)
  })

  it('in the name of a file are told without it', async () => {
    const { err } = await weir(['explain', `${ID}${EVIL}`])
    expect(err).not.toMatch(/[^\P{C}\n]/u)
  })
})

describe('a saved record', () => {
  it('is searched to its end: the last line of an event counts, whatever it is about', async () => {
    const text = linesOf(
      { event: 'ready', version: '1' },
      recordOf({ verdict: ALLOW, bytesUp: 1 }, 'alive'),
      { ...recordOf(denied()), 'event.id': OTHER_ID },
      recordOf({ verdict: ALLOW, bytesUp: 2 }, 'alive'),
    )
    const { status, out, err } = await explain(text, ['--json'])
    expect(JSON.parse(out)).toMatchObject({ 'event.id': ID, 'weir.bytes.up': 2 })
    expect({ status, err }).toEqual({ status: 0, err: '' })
  })

  it('may come on standard input, in any pieces', async () => {
    const text = Buffer.from(linesOf(recordOf({ ...denied(), user: 'ada é' })).trimEnd())
    const input = Array.from(text, (byte) => Uint8Array.of(byte))
    const { status, out } = await weir(['explain', ID, '--record', '-'], { input })
    expect([status, out]).toEqual([0, expect.stringContaining('user ada é, at')])
  })

  it('has lines that are none told and passed over', async () => {
    const record = recordOf(denied())
    const bad = [
      'no JSON',
      '[1',
      'null',
      '"text"',
      '{}',
      JSON.stringify({ ...record, 'weir.bytes.up': 'many' }),
      JSON.stringify({ ...record, 'event.action': '__proto__' }),
    ]
    const file = join(folderWith({ 'weir.jsonl': `\r\n${linesOf(record)}${bad.join('\n')}\n` }), 'weir.jsonl')
    const { status, out, err } = await weir(['explain', ID, '--record', file])
    expect([status, out]).toEqual([0, expect.stringContaining('It was denied')])
    const line = (number: number, fault: string): string =>
      `${file}:${number}:1: warning: this line ${fault}; it is passed over`
    expect(err.trimEnd().split('\n')).toEqual([
      line(3, 'is no JSON'),
      line(4, 'is no JSON'),
      line(5, 'is no record'),
      line(6, 'is no record'),
      line(7, 'is no record'),
      line(8, 'is no record of this version of weir'),
      line(9, 'is no record of this version of weir'),
    ])
  })

  it('has a line that is not text passed over', async () => {
    const input = [Buffer.from([0x22, 0xff, 0x22, 0x0a]), Buffer.from(linesOf(recordOf(denied())))]
    const { status, err } = await weir(['explain', ID, '--record', '-'], { input })
    expect([status, err]).toEqual([
      0,
      'standard input:1:1: warning: this line is not text in UTF-8; it is passed over\n',
    ])
  })

  it.each([
    ['of as many bytes as a line may have', 0, 0, ''],
    ['of one more', 1, 1, `this line is longer than ${RECORD_LINE_BYTES_MAX} bytes; it is passed over`],
  ])('has a line %s', async (_, more, expected, said) => {
    const line = linesOf(recordOf({ ...denied(), user: '' })).trimEnd()
    const long = line.replace(
      '"user.name":""',
      `"user.name":"${'x'.repeat(RECORD_LINE_BYTES_MAX - line.length + more)}"`,
    )
    const { status, err } = await weir(['explain', ID, '--record', '-'], { input: [Buffer.from(`${long}\n`)] })
    expect([status, err]).toEqual([expected, expect.stringContaining(said)])
  })

  it.each([
    [0, ''],
    [1, 'and 1 line more that were passed over\n'],
  ])('tells only the first lines that are no records, and %i more', async (more, said) => {
    const { err } = await explain('x\n'.repeat(COMPLAINTS_MAX + more) + linesOf(recordOf(denied())))
    const lines = err.trimEnd().split('\n')
    expect(lines.filter((line) => line.endsWith('it is passed over'))).toHaveLength(COMPLAINTS_MAX)
    expect(err.endsWith(`passed over\n${said}`)).toBe(true)
  })

  it('without the event says where it looked and where else there is to look', async () => {
    const file = join(folderWith({ 'weir.jsonl': linesOf({ ...recordOf({}), 'event.id': OTHER_ID }) }), 'weir.jsonl')
    const { status, out, err } = await weir(['explain', ID, '--record', file])
    expect([status, out]).toEqual([1, ''])
    expect(err).toBe(
      `error: event ${ID} is not in ${file}, of which 1 line was read: look in another record, or ask the running weir without --record\n`,
    )
    expect((await explain('')).err).toContain('of which 0 lines were read')
  })

  it.each<[name: string, path: (folder: string) => string, said: string]>([
    ['that is not there', (folder) => join(folder, 'none'), 'there is no such file'],
    ['that is a folder', (folder) => folder, 'is a folder, not a file'],
  ])('%s is wrong usage', async (_, path, said) => {
    const file = path(folderWith())
    const { status, err } = await weir(['explain', ID, '--record', file])
    expect([status, err]).toEqual([2, `error: ${file}: ${said}\n`])
  })
})

describe('a running Weir', () => {
  it('is asked where no record is named', async () => {
    const data = await running({ [ID]: JSON.stringify(recordOf(PUSH)) })
    const { status, out, err } = await weir(['explain', ID, '--data', data])
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(out).toContain('It was denied by rule no-secrets-out')
    const { out: json } = await weir(['explain', ID, '--json'], { environment: { WEIR_DATA: data } })
    expect(JSON.parse(json)).toEqual(recordOf(PUSH))
  })

  it.each([ID.toUpperCase(), ID.replace('1', 'l'), `urn:weir:event:${ID}`])('knows it as %s too', async (text) => {
    const data = await running({ [ID]: JSON.stringify(recordOf(PUSH)) })
    expect((await weir(['explain', text, '--data', data])).status).toBe(0)
  })

  it('that does not know it says what it keeps and where else there is to look', async () => {
    const data = await running({})
    const { status, out, err } = await weir(['explain', ID, '--data', data])
    expect([status, out]).toEqual([1, ''])
    expect(err).toMatch(
      /^error: the running weir of \S+ does not know event m3ng8ce6h1dec: since its start it keeps the last 10000 records .* look in its saved record with --record FILE, or ask another weir with --data DIR\n$/,
    )
  })

  it.each<[name: string, said: string]>([
    ['another event', JSON.stringify({ ...recordOf(PUSH), 'event.id': OTHER_ID })],
    ['another form', JSON.stringify({ 'event.id': ID })],
    ['a bare value', '7'],
  ])('that answers with %s is none', async (_, said) => {
    const { status, out, err } = await weir(['explain', ID, '--data', await running({ [ID]: said })])
    expect([status, out, err]).toEqual([1, '', 'error: what answers there is no weir of this version\n'])
  })

  it('that answers with what is no JSON is none', async () => {
    const { status, err } = await weir(['explain', ID, '--data', await running({ [ID]: '<html>' })])
    expect([status, err]).toEqual([1, expect.stringContaining('what answers there is no weir; name the data folder')])
  })

  it('that is not there is told', async () => {
    const { status, err } = await weir(['explain', ID, '--data', folderWith()])
    expect([status, err]).toEqual([1, expect.stringContaining('no weir runs there; name the data folder')])
  })

  it.each([
    ['of as many bytes as a line may have', 0, 0, ''],
    ['of one more', 1, 1, 'the answer is too long'],
  ])('may answer with a line %s', async (_, more, expected, said) => {
    const line = JSON.stringify(recordOf({ ...denied(), user: '' }))
    const user = 'x'.repeat(RECORD_LINE_BYTES_MAX - line.length + more)
    const data = await running({ [ID]: line.replace('"user.name":""', `"user.name":"${user}"`) })
    const { status, err } = await weir(['explain', ID, '--data', data])
    expect([status, err]).toEqual([expected, expect.stringContaining(said)])
  })
})

describe('wrong usage', () => {
  it.each<[name: string, words: readonly string[], said: string]>([
    ['nothing', [], 'name an event id, or describe a flow with --url'],
    ['only --json', ['--json'], 'name an event id, or describe a flow with --url'],
    ['both', [ID, '--url', 'https://github.com/'], 'an event id and --url are two questions: ask one of them'],
    [
      'what describes a flow',
      [ID, '--user', 'ada', '--ci-files'],
      '--user, --ci-files: only of a flow in words, with --url',
    ],
    ['a policy', [ID, '--policy', 'a.yaml'], '--policy: only of a flow in words, with --url'],
    ['a record without an id', ['--record', '-'], '--record: only of an event id'],
    ['a data folder without an id', ['--url', 'github.com', '--data', 'data'], '--data: only of an event id'],
    [
      'two places',
      [ID, '--record', '-', '--data', 'data'],
      '--record reads what was saved, --data asks a running weir',
    ],
    ['no event id', ['https://github.com/'], 'https://github.com/: is no event id, such as m3ng8ce6h1dec;'],
    ['two ids', [ID, OTHER_ID], 'too many arguments'],
  ])('%s', async (_, words, said) => {
    const { status, out, err } = await weir(['explain', ...words])
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain(said)
  })
})

/** What a pack brings beside its files decides over a push: a history of its own, sizes, numbers, people, files that run, and words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomBytes } from '../support/git-client.ts'
import { TOKEN, WITH_TOKEN } from './files.ts'
import { type GitStage, type PushOptions, type Pushed, startGitStage, type Step } from './git-stage.ts'
import { policyWith } from './stage.ts'
import { Tally } from './tally.ts'

interface Push {
  readonly steps: readonly Step[]
  readonly onto?: 'base' | 'nothing'
  readonly push?: PushOptions
}

interface Row {
  readonly condition: string
  readonly wanted: string
  readonly name: string
  readonly marked: Push
  readonly harmless: Push
}

const NOTE = Buffer.from('Something else.\n')
const MALLORY = 'Mallory <mallory@elsewhere.example>'

function file(name: string, bytes: Buffer = NOTE, more: Partial<Step> = {}): Push {
  return { steps: [{ files: { [name]: bytes }, ...more }] }
}

function many(count: number): Push {
  const entries = Array.from({ length: count }, (_, at) => [`notes/${at}.txt`, Buffer.from(`Note ${at}.\n`)] as const)
  return { steps: [{ files: Object.fromEntries(entries) }] }
}

/** By one commit each, so that what is marked is neither first nor last. */
function amid({ steps }: Push): Push {
  return { steps: [{ files: { 'a.txt': NOTE } }, ...steps, { files: { 'b.txt': NOTE } }] }
}

function inChunks(push: Push): Push {
  return { ...push, push: { config: { 'http.postBuffer': '1024' } } }
}

const LARGE = randomBytes(150_000, 'large')
const SMALL = randomBytes(90_000, 'small')

const ROWS: readonly Row[] = [
  row('newRoot', 'true', 'one commit', { ...file('a.txt'), onto: 'nothing' }, file('a.txt')),
  row('newRoot', 'true', 'several commits', { ...amid(many(3)), onto: 'nothing' }, amid(many(3))),
  row('largestBlob', '{ over: 100 KB }', 'one file', file('a.bin', LARGE), file('a.bin', SMALL)),
  row('largestBlob', '{ over: 100 KB }', 'one amid others', amid(file('a.bin', LARGE)), amid(file('a.bin', SMALL))),
  row('largestBlob', '{ over: 100 KB }', 'chunks', inChunks(file('a.bin', LARGE)), inChunks(file('a.bin', SMALL))),
  // It takes a few hundred bytes on its way.
  row(
    'largestBlob',
    '{ over: 100 KB }',
    'one that is all zeros',
    file('a.bin', Buffer.alloc(150_000)),
    file('a.bin', Buffer.alloc(90_000)),
  ),
  row('objects', '{ over: 20 }', 'many files', many(30), many(10)),
  row(
    'authors',
    '{ outside: "*@acme.example" }',
    'its author',
    file('a.txt', NOTE, { author: MALLORY }),
    file('a.txt'),
  ),
  row(
    'authors',
    '{ outside: "*@acme.example" }',
    'its committer',
    amid(file('a.txt', NOTE, { committer: MALLORY })),
    amid(file('a.txt')),
  ),
  row('authors', 'mallory@elsewhere.example', 'a name', amid(file('a.txt', NOTE, { author: MALLORY })), file('a.txt')),
  row('ciFiles', 'true', 'a workflow', file('.github/workflows/ci.yml'), file('.github/ISSUE_TEMPLATE.md')),
  row('ciFiles', 'true', 'one that goes again', goesAgain('.gitlab-ci.yml'), goesAgain('gitlab-ci.md')),
  row('secrets', 'true', 'its message', file('a.txt', NOTE, { message: `Log in\n\n${TOKEN}\n` }), file('a.txt')),
  row(
    'secrets',
    'true',
    'the name of its author',
    file('a.txt', NOTE, { author: `${TOKEN} <ada@acme.example>` }),
    file('a.txt'),
  ),
  row(
    'secrets',
    'true',
    'the name of its branch',
    { ...file('a.txt'), push: { refspecs: [`{branch}:refs/heads/${TOKEN}`] } },
    { ...file('a.txt'), push: { refspecs: ['{branch}:refs/heads/topic'] } },
  ),
  row(
    'secrets',
    'true',
    'an option of the push',
    { ...file('a.txt'), push: { options: ['-o', `note=${TOKEN}`] } },
    { ...file('a.txt'), push: { options: ['-o', 'note=none'] } },
  ),
  row('secrets', 'true', 'the name of a file', file(`notes/${TOKEN}.txt`), file('notes/none.txt')),
]

function row(condition: string, wanted: string, name: string, marked: Push, harmless: Push): Row {
  return { condition, wanted, name, marked, harmless }
}

function goesAgain(name: string): Push {
  return { steps: [{ files: { [name]: NOTE } }, { files: { [name]: null } }] }
}

const tally = new Tally('packs')

afterAll(() => tally.print())

describe.each(['sha1', 'sha256'] as const)('object ids of %s', (objectFormat) => {
  let stage: GitStage
  let repositories = 0

  beforeAll(async () => {
    stage = await startGitStage({ policy: policyWith('none', '{ secrets: true }'), objectFormat })
  })

  afterAll(() => stage?.close())

  async function pushTo(repository: string, { steps, onto = 'base', push: told = {} }: Push): Promise<Pushed> {
    const branch = await stage.commit(steps, onto)
    const refspecs = (told.refspecs ?? ['{branch}']).map((each) => each.replaceAll('{branch}', branch))
    return stage.push(repository, branch, { ...told, refspecs })
  }

  // By the newer ids only as much as shows that they are read.
  const rows = ROWS.filter((_, at) => objectFormat === 'sha1' || at % 4 === 0)

  it.each(rows.map((each) => [each.condition, each.name, each] as const))(
    '%s, by %s',
    async (condition, name, each) => {
      const { wanted, marked, harmless } = each
      const rule = `no-${condition.toLowerCase()}`
      stage.weir.renew(policyWith(rule, `{ ${condition}: ${wanted} }`))
      const repository = await stage.createRepository(`acme/pack-${++repositories}`)
      const denied = await pushTo(repository, marked)
      tally.count(name, condition, 'marked', denied.code === 0)
      expect(denied.stderr).toContain(`(weir: refused by rule ${rule})`)
      expect(denied.code).toBe(1)
      expect(denied.record).toMatchObject({ 'rule.name': rule, 'weir.reason': 'rule', 'weir.upstream.bodyBytes': 0 })
      expect(denied.record['weir.content.incomplete']).toBeUndefined()
      expect(denied.packBytes).toBe(0)
      expect(await stage.ask(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main\n')
      const passed = await pushTo(repository, harmless)
      tally.count(name, condition, 'harmless', passed.code === 0)
      expect(passed.code, `${passed.stderr}${JSON.stringify(passed.record)}`).toBe(0)
      expect(passed.packBytes).toBeGreaterThan(0)
    },
  )
})

describe('a push that carries nothing', () => {
  let stage: GitStage

  beforeAll(async () => {
    stage = await startGitStage({ policy: policyWith('no-secrets', '{ secrets: true, newRoot: false }') })
    await stage.createRepository('acme/bare')
  })

  afterAll(() => stage?.close())

  it('has nothing in it: a branch where its commit is, and one less', async () => {
    const made = await stage.push('acme/bare', 'base', { refspecs: ['base:refs/heads/again'] })
    expect(made.code, made.stderr).toBe(0)
    const gone = await stage.push('acme/bare', 'base', { refspecs: [':refs/heads/again'] })
    expect(gone.code, gone.stderr).toBe(0)
  })

  it('says it in the name of a branch all the same', async () => {
    stage.weir.renew(policyWith('no-secrets', '{ secrets: true }'))
    const pushed = await stage.push('acme/bare', 'base', { refspecs: [`base:refs/heads/${TOKEN}`] })
    expect(pushed.stderr).toContain('(weir: refused by rule no-secrets)')
    const blob = await stage.push('acme/bare', await stage.commit([{ files: { [WITH_TOKEN.name]: WITH_TOKEN.bytes } }]))
    expect(blob.stderr).toContain('(weir: refused by rule no-secrets)')
  })
})

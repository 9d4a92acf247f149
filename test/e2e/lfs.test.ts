/** Objects of git-lfs, which go to another host than the push: the real git-lfs through Weir, and what a client could make of its announcements. */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EcsRecord } from '../../src/audit/ecs.ts'
import { curl } from './support/curl.ts'
import { commitRandom, createWorkTree, git, randomBytes } from './support/git-client.ts'
import { type LfsForge, startLfsForge, STORE } from './support/lfs-forge.ts'
import type { ProgramResult } from './support/program.ts'
import { SHIPPED } from './support/scenario-stage.ts'
import { temporaryFolder } from './support/temporary.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const POLICY = `
version: 1
default: deny
repositories:
  ours: [github.com/acme/*]
  small: [github.com/acme/counted]
groups:
  staff: { users: [ada, grace] }
budgets:
  daily: { per: user, window: 1 day, size: 300 KB }
rules:
  - name: reading
    from: staff
    operations: [read, sign-in]
    action: allow
  - name: no-branch-of-theirs
    to: { repositories: ours }
    operations: [git-push]
    when: { refs: [refs/heads/closed] }
    action: deny
    message: This branch is closed.
  - name: write-to-counted
    to: { repositories: small }
    operations: [write]
    limits: [{ budget: daily }]
    action: allow
  - name: write-to-ours
    to: { repositories: ours }
    operations: [write]
    limits: [{ per: request, size: 1 MB }]
    action: allow
  - name: no-writes-elsewhere
    operations: [write, admin]
    action: deny
    message: Push to github.com/acme, or ask the platform team.
`
const KB_200 = 200_000
const COST = 4

let lfs: LfsForge
let weir: TestWeir

beforeAll(async () => {
  lfs = await startLfsForge()
  weir = await start(POLICY)
})

afterAll(async () => {
  await weir?.close()
  await lfs?.close()
})

beforeEach(() => {
  lfs.mishaps.splice(0)
  lfs.expireIn(900)
  lfs.keepHere(false)
})

function start(policy: string): Promise<TestWeir> {
  const users = ['ada', 'grace'].map((user) => `${user}:${hashSync('x', COST)}`).join('\n')
  return startWeir({ policy, users, resolve: lfs.resolve, budgets: true })
}

function as(user: string, { port, caFile }: TestWeir = weir): { proxy: string; caFile: string } {
  return { proxy: `http://${user}:x@127.0.0.1:${port}`, caFile }
}

/** A tree with one object of LFS, ready to be pushed to the repository. */
async function treeFor(repository: string, sizeBytes: number): Promise<{ tree: string; oid: string; content: Buffer }> {
  await lfs.createRepository(repository)
  const tree = await createWorkTree()
  await writeFile(join(tree, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
  await git(['lfs', 'install', '--local'], { cwd: tree })
  await git(['remote', 'add', 'origin', `https://github.com/${repository}.git`], { cwd: tree })
  const seed = repository.replaceAll('/', '-')
  await commitRandom(tree, sizeBytes, seed)
  const content = randomBytes(sizeBytes, seed)
  return { tree, content, oid: createHash('sha256').update(content).digest('hex') }
}

function push(tree: string, user = 'ada', through = weir, branch = 'main'): Promise<ProgramResult> {
  const config = { 'lfs.transfer.maxretrydelay': '1' }
  return git(['push', 'origin', `main:${branch}`], { cwd: tree, ...as(user, through), config })
}

/** The lines of the record about a repository, from `since` on. */
function linesOf(repository: string, from: TestWeir = weir): readonly EcsRecord[] {
  return from.records.filter((record) => record['weir.repository'] === `github.com/${repository}`)
}

function uploadsOf(oid: string): readonly unknown[] {
  return lfs.store.log.filter(({ method, path }) => method === 'PUT' && path.includes(oid))
}

/** The addresses that a batch for this object is answered with. */
async function announced(
  repository: string,
  content: Buffer,
  { user = 'ada', size = content.length }: { user?: string; size?: number } = {},
): Promise<string> {
  const oid = createHash('sha256').update(content).digest('hex')
  const asked = JSON.stringify({ operation: 'upload', transfers: ['basic'], objects: [{ oid, size }] })
  const type = ['-H', 'Content-Type: application/vnd.git-lfs+json', '-H', 'Accept: application/vnd.git-lfs+json']
  const url = `https://github.com/${repository}.git/info/lfs/objects/batch`
  const { status, body } = await curl([...type, '-d', asked, url], as(user))
  expect(status, body.toString()).toBe(200)
  const told = JSON.parse(body.toString()) as {
    readonly objects: readonly { readonly actions: { readonly upload: { readonly href: string } } }[]
  }
  return told.objects[0]?.actions.upload.href ?? ''
}

function put(url: string, content: Buffer, { user = 'ada', args = [] as readonly string[] } = {}) {
  return curl(['-X', 'PUT', '--data-binary', '@-', ...args, url], { ...as(user), input: content })
}

describe('a push with LFS', () => {
  it('brings an object whole to the other host, and each step is recorded with our repository', async () => {
    const { tree, oid, content } = await treeFor('acme/large', KB_200)
    const pushed = await push(tree)
    expect(pushed.code, pushed.stderr).toBe(0)
    expect(lfs.objects.get(oid)).toEqual(content)
    expect(lfs.verified).toContain(`acme/large ${oid}`)
    await weir.record(
      (line) => line['weir.operation'] === 'git-push' && line['weir.repository'] === 'github.com/acme/large',
    )
    const steps = linesOf('acme/large')
      .filter((line) => !String(line['weir.operation']).startsWith('git-'))
      .map((line) => [line['url.domain'], line['http.request.method'], line['weir.operation'], line['rule.name']])
    expect(steps).toEqual([
      ['github.com', 'POST', 'lock-check', 'reading'],
      ['github.com', 'POST', 'lfs-upload', 'write-to-ours'],
      [STORE, 'PUT', 'lfs-upload', 'write-to-ours'],
      ['lfs.github.com', 'POST', 'lfs-upload', 'write-to-ours'],
    ])
    const upload = linesOf('acme/large').find((line) => line['url.domain'] === STORE)
    expect(upload).toMatchObject({
      'event.action': 'allowed',
      'user.name': 'ada',
      'weir.service': 'github',
      'weir.upload.size': KB_200,
      'weir.upstream.bodyBytes': KB_200,
    })
    // Of a signed address the signature is not for the record.
    expect(JSON.stringify(upload)).not.toMatch(/Signature=[0-9a-f]{64}/)
  })

  it.each([
    ['answers 500 behind the first attempt', ['error']],
    ['breaks the connection within the first two', ['reset', 'reset']],
    ['fails in both ways, one after the other', ['reset', 'error', 'error']],
  ] as const)('comes through where the store %s', async (_, mishaps) => {
    const { tree, oid, content } = await treeFor(`acme/retried-${mishaps.join('-')}`, KB_200)
    lfs.mishaps.push(...mishaps)
    const pushed = await push(tree)
    expect(pushed.code, pushed.stderr).toBe(0)
    expect(uploadsOf(oid).length).toBe(mishaps.length + 1)
    expect(lfs.objects.get(oid)).toEqual(content)
  })

  it('is pulled again, from the other host too', async () => {
    const { tree, oid, content } = await treeFor('acme/pulled', KB_200)
    expect((await push(tree)).code).toBe(0)
    const copy = temporaryFolder('copy')
    const skip = { GIT_LFS_SKIP_SMUDGE: '1' }
    const cloned = await git(['clone', 'https://github.com/acme/pulled.git', copy], { ...as('ada'), env: skip })
    expect(cloned.code, cloned.stderr).toBe(0)
    await git(['lfs', 'install', '--local'], { cwd: copy })
    const pulled = await git(['lfs', 'pull'], { cwd: copy, ...as('ada') })
    expect(pulled.code, pulled.stderr).toBe(0)
    expect(await readFile(join(copy, 'acme-pulled.bin'))).toEqual(content)
    const line = await weir.record(
      (each) =>
        each['url.domain'] === STORE && each['http.request.method'] === 'GET' && String(each['url.path']).includes(oid),
    )
    expect(line).toMatchObject({
      'weir.operation': 'download',
      'weir.repository': 'github.com/acme/pulled',
      'rule.name': 'reading',
    })
  })

  it('whose git part is refused leaves its objects in the record, with the repository and who sent them', async () => {
    const { tree, oid } = await treeFor('acme/half', KB_200)
    const pushed = await push(tree, 'ada', weir, 'closed')
    expect(pushed.code).toBe(1)
    expect(pushed.stderr).toContain('! [remote rejected] main -> closed (weir: refused by rule no-branch-of-theirs)')
    const [upload] = linesOf('acme/half').filter((line) => line['url.domain'] === STORE)
    const refused = await weir.record(
      (line) => line['rule.name'] === 'no-branch-of-theirs' && line['weir.repository'] === 'github.com/acme/half',
    )
    expect(upload).toMatchObject({
      'event.action': 'allowed',
      'weir.operation': 'lfs-upload',
      'url.path': `/bucket/${oid}`,
      'weir.upload.size': KB_200,
    })
    // By these the two are told to be of one push; there is no id that both have.
    for (const key of ['user.name', 'source.ip', 'weir.repository']) expect(upload?.[key]).toBe(refused[key])
    expect(refused).toMatchObject({ 'weir.operation': 'git-push', 'weir.lfs.objects': 1, 'weir.lfs.bytes': KB_200 })
  })

  it.each([
    ['another host', false],
    ['the forge itself', true],
  ])('and is refused tells what it sent to %s, until a push passes', async (_, isKept) => {
    const repository = `acme/trail-${String(isKept)}`
    lfs.keepHere(isKept)
    const { tree } = await treeFor(repository, KB_200)
    await writeFile(join(tree, 'second.bin'), randomBytes(1_000, repository))
    await git(['add', '--all'], { cwd: tree })
    await git(['commit', '--quiet', '--message', 'Second'], { cwd: tree })
    // What fails at the store was not kept there, and git-lfs sends it again.
    lfs.mishaps.push('error')
    const told: unknown[] = []
    for (const [branch, code] of [
      ['closed', 1],
      ['closed', 1],
      ['main', 0],
      ['closed', 1],
    ] as const) {
      const pushed = await push(tree, 'ada', weir, branch)
      expect(pushed.code, pushed.stderr).toBe(code)
      const line = linesOf(repository).findLast((each) => each['weir.operation'] === 'git-push')
      told.push([line?.['event.action'], line?.['weir.lfs.objects'], line?.['weir.lfs.bytes']])
    }
    expect(told).toEqual([
      ['denied', 2, KB_200 + 1_000],
      ['denied', 2, KB_200 + 1_000],
      ['allowed', undefined, undefined],
      ['denied', undefined, undefined],
    ])
  })

  it('and is refused tells nothing of what another user sent', async () => {
    const { tree } = await treeFor('acme/shared', KB_200)
    expect((await push(tree, 'ada', weir, 'closed')).code).toBe(1)
    expect((await push(tree, 'grace', weir, 'closed')).code).toBe(1)
    const lines = linesOf('acme/shared').filter((line) => line['weir.operation'] === 'git-push')
    expect(lines.map((line) => [line['user.name'], line['weir.lfs.objects']])).toEqual([
      ['ada', 1],
      ['grace', undefined],
    ])
  })

  it.each([
    ['a policy that denies what it does not allow', POLICY, 'Push to github.com/acme, or ask the platform team.'],
    ['the shipped policy', SHIPPED, 'This would leave our organisation.'],
  ])('is refused at somebody else’s repository by %s, in words that git-lfs prints', async (name, policy, message) => {
    const repository = `mallory/stolen-${name.length}`
    const { tree, oid } = await treeFor(repository, KB_200)
    const through = await start(policy)
    try {
      const [forgeBytes, storeBytes] = [lfs.forge.log.length, lfs.store.receivedBytes()]
      const pushed = await push(tree, 'ada', through)
      expect(pushed.code).not.toBe(0)
      expect(pushed.stderr).toContain(`weir: ${message}`)
      expect(
        lfs.forge.log
          .slice(forgeBytes)
          .map(({ bodyBytes }) => bodyBytes)
          .filter((bytes) => bytes > 300),
      ).toEqual([])
      expect(lfs.forge.log.slice(forgeBytes).some(({ path }) => path.includes('/objects/'))).toBe(false)
      expect(lfs.store.receivedBytes()).toBe(storeBytes)
      expect(lfs.objects.has(oid)).toBe(false)
      expect(linesOf(repository, through).find((line) => line['event.action'] === 'denied')).toMatchObject({
        'weir.operation': 'lfs-upload',
        'rule.name': 'no-writes-elsewhere',
        'weir.upstream.bodyBytes': 0,
      })
    } finally {
      await through.close()
    }
  })
})

describe('an announced address', () => {
  const content = randomBytes(5_000, 'announced')

  it('takes what it was announced for', async () => {
    expect((await put(await announced('acme/hand', content), content)).status).toBe(200)
    lfs.objects.clear()
  })

  /** Refused, and the store has heard nothing. */
  async function expectRefused(
    asked: () => ReturnType<typeof put>,
    wanted: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const before = lfs.store.log.length
    const at = weir.records.length
    const { status, body } = await asked()
    expect([status, body.toString()]).toEqual([
      expect.toSatisfy((code: number) => code >= 400),
      expect.stringContaining('event'),
    ])
    expect(lfs.store.log.length).toBe(before)
    expect(weir.records.slice(at).find((line) => line['event.action'] === 'denied')).toMatchObject({
      'url.domain': STORE,
      'weir.upstream.bodyBytes': 0,
      ...wanted,
    })
  }

  const UNKNOWN = { 'weir.operation': 'unknown-write', 'rule.name': 'no-writes-elsewhere' }

  it('is needed', async () => {
    const oid = createHash('sha256').update(content).digest('hex')
    await expectRefused(() => put(`https://${STORE}/bucket/${oid}?X-Amz-Signature=0`, content), UNKNOWN)
  })

  it.each<readonly [string, (url: string) => string]>([
    ['another path', (url) => url.replace('/bucket/', '/bucket/other-')],
    ['another signature', (url) => url.replace(/Signature=.*/, 'Signature=0')],
    ['one parameter more', (url) => `${url}&x=1`],
    ['another spelling', (url) => url.replace('/bucket/', '/%62ucket/')],
    ['no query', (url) => url.replace(/\?.*/, '')],
  ])('is not announced for %s', async (_, change) => {
    const url = await announced('acme/hand', content)
    await expectRefused(() => put(change(url), content), UNKNOWN)
  })

  it('is not announced for another method', async () => {
    const url = await announced('acme/hand', content)
    await expectRefused(() => put(url, content, { args: ['-X', 'PATCH'] }), UNKNOWN)
  })

  it('is not announced to another user, nor to the same at another address', async () => {
    const url = await announced('acme/hand', content)
    await expectRefused(() => put(url, content, { user: 'grace' }), { ...UNKNOWN, 'user.name': 'grace' })
    await expectRefused(() => put(url, content, { args: ['--interface', '127.0.0.9'] }), UNKNOWN)
    expect((await put(url, content)).status).toBe(200)
    lfs.objects.clear()
  })

  it('is over when its time is', async () => {
    lfs.expireIn(1)
    const url = await announced('acme/hand', content)
    await sleep(1_100)
    await expectRefused(() => put(url, content), UNKNOWN)
  })

  it.each([
    ['a declared length', []],
    ['chunks', ['-H', 'Transfer-Encoding: chunked']],
  ])('takes no byte more than was announced, by %s', async (_, args) => {
    const url = await announced('acme/hand', content, { size: content.length - 1 })
    await expectRefused(() => put(url, content, { args }), {
      'weir.operation': 'lfs-upload',
      'weir.reason': 'limit',
      'weir.repository': 'github.com/acme/hand',
    })
  })

  it('is good for as many tries as git-lfs makes', async () => {
    const url = await announced('acme/hand', content)
    for (let attempt = 1; attempt <= 9; attempt++) expect((await put(url, content)).status).toBe(200)
    await expectRefused(() => put(url, content), UNKNOWN)
    lfs.objects.clear()
  })

  it('to take an object from is none to put one to', async () => {
    const oid = createHash('sha256').update(content).digest('hex')
    lfs.objects.set(oid, content)
    const asked = JSON.stringify({ operation: 'download', objects: [{ oid, size: content.length }] })
    const type = ['-H', 'Content-Type: application/vnd.git-lfs+json']
    const batch = await curl(
      [...type, '-d', asked, 'https://github.com/mallory/x.git/info/lfs/objects/batch'],
      as('ada'),
    )
    const [, url = ''] = /"href":"([^"]+)"/.exec(batch.body.toString()) ?? []
    expect((await curl([url], as('ada'))).body).toEqual(content)
    await expectRefused(() => put(url, content), UNKNOWN)
    lfs.objects.clear()
  })

  it('is not even asked for at somebody else’s repository', async () => {
    const type = ['-H', 'Content-Type: application/vnd.git-lfs+json']
    const asked = JSON.stringify({ operation: 'upload', objects: [{ oid: 'a'.repeat(64), size: 5 }] })
    const url = 'https://github.com/mallory/y.git/info/lfs/objects/batch'
    const { status } = await curl([...type, '-d', asked, url], as('ada'))
    expect(status).toBe(403)
    expect(lfs.forge.log.some(({ path }) => path.startsWith('/mallory/y.git/info/lfs/objects'))).toBe(false)
  })
})

describe('limits', () => {
  it('of one request hold for each object', async () => {
    const { tree, oid } = await treeFor('acme/huge', 1_000_001)
    const pushed = await push(tree)
    expect(pushed.code).not.toBe(0)
    expect(pushed.stderr).toMatch(/weir: this upload is larger than the limit of 1 MB for one request \(event \w{13}\)/)
    expect(uploadsOf(oid)).toEqual([])
    expect(linesOf('acme/huge').find((line) => line['event.action'] === 'denied')).toMatchObject({
      'url.domain': STORE,
      'weir.operation': 'lfs-upload',
      'weir.reason': 'limit',
      'rule.name': 'write-to-ours',
    })
  })

  it('of a budget count objects and pushes together', async () => {
    const { tree, oid } = await treeFor('acme/counted', KB_200)
    const first = await push(tree, 'grace')
    expect(first.code, first.stderr).toBe(0)
    expect(lfs.objects.has(oid)).toBe(true)
    // Not of LFS: this one is in the pack.
    await writeFile(join(tree, 'pack.dat'), randomBytes(150_000, 'pack'))
    await git(['add', '--all'], { cwd: tree })
    await git(['commit', '--quiet', '--message', 'More'], { cwd: tree })
    const second = await push(tree, 'grace')
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('(weir: refused by rule write-to-counted)')
    expect(second.stderr).toContain('budget daily')
    const other = randomBytes(110_000, 'other')
    const refused = await put(await announced('acme/counted', other, { user: 'grace' }), other, { user: 'grace' })
    expect([refused.status, refused.body.toString()]).toEqual([413, expect.stringContaining('budget daily')])
    expect((await put(await announced('acme/counted', other), other)).status).toBe(200)
  })
})

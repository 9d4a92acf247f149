/** The first whole path: the real git through Weir, allowed here, refused there, in git's own words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GitServer, startGitServer } from '../../src/cli/demo/git-server.ts'
import { certificates } from './support/certificates.ts'
import { commitRandom, commitText, createBranches, createWorkTree, git } from './support/git-client.ts'
import type { ProgramResult } from './support/program.ts'
import { temporaryFolder } from './support/temporary.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const POLICY = `
version: 1
default: deny
repositories:
  ours: [github.com/acme/*]
rules:
  - name: read-code
    to: { category: code-repository }
    operations: [read, sign-in]
    action: allow
  - name: no-deleting
    to: { category: code-repository }
    operations: [git-push]
    when: { deletes: true }
    action: deny
    message: Refs are not deleted from here.
  - name: no-release-branches
    to: { repositories: ours }
    operations: [git-push]
    when: { refs: [refs/heads/release/**] }
    action: deny
    message: Release branches are made by the build.
  - name: push-to-archive
    to: { repositories: [github.com/acme/archive] }
    operations: [git-push]
    limits: [{ per: request, size: 50 MB }]
    action: allow
  - name: push-to-ours
    to: { repositories: ours }
    operations: [git-push]
    limits: [{ per: request, size: 5 MB }]
    action: allow
  - name: no-writes-elsewhere
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
    message: Push to github.com/acme, or ask the platform team.
`

const KB_3 = 3_000
const MB_6 = 6_000_000
const MB_4 = 4_000_000

let server: GitServer
let weir: TestWeir

beforeAll(async () => {
  const { key, cert } = certificates()
  server = await startGitServer({ key, cert, root: temporaryFolder('repositories') })
  weir = await startWeir({ policy: POLICY, resolve: [`github.com:443:127.0.0.1:${server.port}`] })
})

afterAll(async () => {
  await weir?.close()
  await server?.close()
})

function through(args: readonly string[], cwd?: string): Promise<ProgramResult> {
  return git(args, { ...(cwd === undefined ? {} : { cwd }), proxy: weir.proxy, caFile: weir.caFile })
}

async function treeWith(sizeBytes: number, seed: string): Promise<string> {
  const tree = await createWorkTree()
  await commitRandom(tree, sizeBytes, seed)
  return tree
}

function pushesTo(repository: string) {
  return server.log.filter((request) => request.method === 'POST' && request.path.includes(`/${repository}`))
}

describe('git through inspection', () => {
  it('pushes 3 KB to a repository of ours, and clones and fetches it again', async () => {
    await server.createRepository('acme/small.git')
    const tree = await treeWith(KB_3, 'small')
    const pushed = await through(['push', 'https://github.com/acme/small.git', 'main'], tree)
    expect(pushed.stderr).toContain('main -> main')
    expect(pushed.code).toBe(0)
    const record = await weir.record(
      (each) => each['weir.repository'] === 'github.com/acme/small' && each['weir.operation'] === 'git-push',
    )
    expect(record).toMatchObject({
      'event.action': 'allowed',
      'rule.name': 'push-to-ours',
      'weir.checkpoint': 'body',
      'weir.refs': [{ name: 'refs/heads/main', kind: 'create' }],
    })
    const copy = temporaryFolder('copy')
    const cloned = await through(['clone', 'https://github.com/acme/small.git', copy])
    expect(cloned.code, cloned.stderr).toBe(0)
    await commitText(tree, 'more.txt', 'more\n')
    expect((await through(['push', 'https://github.com/acme/small.git', 'main'], tree)).code).toBe(0)
    const fetched = await through(['fetch', 'origin'], copy)
    expect(fetched.code, fetched.stderr).toBe(0)
    expect(fetched.stderr).toContain('main')
  })

  it('pushes 4 MB, chunked and within the limit', async () => {
    await server.createRepository('acme/medium.git')
    const tree = await treeWith(MB_4, 'medium')
    const pushed = await through(['push', 'https://github.com/acme/medium.git', 'main'], tree)
    expect(pushed.code, pushed.stderr).toBe(0)
    expect(pushesTo('acme/medium').at(-1)?.packBytes).toBeGreaterThan(MB_4)
  })

  it('pushes 6 MB, chunked, where the limit is larger', async () => {
    await server.createRepository('acme/archive.git')
    const tree = await treeWith(MB_6, 'archive')
    const pushed = await through(['push', 'https://github.com/acme/archive.git', 'main'], tree)
    expect(pushed.code, pushed.stderr).toBe(0)
    const push = pushesTo('acme/archive').at(-1)
    expect(push?.packBytes).toBeGreaterThan(MB_6)
    expect(push?.headers['transfer-encoding']).toBe('chunked')
    const record = await weir.record(
      (each) => each['rule.name'] === 'push-to-archive' && each['weir.checkpoint'] === 'body',
    )
    expect(record['weir.upload.size']).toBe(push?.packBytes)
  })

  it.each([
    ['the limit', 'acme/many-large', MB_6, 'push-to-ours'],
    ['the repository', 'mallory/many', KB_3, 'no-writes-elsewhere'],
  ])('refuses several refs by %s, each in its own line', async (_, repository, size, rule) => {
    await server.createRepository(`${repository}.git`)
    const tree = await treeWith(size, `many-${size}`)
    await createBranches(tree, ['one', 'two'])
    const refused = await through(['push', `https://github.com/${repository}.git`, 'main', 'one', 'two'], tree)
    expect(refused.code).toBe(1)
    for (const ref of ['main', 'one', 'two']) {
      expect(refused.stderr).toContain(`! [remote rejected] ${ref} -> ${ref} (weir: refused by rule ${rule})`)
    }
    expect(pushesTo(repository).reduce((sum, request) => sum + (request.packBytes ?? 0), 0)).toBe(0)
  })

  it('refuses 6 MB by the limit of 5 MB, and not a byte of it has left', async () => {
    await server.createRepository('acme/large.git')
    const tree = await treeWith(MB_6, 'large')
    const before = server.receivedBytes()
    const pushed = await through(['push', 'https://github.com/acme/large.git', 'main'], tree)
    expect(pushed.code).toBe(1)
    expect(pushed.stderr).toContain('! [remote rejected] main -> main (weir: refused by rule push-to-ours)')
    expect(pushed.stderr).toContain('remote: weir: this upload is larger than the limit of 5 MB for one request')
    expect(pushesTo('acme/large').reduce((sum, request) => sum + (request.packBytes ?? 0), 0)).toBe(0)
    expect(server.receivedBytes() - before).toBeLessThan(KB_3)
    const record = await weir.record(
      (each) => each['weir.repository'] === 'github.com/acme/large' && each['weir.verdict'] === 'deny',
    )
    expect(record).toMatchObject({ 'weir.reason': 'limit', 'weir.checkpoint': 'body', 'weir.upstream.bodyBytes': 0 })
  })

  it.each([
    ['3 KB', KB_3],
    ['6 MB', MB_6],
  ])('refuses %s to somebody else by the repository, in git’s own words', async (name, size) => {
    const repository = `mallory/stolen-${name.replace(' ', '').toLowerCase()}`
    await server.createRepository(`${repository}.git`)
    const tree = await treeWith(size, `stolen-${size}`)
    const pushed = await through(['push', `https://github.com/${repository}`, 'main'], tree)
    expect(pushed.code).toBe(1)
    expect(pushed.stderr).toContain('! [remote rejected] main -> main (weir: refused by rule no-writes-elsewhere)')
    expect(pushed.stderr).toContain('remote: weir: Push to github.com/acme, or ask the platform team.')
    expect(pushesTo(repository).every((request) => (request.packBytes ?? 0) === 0 && request.bodyBytes <= 4)).toBe(true)
    const record = await weir.record(
      (each) => each['weir.repository'] === `github.com/${repository}` && each['weir.verdict'] === 'deny',
    )
    expect(pushed.stderr).toContain(`weir: event ${String(record['event.id'])}`)
    expect(record).toMatchObject({
      'rule.name': 'no-writes-elsewhere',
      'weir.upstream.bodyBytes': 0,
      'threat.technique.id': ['T1567.001'],
    })
  })

  it('pushes several refs at once, and refuses all of them for one', async () => {
    await server.createRepository('acme/many.git')
    const tree = await treeWith(KB_3, 'many')
    await createBranches(tree, ['feature', 'release/1.0'])
    const refused = await through(['push', 'https://github.com/acme/many.git', 'main', 'feature', 'release/1.0'], tree)
    expect(refused.code).toBe(1)
    for (const ref of ['main', 'feature', 'release/1.0']) {
      expect(refused.stderr).toContain(
        `! [remote rejected] ${ref} -> ${ref} (weir: refused by rule no-release-branches)`,
      )
    }
    expect(refused.stderr).toContain('Release branches are made by the build.')
    const pushed = await through(['push', 'https://github.com/acme/many.git', 'main', 'feature'], tree)
    expect(pushed.code, pushed.stderr).toBe(0)
    const deleted = await through(['push', 'https://github.com/acme/many.git', ':feature'], tree)
    expect(deleted.stderr).toContain('! [remote rejected] feature (weir: refused by rule no-deleting)')
  })

  it('reads anywhere', async () => {
    await server.createRepository('torvalds/linux.git')
    const cloned = await through(['clone', 'https://github.com/torvalds/linux', temporaryFolder('linux')])
    expect(cloned.code, cloned.stderr).toBe(0)
  })
})

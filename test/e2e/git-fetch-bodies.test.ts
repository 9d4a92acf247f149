/** What a real git and git-lfs ask a server with when they read, held to the checks that let it pass as a read. */
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BodyCheck } from '../../src/wire/body-check.ts'
import { createFetchRequestReader, fetchRequestBytesMax } from '../../src/wire/fetch-request.ts'
import { createLfsLocksReader } from '../../src/wire/lfs-locks.ts'
import { checkBody } from '../wire/check-body.ts'
import { fastImport, linearHistory } from './support/fast-import.ts'
import { commitText, createWorkTree, git } from './support/git-client.ts'
import { type Origin, startOrigin } from './support/origin.ts'
import { type GitRequest, type PlainGitOrigin, startPlainGitOrigin } from './support/plain-git-origin.ts'
import { temporaryFolder } from './support/temporary.ts'

const CONFIGURATION = `
[uploadpack]
  allowFilter = true
  allowAnySHA1InWant = true
  advertiseBundleURIs = true
[transfer]
  advertiseSID = true
  advertiseObjectInfo = true
[gc]
  auto = 0
`
const COMMITS = 600
const BRANCHES = 40
const CHECKED_WHOLE_BYTES_MAX = 3_000

const VERSIONS = ['0', '1', '2'] as const
/** Version 1 is version 0 with one line more in the answer. */
const FORMS_OF_VERSION_1 = 3

let origin: PlainGitOrigin
let root: string

beforeAll(async () => {
  root = temporaryFolder('repositories')
  await createOrigin('sha1', 'acme/app.git')
  await createOrigin('sha256', 'acme/long.git')
  await createOrigin('sha1', 'acme/named.git')
  await ok(['config', 'uploadpack.allowRefInWant', 'true'], join(root, 'acme/named.git'))
  origin = await startPlainGitOrigin(root)
})

afterAll(async () => {
  await origin?.close()
})

async function createOrigin(objectFormat: 'sha1' | 'sha256', name: string): Promise<void> {
  const folder = join(root, name)
  await mkdir(folder, { recursive: true })
  await ok([
    'init',
    '--bare',
    '--quiet',
    '--template=',
    '--initial-branch=main',
    `--object-format=${objectFormat}`,
    folder,
  ])
  await fastImport(folder, linearHistory({ commits: COMMITS, seed: name, branches: BRANCHES }))
  await ok(['tag', '-a', '-m', 'one', 'v1', 'main~100'], folder)
  await appendFile(join(folder, 'config'), CONFIGURATION)
}

async function ok(args: readonly string[], cwd?: string): Promise<string> {
  const run = await git(args, { ...(cwd === undefined ? {} : { cwd }), timeoutMs: 60_000 })
  expect(run.code, `git ${args.join(' ')}: ${run.stderr}`).toBe(0)
  return run.stdout
}

function url(name: string): string {
  return `http://127.0.0.1:${origin.port}/${name}`
}

/** The bodies of upload-pack requests that `act` causes. */
async function bodiesOf(act: () => Promise<unknown>): Promise<GitRequest[]> {
  const before = origin.requests.length
  await act()
  await origin.settled()
  return origin.requests.slice(before).filter(({ method, path }) => method === 'POST' && path.includes('upload-pack'))
}

function expectReads(requests: readonly GitRequest[]): void {
  for (const { body } of requests) {
    expect(check(createFetchRequestReader, body), body.subarray(0, 2_000).toString('latin1')).toBeNull()
    expect(body.length).toBeLessThan(fetchRequestBytesMax / 4)
  }
}

// Four ways costs the square of the size: of a long body the head and the tail say what the middle does.
function check(open: () => BodyCheck, body: Buffer): string | null {
  if (body.length <= CHECKED_WHOLE_BYTES_MAX) return checkBody(open, body)
  const reader = open()
  for (let at = 0; at < body.length; at += 1_000) reader.push(body.subarray(at, at + 1_000))
  return reader.end()
}

interface Form {
  readonly name: string
  /** Acts on a new folder; `v` is the version as an option of git. */
  act(folder: string, v: readonly string[]): Promise<unknown>
  /** What one of the bodies must show, or the form was not what it is called; null where a version does not send it. */
  readonly shows: RegExp | Readonly<Record<(typeof VERSIONS)[number], RegExp | null>>
}

const FORMS: readonly Form[] = [
  {
    name: 'a clone',
    act: (folder, v) => ok([...v, 'clone', '--quiet', url('acme/app.git'), folder]),
    shows: /0009done\n|0008done/,
  },
  {
    name: 'a mirror',
    act: (folder, v) => ok([...v, 'clone', '--quiet', '--mirror', url('acme/app.git'), folder]),
    shows: /want /,
  },
  {
    name: 'a shallow clone, deepened, then made whole',
    act: async (folder, v) => {
      await ok([...v, 'clone', '--quiet', '--depth=2', url('acme/app'), folder])
      await ok([...v, 'fetch', '--quiet', '--deepen=3'], folder)
      await ok([...v, 'fetch', '--quiet', '--shallow-exclude=v1'], folder)
      await ok([...v, 'fetch', '--quiet', '--unshallow'], folder)
    },
    shows: /shallow [0-9a-f]{40}\n?[0-9a-f]{4}.*deepen 2147483647/s,
  },
  {
    name: 'a clone since a date',
    act: (folder, v) => ok([...v, 'clone', '--quiet', '--shallow-since=1800000500', url('acme/app'), folder]),
    shows: /deepen-since 1800000500/,
  },
  {
    name: 'a partial clone, and the blobs it lacks',
    act: async (folder, v) => {
      await ok([...v, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', url('acme/app'), folder])
      await ok([...v, 'checkout', '--quiet', 'main'], folder)
    },
    shows: /filter blob:none/,
  },
  {
    name: 'a clone with combined filters',
    act: (folder, v) =>
      ok([...v, 'clone', '--quiet', '--bare', '--filter=blob:limit=1k', '--filter=tree:2', url('acme/app'), folder]),
    shows: /filter combine:/,
  },
  {
    name: 'a fetch of names',
    act: async (folder, v) => {
      await ok(['init', '--quiet', folder])
      await ok(
        [...v, 'fetch', '--quiet', url('acme/app'), 'main', 'refs/heads/b1:refs/heads/b1', 'refs/tags/*:refs/tags/*'],
        folder,
      )
    },
    shows: { 0: /want /, 1: /want /, 2: /ref-prefix refs\/remotes\/main\/HEAD/ },
  },
  {
    name: 'a fetch of one commit',
    act: async (folder, v) => {
      const tip = (await ok(['rev-parse', 'b2~3'], join(root, 'acme/app.git'))).trim()
      await ok(['init', '--quiet', folder])
      await ok([...v, 'fetch', '--quiet', url('acme/app'), tip], folder)
    },
    shows: /want /,
  },
  {
    name: 'a fetch into a history that went its own way',
    act: async (folder, v) => {
      await ok(['init', '--quiet', '--bare', folder])
      await ok([...v, 'fetch', '--quiet', url('acme/app'), 'v1:refs/tags/v1'], folder)
      await fastImport(folder, linearHistory({ commits: 60, seed: folder, branches: 1, onto: 'v1^{commit}' }))
      await ok([...v, 'fetch', '--quiet', url('acme/app'), 'main'], folder)
    },
    shows: /have /,
  },
  {
    name: 'a fetch into a history that is not related',
    act: async (folder, v) => {
      await ok(['init', '--quiet', '--bare', folder])
      await fastImport(folder, linearHistory({ commits: 900, seed: folder, branches: 1 }))
      await ok([...v, 'fetch', '--quiet', url('acme/app'), 'main'], folder)
    },
    shows: /have /,
  },
  {
    name: 'refs wanted by name',
    act: (folder, v) => ok([...v, 'clone', '--quiet', url('acme/named'), folder]),
    shows: { 0: null, 1: null, 2: /want-ref refs\/heads\/main/ },
  },
  {
    name: 'a list of refs',
    act: (_, v) => ok([...v, 'ls-remote', '--heads', '--tags', url('acme/app'), 'v*']),
    shows: { 0: null, 1: null, 2: /command=ls-refs/ },
  },
  {
    name: 'options of the server',
    act: async (folder, v) => {
      if (v.includes('protocol.version=2'))
        await ok([...v, 'clone', '-q', '--server-option=ci=é 1', url('acme/app'), folder])
    },
    shows: { 0: null, 1: null, 2: /server-option=ci=/ },
  },
  {
    name: 'a session of its own',
    act: (folder, v) => ok([...v, '-c', 'transfer.advertiseSID=true', 'clone', '--quiet', url('acme/app'), folder]),
    shows: /session-id=/,
  },
  {
    name: 'a bundle asked for',
    act: (folder, v) => ok([...v, '-c', 'transfer.bundleURI=true', 'clone', '--quiet', url('acme/app'), folder]),
    shows: /want /,
  },
  {
    name: 'a body sent in chunks, after a try',
    act: async (folder, v) => {
      await ok(['init', '--quiet', '--bare', folder])
      await fastImport(folder, linearHistory({ commits: 5_000, seed: folder, branches: 1 }))
      // Below 65,520 bytes git 2.39 has a bug in version 2.
      await ok([...v, '-c', 'http.postBuffer=65536', 'fetch', '--quiet', url('acme/app'), 'main'], folder)
    },
    shows: /^0000$/,
  },
  {
    name: 'SHA-256',
    act: async (folder, v) => {
      await ok([...v, 'clone', '--quiet', '--depth=1', url('acme/long'), folder])
      await ok([...v, 'fetch', '--quiet', '--unshallow'], folder)
    },
    shows: /want [0-9a-f]{64}/,
  },
]

describe.each(VERSIONS)('git, protocol version %s', (version) => {
  it.each(version === '1' ? FORMS.slice(0, FORMS_OF_VERSION_1) : FORMS)('$name', async ({ act, shows }) => {
    const requests = await bodiesOf(() =>
      act(join(temporaryFolder('copy'), 'copy'), ['-c', `protocol.version=${version}`]),
    )
    expectReads(requests)
    const expected = shows instanceof RegExp ? shows : shows[version]
    if (expected !== null) expect(requests.some(({ body }) => expected.test(body.toString('utf8')))).toBe(true)
    const asked = requests.filter(({ body }) => body.toString('latin1').includes('command='))
    expect(asked.length > 0, 'version 2').toBe(version === '2' && requests.length > 0)
  })
})

describe('git-lfs', () => {
  it.each([
    { name: 'on a branch', words: [], ref: 'refs/heads/main' },
    { name: 'before the first commit', words: ['--limit=7'], ref: 'refs/heads/' },
  ])('asks for the locks $name', async ({ name, words, ref }) => {
    const { port, bodies, close } = await startLocksServer()
    try {
      const tree = await createWorkTree()
      if (name !== 'before the first commit') await commitText(tree, 'README', 'base\n')
      await ok(['config', 'lfs.url', `http://127.0.0.1:${port}/lfs`], tree)
      await ok(['config', 'remote.origin.url', `http://127.0.0.1:${port}/acme/app.git`], tree)
      await git(['lfs', 'locks', '--verify', ...words], { cwd: tree })
      expect(
        bodies.map((body) => checkBody(createLfsLocksReader, body)),
        String(bodies),
      ).toEqual([null, null])
      expect(String(bodies[0])).toContain(`"ref":{"name":"${ref}"}`)
      expect(String(bodies[1])).toContain('"cursor":"page/2"')
    } finally {
      await close()
    }
  })
})

/** Keeps the bodies of requests for locks, and answers that there are none, but a second page of them. */
async function startLocksServer(): Promise<Pick<Origin, 'port' | 'close'> & { readonly bodies: readonly Buffer[] }> {
  const bodies: Buffer[] = []
  const { port, close } = await startOrigin({
    serve: async (exchange) => {
      const pieces: Buffer[] = []
      for await (const piece of exchange.body()) pieces.push(piece)
      if (exchange.record.path === '/lfs/locks/verify') bodies.push(Buffer.concat(pieces))
      const more = bodies.length === 1 ? { next_cursor: 'page/2' } : {}
      const answer = JSON.stringify({ ours: [], theirs: [], ...more })
      exchange.answer(200, { 'content-type': 'application/vnd.git-lfs+json' }, answer)
    },
  })
  return { port, bodies, close }
}

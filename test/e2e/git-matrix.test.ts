/** Every form of a git push against every ground to refuse it: allowed it lands to the bit, refused nothing of it leaves. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GitServer, startGitServer } from '../../src/cli/demo/git-server.ts'
import type { ServedRequest } from '../../src/cli/demo/exchange.ts'
import { certificates } from './support/certificates.ts'
import { git } from './support/git-client.ts'
import { type Cell, type Form, listForms, type Told, type Wish } from './support/git-forms.ts'
import {
  copyTree,
  createLandscape,
  fillRepository,
  type Landscape,
  listRefs,
  TOLD_FILE,
} from './support/git-landscape.ts'
import { type PlainGitOrigin, startPlainGitOrigin } from './support/plain-git-origin.ts'
import type { ProgramResult } from './support/program.ts'
import { gpgSigner, sshSigner } from './support/signing.ts'
import { temporaryFolder } from './support/temporary.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const POLICY = `
version: 1
default: deny
groups:
  staff: { users: [ada] }
repositories:
  ours: [github.com/acme/*, github.com/tight/*]
rules:
  - name: read-code
    to: { category: code-repository }
    operations: [read, sign-in]
    action: allow
  - name: no-releases
    to: { repositories: ours }
    operations: [git-push]
    when: { refs: [refs/heads/release/**, refs/tags/release/**] }
    action: deny
    message: Releases are made by the build.
  - name: push-little
    to: { repositories: [github.com/tight/*] }
    operations: [git-push]
    limits: [{ per: request, size: 10 KB }]
    action: allow
  - name: push-to-ours
WHO
    to: { repositories: ours }
    operations: [git-push]
    limits: [{ per: request, size: 1 MB }]
    action: allow
  - name: no-writes-elsewhere
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
    message: Push to github.com/acme, or ask the platform team.
`
const PASSWORD = 'weir, test'

interface Column {
  readonly name: string
  readonly owner: string
  /** Before the name of one of the refs. */
  readonly prefix: string
  /** Null without a user. */
  readonly user: 'ada' | 'linus' | null
  /** Null where the push is allowed. */
  readonly refused: { readonly rule: string; readonly message: string } | null
}

const ELSEWHERE = { rule: 'no-writes-elsewhere', message: 'Push to github.com/acme, or ask the platform team.' }
const RELEASES = { rule: 'no-releases', message: 'Releases are made by the build.' }
const LIMIT = { rule: 'push-little', message: 'this upload is larger than the limit of 10 kB for one request' }

const COLUMNS: readonly Column[] = [
  { name: 'allowed', owner: 'acme', prefix: '', user: null, refused: null },
  { name: 'refused by repository', owner: 'mallory', prefix: '', user: null, refused: ELSEWHERE },
  { name: 'refused by ref', owner: 'acme', prefix: 'release/', user: null, refused: RELEASES },
  { name: 'refused by size', owner: 'tight', prefix: '', user: null, refused: LIMIT },
]
const USER_COLUMNS: readonly Column[] = [
  { name: 'allowed to ada', owner: 'acme', prefix: '', user: 'ada', refused: null },
  { name: 'refused to linus', owner: 'acme', prefix: '', user: 'linus', refused: ELSEWHERE },
]

const signers = { gpg: gpgSigner(), ssh: sshSigner() }
const FORMS = listForms(signers)

let server: GitServer
let plain: PlainGitOrigin
let landscapes: Readonly<Record<'sha1' | 'sha256', Landscape>>
let weir: TestWeir
let weirOfUsers: TestWeir

beforeAll(async () => {
  await Promise.all([signers.gpg.makeKey(), signers.ssh.makeKey()])
  const { key, cert } = certificates()
  const root = temporaryFolder('repositories')
  server = await startGitServer({ key, cert, root })
  plain = await startPlainGitOrigin(root)
  const resolve = [`github.com:443:127.0.0.1:${server.port}`, `github.com:80:127.0.0.1:${plain.port}`]
  const users = ['ada', 'linus'].map((user) => `${user}:${hashSync(PASSWORD, 5)}\n`).join('')
  landscapes = { sha1: await createLandscape('sha1'), sha256: await createLandscape('sha256') }
  weir = await startWeir({ policy: POLICY.replace('WHO\n', ''), resolve })
  weirOfUsers = await startWeir({ policy: POLICY.replace('WHO', '    from: staff'), resolve, users })
})

afterAll(async () => {
  await weir?.close()
  await weirOfUsers?.close()
  await plain?.close()
  await server?.close()
})

interface Play {
  readonly name: string
  /** The server's folder. */
  readonly folder: string
  readonly tree: string
  readonly before: string
  readonly pushed: ProgramResult
  readonly gatekeeper: TestWeir
}

describe.each([...COLUMNS, ...USER_COLUMNS])('a push $name', (column) => {
  const { refused } = column
  it.concurrent.each(FORMS.filter((form) => isPlayed(form, column)))('$name', async (form) => {
    const play = await act(form, column)
    if (refused === null) await expectLanded(form, play)
    else await expectRefused(form, column, refused, play)
  })
})

describe('a push of nobody', () => {
  it.each([
    ['without a user', ''],
    ['with a wrong password', 'ada:wrong@'],
    ['of an unknown user', 'grace:wrong@'],
  ])('ends at the proxy %s', async (name, credentials) => {
    const repository = `acme/nobody-${name.replaceAll(' ', '-')}`
    const folder = await server.createRepository(`${repository}.git`)
    await fillRepository(landscapes.sha1, folder)
    const before = await listRefs(folder)
    const env = {
      https_proxy: weirOfUsers.proxy.replace('://', `://${credentials}`),
      GIT_SSL_CAINFO: weirOfUsers.caFile,
    }
    const url = `https://github.com/${repository}.git`
    const pushed = await git(['push', url, 'work:refs/heads/main'], { cwd: landscapes.sha1.tree, env })
    expect(pushed.code).not.toBe(0)
    expect(pushed.stderr).toContain('407')
    expect(await listRefs(folder)).toBe(before)
    expect(requestsOf(repository)).toEqual([])
  })
})

/** Nothing is too large of what uploads nothing; and that a user may push at all shows where the credentials are told. */
function isPlayed({ empty, proxy }: Form, { refused, user }: Column): boolean {
  if (refused === LIMIT) return empty !== true
  return user !== 'ada' || proxy !== undefined
}

async function act(form: Form, column: Column): Promise<Play> {
  const landscape = landscapes[form.objectFormat ?? 'sha1']
  const gatekeeper = column.user === null ? weir : weirOfUsers
  const name = `${column.owner}/${`${column.name} ${form.name}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
  const folder = await server.createRepository(`${name}.git`, { objectFormat: landscape.objectFormat })
  await fillRepository(landscape, folder)
  const before = await listRefs(folder)
  const url = `${form.plain === true ? 'http' : 'https'}://github.com/${name}.git`
  const run: Cell['git'] = (args, cwd) => git(args, { cwd, ...tell(form, column, gatekeeper, url) })
  const succeed: Cell['succeed'] = async (args, cwd) => {
    const { code, stdout, stderr } = await run(args, cwd)
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const cell: Cell = { url, git: run, succeed, tree: landscape.tree, copyTree: () => copyTree(landscape) }
  const tree = (await form.prepare?.(cell)) ?? landscape.tree
  const wishes = form.wishes(column.prefix).map(({ source, target }) => `${source ?? ''}:${target}`)
  const pushed = await run(['push', ...(form.options ?? []), 'weir', ...wishes], tree)
  return { name, folder, tree, before, pushed, gatekeeper }
}

/** What git is told on its command line and in its environment: the remote, whom to trust, the proxy and what the form adds. */
function tell(form: Form, { user }: Column, { proxy, caFile }: TestWeir, url: string): Required<Told> {
  const address = user === null ? proxy : proxy.replace('://', `://${user}:${encodeURIComponent(PASSWORD)}@`)
  const told = form.proxy?.(address) ?? { env: { https_proxy: address } }
  return {
    config: { 'maintenance.auto': 'false', 'remote.weir.url': url, ...form.told?.config, ...told.config },
    env: { GIT_SSL_CAINFO: caFile, ...form.told?.env, ...told.env },
  }
}

async function expectLanded(form: Form, { name, folder, tree, before, pushed }: Play): Promise<void> {
  expect(pushed.code, pushed.stderr).toBe(0)
  const refs = new Map(before.split('\n').flatMap((line) => (line === '' ? [] : [split(line)])))
  for (const { source, target } of form.wishes('')) {
    if (source === null) refs.delete(target)
    else refs.set(target, (await git(['rev-parse', source], { cwd: tree })).stdout.trim())
  }
  const now = (await listRefs(folder)).trim().split('\n').map(split)
  expect(new Map(now)).toEqual(refs)
  form.verify?.({ pushed, requests: requestsOf(name), told: await readFile(join(folder, TOLD_FILE), 'utf8') })
}

async function expectRefused(
  form: Form,
  { prefix, user }: Column,
  { rule, message }: NonNullable<Column['refused']>,
  { name, folder, before, pushed, gatekeeper }: Play,
): Promise<void> {
  expect(pushed.code).toBe(1)
  for (const wish of form.wishes(prefix)) {
    expect(pushed.stderr).toContain(`! [remote rejected] ${show(wish)} (weir: refused by rule ${rule})`)
  }
  expect(pushed.stderr).toContain(`remote: weir: ${message}`)
  expect(await listRefs(folder)).toBe(before)
  // The four bytes that try the credentials ahead of a chunked push ask for nothing, and count as a read.
  const sent = requestsOf(name).filter(({ method, path }) => method === 'POST' && path.endsWith('git-receive-pack'))
  expect(sent.every(({ bodyBytes, packBytes }) => bodyBytes === 4 && (packBytes ?? 0) === 0)).toBe(true)
  const denied = gatekeeper.records.filter(
    (record) =>
      record['weir.repository'] === `github.com/${name}` &&
      record['weir.verdict'] === 'deny' &&
      // A plain request is asked who it comes from, and then said again.
      record['weir.reason'] !== 'credentials-needed',
  )
  expect(denied).toMatchObject([{ 'rule.name': rule, 'weir.operation': 'git-push', 'weir.upstream.bodyBytes': 0 }])
  expect(denied[0]?.['user.name']).toBe(user ?? undefined)
  expect(pushed.stderr).toContain(`weir: event ${String(denied[0]?.['event.id'])}`)
}

function requestsOf(name: string): readonly ServedRequest[] {
  return [...server.log, ...plain.requests].filter(({ path }) => path.startsWith(`/${name}.git/`))
}

/** A wish as git prints it: the short names of both ends. */
function show({ source, target }: Wish): string {
  const short = target.replace(/^refs\/(?:heads|tags)\//, '')
  return source === null ? short : `${source} -> ${short}`
}

function split(line: string): [string, string] {
  const [ref = '', object = ''] = line.split(' ')
  return [ref, object]
}

/** Huge pushes by a real git through a Weir in a process of its own: allowed they land, refused nothing of them leaves. */
import { appendFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildOptions, runToEnd } from '../../src/cli/demo/child.ts'
import { type GitServer, startGitServer } from '../../src/cli/demo/git-server.ts'
import { parseHost } from '../../src/net/host.ts'
import { createAuthority } from '../../src/tls/authority.ts'
import { leafKey, mintLeaf } from '../../src/tls/leaf.ts'
import { startWeirProcess, type WeirProcess } from '../e2e/support/weir-process.ts'
import { createBigCommit } from './big-commit.ts'
import { watchProcess } from './process-watch.ts'

const MB = 1_000_000

const POLICY = `
version: 1
default: deny
rules:
  - name: read-code
    to: { category: code-repository }
    operations: [read, sign-in]
    action: allow
  - name: push-up-to-50-MB
    to: { repositories: [github.com/acme/limited] }
    operations: [git-push]
    limits: [{ per: request, size: 50 MB }]
    action: allow
  - name: push-up-to-2-GB
    to: { repositories: [github.com/acme/held] }
    operations: [git-push]
    limits: [{ per: request, size: 2 GB }]
    action: allow
  - name: push
    to: { repositories: [github.com/acme/*] }
    operations: [git-push]
    action: allow
`

/**
 * - `streamed`: no limit, so that it goes through as it comes.
 * - `held`: within a limit that is known only at its end, and held until then.
 * - `limited`: beyond a limit of 50 MB.
 */
export type BigPushKind = 'streamed' | 'held' | 'limited'

export interface BigPush {
  readonly kind: BigPushKind
  readonly sizeBytes: number
}

export interface BigPushResult extends BigPush {
  readonly code: number
  readonly output: string
  readonly seconds: number
  /** Of Weir's resident memory, at its peak above what it was before. */
  readonly growthBytes: number
  /** Spool files of Weir while the push ran, and when it was over. */
  readonly spoolFilesMost: number
  readonly spoolFiles: readonly string[]
  /** The pack as the server received it, and whether its `main` is now the client's. */
  readonly packBytes: number
  readonly landed: boolean
  /** What the record says. */
  readonly upstreamBodyBytes: number
  readonly rule: string
}

/** Plays them one after the other, each through a Weir of its own. `tell` hears what is going on. */
export async function playBigPushes(
  pushes: readonly BigPush[],
  seed: string,
  tell: (line: string) => void,
): Promise<readonly BigPushResult[]> {
  await using down = new AsyncDisposableStack()
  const ending = new AbortController()
  const folder = await mkdtemp(join(tmpdir(), 'weir-soak-'))
  down.defer(() => rm(folder, { recursive: true, force: true }))
  down.defer(() => ending.abort())
  const { server, upstreamCa } = await startUpstream(folder)
  down.defer(() => server.close())
  const results: BigPushResult[] = []
  for (const [at, push] of pushes.entries()) {
    await using weir = await startWeir(join(folder, `weir-${at}`), upstreamCa, server.port)
    const stage: Stage = { folder, server, weir: weir.process, signal: ending.signal }
    // What is loaded and compiled once only is no growth.
    await play(stage, { kind: 'streamed', sizeBytes: MB }, `${seed}-${at}-warm`)
    const result = await play(stage, push, `${seed}-${at}`)
    results.push(result)
    tell(describe(result))
  }
  return results
}

async function startWeir(
  folder: string,
  upstreamCa: string,
  upstreamPort: number,
): Promise<AsyncDisposable & { readonly process: WeirProcess }> {
  await mkdir(folder)
  const resolve = [`github.com:443:127.0.0.1:${upstreamPort}`]
  const weir = await startWeirProcess({ folder, upstreamCa, policy: POLICY, resolve })
  return { process: weir, [Symbol.asyncDispose]: async () => void (await weir.close()) }
}

interface Stage {
  readonly folder: string
  readonly server: GitServer
  readonly weir: WeirProcess
  readonly signal: AbortSignal
}

async function play(stage: Stage, push: BigPush, seed: string): Promise<BigPushResult> {
  const { server, weir } = stage
  const repository = `acme/${push.kind}`
  const landing = await server.createRepository(`${repository}.git`)
  // A pack is kept as it comes, whatever it holds.
  await appendFile(join(landing, 'config'), '[receive]\n  unpackLimit = 1\n')
  const tree = join(stage.folder, `tree-${seed}`)
  await mkdir(tree)
  const options: ChildOptions = { cwd: tree, env: clientEnvironment(stage), signal: stage.signal }
  await createBigCommit(push.sizeBytes, seed, options)
  const [requestsBefore, recordsBefore, startedAt] = [server.log.length, weir.records.length, performance.now()]
  const { value: pushed, ...watched } = await watchProcess(weir.pid, () =>
    runToEnd('git', ['push', '--no-progress', `https://github.com/${repository}.git`, 'main'], options),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  const record = await weir.record(
    (each) => weir.records.indexOf(each) >= recordsBefore && each['weir.operation'] === 'git-push',
  )
  const requests = server.log.slice(requestsBefore)
  const result: BigPushResult = {
    ...push,
    ...pushed,
    seconds,
    growthBytes: watched.growthBytes,
    spoolFilesMost: watched.deletedFilesMost,
    spoolFiles: [...watched.deletedFiles, ...(await readdir(weir.data)).filter((name) => name.startsWith('held-'))],
    packBytes: requests.reduce((sum, { packBytes }) => sum + (packBytes ?? 0), 0),
    landed: (await mainOf(tree, options)) === (await mainOf(landing, options)),
    upstreamBodyBytes: Number(record['weir.upstream.bodyBytes']),
    rule: String(record['rule.name']),
  }
  await Promise.all([tree, landing].map((each) => rm(each, { recursive: true, force: true })))
  return result
}

async function mainOf(folder: string, options: ChildOptions): Promise<string> {
  const { code, output } = await runToEnd('git', ['rev-parse', '--verify', 'refs/heads/main'], {
    ...options,
    cwd: folder,
  })
  return code === 0 ? output.trim() : `none in ${folder}`
}

async function startUpstream(folder: string): Promise<{ server: GitServer; upstreamCa: string }> {
  const now = Date.now()
  const host = parseHost('github.com')
  if (host === null) throw new Error('github.com is a host')
  const authority = await createAuthority(join(folder, 'upstream-ca'), { organisation: 'Soak test', now })
  const root = join(folder, 'repositories')
  await mkdir(root)
  const cert = mintLeaf(authority, host, { now, days: 1 }).certificatePem
  const server = await startGitServer({ key: leafKey.privatePem, cert, root, bodyBytesMax: 4_000 * MB })
  return { server, upstreamCa: authority.certificatePem }
}

function clientEnvironment({ folder, weir }: Stage): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    LANG: 'C',
    HTTPS_PROXY: weir.proxy,
    GIT_SSL_CAINFO: weir.caFile,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  }
}

function describe(result: BigPushResult): string {
  const { kind, sizeBytes, seconds, growthBytes, landed, packBytes, spoolFilesMost, spoolFiles } = result
  const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`
  return [
    `${kind} ${megabytes(sizeBytes)}: ${landed ? 'landed' : 'refused'} in ${seconds.toFixed(1)} s`,
    `memory +${megabytes(growthBytes)}`,
    `pack at the server ${megabytes(packBytes)}`,
    `spool files ${spoolFilesMost} at most, ${spoolFiles.length} left`,
  ].join(', ')
}

if (import.meta.main) {
  const [large = '1000', small = '200'] = process.argv.slice(2)
  const pushes: readonly BigPush[] = [
    { kind: 'streamed', sizeBytes: Number(small) * MB },
    { kind: 'held', sizeBytes: Number(small) * MB },
    { kind: 'limited', sizeBytes: Number(large) * MB },
  ]
  await playBigPushes(pushes, 'soak', (line) => process.stdout.write(`${line}\n`))
}

/** The stage of the demonstration: an upstream that plays github.com, a Weir before it, and a work tree to push from. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHost } from '../../net/host.ts'
import { createAuthority } from '../../tls/authority.ts'
import { leafKey, mintLeaf } from '../../tls/leaf.ts'
import { runToEnd, startWeirProcess, type WeirProcess } from './child.ts'
import { type GitServer, startGitServer } from './git-server.ts'

export const RULE = 'no-writes-elsewhere'
export const MESSAGE = 'Push to github.com/acme, or ask at https://help.acme.example/egress'
export const ALLOWED = 'acme/widgets'
export const REFUSED = 'mallory/stolen'

const POLICY = `version: 1
default: deny
rules:
  - name: read-code-anywhere
    to: { category: code-repository }
    operations: [read, sign-in]
    action: allow
  - name: push-to-our-repositories
    to: { repositories: [github.com/acme/*] }
    operations: [git-push]
    action: allow
  - name: ${RULE}
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
    message: ${MESSAGE}
`

/** Enough that a pack that leaves cannot be overlooked. */
const FILE_BYTES = 256 * 1024

export interface Stage {
  readonly policy: string
  readonly upstream: GitServer
  readonly weir: WeirProcess
  /** Pushes `main` to a repository of the upstream that plays github.com. */
  push(repository: string): Promise<{ code: number; output: string }>
}

/** Builds the stage, plays on it, and takes it down whatever happens; `signal` ends all that runs. */
export async function onStage<T>(signal: AbortSignal, play: (stage: Stage) => Promise<T>): Promise<T> {
  await using down = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'weir-demo-'))
  down.defer(() => rm(folder, { recursive: true, force: true }))
  const upstream = await startUpstream(folder)
  down.defer(() => upstream.close())
  const weir = await startWeir(folder, upstream.port, signal)
  down.defer(() => weir.stop())
  const env = clientEnvironment(folder, weir.address)
  const tree = join(folder, 'tree')
  const git = (...words: string[]) => runToEnd('git', words, { cwd: tree, env, signal })
  await mkdir(tree)
  await writeFile(join(tree, 'design.bin'), randomBytes(FILE_BYTES))
  for (const words of COMMIT) await succeed(git, words)
  const push = (repository: string) => git('push', `https://github.com/${repository}.git`, 'main')
  return await play({ policy: POLICY, upstream, weir, push })
}

const COMMIT = [
  ['init', '--quiet', '--template=', '--initial-branch=main', '.'],
  ['add', '--all'],
  ['commit', '--quiet', '--message', 'The design'],
]

async function succeed(
  git: (...words: string[]) => Promise<{ code: number; output: string }>,
  words: readonly string[],
): Promise<void> {
  const { code, output } = await git(...words)
  if (code !== 0) throw new Error(`git ${words.join(' ')} failed:\n${output}`)
}

async function startUpstream(folder: string): Promise<GitServer> {
  const now = Date.now()
  const host = parseHost('github.com')
  if (host === null) throw new Error('github.com is a host')
  const authority = await createAuthority(join(folder, 'upstream-ca'), { organisation: 'Demonstration', now })
  const root = join(folder, 'repositories')
  await mkdir(root)
  const cert = mintLeaf(authority, host, { now, days: 1 }).certificatePem
  const server = await startGitServer({ key: leafKey.privatePem, cert, root })
  await server.createRepository(`${ALLOWED}.git`)
  await server.createRepository(`${REFUSED}.git`)
  return server
}

async function startWeir(folder: string, upstreamPort: number, signal: AbortSignal): Promise<WeirProcess> {
  const policy = join(folder, 'policy.yaml')
  await writeFile(policy, POLICY)
  const flags = {
    '--policy': policy,
    '--listen': '127.0.0.1:0',
    '--certs': join(folder, 'certs'),
    '--data': join(folder, 'data'),
    '--upstream-ca': join(folder, 'upstream-ca', 'ca.pem'),
    '--resolve': `github.com:443:127.0.0.1:${upstreamPort}`,
    '--allow-private': '127.0.0.1/32',
  }
  return startWeirProcess(Object.entries(flags).flat(), { cwd: folder, env: plainEnvironment(folder), signal })
}

function plainEnvironment(folder: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder, LANG: 'C' }
}

/** What a developer sets once: the proxy and its CA. */
function clientEnvironment(folder: string, proxy: string): Record<string, string> {
  return {
    ...plainEnvironment(folder),
    HTTPS_PROXY: `http://${proxy}`,
    GIT_SSL_CAINFO: join(folder, 'certs', 'ca.pem'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@acme.example',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@acme.example',
  }
}

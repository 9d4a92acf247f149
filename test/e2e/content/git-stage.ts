/** One Weir before a real git server, and pushes of a real git: commits made fast, each push to a branch of its own. */
import { existsSync } from 'node:fs'
import type { EcsRecord } from '../../../src/audit/ecs.ts'
import { type GitServer, startGitServer } from '../../../src/cli/demo/git-server.ts'
import type { ScanKnowledge } from '../../../src/proxy/scan-setup.ts'
import type { Limits } from '../../../src/settings/schema.ts'
import { certificates } from '../support/certificates.ts'
import { git } from '../support/git-client.ts'
import { type ProgramResult, runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { startWeir, type TestWeir } from '../support/weir.ts'
import type { Sample } from './files.ts'

/** One commit: files that it writes, by name; null deletes one. */
export interface Step {
  readonly files: Readonly<Record<string, Buffer | null>>
  readonly message?: string
  readonly author?: string
  readonly committer?: string
}

export interface GitStage {
  readonly server: GitServer
  readonly weir: TestWeir
  /** The client's repository, which is bare: it has commits and no files. */
  readonly home: string
  /** A repository of the server with a first commit on `main`, which the client knows; its name without `.git`. */
  createRepository(name: string): Promise<string>
  /** Commits on a branch, on top of the first commit, or with a root of its own; answers the name of the branch. */
  commit(steps: readonly Step[], onto?: 'base' | 'nothing'): Promise<string>
  push(repository: string, branch: string, options?: PushOptions): Promise<Pushed>
  /** What git says in a repository of the server. */
  ask(repository: string, ...args: string[]): Promise<string>
  close(): Promise<void>
}

export interface PushOptions {
  readonly config?: Readonly<Record<string, string>>
  /** Of `git push`. */
  readonly options?: readonly string[]
  /** In the place of the branch alone. */
  readonly refspecs?: readonly string[]
}

export interface Pushed extends ProgramResult {
  readonly record: EcsRecord
  /** Bytes of packs that the server got of it. */
  readonly packBytes: number
}

interface GitStageOptions {
  readonly policy: string
  readonly limits?: Partial<Limits>
  readonly scanKnowledge?: ScanKnowledge
  readonly objectFormat?: 'sha1' | 'sha256'
}

const ADA = 'Ada <ada@acme.example>'
const STARTS_AT = 1_800_000_000

export async function startGitStage(options: GitStageOptions): Promise<GitStage> {
  const { key, cert } = certificates()
  const { objectFormat = 'sha1', ...weirOptions } = options
  const root = temporaryFolder('repositories')
  const server = await startGitServer({ key, cert, root })
  const weir = await startWeir({ ...weirOptions, resolve: [`github.com:443:127.0.0.1:${server.port}`] })
  const home = temporaryFolder('client')
  await succeed(['init', '--quiet', '--bare', '--template=', `--object-format=${objectFormat}`, '.'], home)
  let branches = 0
  const commit: GitStage['commit'] = async (steps, onto = 'base') => {
    const branch = `b${++branches}`
    await fastImport(home, streamOf(branch, steps, onto))
    return branch
  }
  await fastImport(home, streamOf('base', [{ files: { 'README.md': Buffer.from('Read me.\n') } }], 'nothing'))
  return {
    server,
    weir,
    home,
    commit,
    async createRepository(name) {
      const folder = await server.createRepository(`${name}.git`, { objectFormat })
      await succeed(['push', '--quiet', folder, 'base:refs/heads/main'], home)
      return name
    },
    async push(repository, branch, { config = {}, options: more = [], refspecs = [branch] } = {}) {
      const [since, before] = [weir.records.length, packBytesOf(server)]
      const url = `https://github.com/${repository}.git`
      const pushed = await git(['push', ...more, url, ...refspecs], {
        cwd: home,
        proxy: weir.proxy,
        caFile: weir.caFile,
        config,
      })
      const isOwn = (record: EcsRecord): boolean =>
        record['weir.operation'] === 'git-push' && weir.records.indexOf(record) >= since
      return { ...pushed, record: await weir.record(isOwn), packBytes: packBytesOf(server) - before }
    },
    ask: (repository, ...args) => succeed(args, `${root}/${repository}.git`),
    async close() {
      await weir.close()
      await server.close()
    },
  }
}

/** A commit of one file. */
export function writing({ name, bytes }: Sample): Step {
  return { files: { [name]: bytes } }
}

function packBytesOf({ log }: GitServer): number {
  return log.reduce((sum, { packBytes = 0 }) => sum + packBytes, 0)
}

/** As `git fast-import` reads it. */
function streamOf(branch: string, steps: readonly Step[], onto: 'base' | 'nothing'): Buffer {
  const parts = ['feature done\n', ...steps.flatMap((step, at) => commitOf(branch, step, at, onto)), 'done\n']
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}

function commitOf(
  branch: string,
  { files, message = 'Change', author = ADA, committer = ADA }: Step,
  at: number,
  onto: 'base' | 'nothing',
): readonly (string | Buffer)[] {
  const when = `${STARTS_AT + at} +0000`
  const from = at === 0 && onto === 'base' ? 'from refs/heads/base\n' : ''
  const text = Buffer.from(message)
  return [
    `commit refs/heads/${branch}\nauthor ${author} ${when}\ncommitter ${committer} ${when}\ndata ${text.length}\n`,
    text,
    `\n${from}`,
    ...Object.entries(files).flatMap(([name, bytes]) =>
      bytes === null ? [`D ${name}\n`] : [`M 100644 inline ${name}\ndata ${bytes.length}\n`, bytes, '\n'],
    ),
  ]
}

async function fastImport(cwd: string, input: Buffer): Promise<void> {
  const env = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
  // Objects by themselves and not in a pack: as a git that commits leaves them.
  const args = ['-c', 'fastimport.unpackLimit=100000', 'fast-import', '--quiet', '--force']
  const { code, stderr } = await runProgram('git', args, { cwd, env, input })
  if (code !== 0) throw new Error(`git fast-import: ${stderr}`)
}

async function succeed(args: readonly string[], cwd: string): Promise<string> {
  if (!existsSync(cwd)) throw new Error(`there is no folder ${cwd}`)
  const { code, stdout, stderr } = await git(args, { cwd })
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout
}

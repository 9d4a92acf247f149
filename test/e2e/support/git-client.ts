/** The real git as a client: its own environment, no configuration of this machine, no prompt; and commits of known size. */
import { createCipheriv, createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ProgramResult, runProgram } from './program.ts'
import { temporaryFolder } from './temporary.ts'

interface GitOptions {
  readonly cwd?: string
  /** `http://127.0.0.1:PORT`; without it git goes straight. */
  readonly proxy?: string
  /** The only authorities git trusts. */
  readonly caFile?: string
  readonly timeoutMs?: number
  /** More configuration, as `git -c name=value`. */
  readonly config?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

export function git(args: readonly string[], options: GitOptions = {}): Promise<ProgramResult> {
  const config = Object.entries(options.config ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return runProgram('git', [...config, ...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    env: { ...gitEnvironment(), ...proxyEnvironment(options), ...options.env },
  })
}

/** An empty work tree on branch `main`. */
export async function createWorkTree(options: { readonly objectFormat?: 'sha1' | 'sha256' } = {}): Promise<string> {
  const folder = temporaryFolder('tree')
  const format = `--object-format=${options.objectFormat ?? 'sha1'}`
  await gitOk(['init', '--quiet', '--template=', '--initial-branch=main', format, '.'], folder)
  return folder
}

/** Commits one new file of `sizeBytes` that does not compress, the same for the same seed; answers the commit's id. */
export async function commitRandom(tree: string, sizeBytes: number, seed: string): Promise<string> {
  await writeFile(join(tree, `${seed}.bin`), randomBytes(sizeBytes, seed))
  return commitAll(tree, `Add ${seed}`)
}

/** Commits one file with this text; answers the commit's id. */
export async function commitText(tree: string, name: string, text: string): Promise<string> {
  await writeFile(join(tree, name), text)
  return commitAll(tree, `Write ${name}`)
}

/** One commit on each of these branches, all from the present one, which stays checked out. */
export async function createBranches(tree: string, names: readonly string[]): Promise<void> {
  const start = (await gitOk(['rev-parse', '--abbrev-ref', 'HEAD'], tree)).trim()
  for (const name of names) {
    await gitOk(['checkout', '--quiet', '-b', name, start], tree)
    await commitText(tree, `${name.replaceAll('/', '-')}.txt`, `${name}\n`)
  }
  await gitOk(['checkout', '--quiet', start], tree)
}

/** Bytes that look random and are the same for the same seed. */
export function randomBytes(sizeBytes: number, seed: string): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(sizeBytes))
}

async function commitAll(tree: string, message: string): Promise<string> {
  await gitOk(['add', '--all'], tree)
  await gitOk(['commit', '--quiet', '--message', message], tree)
  return (await gitOk(['rev-parse', 'HEAD'], tree)).trim()
}

async function gitOk(args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await git(args, { cwd })
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout
}

function gitEnvironment(): Record<string, string> {
  const person = { NAME: 'Ada', EMAIL: 'ada@acme.example', DATE: '2026-01-02T03:04:05Z' }
  const people = Object.entries(person).flatMap(([name, value]) => [
    [`GIT_AUTHOR_${name}`, value],
    [`GIT_COMMITTER_${name}`, value],
  ])
  return {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...Object.fromEntries(people),
  }
}

function proxyEnvironment({ proxy, caFile }: GitOptions): Record<string, string> {
  return {
    ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy, https_proxy: proxy, http_proxy: proxy }),
    ...(caFile === undefined ? {} : { GIT_SSL_CAINFO: caFile }),
  }
}

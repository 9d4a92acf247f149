/** Long histories made fast: a stream for `git fast-import`, the same for the same seed. */
import { runProgram } from './program.ts'

export interface History {
  readonly commits: number
  /** Two histories of different seeds share no object. */
  readonly seed: string
  /** Beside `main`, named b1, b2, …: one commit each, from places spread over `main`. */
  readonly branches: number
  /** A commit on which the first one stands; without it the history begins anew. */
  readonly onto?: string
}

const STARTS_AT = 1_800_000_000

/** One small file a commit, one commit a second. */
export function linearHistory({ commits, seed, branches, onto }: History): string {
  const lines = ['feature done\n']
  for (let at = 1; at <= commits; at++) {
    const first = onto === undefined ? '' : `from ${onto}\n`
    const from = at === 1 ? first : `from :${at - 1}\n`
    lines.push(
      `commit refs/heads/main\nmark :${at}\n`,
      commit(seed, at, STARTS_AT + at),
      from,
      file(at % 97, `${seed} ${at}\n`),
    )
  }
  for (let branch = 1; branch <= branches; branch++) {
    const from = Math.max(1, Math.floor((commits * branch) / branches))
    const text = commit(`${seed} b${branch}`, branch, STARTS_AT + commits + branch)
    lines.push(`commit refs/heads/b${branch}\n`, text, `from :${from}\n`, file(branch % 97, `b${branch}\n`))
  }
  return `${lines.join('')}done\n`
}

export async function fastImport(folder: string, stream: string): Promise<void> {
  const env = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
  const { code, stderr } = await runProgram('git', ['fast-import', '--quiet', '--force'], {
    cwd: folder,
    env,
    input: stream,
  })
  if (code !== 0) throw new Error(`git fast-import: ${stderr}`)
}

function commit(seed: string, at: number, seconds: number): string {
  return `committer Ada <ada@acme.example> ${seconds} +0000\n${inline(`${seed} ${at}\n`)}`
}

function file(name: number, content: string): string {
  return `M 100644 inline file-${name}.txt\n${inline(content)}`
}

function inline(content: string): string {
  return `data ${Buffer.byteLength(content)}\n${content}\n`
}

/** Runs git over a repository that Weir only reads: none of its hooks and helpers, no network, no locks. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { CommandError } from '../terminal.ts'

const COMPLAINT_CHARACTERS_MAX = 4_096
/** Of what is read as a whole: a list of refs, of changed files. */
const OUTPUT_BYTES_MAX = 268_435_456

/** What of the environment would point git to another repository than the one that was named. */
const LEADS_ASTRAY = /^GIT_/

const SETTLED: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  // What an id names is what was pushed, whatever was put in its place here.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
}

// A repository's own configuration may name programs to run.
const CONFIG = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false']

export type GitProcess = ChildProcessByStdio<Writable, Readable, Readable>

/** `folder` is a working tree or a git directory. */
export function spawnGit(folder: string, words: readonly string[]): { child: GitProcess; ended: Promise<void> } {
  const kept = Object.entries(process.env).filter(([name]) => !LEADS_ASTRAY.test(name))
  const env = { ...Object.fromEntries(kept), ...SETTLED }
  const child = spawn('git', ['-C', folder, ...CONFIG, ...words], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, COMPLAINT_CHARACTERS_MAX)
  })
  // Told by the end of the process, which has the reason.
  child.stdin.on('error', () => child.stdin.destroy())
  return { child, ended: endOf(child, folder, words, () => complaint.trim()) }
}

/** All that git writes. Throws a CommandError with git's own words where it does not end well. */
export async function askGit(folder: string, words: readonly string[]): Promise<Buffer> {
  const { child, ended } = spawnGit(folder, words)
  child.stdin.end()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of child.stdout) {
    size += (chunk as Buffer).length
    if (size > OUTPUT_BYTES_MAX) child.kill('SIGKILL')
    else chunks.push(chunk as Buffer)
  }
  await ended
  return Buffer.concat(chunks)
}

async function endOf(
  child: ChildProcess,
  folder: string,
  words: readonly string[],
  complaint: () => string,
): Promise<void> {
  try {
    const [code]: (number | null)[] = await once(child, 'close')
    if (code === 0) return
    throw new CommandError(`${folder}: git ${words[0] ?? ''} failed: ${complaint() || `exit status ${code}`}`)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new CommandError('git is not installed, or not in the path')
    }
    throw cause
  }
}

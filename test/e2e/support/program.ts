/** Runs a real program with an environment of its own: bounded in time and output, and ended with all it started. */
import { type ChildProcess, spawn } from 'node:child_process'
import { temporaryFolder } from './temporary.ts'

const OUTPUT_BYTES_MAX = 8 * 1024 * 1024
const TIMEOUT_MS = 30_000

interface ProgramOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string | Buffer
  /** Past it the program is killed and the call throws. */
  readonly timeoutMs?: number
}

export interface ProgramResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const running = new Set<ChildProcess>()
let home: string | null = null

process.on('exit', () => {
  for (const child of running) kill(child)
})

/** `env` is added to PATH, LANG and an empty HOME: nothing else of this process is inherited. */
export async function runProgram(
  name: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  home ??= temporaryFolder('home')
  const path = process.env['PATH'] ?? '/usr/bin:/bin'
  const child = spawn(name, args, {
    cwd: options.cwd ?? home,
    env: { PATH: path, HOME: home, LANG: 'C', LC_ALL: 'C', ...options.env },
    detached: true,
  })
  const [stdout, stderr] = [collect(child, 'stdout'), collect(child, 'stderr')]
  child.stdin.on('error', () => child.stdin.destroy())
  child.stdin.end(options.input)
  const code = await exitOf(child, `${name} ${args.join(' ')}`, options.timeoutMs ?? TIMEOUT_MS)
  return { code, stdout: stdout(), stderr: stderr() }
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = []
  let collectedBytes = 0
  child[name]?.on('data', (chunk: Buffer) => {
    if (collectedBytes < OUTPUT_BYTES_MAX) chunks.push(chunk)
    collectedBytes += chunk.length
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

function exitOf(child: ChildProcess, line: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    running.add(child)
    let late = false
    const deadline = setTimeout(() => {
      late = true
      kill(child)
    }, timeoutMs)
    const settle = (): void => {
      clearTimeout(deadline)
      running.delete(child)
    }
    child.on('error', (error) => {
      settle()
      reject(error)
    })
    child.on('close', (code, signal) => {
      settle()
      if (code !== null && !late) resolve(code)
      else reject(new Error(`${line}: ${late ? `not done after ${timeoutMs} ms` : `ended by ${signal}`}`))
    })
  })
}

// The program leads a group of its own, so that what it started ends with it.
function kill(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
    process.kill(-child.pid, 'SIGKILL')
}

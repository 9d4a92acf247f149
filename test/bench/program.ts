/** Programs the bench starts: a made environment, output into files, and an end that reaches the whole tree. */
import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { readProcesses, treeOf } from './process-times.ts'

export interface Program {
  readonly name: string
  readonly pid: number
  readonly child: ChildProcess
  /** Where its standard output and its standard error go. */
  readonly files: { readonly output: string; readonly errors: string }
  end(): Promise<void>
}

interface Surroundings {
  readonly folder: string
  readonly cleanup: AsyncDisposableStack
  readonly owner?: Owner | undefined
  /** A channel for messages, for the bench's own processes. */
  readonly channel?: boolean
}

/** The user a program runs as, where it is not the bench's own. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

const readyTimeoutMs = 30_000
const endTimeoutMs = 5_000
const pollMs = 25
const tailCharactersMax = 2_000

const execFileAsync = promisify(execFile)

/** Starts a program, which ends at the latest with the clean-up. */
export function startProgram(
  name: string,
  command: readonly [string, ...string[]],
  { folder, cleanup, owner, channel = false }: Surroundings,
): Program {
  if (cleanup.disposed) throw new Error('interrupted')
  const files = { output: join(folder, `${name}.out`), errors: join(folder, `${name}.err`) }
  const [output, errors] = [openSync(files.output, 'w'), openSync(files.errors, 'w')]
  const options: SpawnOptions = {
    env: environmentIn(folder),
    stdio: channel ? ['ignore', output, errors, 'ipc'] : ['ignore', output, errors],
    ...owner,
  }
  const [file, ...parameters] = command
  const child = spawn(file, parameters, options)
  closeSync(output)
  closeSync(errors)
  // The failure to start is found by whoever waits for the program; here it must only not be thrown.
  child.on('error', (error) => process.stderr.write(`${name}: ${error.message}\n`))
  if (child.pid === undefined) throw new Error(`${name} could not be started: ${file}`)
  const { pid } = child
  const end = (): Promise<void> => endTree(child, pid)
  cleanup.defer(end)
  return { name, pid, child, files, end }
}

/** Runs a short command to its end; its standard output. */
export async function runCommand(
  command: readonly [string, ...string[]],
  folder: string,
  owner?: Owner,
): Promise<string> {
  const [file, ...parameters] = command
  const options = { env: environmentIn(folder), cwd: folder, timeout: readyTimeoutMs, ...owner }
  const { stdout } = await execFileAsync(file, parameters, options)
  return stdout
}

/** Asks again and again until there is an answer; fails with the program's last words when it ends or is too slow. */
export async function waitFor<T>(program: Program, ask: () => Promise<T | null> | T | null): Promise<T> {
  for (let waitedMs = 0; waitedMs < readyTimeoutMs; waitedMs += pollMs) {
    const answer = await ask()
    if (answer !== null) return answer
    if (hasEnded(program.child)) throw new Error(`${program.name} ended before it was ready${lastWords(program)}`)
    await wait(pollMs)
  }
  throw new Error(`${program.name} was not ready within ${readyTimeoutMs / 1_000} s${lastWords(program)}`)
}

/** The next message of one of the bench's own processes; fails when the process ends or is too slow. */
export async function nextMessage(program: Program, timeoutMs: number): Promise<unknown> {
  const settled = new AbortController()
  const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(timeoutMs)])
  const ended = once(program.child, 'exit', { signal }).then(() => {
    throw new Error(`${program.name} ended${lastWords(program)}`)
  })
  try {
    const [message] = await Promise.race([once(program.child, 'message', { signal }), ended])
    return message
  } finally {
    settled.abort()
  }
}

/** The end of what a program wrote, for an error message. */
export function lastWords({ files }: Program): string {
  const written = [files.errors, files.output].map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''))
  const tail = written.join('').trim().slice(-tailCharactersMax)
  return tail === '' ? '' : `:\n${tail}`
}

/** Nothing is inherited: a proxy or a trust anchor from the caller's environment would change what is measured. */
function environmentIn(folder: string): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder, LANG: 'C' }
}

/** Children are listed before the root is asked to go, since those it leaves behind could not be found any more. */
async function endTree(child: ChildProcess, pid: number): Promise<void> {
  if (hasEnded(child)) return
  const descendants = treeOf(pid, readProcesses()).slice(1)
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), endTimeoutMs)
  await exited
  clearTimeout(force)
  const left = new Set(readProcesses().map((process) => process.pid))
  for (const descendant of descendants) if (left.has(descendant.pid)) killIfAlive(descendant.pid)
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

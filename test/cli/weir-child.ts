/** Runs `weir` as a process of its own, with an environment of its own, and ends it with the test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

const OUTPUT_TIMEOUT_MS = 50_000

export interface WeirChild {
  readonly process: ChildProcess
  out(): string
  err(): string
  /** The first line of standard output; throws with standard error when the process ends without one. */
  firstLine(): Promise<string>
  /** The exit status; null for an end by a signal. */
  ended(): Promise<number | null>
}

export function spawnWeir(words: readonly string[], options: { cwd: string; env?: Record<string, string> }): WeirChild {
  const child = spawn(process.execPath, [`${import.meta.dirname}/../../src/cli/main.ts`, ...words], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: options.cwd, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: OUTPUT_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text
  })
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (output.out.includes('\n')) resolve(output.out.slice(0, output.out.indexOf('\n')))
    })
    child.on('close', () => reject(new Error(`ended without a line: ${output.err}`)))
  })
  // A test that only waits for the end does not ask for the line.
  firstLine.catch(() => undefined)
  return {
    process: child,
    out: () => output.out,
    err: () => output.err,
    firstLine: () => firstLine,
    ended: () => ended,
  }
}

/** Child processes of the demonstration: git to its end, and a Weir of its own until it is told to stop. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const OUTPUT_CHARACTERS_MAX = 1024 * 1024
const STOP_TIMEOUT_MS = 3_000

export interface ChildOptions {
  readonly cwd: string
  /** All that the child has of an environment: nothing of this process leads git astray. */
  readonly env: Readonly<Record<string, string>>
  /** Ends the child. */
  readonly signal: AbortSignal
}

/** Runs a program to its end; `output` is both of its streams as they came. */
export async function runToEnd(
  program: string,
  words: readonly string[],
  options: ChildOptions,
): Promise<{ code: number; output: string }> {
  const child = spawn(program, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'], killSignal: 'SIGKILL' })
  let output = ''
  const collect = (text: string): void => {
    output = (output + text).slice(-OUTPUT_CHARACTERS_MAX)
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  const [code]: (number | null)[] = await once(child, 'close')
  return { code: code ?? -1, output }
}

export interface WeirProcess {
  /** ADDRESS:PORT. */
  readonly address: string
  /** The lines of its record so far. */
  readonly record: readonly Readonly<Record<string, unknown>>[]
  /** Lets it drain; resolves when it has ended and the record is whole. */
  stop(): Promise<void>
}

/** Starts `weir run` from this same program and waits until it is ready. */
export async function startWeirProcess(flags: readonly string[], options: ChildOptions): Promise<WeirProcess> {
  // The program lies beside this folder, as source or as build, with the same ending as this file.
  const program = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url))
  const words = [program, 'run', ...flags]
  const child = spawn(process.execPath, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'], killSignal: 'SIGKILL' })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-OUTPUT_CHARACTERS_MAX)
  })
  // An abort is told as an error too; that the child ends is all that matters of it.
  child.on('error', () => child.kill('SIGKILL'))
  const closed = new Promise((resolve) => child.once('close', resolve))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const first = await lines.next()
  if (first.done === true) throw new Error(`weir run ended before it was ready:\n${complaint}`)
  const ready = JSON.parse(first.value) as { readonly listen: readonly string[] }
  const record: Record<string, unknown>[] = []
  const reading = readRecord(lines, record)
  // A line that is no JSON is told by `stop`, not by the end of this process.
  reading.catch(() => undefined)
  return {
    address: ready.listen[0] ?? '',
    record,
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      await closed
      clearTimeout(late)
      await reading
    },
  }
}

async function readRecord(lines: AsyncIterator<string>, record: Record<string, unknown>[]): Promise<void> {
  for (;;) {
    const next = await lines.next()
    if (next.done === true) return
    record.push(JSON.parse(next.value) as Record<string, unknown>)
  }
}

/** Runs a command of Weir in this process, with a terminal that remembers; and temporary folders that go away by themselves. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import type { Status } from '../../src/cli/terminal.ts'

export interface Outcome {
  readonly status: Status
  readonly out: string
  readonly err: string
}

export interface WeirOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly colours?: boolean
  /** What stands on standard input. */
  readonly input?: Iterable<Uint8Array>
}

export async function weir(words: readonly string[], options: WeirOptions = {}): Promise<Outcome> {
  const written = { out: '', err: '' }
  const channel = (name: 'out' | 'err') => ({
    colours: options.colours ?? false,
    write: (text: string | Uint8Array) => {
      written[name] += typeof text === 'string' ? text : Buffer.from(text).toString('latin1')
    },
  })
  const terminal = {
    out: channel('out'),
    err: channel('err'),
    environment: options.environment ?? {},
    input: () => Readable.from(options.input ?? []),
  }
  const status = await runProgram(words, terminal)
  return { status, ...written }
}

/** A folder with these files, removed when the test ends. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-cli-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

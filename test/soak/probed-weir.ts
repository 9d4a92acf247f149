/** A Weir as a process of its own that tells, when asked, what it holds. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { weirWords } from '../weir-command.ts'
import type { Ground } from './leaks/flows.ts'
import type { Holding } from './leaks/probe.ts'

export interface ProbedWeir extends AsyncDisposable {
  readonly ground: Ground
  measure(): Promise<Holding>
}

export interface ProbedOptions {
  readonly folder: string
  readonly policy: string
  /** PEM of the authority of the upstreams. */
  readonly anchor: string
  /** As `--resolve`. */
  readonly resolve: readonly string[]
}

const PROBE = new URL('./leaks/probe.ts', import.meta.url).href

export async function startProbedWeir({ folder, policy, anchor, resolve }: ProbedOptions): Promise<ProbedWeir> {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const flags = [
    ['--policy', file('policy.yaml', policy), '--listen', '127.0.0.1:0', '--certs', join(folder, 'certs')],
    ['--data', join(folder, 'data'), '--upstream-ca', file('ca.pem', anchor)],
    ['--allow-private', '127.0.0.0/8', ...resolve.flatMap((rule) => ['--resolve', rule])],
  ].flat()
  const child = spawn(process.execPath, ['--expose-gc', '--import', PROBE, ...weirWords(), 'run', ...flags], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  if (child.stdout === null) throw new Error('the child has no output')
  const lines = createInterface({ input: child.stdout })
  const [ready] = (await once(lines, 'line')) as [string]
  lines.on('line', () => undefined)
  const { listen } = JSON.parse(ready) as { readonly listen: readonly string[] }
  const anchors = [anchor, readFileSync(join(folder, 'certs', 'ca.pem'), 'utf8')]
  return {
    ground: { port: Number(listen[0]?.split(':').at(-1)), anchors },
    async measure() {
      const answer = once(child, 'message')
      child.send('measure')
      const [holding] = (await answer) as [Holding]
      return holding
    },
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
      await closed
    },
  }
}

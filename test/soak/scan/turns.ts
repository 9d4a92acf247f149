/** Runs git, and stops it and lets it go on in turns: what it does to others is then seen beside what they do without it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ChildOptions } from '../../../src/cli/demo/child.ts'

/** Behind a change, until what was under way has come to its end. */
const UNSETTLED_MS = 300

export class Turns {
  readonly #turnMs: number
  /** When it went on, was stopped, went on, … by the clock of the machine. */
  readonly #changes: number[] = []

  constructor(turnMs: number) {
    this.#turnMs = turnMs
  }

  /** Whether it ran then; null just behind a change, and outside of its time. */
  at(time: number): boolean | null {
    const changes = this.#changes.filter((change) => change <= time)
    const last = changes.at(-1)
    return last === undefined || time < last + UNSETTLED_MS ? null : changes.length % 2 === 1
  }

  async run(words: readonly string[], options: ChildOptions): Promise<{ code: number; output: string }> {
    // A group of its own, with the helper that git starts.
    const child = spawn('git', words, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const { pid } = child
    if (pid === undefined) throw new Error('git does not start')
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        output += text.toString()
      })
    }
    this.#changes.push(Date.now())
    const turning = setInterval(() => {
      this.#changes.push(Date.now())
      // The group is there until its leader was waited for.
      process.kill(-pid, this.#changes.length % 2 === 0 ? 'SIGSTOP' : 'SIGCONT')
    }, this.#turnMs)
    const [code]: (number | null)[] = await once(child, 'exit').finally(() => clearInterval(turning))
    if (!child.stdout.closed) await once(child, 'close')
    return { code: code ?? -1, output }
  }
}

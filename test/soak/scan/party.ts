/** The parties of the soak, each a process of its own, that are asked one thing after another. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export class Party {
  readonly #process: ChildProcess
  readonly #ended: Promise<never>

  constructor(file: string, down: AsyncDisposableStack) {
    const started = fork(join(import.meta.dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const closed = once(started, 'close')
    this.#ended = closed.then(() => {
      throw new Error('a party of the soak ended early')
    })
    this.#ended.catch(() => undefined)
    down.defer(async () => {
      started.kill('SIGTERM')
      await closed
    })
    this.#process = started
  }

  async ask(question: object): Promise<unknown> {
    const answer = Promise.race([once(this.#process, 'message'), this.#ended])
    this.#process.send(question)
    const [said] = await answer
    return said
  }
}

/** The thread in which uploads are looked into: several at a time, each piece of each in turn. */
import { parentPort, workerData } from 'node:worker_threads'
import { createLook, type Look, type LookTools } from '../content/look.ts'
import { unlooked } from '../flow/unlooked.ts'
import { ScanStore } from './scan-store.ts'
import type { ScanSetup } from './scan-setup.ts'
import type { ScanOrder, ScanWord } from './scan-thread.ts'
import { toolsOf } from './scan-tools.ts'

const port = parentPort
if (port === null) throw new Error('runs in a thread of the proxy')

const say = (word: ScanWord): void => port.postMessage(word)
let tools: LookTools = makeTools(workerData as ScanSetup)
const turns = new Map<number, Turn>()

function makeTools(setup: ScanSetup): LookTools {
  const { directory, bytesMax } = setup
  return toolsOf(setup, () => new ScanStore({ directory, bytesMax }))
}

/** One upload. */
class Turn {
  readonly #id: number
  readonly #look: Look
  readonly #limits: Pick<ScanSetup, 'bytesMax' | 'workMsMax'>
  #bytes = 0
  #workMs = 0
  #fault: string | null = null
  /** The end of all that it was told so far. */
  #last: Promise<void> = Promise.resolve()

  constructor(id: number, look: Look, limits: Pick<ScanSetup, 'bytesMax' | 'workMsMax'>) {
    this.#id = id
    this.#look = look
    this.#limits = limits
  }

  feed(piece: Uint8Array): void {
    this.#then(async () => {
      this.#bytes += piece.length
      if (this.#bytes > this.#limits.bytesMax) this.#fault ??= 'it is larger than may be looked at'
      if (this.#fault === null) await this.#work(() => this.#look.feed(piece))
      say({ id: this.#id, taken: piece.length })
    })
  }

  /** What others do meanwhile counts as well: it is a bound, and no measure. */
  async #work(step: () => void | Promise<void>): Promise<void> {
    const before = performance.now()
    await step()
    this.#workMs += performance.now() - before
    if (this.#workMs > this.#limits.workMsMax) this.#fault ??= 'it takes too long to look at'
  }

  finish(): void {
    this.#then(async () => {
      const found = this.#fault === null ? await this.#look.finish() : unlooked(this.#fault)
      say({ id: this.#id, found })
      this.close()
    })
  }

  close(): void {
    turns.delete(this.#id)
    this.#look.close()
  }

  /** What throws is a defect: of this upload nothing is known, and the others go on. */
  #then(step: () => Promise<void>): void {
    this.#last = this.#last.then(step).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      say({ id: this.#id, found: unlooked(`the scanner failed (${why})`) })
      this.close()
    })
  }
}

port.on('message', (order: ScanOrder) => {
  if ('renew' in order) {
    tools = makeTools(order.renew)
    return
  }
  if ('open' in order) {
    turns.set(order.id, new Turn(order.id, createLook(order.open, tools), workerData as ScanSetup))
    return
  }
  const turn = turns.get(order.id)
  if (turn === undefined) return
  if ('feed' in order) turn.feed(order.feed)
  else if ('finish' in order) turn.finish()
  else turn.close()
})

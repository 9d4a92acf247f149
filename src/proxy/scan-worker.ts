/** The thread in which uploads are looked into: several at a time, each piece of each in turn. */
import { getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { createLook, type Look, type LookRequest, type LookTools } from '../content/look.ts'
import type { ContentFacts } from '../flow/subject.ts'
import { unlooked } from '../flow/unlooked.ts'
import { Breath, LookEnded, StandingBack } from './scan-breath.ts'
import type { ScanSetup } from './scan-setup.ts'
import { ScanStore } from './scan-store.ts'
import type { ScanOrder, ScanWord } from './scan-thread.ts'
import { toolsOf } from './scan-tools.ts'

const port = parentPort
if (port === null) throw new Error('runs in a thread of the proxy')

/** Of niceness: whoever carries bytes goes first where both want a processor, and this one takes what is left. */
const NICER = 5
const NICENESS_MAX = 19

// Linux has it for each thread, and 0 is the one that asks; elsewhere it is the whole process.
if (process.platform === 'linux') setPriority(Math.min(NICENESS_MAX, getPriority() + NICER))

const say = (word: ScanWord): void => port.postMessage(word)
let tools: LookTools = makeTools(workerData as ScanSetup)
const standing = new StandingBack()
const turns = new Map<number, Turn>()

function makeTools(setup: ScanSetup): LookTools {
  const { directory, bytesMax } = setup
  return toolsOf(setup, () => new ScanStore({ directory, bytesMax }))
}

/** One upload. */
class Turn {
  readonly #id: number
  readonly #bytesMax: number
  readonly #breath: Breath
  readonly #look: Look
  #bytes = 0
  #isOver = false
  /** The end of all that it was told so far. */
  #last: Promise<void> = Promise.resolve()

  constructor(id: number, request: LookRequest, { bytesMax, workMsMax }: ScanSetup) {
    this.#id = id
    this.#bytesMax = bytesMax
    this.#breath = new Breath({ standing, workMsMax, live: () => say({ id, taken: 0 }) })
    this.#look = createLook(request, tools, () => this.#breath.breathe())
  }

  feed(piece: Uint8Array): void {
    this.#then(async () => {
      this.#bytes += piece.length
      if (this.#bytes > this.#bytesMax) throw new LookEnded('it is larger than may be looked at')
      await this.#look.feed(piece)
      await this.#breath.breathe()
      say({ id: this.#id, taken: piece.length })
    })
  }

  finish(): void {
    this.#then(async () => this.#end(await this.#look.finish()))
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    turns.delete(this.#id)
    this.#breath.end()
    // Not under the hands of a step that stands back.
    this.#last = this.#last.then(() => this.#look.close())
  }

  #then(step: () => Promise<void>): void {
    this.#last = this.#last
      .then(() => (this.#isOver ? undefined : this.#breath.run(step)))
      .catch((error: unknown) => this.#fail(error))
  }

  /** What else is thrown is a defect: of this upload nothing is known, and the others go on. */
  #fail(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    this.#end(unlooked(error instanceof LookEnded ? why : `the scanner failed (${why})`))
  }

  #end(found: ContentFacts): void {
    if (!this.#isOver) say({ id: this.#id, found })
    this.close()
  }
}

port.on('message', (order: ScanOrder) => {
  if ('renew' in order) {
    tools = makeTools(order.renew)
    return
  }
  if ('open' in order) {
    turns.set(order.id, new Turn(order.id, order.open, workerData as ScanSetup))
    return
  }
  const turn = turns.get(order.id)
  if (turn === undefined) return
  if ('feed' in order) turn.feed(order.feed)
  else if ('finish' in order) turn.finish()
  else turn.close()
})

/** Lets the looks of one thread take turns: one that has much to do stands back now and then, and whoever has little goes first. */

/** How long one look goes on before it stands back. */
const SLICE_MS = 4

/** Those who stand back, the first of them in front. There are no more than scans at one time. */
export class StandingBack {
  readonly #waiting: (() => void)[] = []
  #isCalling = false

  /** Once round the loop of events one of them goes on: between two of them, what has come meanwhile is heard. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#call()
    })
  }

  #call(): void {
    if (this.#isCalling || this.#waiting.length === 0) return
    this.#isCalling = true
    setImmediate(() => {
      this.#isCalling = false
      this.#waiting.shift()?.()
      this.#call()
    })
  }
}

export interface BreathOptions {
  readonly standing: StandingBack
  /** Work of one look in all, in milliseconds. */
  readonly workMsMax: number
  /** Told that it is at work still, each time that it stands back. */
  readonly live: () => void
  readonly now?: () => number
  /** What this thread has worked so far, in milliseconds: where others take the processor, that is less than time. */
  readonly worked?: () => number
}

/** A look that may not go on: it has worked too long, or nobody wants to know any more. */
export class LookEnded extends Error {
  override readonly name = 'LookEnded'
}

/** The time of one look. What it waits for is no work of its own. */
export class Breath {
  readonly #options: BreathOptions
  readonly #now: () => number
  readonly #worked: () => number
  #workMs = 0
  /** Since it stood back last. */
  #sliceMs = 0
  /** When it went on; null while it does not. */
  #since: number | null = null
  #workedBefore = 0
  #isEnded = false

  constructor(options: BreathOptions) {
    this.#options = options
    this.#now = options.now ?? ((): number => performance.now())
    this.#worked = options.worked ?? workOfThread
  }

  /** Whoever is in the middle of a step does not come back to it. */
  end(): void {
    this.#isEnded = true
  }

  /** Runs one step of the look. Throws LookEnded where it may not go on. */
  async run<T>(step: () => T | Promise<T>): Promise<T> {
    this.#goOn()
    try {
      return await step()
    } finally {
      this.#rest()
    }
  }

  /** To be called in the middle of a step, and waited for where there is something to wait for. */
  breathe(): void | Promise<void> {
    if (this.#since === null || this.#sliceMs + this.#now() - this.#since < SLICE_MS) return
    return this.#standBack()
  }

  async #standBack(): Promise<void> {
    this.#rest()
    if (this.#workMs > this.#options.workMsMax) throw new LookEnded('it takes too long to look at')
    this.#options.live()
    await this.#options.standing.wait()
    if (this.#isEnded) throw new LookEnded('nobody wants to know any more')
    this.#sliceMs = 0
    this.#goOn()
  }

  #goOn(): void {
    this.#since = this.#now()
    this.#workedBefore = this.#worked()
  }

  #rest(): void {
    if (this.#since === null) return
    this.#sliceMs += this.#now() - this.#since
    this.#workMs += this.#worked() - this.#workedBefore
    this.#since = null
  }
}

const MICROSECONDS_PER_MS = 1_000

function workOfThread(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / MICROSECONDS_PER_MS
}

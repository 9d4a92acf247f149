/** The line in front of password checks: one at a time, bounded, with room left for everybody. */

export interface CheckQueueOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  readonly checksMax?: number
  readonly checksPerClientMax?: number
  readonly checkWaitMsMax?: number
}

/** With the one that runs. */
const CHECKS_MAX = 256
/** The share of one address, so that one alone cannot fill the line. */
const CHECKS_PER_CLIENT_MAX = 32
/** Whoever waited longer has given up, or will not mind to ask again. */
const CHECK_WAIT_MS_MAX = 20_000

export class CheckQueue {
  readonly #now: () => number
  readonly #checksMax: number
  readonly #checksPerClientMax: number
  readonly #checkWaitMsMax: number
  readonly #perClient = new Map<string, number>()
  #checks = 0
  #last: Promise<void> = Promise.resolve()

  constructor(options: CheckQueueOptions) {
    this.#now = options.now
    this.#checksMax = options.checksMax ?? CHECKS_MAX
    this.#checksPerClientMax = options.checksPerClientMax ?? CHECKS_PER_CLIENT_MAX
    this.#checkWaitMsMax = options.checkWaitMsMax ?? CHECK_WAIT_MS_MAX
  }

  /** Runs a check in its turn, and rejects as it does; null where the line was full, or too slow. */
  async run<T>(client: string, check: () => Promise<T>): Promise<T | null> {
    const ofClient = this.#perClient.get(client) ?? 0
    if (this.#checks >= this.#checksMax || ofClient >= this.#checksPerClientMax) return null
    this.#perClient.set(client, ofClient + 1)
    this.#checks++
    const enteredAt = this.#now()
    const turn = this.#last
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#last = promise
    try {
      await turn
      return this.#now() - enteredAt > this.#checkWaitMsMax ? null : await check()
    } finally {
      this.#leave(client)
      resolve()
    }
  }

  #leave(client: string): void {
    const rest = (this.#perClient.get(client) ?? 0) - 1
    if (rest <= 0) this.#perClient.delete(client)
    else this.#perClient.set(client, rest)
    this.#checks--
  }
}

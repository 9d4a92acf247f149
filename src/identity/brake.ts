/** Counts failures by key, and makes each further attempt wait longer: the arithmetic of slowing a guesser down. */
import { LRUCache } from 'lru-cache'

export interface BrakeOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  readonly keysMax?: number
}

/** People mistype a few times, and guessers need thousands of tries. */
const FREE_FAILURES_MAX = 4
const FIRST_DELAY_MS = 1_000
const DELAY_MS_MAX = 60_000
/** So long without failures forgets one of them: about as fast as a guesser at full delay can add them. */
const FORGET_MS = 60_000
/** A burst that was already on its way must not count for hours. */
const FAILURES_MAX = 16
/** Attempts during a delay, after which nothing at all passes until it ends. */
const BLIND_ATTEMPTS_MAX = 100
const KEYS_MAX = 10_000

interface Failures {
  readonly count: number
  /** When the latest one was. */
  readonly at: number
  /** Attempts that were not looked at, since they came during a delay. */
  readonly blind: number
}

export class Brake {
  readonly #now: () => number
  readonly #failures: LRUCache<string, Failures>

  constructor(options: BrakeOptions) {
    this.#now = options.now
    this.#failures = new LRUCache({ max: options.keysMax ?? KEYS_MAX })
  }

  /** How long until the next attempt is looked at; 0 where it may be now. */
  waitMs(key: string): number {
    const failures = this.#failures.get(key)
    if (failures === undefined || failures.count <= FREE_FAILURES_MAX) return 0
    const delayMs = Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** (failures.count - FREE_FAILURES_MAX - 1))
    return Math.max(0, failures.at + delayMs - this.#now())
  }

  /** Counts a failure, from which the next delay runs. */
  fail(key: string): void {
    const now = this.#now()
    const before = this.#failures.get(key) ?? { count: 0, at: now, blind: 0 }
    const kept = Math.max(0, before.count - Math.floor((now - before.at) / FORGET_MS))
    const blind = kept > FREE_FAILURES_MAX ? before.blind : 0
    this.#failures.set(key, { count: Math.min(FAILURES_MAX, kept + 1), at: now, blind })
  }

  /** Counts an attempt that came during a delay. */
  press(key: string): void {
    const failures = this.#failures.get(key)
    if (failures !== undefined) this.#failures.set(key, { ...failures, blind: failures.blind + 1 })
  }

  /** Whether so much was tried during delays that it must be guessing. */
  isPressed(key: string): boolean {
    return (this.#failures.peek(key)?.blind ?? 0) >= BLIND_ATTEMPTS_MAX
  }

  /** Whether there was a failure that is not forgotten by lack of room. */
  has(key: string): boolean {
    return this.#failures.has(key)
  }
}

/** The ledger's own time: it only goes forward, and no step of the wall clock moves it while Weir runs. */
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { hrtime } from 'node:process'
import type { RunStamp } from './ledger-store.ts'

export interface LedgerClock {
  /** Milliseconds since some moment of this boot, the same for every process. Never goes back. */
  monotonicMs(): number
  /** Milliseconds since the epoch, as far as the machine knows. */
  wallMs(): number
  /** Tells one boot of the machine from another; null where nothing tells. */
  readonly bootId: string | null
}

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'

/**
 * Goes on from where another run left off. Within one boot of the machine the monotonic clock tells how long nothing ran.
 * Across boots only the wall clock can: a step back counts as no time at all, and a step forward between two runs cannot
 * be told from time that passed.
 */
export class LedgerTime {
  readonly #clock: LedgerClock
  readonly #offsetMs: number
  #latestMs = 0

  constructor(clock: LedgerClock, last: RunStamp | null) {
    this.#clock = clock
    const startMs = last === null ? clock.wallMs() : last.ledgerMs + passedMs(clock, last)
    this.#offsetMs = startMs - clock.monotonicMs()
  }

  nowMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.#offsetMs + this.#clock.monotonicMs())
    return this.#latestMs
  }

  stamp(owner: string): RunStamp {
    const { bootId } = this.#clock
    return {
      owner,
      bootId,
      monotonicMs: this.#clock.monotonicMs(),
      wallMs: this.#clock.wallMs(),
      ledgerMs: this.nowMs(),
    }
  }
}

/** The clocks of this machine. */
export function systemClock(): LedgerClock {
  // `performance.now` starts with the process and `hrtime` with the machine: one read of both makes the cheap one do for both.
  const startMs = Number(hrtime.bigint()) / 1e6 - performance.now()
  return {
    monotonicMs: () => startMs + performance.now(),
    wallMs: () => Date.now(),
    bootId: readBootId(),
  }
}

function passedMs(clock: LedgerClock, last: RunStamp): number {
  const sameBoot = clock.bootId !== null && clock.bootId === last.bootId
  return Math.max(0, sameBoot ? clock.monotonicMs() - last.monotonicMs : clock.wallMs() - last.wallMs)
}

function readBootId(): string | null {
  try {
    return readFileSync(BOOT_ID_FILE, 'latin1').trim()
  } catch {
    // Other systems than Linux have no such file: the wall clock has to do.
    return null
  }
}

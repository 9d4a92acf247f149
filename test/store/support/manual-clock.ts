/** Clocks that tests turn by hand. */
import type { LedgerClock } from '../../../src/store/ledger-time.ts'

export class ManualClock implements LedgerClock {
  bootId: string | null = 'boot-1'
  monotonic = 1_000_000
  wall = Date.UTC(2026, 0, 1)

  monotonicMs(): number {
    return this.monotonic
  }

  wallMs(): number {
    return this.wall
  }

  pass(ms: number): void {
    this.monotonic += ms
    this.wall += ms
  }
}

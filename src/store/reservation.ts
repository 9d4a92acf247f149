/** What one flow holds of its budgets: taken from leases at hand, or waited for until the store has acknowledged more. */
import assert from 'node:assert/strict'
import type { BudgetKey, Reservation, ReserveOutcome } from '../flow/ledger.ts'
import type { Counts } from './counts.ts'
import type { Claim, LeaseWriter } from './lease-writer.ts'
import type { LedgerTime } from './ledger-time.ts'

const RESERVED: ReserveOutcome = Object.freeze({ state: 'reserved' })
const FAILED: ReserveOutcome = Object.freeze({ state: 'failed' })

/** What reservations share. */
export interface LedgerParts {
  readonly counts: Counts
  readonly time: LedgerTime
  readonly writer: LeaseWriter
}

/** `keys` has no count twice. */
export function createReservation(keys: readonly BudgetKey[], { counts, time, writer }: LedgerParts): Reservation {
  let heldBytes = 0
  let settled = false

  const release = (bytes: number, sentBytes: number): void => {
    const nowMs = time.nowMs()
    // What is held keeps its count from being removed.
    for (const key of keys) counts.find(key)?.release(bytes, sentBytes, nowMs)
  }

  const arrive = (bytes: number, covered: boolean): ReserveOutcome => {
    if (!covered) return FAILED
    if (settled) {
      // The flow ended while it waited: nothing of this can have been sent.
      release(bytes, 0)
      return FAILED
    }
    heldBytes += bytes
    return RESERVED
  }

  return {
    extend(bytes) {
      assert(Number.isSafeInteger(bytes) && bytes >= 0, `cannot reserve ${bytes} bytes`)
      if (settled || !writer.writable) return FAILED
      if (bytes === 0) return RESERVED
      const nowMs = time.nowMs()
      const exceeded = findExceeded(keys, counts, bytes, nowMs)
      if (exceeded !== null) return exceeded
      if (!counts.hasRoom(keys)) return FAILED
      const claims = hold(keys, counts, bytes, nowMs)
      if (claims.every(({ waitingBytes }) => waitingBytes === 0)) return arrive(bytes, true)
      return writer.cover(claims).then((covered) => arrive(bytes, covered))
    },

    settle(sentBytes) {
      if (settled) return
      assert(Number.isSafeInteger(sentBytes) && sentBytes >= 0, `cannot have sent ${sentBytes} bytes`)
      assert(sentBytes <= heldBytes, `sent ${sentBytes} bytes of ${heldBytes} reserved`)
      settled = true
      if (heldBytes > 0) release(heldBytes, sentBytes)
    },
  }
}

function findExceeded(keys: readonly BudgetKey[], counts: Counts, bytes: number, nowMs: number): ReserveOutcome | null {
  for (const key of keys) {
    const left = key.size - (counts.find(key)?.usedBytes(nowMs) ?? 0)
    if (bytes > left) return { state: 'exceeded', budget: key.budget, left: Math.max(0, left) }
  }
  return null
}

/** Holds what leases cover, and marks the rest as waited for, so that nobody else is promised it. */
function hold(keys: readonly BudgetKey[], counts: Counts, bytes: number, nowMs: number): readonly Claim[] {
  return keys.map((key) => {
    const count = counts.enter(key, nowMs)
    const heldBytes = count.hold(bytes, nowMs)
    count.await(bytes - heldBytes)
    return { count, heldBytes, waitingBytes: bytes - heldBytes }
  })
}

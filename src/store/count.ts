/** One count of one budget: what was sent in its window, what flows hold of it, and how much of that the store has acknowledged. */
import assert from 'node:assert/strict'
import type { BudgetKey, BudgetUse } from '../flow/ledger.ts'
import type { LedgerRow } from './ledger-store.ts'
import { SlidingSum } from './sliding-sum.ts'

/** A lease is at most this part of what is left: near the limit little is stranded, and a crash loses little. */
export const LEASE_SHARE = 8

/** A row on its way to the store, and what it says of the bytes sent since the one before. */
export interface Snapshot {
  readonly row: LedgerRow
  readonly savedBytes: number
}

/**
 * Bytes go `waiting` → `held` → sent, or back. The store has acknowledged `#leasedBytes` beyond the sent bytes that it knows of,
 * so a byte may be held while `heldBytes + #unsavedBytes` stays within them; the rest is the lease, open to every flow.
 */
export class Count {
  readonly budget: string
  readonly key: string
  /** Held by flows, and covered by the store. */
  #heldBytes = 0
  /** Wanted by flows that wait for the store: nobody else may have them. */
  #waitingBytes = 0
  #leasedBytes = 0
  /** Sent since the last row was written: the store knows of them as leased only. */
  #unsavedBytes = 0
  #windowMs: number
  #size: number
  #sent: SlidingSum
  #usedAtMs: number

  constructor({ budget, key, windowMs, size }: BudgetKey, nowMs: number, sent = new SlidingSum()) {
    this.budget = budget
    this.key = key
    this.#windowMs = windowMs
    this.#size = size
    this.#sent = sent
    this.#usedAtMs = nowMs
  }

  /** A count as another run left it. What was leased may have been sent at any time until now: it counts as sent now. */
  static restore(row: LedgerRow, nowMs: number): Count {
    const sent = new SlidingSum(row.sent)
    sent.add(row.leasedBytes, nowMs, row.windowMs)
    return new Count(row, nowMs, sent)
  }

  /** The policy's latest word on this budget. What was sent goes on counting, under the new window. */
  redefine({ windowMs, size }: BudgetKey): void {
    this.#windowMs = windowMs
    this.#size = size
  }

  usedBytes(nowMs: number): number {
    return this.#sent.total(nowMs, this.#windowMs) + this.#heldBytes + this.#waitingBytes
  }

  use(nowMs: number): BudgetUse {
    const { budget, key } = this
    return { budget, key, windowMs: this.#windowMs, size: this.#size, usedBytes: this.usedBytes(nowMs) }
  }

  /** Holds what the lease covers of so many bytes, and tells how many those are. The caller has seen that they are left. */
  hold(bytes: number, nowMs: number): number {
    const covered = Math.min(bytes, this.#availableBytes)
    this.#heldBytes += covered
    this.#usedAtMs = nowMs
    return covered
  }

  await(bytes: number): void {
    this.#waitingBytes += bytes
  }

  /** Bytes waited for are waited for no more: `granted` when the store has acknowledged a snapshot that had them in it. */
  arrive(bytes: number, granted: boolean): void {
    this.#waitingBytes -= bytes
    if (granted) this.#heldBytes += bytes
    assert(this.#waitingBytes >= 0 && this.#availableBytes >= 0)
  }

  /** Ends a hold: `sentBytes` of it were sent, at the latest now; the rest is free again, and at once. */
  release(bytes: number, sentBytes: number, nowMs: number): void {
    this.#heldBytes -= bytes
    this.#unsavedBytes += sentBytes
    this.#sent.add(sentBytes, nowMs, this.#windowMs)
    this.#usedAtMs = nowMs
    assert(this.#heldBytes >= 0)
  }

  /** Nothing of it counts any more, and nobody holds anything. */
  isOver(nowMs: number): boolean {
    return this.usedBytes(nowMs) === 0
  }

  /** It has something that the store should hear of, and was left alone for so long. */
  isIdle(nowMs: number, idleMs: number): boolean {
    const hasNews = this.#availableBytes > 0 || this.#unsavedBytes > 0
    return hasNews && nowMs - this.#usedAtMs >= idleMs
  }

  /** Gives the lease up, as far as nobody waits for it. The next snapshot tells the store. */
  giveBack(): void {
    this.#leasedBytes -= this.#availableBytes
  }

  /** The row that covers what is held and waited for, and where somebody waits, a further lease of at most `leaseBytesMax`. */
  snapshot(nowMs: number, leaseBytesMax: number): Snapshot {
    const sentBytes = this.#sent.total(nowMs, this.#windowMs)
    const leftBytes = this.#size - sentBytes - this.#heldBytes
    const pieceBytes = Math.min(Math.floor(leftBytes / LEASE_SHARE), leaseBytesMax)
    const growthBytes = this.#waitingBytes === 0 ? 0 : Math.max(this.#waitingBytes, pieceBytes)
    const row = {
      budget: this.budget,
      key: this.key,
      windowMs: this.#windowMs,
      size: this.#size,
      leasedBytes: this.#heldBytes + this.#availableBytes + growthBytes,
      sent: this.#sent.slices(),
    }
    return { row, savedBytes: this.#unsavedBytes }
  }

  /** The store keeps this snapshot, the latest that was taken. */
  acknowledge({ row, savedBytes }: Snapshot): void {
    this.#leasedBytes = row.leasedBytes
    this.#unsavedBytes -= savedBytes
  }

  get #availableBytes(): number {
    return this.#leasedBytes - this.#heldBytes - this.#unsavedBytes
  }
}

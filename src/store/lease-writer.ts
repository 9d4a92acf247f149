/** Gets leases acknowledged by the store: what waits shares a transaction, a failure denies all, and a later success heals. */
import type { Count, Snapshot } from './count.ts'
import type { Counts } from './counts.ts'
import type { LedgerBatch, LedgerStore, RowName } from './ledger-store.ts'
import type { LedgerTime } from './ledger-time.ts'

/** The most that a lease takes beyond what is needed, and so the most that one crash costs one count. */
export const LEASE_BYTES_MAX = 64_000_000
/** Flows that wait for the next transaction; past it a flow is denied. */
export const WAITING_FLOWS_MAX = 20_000
/** Between two attempts to open a store that failed. */
export const RETRY_MS = 1_000

/** What one flow wants of one count: held already under its lease, and waited for. */
export interface Claim {
  readonly count: Count
  heldBytes: number
  waitingBytes: number
}

export interface LeaseWriterOptions {
  readonly store: LedgerStore
  readonly counts: Counts
  readonly time: LedgerTime
  /** A name of its own for this run of Weir. */
  readonly owner: string
  readonly leaseBytesMax?: number | undefined
}

interface Waiter {
  readonly claims: readonly Claim[]
  resolve(covered: boolean): void
}

export class LeaseWriter {
  /** Why nothing can be kept; null while the store works. */
  fault: string | null = 'the ledger was not opened yet'
  readonly #parts: LeaseWriterOptions
  readonly #leaseBytesMax: number
  #waiters: Waiter[] = []
  #idle = new Set<Count>()
  #over: RowName[] = []
  #draining: Promise<void> | null = null
  #retry: NodeJS.Timeout | null = null
  #reopening: Promise<void> | null = null
  #closed = false

  constructor(options: LeaseWriterOptions) {
    this.#parts = options
    this.#leaseBytesMax = options.leaseBytesMax ?? LEASE_BYTES_MAX
  }

  get writable(): boolean {
    return this.fault === null && !this.#closed
  }

  /** Whether the store has acknowledged all that these claims wait for. If not, nothing of them is held any more. */
  cover(claims: readonly Claim[]): Promise<boolean> {
    if (!this.writable || this.#waiters.length >= WAITING_FLOWS_MAX) {
      this.#end(claims, false)
      return Promise.resolve(false)
    }
    return new Promise((resolve) => {
      this.#waiters.push({ claims, resolve })
      this.#drain()
    })
  }

  /** Gives back the lease of a count that nobody uses. */
  giveBack(count: Count): void {
    this.#idle.add(count)
    this.#drain()
  }

  /** Lets the store forget a count of which nothing counts any more, and which is no longer among the counts. */
  forget({ budget, key }: Count): void {
    this.#over.push({ budget, key })
    this.#drain()
  }

  /** Writes all counts in place of whatever is kept: the first thing to do, and what heals a store that had failed. */
  async replaceAll(): Promise<string | null> {
    const snapshots = this.#snapshots(this.#parts.counts)
    this.fault = await this.#write({ replaces: true, deletes: [] }, snapshots)
    return this.fault
  }

  /** The store cannot be trusted with more: all that wait are denied, as is all that comes until it works again. */
  fail(fault: string): void {
    if (this.fault !== null) return
    this.fault = fault
    const waiters = this.#waiters.splice(0)
    // What these would say is in the rows that replace all when the store works again.
    this.#idle.clear()
    this.#over = []
    this.#answer(waiters, false)
    this.#retryLater()
  }

  /** Gives all leases back and closes the store. What flows still hold then counts as sent. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#retry !== null) clearTimeout(this.#retry)
    await this.#draining
    await this.#reopening
    if (this.fault === null) {
      for (const count of this.#parts.counts) count.giveBack()
      await this.replaceAll()
    }
    await this.#parts.store.close()
  }

  #drain(): void {
    if (this.fault === null && this.#draining === null) this.#draining = this.#drainAll()
  }

  async #drainAll(): Promise<void> {
    // Whoever asks in the same turn of the event loop shares the transaction.
    await Promise.resolve()
    while (this.fault === null && this.#waiters.length + this.#idle.size + this.#over.length > 0) {
      await this.#writeNext()
    }
    this.#draining = null
  }

  async #writeNext(): Promise<void> {
    const waiters = this.#waiters.splice(0)
    const idle = this.#idle
    const deletes = this.#over
    this.#idle = new Set()
    this.#over = []
    for (const count of idle) count.giveBack()
    const counts = new Set([...idle, ...waiters.flatMap(({ claims }) => this.#cover(claims))])
    const fault = await this.#write({ replaces: false, deletes }, this.#snapshots(counts))
    this.#answer(waiters, fault === null)
    if (fault !== null) this.fail(fault)
  }

  /** The counts of these claims that need the store. What other flows gave back meanwhile is taken before more is leased. */
  #cover(claims: readonly Claim[]): readonly Count[] {
    const nowMs = this.#parts.time.nowMs()
    return claims.flatMap((claim) => {
      const { count, waitingBytes } = claim
      if (waitingBytes === 0) return []
      count.arrive(waitingBytes, false)
      const heldBytes = count.hold(waitingBytes, nowMs)
      claim.heldBytes += heldBytes
      claim.waitingBytes -= heldBytes
      count.await(claim.waitingBytes)
      return [count]
    })
  }

  #snapshots(counts: Iterable<Count>): readonly (readonly [Count, Snapshot])[] {
    const nowMs = this.#parts.time.nowMs()
    return [...counts].map((count) => [count, count.snapshot(nowMs, this.#leaseBytesMax)])
  }

  async #write(
    batch: Pick<LedgerBatch, 'replaces' | 'deletes'>,
    snapshots: readonly (readonly [Count, Snapshot])[],
  ): Promise<string | null> {
    const { store, time, owner } = this.#parts
    const puts = snapshots.map(([, { row }]) => row)
    const writing = await store.write({ ...batch, run: time.stamp(owner), puts })
    if (writing.state === 'failed') return writing.fault
    for (const [count, snapshot] of snapshots) count.acknowledge(snapshot)
    return null
  }

  #answer(waiters: readonly Waiter[], covered: boolean): void {
    for (const { claims, resolve } of waiters) {
      this.#end(claims, covered)
      resolve(covered)
    }
  }

  #end(claims: readonly Claim[], covered: boolean): void {
    for (const { count, heldBytes, waitingBytes } of claims) {
      count.arrive(waitingBytes, covered)
      if (!covered) count.release(heldBytes, 0, this.#parts.time.nowMs())
    }
  }

  #retryLater(): void {
    if (this.#closed) return
    this.#retry = setTimeout(() => {
      this.#reopening = this.#reopen()
    }, RETRY_MS)
    this.#retry.unref()
  }

  async #reopen(): Promise<void> {
    const { store, owner } = this.#parts
    const opening = await store.open((fault) => this.fail(fault))
    if (this.#closed) return
    if (opening.state === 'refused') {
      this.fault = opening.fault
      this.#retryLater()
    } else if (opening.run !== null && opening.run.owner !== owner) {
      // What that process sent is not in this one's counts, and must not be overwritten by them.
      this.fault = 'another process has written the ledger meanwhile: restart Weir'
    } else if ((await this.replaceAll()) !== null) {
      this.#retryLater()
    }
  }
}

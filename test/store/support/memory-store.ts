/** A store of the ledger in memory: a disk that outlives its stores, and stores that can be made to fail, to wait and to die. */
import assert from 'node:assert/strict'
import type {
  LedgerBatch,
  LedgerRow,
  LedgerStore,
  Opening,
  RunStamp,
  Writing,
} from '../../../src/store/ledger-store.ts'

export class MemoryDisk {
  run: RunStamp | null = null
  readonly rows = new Map<string, LedgerRow>()

  keep({ replaces, run, deletes, puts }: LedgerBatch): void {
    if (replaces) this.rows.clear()
    for (const { budget, key } of deletes) this.rows.delete(`${budget} ${key}`)
    for (const row of puts) this.rows.set(`${row.budget} ${row.key}`, row)
    this.run = run
  }
}

/**
 * - `works`: keeps and acknowledges.
 * - `fails`, `fails-late`: does not acknowledge; late is after the batch was kept all the same.
 * - `waits`, `waits-late`: never answers; late is after the batch was kept.
 */
export type StoreMood = 'works' | 'fails' | 'fails-late' | 'waits' | 'waits-late'

export class MemoryStore implements LedgerStore {
  mood: StoreMood = 'works'
  opens = 0
  readonly batches: LedgerBatch[] = []
  lose: (fault: string) => void = () => {}
  readonly #disk: MemoryDisk
  #writing = false

  constructor(disk = new MemoryDisk()) {
    this.#disk = disk
  }

  get disk(): MemoryDisk {
    return this.#disk
  }

  async open(lost: (fault: string) => void): Promise<Opening> {
    this.opens++
    this.lose = lost
    if (this.mood !== 'works') return { state: 'refused', fault: 'the disk is out of order' }
    return { state: 'open', run: this.#disk.run, rows: [...this.#disk.rows.values()] }
  }

  async write(batch: LedgerBatch): Promise<Writing> {
    assert(!this.#writing, 'one call at a time')
    this.#writing = true
    this.batches.push(batch)
    await Promise.resolve()
    if (this.mood === 'works' || this.mood.endsWith('-late')) this.#disk.keep(structuredClone(batch))
    if (this.mood.startsWith('waits')) return new Promise(() => {})
    this.#writing = false
    return this.mood === 'works' ? { state: 'written' } : { state: 'failed', fault: 'the disk is full' }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

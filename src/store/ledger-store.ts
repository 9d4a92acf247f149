/** What the ledger asks of a store: rows read once, and batches of rows that are on the disk when they are acknowledged. */

/** One count as it is kept. */
export interface LedgerRow {
  readonly budget: string
  readonly key: string
  readonly windowMs: number
  readonly size: number
  /** Bytes that may have been sent since the row was written, at a time that the row does not know. */
  readonly leasedBytes: number
  /** Bytes sent, each with the end of the slice of ledger time that they were sent in. */
  readonly sent: readonly (readonly [endMs: number, bytes: number])[]
}

export type RowName = Pick<LedgerRow, 'budget' | 'key'>

/** Who writes, and how the ledger's time stood to the clocks when it was last written. */
export interface RunStamp {
  /** A name of its own for each run of Weir. */
  readonly owner: string
  /** Within one boot, `monotonicMs` of different processes can be compared; null where no boot can be told. */
  readonly bootId: string | null
  readonly monotonicMs: number
  readonly wallMs: number
  readonly ledgerMs: number
}

/** One transaction: `deletes` first, then `puts`, each of which replaces its row. */
export interface LedgerBatch {
  /** Everything that was kept is dropped first. */
  readonly replaces: boolean
  readonly run: RunStamp
  readonly deletes: readonly RowName[]
  readonly puts: readonly LedgerRow[]
}

export type Opening =
  /** `run` is null where nothing was ever written. */
  | { readonly state: 'open'; readonly run: RunStamp | null; readonly rows: readonly LedgerRow[] }
  | { readonly state: 'refused'; readonly fault: string }

export type Writing = { readonly state: 'written' } | { readonly state: 'failed'; readonly fault: string }

/** One call at a time. Nothing here rejects: a fault is a sentence for the operator. */
export interface LedgerStore {
  /**
   * Opens, or opens anew after a failure; nothing of an earlier opening is written once this has resolved.
   * `lost` is told when the store goes away by itself.
   */
  open(lost: (fault: string) => void): Promise<Opening>
  /** After `failed` the batch may or may not have been kept, and the store must be opened anew. */
  write(batch: LedgerBatch): Promise<Writing>
  close(): Promise<void>
}

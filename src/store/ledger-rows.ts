/** Reads what the file of the ledger keeps, and believes nothing of it that is out of shape. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { parseJson } from '../wire/json.ts'
import { z } from 'zod'
import { LedgerProblem } from './ledger-problem.ts'
import type { LedgerRow, RunStamp } from './ledger-store.ts'

/** What an earlier run left. */
export interface Kept {
  /** Null where nothing was ever written. */
  readonly run: RunStamp | null
  readonly rows: readonly LedgerRow[]
}

const bytes = z.int().nonnegative()
const run = z.object({
  owner: z.string(),
  bootId: z.string().nullable(),
  monotonicMs: z.number(),
  wallMs: z.number(),
  ledgerMs: z.number(),
})
const row = z.object({
  budget: z.string(),
  key: z.string(),
  windowMs: z.number().positive(),
  size: z.number().nonnegative(),
  leasedBytes: bytes,
  sent: z.array(z.tuple([z.number(), bytes])),
})

const RUN_QUERY = `SELECT owner, boot_id AS bootId, monotonic_ms AS monotonicMs, wall_ms AS wallMs, ledger_ms AS ledgerMs FROM run`
const ROWS_QUERY = `SELECT budget, key, window_ms AS windowMs, size, leased_bytes AS leasedBytes, sent FROM counts`

type Record = { readonly [column: string]: SQLOutputValue }

/** Throws a LedgerProblem at the first row that no Weir has written. */
export function readKept(database: DatabaseSync, file: string): Kept {
  const found = database.prepare(RUN_QUERY).get()
  const rows: LedgerRow[] = []
  for (const record of database.prepare(ROWS_QUERY).iterate()) rows.push(readRow(record, file))
  if (found === undefined && rows.length > 0) throw outOfShape(file)
  return { run: found === undefined ? null : readRun(found, file), rows }
}

function readRow(record: Record, file: string): LedgerRow {
  const { sent } = record
  // The schema refuses what is no JSON, as anything else that is no list.
  const parsed = row.safeParse({ ...record, sent: typeof sent === 'string' ? parseJson(sent) : undefined })
  if (!parsed.success) throw outOfShape(file)
  return parsed.data
}

function readRun(record: Record, file: string): RunStamp {
  const parsed = run.safeParse(record)
  if (!parsed.success) throw outOfShape(file)
  return parsed.data
}

function outOfShape(file: string): LedgerProblem {
  return new LedgerProblem(`${file} holds what no Weir has written: put back a good one, or move it away`)
}

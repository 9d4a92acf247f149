/** The ledger of budgets: counts in memory, covered by leases that a store has acknowledged, over any crash. */
import { randomUUID } from 'node:crypto'
import type { BudgetKey, BudgetUse, Ledger } from '../flow/ledger.ts'
import { Counts, type CountsLimits } from './counts.ts'
import { LeaseWriter } from './lease-writer.ts'
import { LedgerProblem } from './ledger-problem.ts'
import type { LedgerStore } from './ledger-store.ts'
import { createThreadStore } from './ledger-thread.ts'
import { type LedgerClock, LedgerTime, systemClock } from './ledger-time.ts'
import { createReservation } from './reservation.ts'

/** A lease that nobody has used for so long is given back. */
export const LEASE_IDLE_MS = 60_000
/** How often idle leases and ended counts are looked for. */
const SWEEP_INTERVAL_MS = 15_000

export interface LedgerOptions extends CountsLimits {
  readonly store: LedgerStore
  readonly clock?: LedgerClock
  readonly leaseBytesMax?: number
}

/**
 * What was sent counts from its `settle` on, until that moment's slice of the window has passed out of it; what is held
 * counts for as long as it is held. A flow that outlives its window therefore settles now and then and opens anew.
 * The window and size of a count are those of its latest `open`: under a shorter window it forgets sooner, under a longer one
 * it goes on with what it still knows.
 */
export interface DurableLedger extends Ledger {
  /** False while the store cannot keep what it would have to acknowledge: then everything is `failed`. */
  readonly writable: boolean
  /** Why it is not writable, for the operator; null while it is. */
  readonly fault: string | null
  /** Gives every lease back. What flows still hold counts as sent: settle them before. */
  close(): Promise<void>
}

/** The ledger in a file, made with mode 0600 where there is none. Throws a LedgerProblem where it cannot be used. */
export function openLedger(file: string): Promise<DurableLedger> {
  return startLedger({ store: createThreadStore({ file }) })
}

/** A ledger over a store. Throws a LedgerProblem where the store cannot be opened and written. */
export async function startLedger(options: LedgerOptions): Promise<DurableLedger> {
  const { store, clock = systemClock(), leaseBytesMax } = options
  const counts = new Counts(options)
  let writer: LeaseWriter | null = null
  const opening = await store.open((fault) => writer?.fail(fault))
  if (opening.state === 'refused') throw new LedgerProblem(opening.fault)
  const time = new LedgerTime(clock, opening.run)
  counts.restore(opening.rows, time.nowMs())
  writer = new LeaseWriter({ store, counts, time, owner: randomUUID(), leaseBytesMax })
  const fault = await writer.replaceAll()
  if (fault !== null) {
    await store.close()
    throw new LedgerProblem(fault)
  }
  return run(counts, time, writer)
}

function run(counts: Counts, time: LedgerTime, writer: LeaseWriter): DurableLedger {
  const timer = setInterval(() => sweep(counts, time.nowMs(), writer), SWEEP_INTERVAL_MS)
  timer.unref()
  return {
    open(keys) {
      const merged = mergeKeys(keys)
      for (const key of merged) counts.find(key)?.redefine(key)
      return createReservation(merged, { counts, time, writer })
    },
    uses(countMax) {
      const nowMs = time.nowMs()
      const uses = [...counts].map((count) => count.use(nowMs)).filter(({ usedBytes }) => usedBytes > 0)
      return uses.sort((one, other) => share(other) - share(one)).slice(0, countMax)
    },
    get writable(): boolean {
      return writer.writable
    },
    get fault(): string | null {
      return writer.fault
    },
    close() {
      clearInterval(timer)
      return writer.close()
    },
  }
}

function sweep(counts: Counts, nowMs: number, writer: LeaseWriter): void {
  for (const count of counts) {
    if (count.isOver(nowMs)) {
      counts.remove(count)
      writer.forget(count)
    } else if (count.isIdle(nowMs, LEASE_IDLE_MS)) {
      writer.giveBack(count)
    }
  }
}

/** Each count once, or its bytes would be taken twice; the smallest size holds. */
function mergeKeys(keys: readonly BudgetKey[]): readonly BudgetKey[] {
  if (keys.length < 2) return keys
  const merged: BudgetKey[] = []
  for (const key of [...keys].sort((one, other) => one.size - other.size)) {
    if (!merged.some(({ budget, key: name }) => budget === key.budget && name === key.key)) merged.push(key)
  }
  return merged
}

function share({ usedBytes, size }: BudgetUse): number {
  return size > 0 ? usedBytes / size : 1
}

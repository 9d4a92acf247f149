/** All counts that live, found by budget and key, and never more than so many. */
import type { BudgetKey } from '../flow/ledger.ts'
import { Count } from './count.ts'
import type { LedgerRow } from './ledger-store.ts'

/** Counts that live at once. Nothing that counts is ever evicted: past it, what would need another is denied. */
export const COUNTS_MAX = 50_000
/** Of one budget, so that a client that makes up hosts or repositories leaves room for the counts of other budgets. */
export const COUNTS_PER_BUDGET_MAX = 20_000
/** A key is a name from a request; no user, host or repository has a longer one. */
export const KEY_CHARACTERS_MAX = 1_024

export interface CountsLimits {
  readonly countsMax?: number
  readonly countsPerBudgetMax?: number
}

export class Counts {
  #size = 0
  readonly #budgets = new Map<string, Map<string, Count>>()
  readonly #countsMax: number
  readonly #countsPerBudgetMax: number

  constructor({ countsMax = COUNTS_MAX, countsPerBudgetMax = COUNTS_PER_BUDGET_MAX }: CountsLimits = {}) {
    this.#countsMax = countsMax
    this.#countsPerBudgetMax = countsPerBudgetMax
  }

  find({ budget, key }: Pick<BudgetKey, 'budget' | 'key'>): Count | undefined {
    return this.#budgets.get(budget)?.get(key)
  }

  /** Whether every one of these has a count or may have one. */
  hasRoom(keys: readonly BudgetKey[]): boolean {
    const missing = keys.filter((key) => this.find(key) === undefined)
    if (missing.length === 0) return true
    if (this.#size + missing.length > this.#countsMax) return false
    return missing.every(({ budget, key }) => {
      const present = this.#budgets.get(budget)?.size ?? 0
      const added = missing.filter((other) => other.budget === budget).length
      return present + added <= this.#countsPerBudgetMax && key.length <= KEY_CHARACTERS_MAX
    })
  }

  /** The count of this key, made where there is none. The caller has asked for room. */
  enter(key: BudgetKey, nowMs: number): Count {
    return this.find(key) ?? this.#add(new Count(key, nowMs))
  }

  /** Takes in what was kept. It counts, however many there are. */
  restore(rows: readonly LedgerRow[], nowMs: number): void {
    for (const row of rows) {
      const count = Count.restore(row, nowMs)
      if (!count.isOver(nowMs)) this.#add(count)
    }
  }

  remove(count: Count): void {
    const keys = this.#budgets.get(count.budget)
    if (keys === undefined || !keys.delete(count.key)) return
    this.#size--
    if (keys.size === 0) this.#budgets.delete(count.budget)
  }

  *[Symbol.iterator](): Iterator<Count> {
    for (const keys of this.#budgets.values()) yield* keys.values()
  }

  #add(count: Count): Count {
    const keys = this.#budgets.get(count.budget) ?? new Map<string, Count>()
    this.#budgets.set(count.budget, keys)
    keys.set(count.key, count)
    this.#size++
    return count
  }
}

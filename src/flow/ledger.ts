/** The port of the ledger: what budgets have left, reserved before bytes go out and given back for what did not. */

/** One count of one budget: that of a user, a repository, …; `key` tells whose, such as `user:ada`. */
export interface BudgetKey {
  readonly budget: string
  readonly key: string
  /** Bytes sent in any `windowMs` milliseconds add up to at most `size`. */
  readonly windowMs: number
  readonly size: number
}

/**
 * - `reserved`: the bytes may go out.
 * - `exceeded`: they would pass this budget, of which `left` bytes are left; nothing was reserved.
 * - `failed`: the store cannot keep what it would have to acknowledge; nothing was reserved.
 */
export type ReserveOutcome =
  | { readonly state: 'reserved' }
  | { readonly state: 'exceeded'; readonly budget: string; readonly left: number }
  | { readonly state: 'failed' }

/** What one flow holds of its budgets, all of them together or none. */
export interface Reservation {
  /** Reserves so many bytes more; at once where a lease at hand covers them. */
  extend(bytes: number): ReserveOutcome | Promise<ReserveOutcome>
  /** Ends the reservation: `sentBytes` of it were sent, the rest is given back. Once; later calls do nothing. */
  settle(sentBytes: number): void
}

/** How far one count is used, for whoever watches. */
export interface BudgetUse extends BudgetKey {
  readonly usedBytes: number
}

export interface Ledger {
  /** An empty reservation over these counts. */
  open(keys: readonly BudgetKey[]): Reservation
  /** The counts that are used the most, at most `countMax` of them. */
  uses(countMax: number): readonly BudgetUse[]
}

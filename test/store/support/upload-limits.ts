/** What the uploads of the crash test and their watcher agree on. */
import type { BudgetKey } from '../../../src/flow/ledger.ts'

export const UPLOADS = 64
export const DECLARED_BYTES_MAX = 1_000

export function dailyBudget(size: number): BudgetKey {
  return { budget: 'daily', key: 'user:ada', windowMs: 86_400_000, size }
}

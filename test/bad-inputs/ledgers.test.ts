/** Files that are no ledger: Weir does not start on them, says why, and leaves them as they are: a ledger made anew would refill every budget. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openLedgerDatabase } from '../../src/store/ledger-database.ts'
import { LedgerProblem } from '../../src/store/ledger-problem.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { folderWith } from '../cli/weir-command.ts'
import { temporaryFolder } from '../e2e/support/temporary.ts'
import { expectClear } from './stage.ts'
import { BAD_LEDGERS } from './tables/ledgers.ts'

let good: Uint8Array
beforeAll(() => {
  const file = join(temporaryFolder('ledger'), 'ledger.sqlite')
  const database = openLedgerDatabase(file)
  const run = { owner: 'a', bootId: 'b', monotonicMs: 1, wallMs: 2, ledgerMs: 3 }
  const puts = ['ada', 'grace'].map((key) => ({
    budget: 'uploads',
    key,
    windowMs: 60_000,
    size: 1_000,
    leasedBytes: 10,
    sent: [[1, 5]] as const,
  }))
  database.write({ replaces: true, run, deletes: [], puts })
  database.close()
  good = readFileSync(file)
})

// In the head of a database, of a hundred bytes, SQLite notes how it is written; what is in it stands behind that.
function contentOf(file: string): string | null {
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file).subarray(100).toString('base64') : null
}

describe('a bad ledger', () => {
  it.each(BAD_LEDGERS)('$name', async ({ make, said }) => {
    const file = join(folderWith(), 'ledger.sqlite')
    make(file, good)
    const before = contentOf(file)
    const error: unknown = await openLedger(file).then(
      async (ledger) => {
        await ledger.close()
        return new Error('it was taken')
      },
      (cause: unknown) => cause,
    )
    expect(error).toBeInstanceOf(LedgerProblem)
    const { message } = error as LedgerProblem
    expect(message).toMatch(said)
    expect(message.startsWith(file)).toBe(true)
    expectClear(message)
    expect(contentOf(file), 'left as it is').toBe(before)
  })
})

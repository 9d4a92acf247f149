/** The thread that writes the ledger: opens the file it was started for, then keeps one batch after the other. */
import assert from 'node:assert/strict'
import { parentPort, workerData } from 'node:worker_threads'
import { type LedgerDatabase, openLedgerDatabase } from './ledger-database.ts'
import { LedgerProblem } from './ledger-problem.ts'
import type { LedgerBatch, Opening, Writing } from './ledger-store.ts'
import type { ThreadRequest } from './ledger-thread.ts'

const port = parentPort
assert(port !== null && typeof workerData === 'string')
let database: LedgerDatabase | null = null
port.postMessage(open(workerData))
port.on('message', (request: ThreadRequest) => {
  if (request === 'close') {
    database?.close()
    port.postMessage({ state: 'closed' })
  } else {
    port.postMessage(write(request.write))
  }
})

function open(file: string): Opening {
  try {
    database = openLedgerDatabase(file)
    return { state: 'open', ...database.read() }
  } catch (error) {
    return { state: 'refused', fault: explain(error) }
  }
}

function write(batch: LedgerBatch): Writing {
  try {
    assert(database !== null)
    database.write(batch)
    return { state: 'written' }
  } catch (error) {
    return { state: 'failed', fault: explain(error) }
  }
}

/** A problem of the file is a sentence; anything else is a fault of this code, and ends the thread. */
function explain(error: unknown): string {
  if (error instanceof LedgerProblem) return error.message
  throw error
}

/**
 * A process with a ledger whose disk fills up: ever more users reserve a byte each.
 * Argument: the ledger's file. Says `{"state":"failed",…}` when that is all it hears, `{"state":"reserved",…}` when it works again,
 * and at its end `{"used":…,"reserved":…}`, which must be the same.
 */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLedger } from '../../../src/store/ledger.ts'
import { dailyBudget } from './upload-limits.ts'

const [file = ''] = process.argv.slice(2)
const ledger = await openLedger(file)
let reserved = 0
let users = 0
await usersUntil('failed')
await usersUntil('reserved')
await ledger.close()
say({ used: ledger.uses(1_000_000).length, reserved })

/** A disk is full for good when it goes on failing: the room that opening the ledger anew frees in its log is soon used. */
async function usersUntil(wanted: 'reserved' | 'failed'): Promise<void> {
  for (let inARow = 0; inARow < 100; ) {
    const states = await Promise.all(Array.from({ length: 25 }, reserveOne))
    inARow = states.every((state) => state === wanted) ? inARow + 1 : 0
    if (states.includes('failed')) await sleep(20)
    else if (wanted === 'reserved') break
  }
  say({ state: wanted, fault: ledger.fault, writable: ledger.writable })
}

async function reserveOne(): Promise<string> {
  const reservation = ledger.open([{ ...dailyBudget(10), key: `user:${users++}-${'x'.repeat(500)}` }])
  const { state } = await reservation.extend(1)
  if (state === 'reserved') {
    reserved++
    reservation.settle(1)
  }
  return state
}

function say(message: object): void {
  writeSync(1, `${JSON.stringify(message)}\n`)
}

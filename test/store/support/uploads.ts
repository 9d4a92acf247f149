/**
 * A process with a ledger, to be killed: 64 uploads at once reserve, and append what they "send" to a file.
 * Arguments: the ledger's file, the sent file, the budget's size, the longest lease, a seed.
 * Says `{"used":…}` when it has opened the ledger and `{"end":…}` when nothing more can be reserved.
 */
import { openSync, writeSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { startLedger } from '../../../src/store/ledger.ts'
import { createThreadStore } from '../../../src/store/ledger-thread.ts'
import { DECLARED_BYTES_MAX, dailyBudget, UPLOADS } from './upload-limits.ts'

const [file = '', sentFile = '', size = '', leaseBytesMax = '', seed = ''] = process.argv.slice(2)
const sent = openSync(sentFile, 'a')
const ledger = await startLedger({ store: createThreadStore({ file }), leaseBytesMax: Number(leaseBytesMax) })
const budget = dailyBudget(Number(size))
let state = Number(seed)
say({ used: ledger.uses(1)[0]?.usedBytes ?? 0 })
await Promise.all(Array.from({ length: UPLOADS }, uploadUntilExceeded))
await ledger.close()
say({ end: true })

/** The last one to find nothing left is alone: then nobody holds anything that might be given back. */
async function uploadUntilExceeded(): Promise<void> {
  let left = Number.POSITIVE_INFINITY
  while (left > 0) left = Math.min(await uploadOne(1 + random(DECLARED_BYTES_MAX)), left)
}

/** One upload that declares so many bytes, and sends all of them or some. Resolves to what is left when it was refused. */
async function uploadOne(declaredBytes: number): Promise<number> {
  const reservation = ledger.open([budget])
  const outcome = await reservation.extend(declaredBytes)
  if (outcome.state === 'exceeded') return outcome.left
  if (outcome.state === 'failed') throw new Error(`the store failed: ${ledger.fault}`)
  const wantedBytes = random(3) === 0 ? random(declaredBytes) : declaredBytes
  let sentBytes = 0
  while (sentBytes < wantedBytes) {
    const bytes = Math.min(wantedBytes - sentBytes, 1 + random(200))
    // Counted as sent from here on, since it may be on its way when the process is killed.
    sentBytes += bytes
    writeSync(sent, Buffer.alloc(bytes))
    await turn()
  }
  reservation.settle(sentBytes)
  return Number.POSITIVE_INFINITY
}

/** A linear congruential generator (Numerical Recipes): whole numbers below `below`, the same for the same seed. */
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

function say(message: object): void {
  writeSync(1, `${JSON.stringify(message)}\n`)
}

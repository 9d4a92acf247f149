/** `npm run soak:websocket`: the whole of it, which takes some minutes. Arguments: the seed, and how many sockets are idle. */
import { readFileSync } from 'node:fs'
import { faultsOf } from './faults.ts'
import { playWebSockets } from './play.ts'

const IDLE_SOCKETS = 10_000
/** Besides those of sockets: each has one towards its client and one towards its site, and a client limit stands before both. */
const OTHER_DESCRIPTORS = 200

const seed = Number(process.argv[2] ?? 1)
const idleSockets = Math.min(
  Number(process.argv[3] ?? IDLE_SOCKETS),
  Math.floor((descriptorsMax() - OTHER_DESCRIPTORS) / 2),
)
const plan = { echoBytes: 1e9, idleSockets, aborts: 2_000, seed }
process.stdout.write(`seed ${seed}\n`)
const faults = faultsOf(plan, await playWebSockets(plan, (line) => process.stdout.write(`${line}\n`)))
for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`)
process.stdout.write(faults.length === 0 ? 'nothing is left behind\n' : `${faults.length} faults\n`)
process.exitCode = faults.length === 0 ? 0 : 1

/** Of one process (proc(5)). */
function descriptorsMax(): number {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return Number(soft ?? 1024)
}

/** `npm run soak:leaks`: the whole of it, which takes some minutes. */
import { faultsOf } from './faults.ts'
import { playLeaks } from './play.ts'

const seed = Number(process.argv[2] ?? 1)
const plan = { flows: Number(process.argv[3] ?? 10_000), idleTunnels: 2_000, rounds: 10, flowsPerRound: 1_000, seed }
process.stdout.write(`seed ${seed}\n`)
const faults = faultsOf(await playLeaks(plan, (line) => process.stdout.write(`${line}\n`)))
for (const fault of faults) process.stdout.write(`LEAK ${fault}\n`)
process.stdout.write(faults.length === 0 ? 'nothing leaks\n' : `${faults.length} leaks\n`)
process.exitCode = faults.length === 0 ? 0 : 1

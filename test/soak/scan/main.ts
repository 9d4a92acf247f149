/** `npm run soak:scan`: a light flow beside pushes of 200 MB that are looked into for everything, and 1 GB of it for its memory. */
import { faultsOf, STRICT } from './faults.ts'
import { playScanSoak } from './play.ts'

const MB = 1_000_000
const [megabytes = '200', rounds = '3', large = '1000', together = '4'] = process.argv.slice(2)
const plan = {
  packBytes: Number(megabytes) * MB,
  rounds: Number(rounds),
  calmMs: 15_000,
  turnMs: 3_000,
  readsPerSecond: 50,
  writesPerSecond: 10,
  largeBytes: Number(large) * MB,
  together: Number(together),
}
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const { faults, lines } = faultsOf(await playScanSoak(plan, tell), STRICT)
for (const line of lines) tell(line)
for (const fault of faults) tell(`FAULT ${fault}`)
tell(faults.length === 0 ? 'all held' : `${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1

/** `npm run soak:http2`: 1 GB each way by HTTP/2, and slow ends beside. */
import { faultsOf } from './faults.ts'
import { playHttp2Soak } from './play.ts'

const MB = 1_000_000
const [large = '1000', slow = '20'] = process.argv.slice(2)
const plan = { bytes: Number(large) * MB, slowBytes: Number(slow) * MB }
const faults = faultsOf(await playHttp2Soak(plan, (line) => process.stdout.write(`${line}\n`)))
for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`)
process.stdout.write(faults.length === 0 ? 'memory is flat\n' : `${faults.length} faults\n`)
process.exitCode = faults.length === 0 ? 0 : 1

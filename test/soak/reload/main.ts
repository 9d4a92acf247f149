/** `npm run soak:reload`: 10,000 rules and 1,000,000 hosts, reloaded again and again under load. */
import { playReload } from './play.ts'

const DELAY_P999_MS_MAX = 20

const plan = { rules: 10_000, hosts: 1_000_000, reloads: Number(process.argv[2] ?? 4) }
const result = await playReload(plan, (line) => process.stdout.write(`${line}\n`))
const { requests, lost, torn, allowed, denied, delay } = result
const ms = (value: number): string => `${value.toFixed(1)} ms`
process.stdout.write(
  `${requests} requests, ${lost.length} lost, ${torn.length} torn, ${allowed} allowed and ${denied} denied at the host that switches\n` +
    `event-loop delay: median ${ms(delay.p50)}, p99 ${ms(delay.p99)}, p99.9 ${ms(delay.p999)}, longest ${ms(delay.max)}, ${delay.samples} samples\n`,
)
for (const line of [...lost, ...torn].slice(0, 20)) process.stdout.write(`${line}\n`)
const good = lost.length === 0 && torn.length === 0 && delay.p999 <= DELAY_P999_MS_MAX
process.exitCode = good ? 0 : 1

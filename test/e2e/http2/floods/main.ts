/** `npm run soak:floods`: attacks for ten seconds each beside honest clients; all, or those that are named. Exits 1 where one fails. */
import { attackOf, attacks } from './attacks.ts'
import { faultsOf, STRICT } from './faults.ts'
import { type FloodResult, playFlood } from './play.ts'
import type { Measure } from './order.ts'

const [seconds = '10', ...names] = process.argv.slice(2)
const forMs = Number(seconds) * 1_000
const failed: string[] = []
tell(['attack', 'connections', 'unended', 'longest', 'sent', 'honest', 'p99', 'longest wait', 'memory', 'record'])
for (const attack of names.length === 0 ? attacks : names.map(attackOf)) {
  const result = await playFlood({ attack, forMs, calmMs: forMs / 2, perSecond: 300, endsWithinMs: 8_000 })
  tell(cellsOf(result))
  const faults = faultsOf(result, STRICT)
  for (const fault of [...faults, ...new Set(result.during.faults)]) process.stdout.write(`    ${fault}\n`)
  if (faults.length > 0) failed.push(attack.name)
}
process.stdout.write(failed.length === 0 ? 'all held\n' : `${failed.length} did not hold: ${failed.join(' ')}\n`)
process.exitCode = failed.length === 0 ? 0 : 1

function cellsOf({ attack, toll, calm, during, growthBytes, told }: FloodResult): string[] {
  return [
    attack.name,
    String(toll.connections),
    String(toll.unended),
    `${toll.longestMs} ms`,
    `${toll.megabytes} MB`,
    `${rateOf(calm)} → ${rateOf(during)}/s`,
    `${calm.p99Ms} → ${during.p99Ms} ms`,
    `${during.longestMs} ms`,
    `${Math.round(growthBytes / 2 ** 20)} MiB`,
    Object.entries(told)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', '),
  ]
}

function rateOf({ served, seconds: taken }: Measure): number {
  return Math.round(served / taken)
}

function tell(cells: readonly string[]): void {
  const widths = [38, 12, 8, 9, 8, 14, 15, 12, 8]
  process.stdout.write(`${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' ')}\n`)
}

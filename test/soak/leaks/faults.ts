/** What in a result is a leak. */
import type { Holding } from './probe.ts'
import type { LeakResult } from './play.ts'

const IDLE_TUNNEL_BYTES_MAX = 32 * 1024
/** What resident memory may differ by between the first rounds and the last: the allocator's own ups and downs. */
const FLAT_SHARE_MAX = 0.05

export function faultsOf(result: LeakResult): readonly string[] {
  const { before, after, spoolFiles, bytesPerIdleTunnel, rounds } = result
  const faults = [
    ...more('resource', before.resources, after.resources),
    ...more('descriptor', before.descriptors, after.descriptors),
  ]
  if ((after.descriptors['(deleted)'] ?? 0) > 0) faults.push('a deleted file is still open')
  if (after.listeners > before.listeners) faults.push(`listeners: ${before.listeners} before, ${after.listeners} after`)
  if (spoolFiles.length > 0) faults.push(`spool files: ${spoolFiles.join(', ')}`)
  if (bytesPerIdleTunnel >= IDLE_TUNNEL_BYTES_MAX) faults.push(`an idle tunnel costs ${bytesPerIdleTunnel} bytes`)
  const growth = growthOf(rounds.map(({ rssBytes }) => rssBytes))
  if (growth > FLAT_SHARE_MAX) faults.push(`resident memory grew by ${(growth * 100).toFixed(1)} %`)
  return faults
}

/** The median of the last third over that of the first third, less 1. */
function growthOf(values: readonly number[]): number {
  const third = Math.max(1, Math.floor(values.length / 3))
  return values.length < 2 ? 0 : median(values.slice(-third)) / median(values.slice(0, third)) - 1
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}

function more(what: string, before: Holding['resources'], after: Holding['resources']): string[] {
  return Object.entries(after).flatMap(([name, count]) => {
    const had = before[name] ?? 0
    return count > had ? [`${what} ${name}: ${had} before, ${count} after`] : []
  })
}

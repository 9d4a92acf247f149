/** What in a result is a fault: a light flow that waits for a scan, and memory that grows with a pack. */
import { type Phase, type PhaseName, percentile, type ScanSoak } from './play.ts'

export interface ScanBounds {
  /** The light flow's p99 beside a scan, of that while the scan stands still. */
  readonly ofPauseMax: number
  /** Of requests that are looked into themselves, beside a scan. */
  readonly writesP99MsMax: number
  readonly growthBytesMax: number
  /** Where several are scanned together, for each. */
  readonly growthBytesEachMax: number
}

export const STRICT: ScanBounds = {
  ofPauseMax: 2,
  writesP99MsMax: 250,
  growthBytesMax: 64 * 1024 * 1024,
  growthBytesEachMax: 64 * 1024 * 1024,
}

type Kind = 'reads' | 'writes'

export function faultsOf(
  { phases, growths }: ScanSoak,
  bounds: ScanBounds,
): { readonly faults: readonly string[]; readonly lines: readonly string[] } {
  const p99 = (name: PhaseName, kind: Kind): number => percentile(timesOf(phases, name, kind), 0.99)
  const faults = phases.flatMap(({ name, reads, writes }) =>
    [...reads.faults, ...writes.faults].map((fault) => `${name}: ${fault}`),
  )
  const lines: string[] = []
  for (const kind of ['reads', 'writes'] as const) {
    const scan = p99('scan', kind)
    for (const name of ['pause', 'push', 'calm'] as const) {
      const without = p99(name, kind)
      const line = `p99 of ${kind}: ${scan.toFixed(1)} ms beside a scan, ${without.toFixed(1)} ms in ${name}`
      lines.push(`${line}: ${(scan / without).toFixed(2)} times`)
      if (kind !== 'reads' || name !== 'pause' || scan <= bounds.ofPauseMax * without) continue
      faults.push(`${line}, more than ${bounds.ofPauseMax} times`)
    }
  }
  if (p99('scan', 'writes') > bounds.writesP99MsMax) faults.push('requests that are looked into wait for a scan')
  for (const { name, growthBytes, scans } of growths) {
    const most = scans === 1 ? bounds.growthBytesMax : scans * bounds.growthBytesEachMax
    if (growthBytes > most) faults.push(`${name}: resident memory grew by ${growthBytes} bytes`)
  }
  return { faults, lines }
}

function timesOf(phases: readonly Phase[], name: PhaseName, kind: Kind): readonly number[] {
  return phases
    .filter((phase) => phase.name === name)
    .flatMap((phase) => phase[kind].served.map(({ tookMs }) => tookMs))
}

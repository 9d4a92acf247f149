/** What an attack must not do to a Weir and to those whom it serves. */
import type { FloodResult } from './play.ts'

export interface Bounds {
  /** Share of the rate of honest clients that is left to them. */
  readonly rateKept: number
  readonly p99MsMax: number
  readonly growthBytesMax: number
}

/**
 * Most attacks grow it by less than 20 MiB. Thousands of streams a second leave garbage that V8 collects late: up to 105 MiB in
 * 40 seconds, of which nothing is kept.
 */
const GROWTH_BYTES_MAX = 128 * 1024 * 1024

export const STRICT: Bounds = { rateKept: 0.9, p99MsMax: 250, growthBytesMax: GROWTH_BYTES_MAX }

export function faultsOf(result: FloodResult, bounds: Bounds): string[] {
  const { attack, toll, calm, during, growthBytes, told } = result
  const faults: string[] = []
  if (toll.connections === 0) faults.push('no connection of the attacker was made')
  if (toll.unended > 0) faults.push(`${toll.unended} connections of the attacker were not ended`)
  const kept = during.served / during.seconds / (calm.served / calm.seconds)
  if (!(kept >= bounds.rateKept)) faults.push(`honest clients kept ${Math.round(kept * 100)} % of their rate`)
  if (during.p99Ms > bounds.p99MsMax) faults.push(`honest clients waited ${during.p99Ms} ms (p99)`)
  if (growthBytes > bounds.growthBytesMax) faults.push(`memory grew by ${Math.round(growthBytes / 2 ** 20)} MiB`)
  const tellings = (told['client-flood'] ?? 0) + (told['malformed'] ?? 0)
  if (attack.endedBy === 'weir' && tellings < toll.connections / 2) faults.push('the record does not tell of it')
  return faults
}

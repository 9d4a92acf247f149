/** From rounds to numbers: what was moved per processor second, the middle of it and its spread. */

export interface Round {
  /** Requests or megabytes. */
  readonly amount: number
  /** Of the proxy's process tree. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
}

export interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
  /** False when a round was so short that one clock tick is more than a twentieth of it. */
  readonly precise: boolean
}

const ticksPreciseMin = 20

/** `null` where nothing was measured. A round too short for the clock counts as one tick, which understates it. */
export function summarize(rounds: readonly Round[], ticksPerSecond: number): Spread | null {
  const rates = rounds.map(({ amount, cpuSeconds }) => amount / Math.max(cpuSeconds, 1 / ticksPerSecond))
  const sorted = rates.toSorted((left, right) => left - right)
  const [lowest, highest] = [sorted.at(0), sorted.at(-1)]
  if (lowest === undefined || highest === undefined) return null
  const precise = rounds.every(({ cpuSeconds }) => cpuSeconds * ticksPerSecond >= ticksPreciseMin)
  return { median: medianOf(sorted), lowest, highest, precise }
}

function medianOf(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]]
  return (below + above) / 2
}

/** Bytes sent within a sliding window, summed by slices of time. */

/** A window is counted in so many slices; bytes count until the whole slice that they were sent in has left the window. */
export const SLICES = 60

/** One slice: the time at which it ends, and the bytes sent in it. */
export type Slice = readonly [endMs: number, bytes: number]

/**
 * Never forgets a byte early, and forgets it at the latest one slice late. Each slice is kept with its own end, so that
 * another window may be asked for at any time: what is still known of older, coarser slices goes on counting.
 */
export class SlidingSum {
  readonly #slices: Map<number, number>
  #total = 0
  #oldestEndMs = Number.POSITIVE_INFINITY

  constructor(slices: Iterable<Slice> = []) {
    this.#slices = new Map(slices)
    this.#sumUp()
  }

  add(bytes: number, nowMs: number, windowMs: number): void {
    if (bytes === 0) return
    const sliceMs = Math.max(1, Math.ceil(windowMs / SLICES))
    const endMs = (Math.floor(nowMs / sliceMs) + 1) * sliceMs
    this.#slices.set(endMs, (this.#slices.get(endMs) ?? 0) + bytes)
    this.#total += bytes
    this.#oldestEndMs = Math.min(this.#oldestEndMs, endMs)
  }

  /** What was sent in the last `windowMs` milliseconds and may still be asked for; what is older is forgotten. */
  total(nowMs: number, windowMs: number): number {
    if (this.#oldestEndMs + windowMs <= nowMs) this.#forget(nowMs - windowMs)
    return this.#total
  }

  slices(): readonly Slice[] {
    return [...this.#slices]
  }

  #forget(beforeMs: number): void {
    for (const endMs of this.#slices.keys()) if (endMs <= beforeMs) this.#slices.delete(endMs)
    this.#sumUp()
  }

  #sumUp(): void {
    this.#total = 0
    this.#oldestEndMs = Number.POSITIVE_INFINITY
    for (const [endMs, bytes] of this.#slices) {
      this.#total += bytes
      this.#oldestEndMs = Math.min(this.#oldestEndMs, endMs)
    }
  }
}

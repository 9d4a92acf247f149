/** Deltas that came before their base could be had: in which order they are built when the pack is whole. */
import type { ObjectTable } from './object-table.ts'
import { RESOLVED, WAITING } from './object-table.ts'
import { REF_DELTA } from './object-types.ts'

/**
 * Each comes up once, when its base is resolved, so that no circle can keep it going; one that never comes up stands on a base
 * that is not there, or on itself.
 */
export class PendingDeltas {
  readonly #table: ObjectTable
  /** Indexes of deltas, sorted by the index of the base, and by its id: where git names it the one way or the other. */
  readonly #byIndex: Int32Array
  readonly #byId: Int32Array
  /** Ids of the bases that are named so, and by delta where in it that of its base begins. */
  readonly #baseIds: Buffer
  readonly #places: Int32Array
  /** Whose base is resolved; the last is the next, so that a chain is built while its bases are still at hand. */
  readonly #ready: number[] = []

  constructor(table: ObjectTable, baseIdOf: (index: number) => Uint8Array) {
    this.#table = table
    const waiting: number[] = []
    for (let index = 0; index < table.count; index++) if (table.states[index] === WAITING) waiting.push(index)
    const named = waiting.filter((index) => table.kinds[index] === REF_DELTA)
    this.#baseIds = Buffer.from(new ArrayBuffer(named.length * table.idBytes))
    this.#places = new Int32Array(named.length === 0 ? 0 : table.count)
    for (const [place, index] of named.entries()) {
      this.#places[index] = place * table.idBytes
      this.#baseIds.set(baseIdOf(index), place * table.idBytes)
    }
    this.#byIndex = Int32Array.from(waiting.filter((index) => table.kinds[index] !== REF_DELTA))
    this.#byIndex.sort((a, b) => this.#baseOf(a) - this.#baseOf(b))
    this.#byId = Int32Array.from(named)
    this.#byId.sort((a, b) => this.#compareIds(this.#baseIds, this.#places[a] ?? 0, b))
    for (const index of named) {
      const base = table.find(this.#baseIds, this.#places[index] ?? 0)
      if (base !== -1) this.#makeReady(index, base)
    }
    this.#ready.reverse()
  }

  /** The next delta whose base is resolved, or -1. Its `bases` is set. */
  next(): number {
    return this.#ready.pop() ?? -1
  }

  /** An object that others may wait for was resolved. */
  resolved(base: number): void {
    const { ids, idBytes } = this.#table
    this.#readyOf(this.#byIndex, base, (index) => this.#baseOf(index) - base)
    this.#readyOf(this.#byId, base, (index) => -this.#compareIds(ids, base * idBytes, index))
  }

  /** Of those named by an id, the ones whose base is not in the pack. */
  countMissing(): number {
    return this.#byId.filter((index) => this.#table.find(this.#baseIds, this.#places[index] ?? 0) === -1).length
  }

  #readyOf(sorted: Int32Array, base: number, compare: (index: number) => number): void {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(sorted[middle] ?? 0) < 0) low = middle + 1
      else high = middle
    }
    for (; low < sorted.length && compare(sorted[low] ?? 0) === 0; low++) this.#makeReady(sorted[low] ?? 0, base)
  }

  /** Once: two objects of one id would make those ready twice that wait for it. */
  #makeReady(index: number, base: number): void {
    const { bases, states, kinds } = this.#table
    if (states[index] !== WAITING || states[base] !== RESOLVED) return
    if (kinds[index] === REF_DELTA && bases[index] !== -1) return
    bases[index] = base
    this.#ready.push(index)
  }

  #baseOf(index: number): number {
    return this.#table.bases[index] ?? 0
  }

  /** The id at `at` against that of the base of the delta `index`. */
  #compareIds(bytes: Buffer, at: number, index: number): number {
    const { idBytes } = this.#table
    const from = this.#places[index] ?? 0
    return bytes.compare(this.#baseIds, from, from + idBytes, at, at + idBytes)
  }
}

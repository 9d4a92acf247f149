/** Gives the content of any object of a pack that was read: as it lies in the ring, or anew from the store and through its deltas. */
import { giveBack } from '../give-back.ts'
import { applyDelta, DeltaHeader } from './delta.ts'
import { EntryHeader } from './entry-header.ts'
import { Inflater } from './inflater.ts'
import type { PackLimits } from './limits.ts'
import type { ObjectTable } from './object-table.ts'
import { isDelta } from './object-types.ts'
import { PackFault } from './pack-fault.ts'
import type { PackStore } from './pack-store.ts'
import { Ring } from './ring.ts'

/** What is read of the store at once: at least, for what comes next, and at most. */
const WINDOW_BYTES_LEAST = 16 * 1024
const WINDOW_BYTES_MOST = 64 * 1024

export class PackContents {
  readonly table: ObjectTable
  readonly ring: Ring
  readonly inflater = new Inflater()
  /** One delta, whole. */
  readonly delta: Uint8Array<ArrayBuffer>
  /** Bytes of the pack that are in the store. */
  storedBytes = 0
  /** Inflated or built, each time that it was. */
  workBytes = 0
  readonly #limits: PackLimits
  readonly #store: PackStore
  readonly #header = new EntryHeader()
  readonly #deltaHeader = new DeltaHeader()
  /** Indexes of deltas, from an object down towards its base. */
  readonly #chain: Int32Array
  #window: Uint8Array = new Uint8Array()
  #windowAt = 0

  constructor(table: ObjectTable, objects: number, limits: PackLimits, store: PackStore) {
    this.table = table
    this.ring = new Ring(limits.workingBytesMax, objects)
    this.delta = new Uint8Array(limits.deltaBytesMax + 1)
    this.#chain = new Int32Array(limits.depthMax + 1)
    this.#limits = limits
    this.#store = store
  }

  /** Lets go of memory. */
  close(): void {
    this.inflater.close()
    this.ring.close()
    giveBack(this.delta)
  }

  spend(bytes: number): void {
    this.workBytes += bytes
    if (this.workBytes <= this.#limits.workBytesMax) return
    throw new PackFault(`takes more than ${this.#limits.workBytesMax} bytes of inflating`)
  }

  /** Where the content of an object lies in the ring until the next call, or -1 where a limit stands before it. */
  load(index: number): number {
    let depth = 0
    let below = index
    let at = this.ring.find(below)
    while (at === -1 && isDelta(this.table.kinds[below] ?? 0)) {
      const base = this.table.bases[below] ?? -1
      if (base === -1 || depth === this.#limits.depthMax) return -1
      this.#chain[depth++] = below
      below = base
      at = this.ring.find(below)
    }
    if (at === -1) at = this.#inflateWhole(below)
    while (at !== -1 && depth > 0) {
      const above = this.#chain[--depth] ?? 0
      at = this.build(above, this.#inflateDelta(above))
    }
    return at
  }

  /** The object of the delta that lies in `delta`, whose base lies in the ring: where, or -1 where a limit stands before it. */
  build(index: number, deltaBytes: number): number {
    const base = this.table.bases[index] ?? -1
    const baseBytes = this.table.sizes[base] ?? 0
    const header = this.#deltaHeader
    header.parse(this.delta, 0, deltaBytes)
    if (header.baseBytes !== baseBytes) throw new PackFault('a delta of a base of another size')
    const size = header.resultBytes
    if (size > this.#limits.resolvedBytesMax || !this.ring.fits(size, baseBytes)) return -1
    this.spend(size)
    const at = this.ring.reserve(index, size, base, baseBytes)
    const { bytes } = this.ring
    const from = { bytes, at: this.ring.find(base), size: baseBytes }
    applyDelta(this.delta, header.end, deltaBytes, from, { bytes, at, size })
    this.table.sizes[index] = size
    return at
  }

  /** The id that a delta names its base by, as a view until the next call. */
  baseIdOf(index: number): Uint8Array {
    const window = this.#headerOf(index)
    return window.subarray(this.#header.baseIdAt, this.#header.baseIdAt + this.table.idBytes)
  }

  /** An object that is no delta. */
  #inflateWhole(index: number): number {
    const size = this.table.sizes[index] ?? 0
    if (size > this.#limits.resolvedBytesMax || !this.ring.fits(size, 0)) return -1
    this.spend(size)
    const at = this.ring.reserve(index, size)
    this.#inflate(index, this.ring.bytes, at, size)
    return at
  }

  /** Its size; the delta is one that was found short enough before. */
  #inflateDelta(index: number): number {
    this.#headerOf(index)
    const { size } = this.#header
    this.spend(size)
    this.#inflate(index, this.delta, 0, size)
    return size
  }

  #inflate(index: number, target: Uint8Array, at: number, size: number): void {
    let window = this.#headerOf(index)
    let from = this.#header.end
    const end = at + size + 1
    this.inflater.begin()
    for (let ended = false; !ended; ) {
      if (at === end || window.length === from) throw new PackFault('an object that is not what it was')
      ended = this.inflater.inflate(window, from, window.length, target, at, end)
      at += this.inflater.produced
      from += this.inflater.consumed
      if (!ended && from === window.length) {
        window = this.#read(this.#windowAt + from, WINDOW_BYTES_MOST)
        from = 0
      }
    }
    if (at !== end - 1) throw new PackFault('an object that is not what it was')
  }

  /** Reads the header of an entry, and answers the bytes that it is a part of. */
  #headerOf(index: number): Uint8Array {
    const { offsets, count, idBytes } = this.table
    const offset = offsets[index] ?? 0
    const next = index + 1 < count ? (offsets[index + 1] ?? 0) : this.storedBytes
    const bytes = this.#read(offset, next - offset)
    const isWhole = this.#header.parse(bytes, 0, bytes.length, idBytes)
    if (!isWhole) throw new PackFault('an object that is not what it was')
    return bytes
  }

  /** The bytes from `offset` on: as many as asked for, or as the store and a window have; and more where they are at hand. */
  #read(offset: number, wanted: number): Uint8Array {
    const wantedBytes = Math.min(wanted, WINDOW_BYTES_MOST, this.storedBytes - offset)
    const from = offset - this.#windowAt
    if (from < 0 || from + wantedBytes > this.#window.length) {
      const bytes = Math.min(Math.max(wantedBytes, WINDOW_BYTES_LEAST), this.storedBytes - offset)
      this.#window = this.#store.read(offset, bytes)
      this.#windowAt = offset
    } else if (from > 0) {
      this.#window = this.#window.subarray(from)
      this.#windowAt = offset
    }
    return this.#window
  }
}

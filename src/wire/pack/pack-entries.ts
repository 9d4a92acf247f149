/** Reads the entries of a pack one after another, and builds the deltas among them as soon as their bases are there. */
import type { Hash } from 'node:crypto'
import type { Step } from './drive.ts'
import { ENTRY_HEADER_BYTES_MAX, EntryHeader } from './entry-header.ts'
import type { PackLimits } from './limits.ts'
import { digestInPlace, openDigest } from './object-digest.ts'
import { ObjectTable, RESOLVED, UNRESOLVED, WAITING } from './object-table.ts'
import { BLOB, idBytesOf, isDelta, OFS_DELTA, type ObjectFormat, typeOf } from './object-types.ts'
import { PackContents } from './pack-contents.ts'
import { PackFault } from './pack-fault.ts'
import type { PackSink, PackSummary } from './pack-sink.ts'
import type { PackStore } from './pack-store.ts'
import { PendingDeltas } from './pending-deltas.ts'

interface EntriesOptions {
  readonly objects: number
  readonly objectFormat: ObjectFormat
  readonly limits: PackLimits
  readonly sink: PackSink
  readonly store: PackStore
}

/**
 * What becomes of the bytes of the present entry: a whole object in the ring, pieces for the sink, nothing but an id, a whole delta,
 * or nothing at all.
 */
type Use = 'whole' | 'pieces' | 'digest' | 'delta' | 'nothing'

/** Of a large blob, at once. */
const PIECE_BYTES = 64 * 1024
const NONE = -1

export class PackEntries {
  readonly table: ObjectTable
  /** How far the chunk was read. */
  at = 0
  readonly #options: EntriesOptions
  readonly #contents: PackContents
  #chunk: Uint8Array = new Uint8Array()
  /** Of the chunk, in the pack. */
  #offset = 0
  readonly #header = new EntryHeader()
  readonly #held = new Uint8Array(ENTRY_HEADER_BYTES_MAX)
  #heldBytes = 0
  /** The present entry, from its header to its end. */
  #index = NONE
  #use: Use = 'nothing'
  #size = 0
  #producedBytes = 0
  #hasEnded = false
  #digest: Hash | null = null
  /** Where its bytes go. */
  #out: Uint8Array
  #outAt = 0
  readonly #piece = new Uint8Array(PIECE_BYTES)
  #pending: PendingDeltas | null = null
  readonly #counts = { deltas: 0, depth: 0, inflatedBytes: 0, contentBytes: 0, ungathered: 0, duplicates: 0 }

  constructor(options: EntriesOptions) {
    const { objects, objectFormat, limits, store } = options
    this.#options = options
    this.table = new ObjectTable(objects, idBytesOf(objectFormat))
    this.#contents = new PackContents(this.table, objects, limits, store)
    this.#out = this.#piece
  }

  /** All entries were read to their ends. */
  get isOver(): boolean {
    return this.#index === NONE && this.table.count === this.#options.objects
  }

  /** The next bytes: from `at` on, of a chunk that begins at `offset` in the pack. */
  feed(chunk: Uint8Array, at: number, offset: number): void {
    this.#chunk = chunk
    this.at = at
    this.#offset = offset
    this.#contents.storedBytes = offset + chunk.length
  }

  step(): Step {
    if (this.#hasEnded) return this.#complete()
    if (this.isOver || this.at === this.#chunk.length) return false
    return this.#index === NONE ? this.#stepHeader() : this.#stepInflate()
  }

  /** One delta that is left, when all entries were read. */
  stepPending(): Step {
    this.#pending ??= new PendingDeltas(this.table, (index) => this.#contents.baseIdOf(index))
    const index = this.#pending.next()
    if (index === NONE) return false
    const step = this.#resolve(index, NONE)
    if (this.table.states[index] === RESOLVED) this.#pending.resolved(index)
    return step
  }

  /** When nothing is left to do. */
  summary(): PackSummary {
    const { count, states } = this.table
    const resolved = states.reduce((sum, state) => sum + (state === RESOLVED ? 1 : 0), 0)
    const missingBases = this.#pending?.countMissing() ?? 0
    return { objects: count, missingBases, unresolved: count - resolved, ...this.#counts }
  }

  read(index: number): Uint8Array | null {
    if (this.table.states[index] !== RESOLVED) return null
    const at = this.#contents.load(index)
    return at === NONE ? null : this.#contents.ring.bytes.subarray(at, at + (this.table.sizes[index] ?? 0))
  }

  close(): void {
    this.#contents.close()
  }

  #stepHeader(): Step {
    const { idBytes } = this.table
    const left = this.#chunk.length - this.at
    const begun = this.#heldBytes
    if (begun === 0 && this.#header.parse(this.#chunk, this.at, this.#chunk.length, idBytes)) {
      const offset = this.#offset + this.at
      this.at = this.#header.end
      return this.#begin(offset, this.#chunk)
    }
    const bytes = Math.min(left, this.#held.length - begun)
    this.#held.set(this.#chunk.subarray(this.at, this.at + bytes), begun)
    const offset = this.#offset + this.at - begun
    if (begun === 0 || !this.#header.parse(this.#held, 0, begun + bytes, idBytes)) {
      this.#heldBytes += bytes
      this.at += bytes
      return false
    }
    this.at += this.#header.end - begun
    this.#heldBytes = 0
    return this.#begin(offset, this.#held)
  }

  /** An entry whose header was read; the id of a base still stands in `bytes`. */
  #begin(offset: number, bytes: Uint8Array): Step {
    const { kind, size, distance, baseIdAt } = this.#header
    const { objectBytesMax } = this.#options.limits
    if (size > objectBytesMax) throw new PackFault(`has an object of ${size} bytes, more than ${objectBytesMax}`)
    this.#contents.spend(size)
    this.#counts.inflatedBytes += size
    const index = this.table.add(offset, kind)
    this.#index = index
    this.#size = size
    this.#producedBytes = 0
    this.#contents.inflater.begin()
    if (!isDelta(kind)) return this.#beginObject(index, kind, size)
    this.#counts.deltas++
    const base = kind === OFS_DELTA ? this.table.indexAt(offset - distance) : this.table.find(bytes, baseIdAt)
    if (kind === OFS_DELTA && (base === NONE || base === index)) throw new PackFault('a delta whose base is no object')
    this.table.bases[index] = base
    this.#use = size <= this.#options.limits.deltaBytesMax ? 'delta' : 'nothing'
    this.#out = this.#use === 'delta' ? this.#contents.delta : this.#piece
    this.#outAt = 0
    return true
  }

  #beginObject(index: number, kind: number, size: number): Step {
    const { wholeBytesMax, gatheredBytesMax } = this.#options.limits
    const { ring } = this.#contents
    this.table.sizes[index] = size
    if (size <= (kind === BLOB ? wholeBytesMax : gatheredBytesMax) && ring.fits(size, 0)) {
      this.#use = 'whole'
      this.#out = ring.bytes
      this.#outAt = ring.reserve(index, size)
      return true
    }
    this.#use = kind === BLOB ? 'pieces' : 'digest'
    this.#digest = openDigest(this.#options.objectFormat, kind, size)
    this.#out = this.#piece
    this.#outAt = 0
    return this.#use === 'pieces' ? (this.#options.sink.begin(index, size) ?? true) : true
  }

  #stepInflate(): Step {
    const isGathered = this.#use === 'whole' || this.#use === 'delta'
    // A byte more than it should have tells of an object that is longer.
    const room = this.#size - this.#producedBytes + 1
    const end = isGathered ? this.#outAt + room : Math.min(room, PIECE_BYTES)
    const { inflater } = this.#contents
    this.#hasEnded = inflater.inflate(this.#chunk, this.at, this.#chunk.length, this.#out, this.#outAt, end)
    this.at += inflater.consumed
    this.#producedBytes += inflater.produced
    if (this.#producedBytes > this.#size) throw new PackFault('an object is longer than it says')
    if (this.#hasEnded && this.#producedBytes < this.#size) throw new PackFault('an object is shorter than it says')
    if (isGathered) {
      this.#outAt += inflater.produced
      return this.#hasEnded ? this.#complete() : true
    }
    if (inflater.produced === 0 || this.#use === 'nothing') return true
    const piece = this.#piece.subarray(0, inflater.produced)
    this.#digest?.update(piece)
    return this.#use === 'pieces' ? (this.#options.sink.piece(piece) ?? true) : true
  }

  /** The present entry is over. */
  #complete(): Step {
    const index = this.#index
    this.#index = NONE
    this.#hasEnded = false
    switch (this.#use) {
      case 'whole':
        return this.#deliver(index, this.table.kinds[index] ?? 0, this.#outAt - this.#size)
      case 'pieces':
        this.#settleDigest(index)
        return this.#options.sink.end(index) ?? true
      case 'digest':
        this.#settleDigest(index)
        this.#counts.ungathered++
        return true
      case 'delta':
        return this.#completeDelta(index)
      default:
        this.table.states[index] = UNRESOLVED
        return true
    }
  }

  #completeDelta(index: number): Step {
    const base = this.table.bases[index] ?? NONE
    if (base === NONE || this.table.states[base] === WAITING) return true
    return this.#resolve(index, this.#size)
  }

  /** A delta whose base is settled. Its own bytes, where they are at hand, are so many. */
  #resolve(index: number, deltaBytes: number): Step {
    const { bases, depths, states, types } = this.table
    const base = bases[index] ?? NONE
    const depth = (depths[base] ?? 0) + 1
    states[index] = UNRESOLVED
    if (states[base] === UNRESOLVED || depth > this.#options.limits.depthMax) return true
    const contents = this.#contents
    const isAtHand = deltaBytes !== NONE && contents.ring.find(base) !== NONE
    const at = isAtHand ? contents.build(index, deltaBytes) : contents.load(index)
    if (at === NONE) return true
    depths[index] = depth
    this.#counts.depth = Math.max(this.#counts.depth, depth)
    return this.#deliver(index, types[base] ?? 0, at)
  }

  /** An object whose content lies in the ring. */
  #deliver(index: number, type: number, at: number): Step {
    const { bytes } = this.#contents.ring
    const size = this.table.sizes[index] ?? 0
    this.#settle(index, type, digestInPlace(this.#options.objectFormat, type, bytes, at, size))
    return this.#options.sink.whole(index, typeOf(type), bytes.subarray(at, at + size)) ?? true
  }

  #settleDigest(index: number): void {
    const id = this.#digest?.digest() ?? new Uint8Array()
    this.#digest = null
    this.#settle(index, this.table.kinds[index] ?? 0, id)
  }

  #settle(index: number, type: number, id: Uint8Array): void {
    if (!this.table.settle(index, type, id)) this.#counts.duplicates++
    this.#counts.contentBytes += this.table.sizes[index] ?? 0
  }
}

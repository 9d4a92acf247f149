/** Every object of a pack: where it stands, what it is, what it is a delta of, and its id; found by id and by offset. */
import { PackFault } from './pack-fault.ts'

/** Neighbours that are asked for one id: the ids of a pack are a stranger's, who may have chosen ones that meet. */
const PROBES_MAX = 1_024

/** How far an object is. `unresolved` ones have no id. */
export const WAITING = 0
export const RESOLVED = 1
export const UNRESOLVED = 2

const ENTRY_OFFSET_LEAST = 12

/** Arrays by index of the object, in the order of the pack. */
export class ObjectTable {
  count = 0
  readonly idBytes: number
  readonly offsets: Float64Array
  /** Of the object itself, not of its delta. */
  readonly sizes: Uint32Array
  /** As they stand in the pack. */
  readonly kinds: Uint8Array
  /** One that is no delta. */
  readonly types: Uint8Array
  readonly states: Uint8Array
  /** Index of the base, or -1. */
  readonly bases: Int32Array
  readonly depths: Uint16Array
  readonly ids: Buffer
  /** Open addressing: an index and one more, or 0. */
  readonly #slots: Int32Array
  readonly #mask: number

  constructor(objects: number, idBytes: number) {
    this.idBytes = idBytes
    this.offsets = new Float64Array(objects)
    this.sizes = new Uint32Array(objects)
    this.kinds = new Uint8Array(objects)
    this.types = new Uint8Array(objects)
    this.states = new Uint8Array(objects)
    this.bases = new Int32Array(objects)
    this.depths = new Uint16Array(objects)
    this.ids = Buffer.from(new ArrayBuffer(objects * idBytes))
    const slots = 2 ** Math.ceil(Math.log2(objects * 2 + 2))
    this.#slots = new Int32Array(slots)
    this.#mask = slots - 1
  }

  /** The next object of the pack. */
  add(offset: number, kind: number): number {
    const index = this.count++
    this.offsets[index] = offset
    this.kinds[index] = kind
    this.bases[index] = -1
    return index
  }

  /** Now its id is known. False where another object has it already. */
  settle(index: number, type: number, id: Uint8Array): boolean {
    this.types[index] = type
    this.states[index] = RESOLVED
    this.ids.set(id, index * this.idBytes)
    const slot = this.#slotOf(id, 0)
    if (slot === -1) throw new PackFault('too many ids that are alike')
    if (this.#slots[slot] !== 0) return false
    this.#slots[slot] = index + 1
    return true
  }

  /** The object whose id stands in `bytes`, or -1. */
  find(bytes: Uint8Array, at: number): number {
    const slot = this.#slotOf(bytes, at)
    return slot === -1 ? -1 : (this.#slots[slot] ?? 0) - 1
  }

  /** The object that begins at `offset`, or -1. */
  indexAt(offset: number): number {
    let low = 0
    let high = this.count - 1
    if (offset < ENTRY_OFFSET_LEAST) return -1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = this.offsets[middle] ?? 0
      if (found === offset) return middle
      if (found < offset) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  /** In hexadecimal. */
  id(index: number): string {
    return this.ids.toString('hex', index * this.idBytes, (index + 1) * this.idBytes)
  }

  /** That of the id, or the empty one where it would be; -1 behind so many neighbours, where no id was ever put. */
  #slotOf(bytes: Uint8Array, at: number): number {
    const first =
      ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    let slot = first & this.#mask
    for (let probes = 0; probes < PROBES_MAX; probes++) {
      const index = (this.#slots[slot] ?? 0) - 1
      if (index === -1 || this.#isId(index, bytes, at)) return slot
      slot = (slot + 1) & this.#mask
    }
    return -1
  }

  #isId(index: number, bytes: Uint8Array, at: number): boolean {
    const from = index * this.idBytes
    for (let byte = 0; byte < this.idBytes; byte++) {
      if (this.ids[from + byte] !== bytes[at + byte]) return false
    }
    return true
  }
}

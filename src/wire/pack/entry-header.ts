/** What stands before the compressed bytes of an entry: its type, size and base (gitformat-pack). */
import { isDelta, OFS_DELTA } from './object-types.ts'
import { PackFault } from './pack-fault.ts'

/** Seven bits each, of a size and of a distance; more than are exact. */
const SIZE_SHIFT_MAX = 46
const DISTANCE_MAX = 2 ** 46
/** Of a size, and of a distance or an id. */
export const ENTRY_HEADER_BYTES_MAX = 8 + 32

/** One is used again for every entry. */
export class EntryHeader {
  kind = 0
  /** Of the content, or of the delta. */
  size = 0
  /** From a delta back to its base; 0 for an entry that names none so. */
  distance = 0
  /** Where the id of the base begins, for a delta that names one. */
  baseIdAt = 0
  /** Where the compressed bytes begin. */
  end = 0

  /** False where there are too few bytes. */
  parse(bytes: Uint8Array, at: number, end: number, idBytes: number): boolean {
    if (at >= end) return false
    let byte = bytes[at++] ?? 0
    this.kind = (byte >> 4) & 7
    if (this.kind === 0 || this.kind === 5) throw new PackFault(`an object of the reserved type ${this.kind}`)
    let size = byte & 0x0f
    for (let shift = 4; (byte & 0x80) !== 0; shift += 7) {
      if (shift > SIZE_SHIFT_MAX) throw new PackFault('a size of too many bytes')
      if (at >= end) return false
      byte = bytes[at++] ?? 0
      size += (byte & 0x7f) * 2 ** shift
    }
    this.size = size
    this.distance = 0
    this.end = at
    return !isDelta(this.kind) || this.#parseBase(bytes, at, end, idBytes)
  }

  #parseBase(bytes: Uint8Array, at: number, end: number, idBytes: number): boolean {
    if (this.kind !== OFS_DELTA) {
      this.baseIdAt = at
      this.end = at + idBytes
      return this.end <= end
    }
    if (at >= end) return false
    let byte = bytes[at++] ?? 0
    let distance = byte & 0x7f
    while ((byte & 0x80) !== 0) {
      if (distance > DISTANCE_MAX) throw new PackFault('a base that is too far away')
      if (at >= end) return false
      byte = bytes[at++] ?? 0
      distance = (distance + 1) * 128 + (byte & 0x7f)
    }
    this.distance = distance
    this.end = at
    return true
  }
}

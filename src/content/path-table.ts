/** The paths that trees name, each once, as names below other names: bounded, and without a text for each. */
import { decodeLossless } from '../wire/pack/lossless-text.ts'

/** What a path was seen to be; a name may be several. */
export const BROUGHT = 1
export const NAMED = 2

/** Names that meet in one place of the table: a stranger chooses names. */
const PROBES_MAX = 256
/** Longer names are on no file system. */
const NAME_BYTES_MAX = 4_096
const FNV_START = 0x811c9dc5
const FNV_PRIME = 0x01000193

export const ROOT = 0
const NONE = -1

export class PathTable {
  /** A path did not fit in, and is not here. */
  isFull = false
  #count = 1
  readonly #parents: Int32Array
  readonly #flags: Uint8Array
  readonly #nameEnds: Int32Array
  readonly #names: Uint8Array
  readonly #slots: Int32Array

  constructor(pathsMax: number, nameBytesMax: number) {
    this.#parents = new Int32Array(pathsMax)
    this.#flags = new Uint8Array(pathsMax)
    this.#nameEnds = new Int32Array(pathsMax)
    this.#names = new Uint8Array(nameBytesMax)
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(pathsMax * 2)))
  }

  /** The path of a name below another path; -1 where there is no more room. */
  child(parent: number, bytes: Uint8Array, at: number, end: number): number {
    let hash = FNV_START ^ Math.imul(parent, FNV_PRIME)
    for (let byte = at; byte < end; byte++) hash = Math.imul(hash ^ (bytes[byte] ?? 0), FNV_PRIME)
    const mask = this.#slots.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    for (let probes = 0; probes < PROBES_MAX; probes++, slot = (slot + 1) & mask) {
      const path = this.#slots[slot] ?? 0
      if (path === 0) return this.#add(slot, parent, bytes, at, end)
      if (this.#parents[path] === parent && this.#isNamed(path, bytes, at, end)) return path
    }
    this.isFull = true
    return NONE
  }

  mark(path: number, flag: number): void {
    this.#flags[path] = (this.#flags[path] ?? 0) | flag
  }

  /** Of all paths with the flag, in the order in which they came. */
  *withFlag(flag: number): Generator<string> {
    for (let path = 1; path < this.#count; path++) if (((this.#flags[path] ?? 0) & flag) !== 0) yield this.text(path)
  }

  /** Steps are joined by slashes; what is no UTF-8 stays apart. */
  text(path: number): string {
    const steps: string[] = []
    for (let step = path; step !== ROOT; step = this.#parents[step] ?? ROOT) {
      steps.push(decodeLossless(this.#names.subarray(this.#nameEnds[step - 1] ?? 0, this.#nameEnds[step] ?? 0)))
    }
    return steps.toReversed().join('/')
  }

  #add(slot: number, parent: number, bytes: Uint8Array, at: number, end: number): number {
    const nameAt = this.#nameEnds[this.#count - 1] ?? 0
    const isLong = end - at > NAME_BYTES_MAX || nameAt + end - at > this.#names.length
    if (isLong || this.#count === this.#parents.length) {
      this.isFull = true
      return NONE
    }
    const path = this.#count++
    this.#names.set(bytes.subarray(at, end), nameAt)
    this.#nameEnds[path] = nameAt + end - at
    this.#parents[path] = parent
    this.#slots[slot] = path
    return path
  }

  #isNamed(path: number, bytes: Uint8Array, at: number, end: number): boolean {
    const from = this.#nameEnds[path - 1] ?? 0
    if ((this.#nameEnds[path] ?? 0) - from !== end - at) return false
    for (let byte = at; byte < end; byte++) if (this.#names[from + byte - at] !== bytes[byte]) return false
    return true
  }
}

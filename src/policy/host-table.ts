/** Host names as one block of bytes with a hash table over it: a million of them are six arrays of numbers and no object. */
import assert from 'node:assert'

/** Made of numbers alone, so that a table moves between threads without being read. */
export interface HostTable {
  /** What the hash begins with. */
  readonly seed: number
  /** The names in ASCII, one behind the other. */
  readonly names: Uint8Array
  /** Where each name begins; one more, where the last one ends. */
  readonly starts: Uint32Array
  /** By hash: one more than the position of a name, 0 where there is none. A power of two long. */
  readonly slots: Uint32Array
  /** Where the sets of each name begin in `sets`; one more, where those of the last one end. */
  readonly setStarts: Uint32Array
  /** Ids of sets, ascending for each name. */
  readonly sets: Uint32Array
}

export interface HostTableOptions {
  /** A name is never further than this from the slot of its hash. */
  readonly probesMax?: number
  /** So many seeds are tried until the names keep to that. */
  readonly seedsMax?: number
}

const DOT = 0x2e
// At most half of the slots are taken: then even the unluckiest of a million names is far nearer than this to its own.
const PROBES_MAX = 256
const SEEDS_MAX = 16
const NAMES_BYTES_MAX = 0xffff_ffff
const NOT_FOUND = -1

export class HostTableBuilder {
  #seed = 0
  #names = new Uint8Array(1024)
  readonly #starts = new NumberList()
  #slots = new Uint32Array(16)
  /** One more than the set that each name was last put into. */
  readonly #lastSets = new NumberList()
  readonly #pairNames = new NumberList()
  readonly #pairSets = new NumberList()
  readonly #probesMax: number
  readonly #seedsMax: number

  constructor({ probesMax = PROBES_MAX, seedsMax = SEEDS_MAX }: HostTableOptions = {}) {
    this.#probesMax = probesMax
    this.#seedsMax = seedsMax
    this.#starts.push(0)
  }

  /** `name` is ASCII. Ids of sets come in ascending order; a name that is put into a set twice is in it once. */
  put(name: string, set: number): void {
    const at = this.#find(name) ?? this.#append(name)
    if (this.#lastSets.at(at) === set + 1) return
    this.#lastSets.set(at, set + 1)
    this.#pairNames.push(at)
    this.#pairSets.push(set)
  }

  finish(): HostTable {
    const count = this.#count
    const setStarts = new Uint32Array(count + 1)
    for (let pair = 0; pair < this.#pairNames.length; pair++) bump(setStarts, this.#pairNames.at(pair) + 1, 1)
    for (let at = 0; at < count; at++) bump(setStarts, at + 1, setStarts[at] ?? 0)
    const next = setStarts.slice()
    const sets = new Uint32Array(this.#pairSets.length)
    for (let pair = 0; pair < sets.length; pair++) {
      const at = this.#pairNames.at(pair)
      sets[next[at] ?? 0] = this.#pairSets.at(pair)
      bump(next, at, 1)
    }
    const names = this.#names.slice(0, this.#starts.at(count))
    return { seed: this.#seed, names, starts: this.#starts.toArray(), slots: this.#slots, setStarts, sets }
  }

  get #count(): number {
    return this.#starts.length - 1
  }

  #find(name: string): number | null {
    const mask = this.#slots.length - 1
    for (let slot = hashOf(this.#seed, name) & mask; ; slot = (slot + 1) & mask) {
      const at = (this.#slots[slot] ?? 0) - 1
      if (at === NOT_FOUND) return null
      if (isNameAt(this.#names, this.#starts.at(at), this.#starts.at(at + 1), name, 0)) return at
    }
  }

  #append(name: string): number {
    const at = this.#count
    const start = this.#starts.at(at)
    const end = start + name.length
    assert(end <= NAMES_BYTES_MAX, 'these host names are too many for one table')
    if (end > this.#names.length) this.#names = grown(this.#names, end)
    for (let offset = 0; offset < name.length; offset++) this.#names[start + offset] = name.charCodeAt(offset)
    this.#starts.push(end)
    this.#lastSets.push(0)
    if (this.#count * 2 > this.#slots.length) this.#respread(this.#slots.length * 2)
    else if (!this.#place(at)) this.#respread(this.#slots.length)
    return at
  }

  /** Places every name anew. Whoever makes names collide under one seed has not made them collide under the next. */
  #respread(size: number): void {
    for (;;) {
      this.#slots = new Uint32Array(size)
      let at = 0
      while (at < this.#count && this.#place(at)) at++
      if (at === this.#count) return
      this.#seed++
      assert(this.#seed < this.#seedsMax, 'under no seed do these host names spread')
    }
  }

  /** False where the name would be too far from the slot of its hash. */
  #place(at: number): boolean {
    const mask = this.#slots.length - 1
    const hash = hashOfBytes(this.#seed, this.#names, this.#starts.at(at), this.#starts.at(at + 1))
    for (let probe = 0; probe <= this.#probesMax; probe++) {
      const slot = (hash + probe) & mask
      if (this.#slots[slot] !== 0) continue
      this.#slots[slot] = at + 1
      return true
    }
    return false
  }
}

/** Every name of the table, in the order in which they came. */
export function* namesOf({ names, starts }: HostTable): Iterable<string> {
  const bytes = Buffer.from(names.buffer, names.byteOffset, names.byteLength)
  for (let at = 0; at + 1 < starts.length; at++) yield bytes.toString('latin1', starts[at], starts[at + 1])
}

/** The position of a name, or -1. */
export function findName(table: HostTable, name: string): number {
  return findBehind(table, name, 0, mixed(hashFrom(hashStart(table.seed), name)))
}

/** Calls `found` with the position of every name that `name` is below, the nearest to the root first. */
export function findNamesAbove(table: HostTable, name: string, found: (at: number) => void): void {
  let hash = hashStart(table.seed)
  // Hashed from behind, one pass has the hash of each suffix.
  for (let from = name.length - 1; from > 0; from--) {
    const code = name.charCodeAt(from)
    if (code === DOT) {
      const at = findBehind(table, name, from + 1, mixed(hash))
      if (at !== NOT_FOUND) found(at)
    }
    hash = hashStep(hash, code)
  }
}

/** Calls `take` with the id of each set of the name at a position. */
export function eachSetAt({ setStarts, sets }: HostTable, at: number, take: (set: number) => void): void {
  for (let index = setStarts[at] ?? 0; index < (setStarts[at + 1] ?? 0); index++) take(sets[index] ?? 0)
}

/** The position of what stands in `name` from `from` on. Its bytes are compared: two names of one hash stay two names. */
function findBehind({ names, starts, slots }: HostTable, name: string, from: number, hash: number): number {
  const mask = slots.length - 1
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = (slots[slot] ?? 0) - 1
    if (at === NOT_FOUND) return NOT_FOUND
    if (isNameAt(names, starts[at] ?? 0, starts[at + 1] ?? 0, name, from)) return at
  }
}

function isNameAt(names: Uint8Array, start: number, end: number, name: string, from: number): boolean {
  if (end - start !== name.length - from) return false
  for (let at = start, offset = from; at < end; at++, offset++) {
    if (names[at] !== name.charCodeAt(offset)) return false
  }
  return true
}

// FNV-1a (draft-eastlake-fnv), from the last byte to the first, with the bits mixed at the end.
function hashStart(seed: number): number {
  return 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)
}

function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return half ^ (half >>> 13)
}

function hashFrom(start: number, name: string): number {
  let hash = start
  for (let at = name.length - 1; at >= 0; at--) hash = hashStep(hash, name.charCodeAt(at))
  return hash
}

function hashOf(seed: number, name: string): number {
  return mixed(hashFrom(hashStart(seed), name))
}

function hashOfBytes(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = hashStart(seed)
  for (let at = end - 1; at >= start; at--) hash = hashStep(hash, bytes[at] ?? 0)
  return mixed(hash)
}

function bump(numbers: Uint32Array, at: number, by: number): void {
  numbers[at] = (numbers[at] ?? 0) + by
}

/** Whole numbers below 2³², in an array that grows. */
class NumberList {
  length = 0
  #numbers = new Uint32Array(16)

  at(index: number): number {
    return this.#numbers[index] ?? 0
  }

  set(index: number, value: number): void {
    this.#numbers[index] = value
  }

  push(value: number): void {
    if (this.length === this.#numbers.length) this.#numbers = grown(this.#numbers, this.length + 1)
    this.#numbers[this.length++] = value
  }

  toArray(): Uint32Array {
    return this.#numbers.slice(0, this.length)
  }
}

function grown<T extends Uint8Array | Uint32Array>(array: T, size: number): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(size, array.length * 2))
  larger.set(array)
  return larger
}

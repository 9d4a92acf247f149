/**
 * A sorted table of keyed hashes with a number at each, packed to the bit: an array of buckets by the first bits of a hash, and
 * in each bucket the other bits and the numbers. A look-up reads one bucket.
 */
import assert from 'node:assert'

/** How one table lies in the file. */
export interface TableShape {
  readonly count: number
  readonly keyBits: number
  readonly bucketBits: number
  readonly numberBits: number
}

const NONE: readonly number[] = Object.freeze([])

/** Where one bucket begins. */
const BUCKET_BYTES = 4
const BUCKET_BITS_MAX = 26
/** Read at once; more would not fit the 53 bits of a number with the bits beside it. */
const READ_BITS_MAX = 32

export function tableBytes({ count, keyBits, bucketBits, numberBits }: TableShape): number {
  const entryBits = keyBits - bucketBits + numberBits
  return (2 ** bucketBits + 1) * BUCKET_BYTES + Math.ceil((count * entryBits) / 8)
}

/** The shape of the fewest bytes; a number of `numberBits` bits stands at each of `count` hashes. */
export function shapeTable(count: number, keyBits: number, numberBits: number): TableShape {
  let best: TableShape = { count, keyBits, numberBits, bucketBits: 0 }
  for (let bucketBits = 1; bucketBits <= BUCKET_BITS_MAX; bucketBits++) {
    const shape = { ...best, bucketBits }
    if (tableBytes(shape) < tableBytes(best)) best = shape
  }
  return best
}

export interface Entry {
  readonly key: number
  readonly number: number
}

/** Writes `shape.count` entries, sorted by key, to the beginning of `bytes`, which are zero. */
export function packTable(bytes: Uint8Array, shape: TableShape, entries: Iterable<Entry>): void {
  const restBits = shape.keyBits - shape.bucketBits
  const rests = 2 ** restBits
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const buckets = 2 ** shape.bucketBits
  const first = (buckets + 1) * BUCKET_BYTES
  let next = 0
  let count = 0
  let bit = first * 8
  for (const { key, number } of entries) {
    const bucket = Math.floor(key / rests)
    for (; next <= bucket; next++) view.setUint32(next * BUCKET_BYTES, count, true)
    bit = writeBits(bytes, bit, key % rests, restBits)
    bit = writeBits(bytes, bit, number, shape.numberBits)
    count++
  }
  for (; next <= buckets; next++) view.setUint32(next * BUCKET_BYTES, count, true)
  assert(count === shape.count, 'a table of another size')
}

export class PackedTable {
  readonly count: number
  readonly #bytes: Uint8Array
  readonly #first: number
  readonly #restBits: number
  readonly #rests: number
  readonly #numberBits: number
  readonly #entryBits: number
  readonly #buckets: number

  /** Reads from views of `bytes`, and copies nothing: it may be memory that threads share. */
  constructor(bytes: Uint8Array, shape: TableShape) {
    this.#bytes = bytes
    this.count = shape.count
    this.#buckets = 2 ** shape.bucketBits
    this.#first = (this.#buckets + 1) * BUCKET_BYTES
    this.#restBits = shape.keyBits - shape.bucketBits
    this.#rests = 2 ** this.#restBits
    this.#numberBits = shape.numberBits
    this.#entryBits = this.#restBits + this.#numberBits
  }

  /** The numbers that stand at this key. */
  find(key: number): readonly number[] {
    const bucket = Math.floor(key / this.#rests)
    const rest = key % this.#rests
    const end = this.#bucketStart(bucket + 1)
    let at = this.#bucketStart(bucket)
    for (let high = end; at < high; ) {
      const middle = Math.floor((at + high) / 2)
      if (this.#restAt(middle) < rest) at = middle + 1
      else high = middle
    }
    if (at === end || this.#restAt(at) !== rest) return NONE
    const numbers: number[] = []
    for (; at < end && this.#restAt(at) === rest; at++) numbers.push(this.#numberAt(at))
    return numbers
  }

  /** All of it, in the order of the keys. */
  *entries(): Generator<Entry> {
    for (let bucket = 0; bucket < this.#buckets; bucket++) {
      const end = this.#bucketStart(bucket + 1)
      for (let at = this.#bucketStart(bucket); at < end; at++) {
        yield { key: bucket * this.#rests + this.#restAt(at), number: this.#numberAt(at) }
      }
    }
  }

  #bucketStart(bucket: number): number {
    return readWord(this.#bytes, bucket * BUCKET_BYTES, BUCKET_BYTES)
  }

  #restAt(at: number): number {
    return this.#read(at * this.#entryBits, this.#restBits)
  }

  #numberAt(at: number): number {
    return this.#read(at * this.#entryBits + this.#restBits, this.#numberBits)
  }

  #read(bit: number, bits: number): number {
    const start = this.#first * 8 + bit
    if (bits <= READ_BITS_MAX) return readBits(this.#bytes, start, bits)
    const low = readBits(this.#bytes, start, READ_BITS_MAX)
    return low + readBits(this.#bytes, start + READ_BITS_MAX, bits - READ_BITS_MAX) * 2 ** READ_BITS_MAX
  }
}

/** Low bits first. Positions go beyond 32 bits, so they are divided and never shifted. */
function readBits(bytes: Uint8Array, bit: number, bits: number): number {
  const shift = bit % 8
  const word = readWord(bytes, (bit - shift) / 8, Math.ceil((shift + bits) / 8))
  return Math.floor(word / 2 ** shift) % 2 ** bits
}

/** Of at most 5 bytes. */
function readWord(bytes: Uint8Array, at: number, size: number): number {
  let word = 0
  for (let back = size - 1; back >= 0; back--) word = word * 256 + (bytes[at + back] ?? 0)
  return word
}

function writeBits(bytes: Uint8Array, bit: number, value: number, bits: number): number {
  let rest = value
  for (let at = bit; at < bit + bits; ) {
    const shift = at % 8
    const taken = Math.min(8 - shift, bit + bits - at)
    const byte = (at - shift) / 8
    bytes[byte] = (bytes[byte] ?? 0) | ((rest % 2 ** taken) << shift)
    rest = Math.floor(rest / 2 ** taken)
    at += taken
  }
  return bit + bits
}

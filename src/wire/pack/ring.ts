/** The last whole objects of a pack, in one buffer that is written round and round: no object costs an allocation. */
import assert from 'node:assert/strict'
import { giveBack } from '../give-back.ts'

/** Before each object, for the words that its id is made of besides its content: `commit 123\0`. */
const PREFIX_BYTES = 32
/** Behind each, so that one longer than it says is noticed. */
const SUFFIX_BYTES = 1

export class Ring {
  readonly bytes: Buffer<ArrayBuffer>
  /** Bytes that were ever reserved, and skipped at the end of the buffer. */
  #head = 0
  /** By object: where its place begins, counted as `#head` is, and one more; 0 for one that never had any. */
  readonly #places: Float64Array

  constructor(bytesMax: number, objects: number) {
    this.bytes = Buffer.from(new ArrayBuffer(bytesMax))
    this.#places = new Float64Array(objects)
  }

  /** Lets go of its memory. */
  close(): void {
    giveBack(this.bytes)
  }

  /**
   * Makes room for an object, and answers where its content begins. What lay there is forgotten, but for the content of
   * `kept`, which is moved where it is in the way. Both must fit in: `fits`.
   */
  reserve(index: number, size: number, kept = -1, keptSize = 0): number {
    const bytes = placeBytes(size)
    let start = this.#next(bytes)
    if (kept !== -1 && this.#placeOf(kept) + this.bytes.length < start + bytes) {
      this.#moveToFront(kept, keptSize)
      start = this.#next(bytes)
    }
    assert(bytes <= this.bytes.length && (kept === -1 || this.#placeOf(kept) + this.bytes.length >= start + bytes))
    this.#head = start + bytes
    this.#places[index] = start + 1
    return this.#contentAt(start)
  }

  /** Where the content of an object begins, or -1 where it is no longer here. */
  find(index: number): number {
    const start = this.#placeOf(index)
    return start !== -1 && start + this.bytes.length >= this.#head ? this.#contentAt(start) : -1
  }

  /** An object that has a place, and is not to be found in it: it was not finished. */
  forget(index: number): void {
    this.#places[index] = 0
  }

  fits(size: number, besides: number): boolean {
    return placeBytes(size) + placeBytes(besides) <= this.bytes.length
  }

  #placeOf(index: number): number {
    return (this.#places[index] ?? 0) - 1
  }

  #contentAt(start: number): number {
    return (start % this.bytes.length) + PREFIX_BYTES
  }

  /** A place never goes over the end of the buffer. */
  #next(bytes: number): number {
    const left = this.bytes.length - (this.#head % this.bytes.length)
    return bytes <= left ? this.#head : this.#head + left
  }

  /** To the beginning of the buffer, where the most lies behind it. All else is forgotten. */
  #moveToFront(index: number, size: number): void {
    const from = this.find(index)
    assert(from !== -1)
    this.bytes.copyWithin(PREFIX_BYTES, from, from + size)
    // Two rounds on, so that nothing of before counts as still being here.
    const start = (Math.ceil(this.#head / this.bytes.length) + 1) * this.bytes.length
    this.#places[index] = start + 1
    this.#head = start + placeBytes(size)
  }
}

function placeBytes(size: number): number {
  return PREFIX_BYTES + size + SUFFIX_BYTES
}

/** Keeps a pack in memory while it is read, in pieces that are copied: a reader that keeps a view of a chunk is found out. */
import type { PackStore } from '../../../src/wire/pack/pack-store.ts'

export class MemoryStore implements PackStore {
  #bytes = Buffer.alloc(64 * 1024)
  #size = 0
  #lent = new Uint8Array()

  append(bytes: Uint8Array): void {
    while (this.#size + bytes.length > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, this.#bytes])
    this.#bytes.set(bytes, this.#size)
    this.#size += bytes.length
  }

  /** Exactly what was asked for; the one before is spoiled, for nobody may look at it any more. */
  read(offset: number, length: number): Uint8Array {
    if (offset < 0 || length <= 0 || offset + length > this.#size) throw new RangeError(`${length} bytes at ${offset}`)
    this.#lent.fill(0xa5)
    this.#lent = Uint8Array.from(this.#bytes.subarray(offset, offset + length))
    return this.#lent
  }
}

/** A growing list of entries of 64 bits, a key above and a number below, that is sorted as fast as the machine can. */
import type { Entry } from './packed-table.ts'

const BEGINNING = 1_024

export class EntryList {
  count = 0
  readonly #numberBits: number
  #words = new Uint32Array(BEGINNING * 2)

  /** A number has at most so many bits, and with its key 64. */
  constructor(numberBits: number) {
    this.#numberBits = numberBits
  }

  add(key: number, number: number): void {
    if (this.count * 2 === this.#words.length) this.#grow()
    const below = 2 ** (32 - this.#numberBits)
    this.#words[this.count * 2] = (key % below) * 2 ** this.#numberBits + number
    this.#words[this.count * 2 + 1] = Math.floor(key / below)
    this.count++
  }

  /** With other numbers in place of its own. */
  renumber(numberOf: (number: number) => number): void {
    const unit = 2 ** this.#numberBits
    for (let at = 0; at < this.count * 2; at += 2) {
      const word = this.#words[at] ?? 0
      this.#words[at] = word - (word % unit) + numberOf(word % unit)
    }
  }

  /** By key, and by number where keys are alike. */
  sort(): void {
    new BigUint64Array(this.#words.buffer, 0, this.count).sort()
  }

  *entries(): Generator<Entry> {
    const unit = 2 ** this.#numberBits
    const below = 2 ** (32 - this.#numberBits)
    for (let at = 0; at < this.count * 2; at += 2) {
      const word = this.#words[at] ?? 0
      yield { key: (this.#words[at + 1] ?? 0) * below + Math.floor(word / unit), number: word % unit }
    }
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2)
    words.set(this.#words)
    this.#words = words
  }
}

/** Undoes percent-encoding byte by byte; a percent sign that begins no escape stands for itself, as the URL standard has it. */
import type { TextBytes } from './text-bytes.ts'

const PERCENT = 0x25
const PLUS = 0x2b
const SPACE = 0x20

export class PercentDecoder {
  readonly #text: TextBytes
  readonly #plusIsSpace: boolean
  /** The bytes of an escape that is not whole: none, the sign, or the sign and a digit. */
  #length = 0
  #digit = 0

  constructor(text: TextBytes, plusIsSpace: boolean) {
    this.#text = text
    this.#plusIsSpace = plusIsSpace
  }

  /** Whether an escape has begun. */
  get isWithin(): boolean {
    return this.#length > 0
  }

  /** Adds at most three bytes. */
  accept(byte: number): void {
    const value = this.#length === 0 ? -1 : digitOf(byte)
    if (this.#length === 0) this.#begin(byte)
    else if (value === -1) {
      this.end()
      this.#begin(byte)
    } else if (this.#length === 1) [this.#length, this.#digit] = [2, byte]
    else {
      this.#text.byte(digitOf(this.#digit) * 16 + value)
      this.#length = 0
    }
  }

  end(): void {
    if (this.#length > 0) this.#text.byte(PERCENT)
    if (this.#length > 1) this.#text.byte(this.#digit)
    this.#length = 0
  }

  #begin(byte: number): void {
    if (byte === PERCENT) this.#length = 1
    else this.#text.byte(byte === PLUS && this.#plusIsSpace ? SPACE : byte)
  }
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

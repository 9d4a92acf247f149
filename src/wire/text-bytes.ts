/** Gathers decoded bytes into pieces of a fixed size, so that a text full of escapes is not handed on by the byte. */

export const textPieceBytes = 16_384

/** The pieces are views of one buffer that is used again: whoever keeps one copies it. */
export class TextBytes {
  readonly #buffer = new Uint8Array(textPieceBytes)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** There is no room for two more characters of four bytes. */
  get isFull(): boolean {
    return this.#length > textPieceBytes - 8
  }

  byte(byte: number): void {
    this.#buffer[this.#length++] = byte
  }

  /** Takes as many of `bytes` as there is room for, and answers how many. */
  bytes(bytes: Uint8Array): number {
    const size = Math.min(bytes.length, textPieceBytes - this.#length)
    this.#buffer.set(bytes.subarray(0, size), this.#length)
    this.#length += size
    return size
  }

  /** A code point as UTF-8. */
  character(code: number): void {
    if (code < 0x80) this.byte(code)
    else if (code < 0x800) this.#units(0xc0 | (code >> 6), 1, code)
    else if (code < 0x10000) this.#units(0xe0 | (code >> 12), 2, code)
    else this.#units(0xf0 | (code >> 18), 3, code)
  }

  /** What was gathered since the last time. */
  take(): Uint8Array {
    const piece = this.#buffer.subarray(0, this.#length)
    this.#length = 0
    return piece
  }

  #units(first: number, more: number, code: number): void {
    this.byte(first)
    for (let shift = (more - 1) * 6; shift >= 0; shift -= 6) this.byte(0x80 | ((code >> shift) & 0x3f))
  }
}

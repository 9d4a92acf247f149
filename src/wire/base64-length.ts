/** How many bytes a base64 text decodes to, told character by character (RFC 4648 sections 4 and 5, RFC 2045 section 6.8). */

export class Base64Length {
  #digits = 0
  #padding = 0

  /**
   * Takes the next character code; false where it is neither of the two alphabets nor padding. White space between them is
   * skipped, as MIME's line breaks are. Nothing may follow the padding: decoders disagree about what it would add.
   */
  add(code: number): boolean {
    if (isDigit(code) && this.#padding === 0) this.#digits += 1
    else if (code === 0x3d && this.#padding < 2) this.#padding += 1
    else return code === 0x0a || code === 0x0d || code === 0x20 || code === 0x09
    return true
  }

  /** What the text so far decodes to at the least. */
  get soFar(): number {
    return Math.floor((this.#digits * 3) / 4)
  }

  /** Null where the text is cut off within a byte, or padded to no multiple of four. */
  end(): number | null {
    const over = this.#digits % 4
    if (over === 1 || (this.#padding > 0 && over + this.#padding !== 4)) return null
    return Math.floor((this.#digits * 3) / 4)
  }
}

function isDigit(code: number): boolean {
  const lower = code | 0x20
  if (code < 0x80 && lower >= 0x61 && lower <= 0x7a) return true
  // `+` and `/`, or `-` and `_` in the alphabet for URLs.
  return (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2f || code === 0x2d || code === 0x5f
}

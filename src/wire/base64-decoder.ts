/** Decodes base64 as it streams by, of either alphabet, with line breaks (RFC 4648 sections 4 and 5, RFC 2045 section 6.8). */

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const PADDING = 0x3d

/** 1 for a digit of either alphabet. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) =>
  /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0,
)

/** Of a text, how many bytes from `from` on may stand in base64 without padding. */
export function base64Run(text: Uint8Array, from: number): number {
  let at = from
  while (at < text.length && isDigitOrBreak(text[at] ?? 0)) at += 1
  return at - from
}

function isDigitOrBreak(byte: number): boolean {
  return DIGITS[byte] === 1 || byte === LINE_FEED || byte === CARRIAGE_RETURN
}

export class Base64Decoder {
  /** Set once for good where the text is not base64: how many of its bytes were. */
  brokenAt: number | null = null
  #digits = Buffer.alloc(0)
  #kept = 0
  #padding = 0
  #count = 0
  #before = 0

  /** What the piece decodes to, as far as it is base64. */
  push(piece: Uint8Array): Uint8Array {
    if (this.brokenAt !== null) return NOTHING
    if (this.#digits.length < this.#kept + piece.length) this.#grow(this.#kept + piece.length)
    let length = this.#kept
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (DIGITS[byte] === 1 && this.#padding === 0) this.#digits[length++] = byte
      else if (byte === PADDING && this.#padding < 2) this.#padding += 1
      else if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) {
        this.brokenAt = this.#before + at
        break
      }
    }
    this.#count += length - this.#kept
    this.#before += piece.length
    return this.#decode(length, length - (length % 4))
  }

  /** The last bytes; it is broken where the text ends within a byte or is padded to no multiple of four. */
  end(): Uint8Array {
    const over = this.#count % 4
    if (over === 1 || (this.#padding > 0 && over + this.#padding !== 4)) this.brokenAt ??= this.#before
    return this.#decode(this.#kept, this.#kept)
  }

  #decode(length: number, whole: number): Uint8Array {
    const decoded = whole === 0 ? NOTHING : Buffer.from(this.#digits.toString('latin1', 0, whole), 'base64')
    this.#digits.copyWithin(0, whole, length)
    this.#kept = length - whole
    return decoded
  }

  #grow(size: number): void {
    const digits = Buffer.allocUnsafe(size)
    this.#digits.copy(digits, 0, 0, this.#kept)
    this.#digits = digits
  }
}

const NOTHING = new Uint8Array()

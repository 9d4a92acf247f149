/** Whether bytes are text, told as they stream by: UTF-8 without control characters, but for white space and colours of a terminal. */
import { isUtf8 } from 'node:buffer'

/** What is counted of each value a byte can have. */
const BYTE_VALUES = 256
/** Before a counter of 32 bits could run over. */
const FOLD_BYTES = 0x8000_0000

/** Backspace to carriage return but vertical tab are white space of old; escape begins a colour. */
const CONTROLS: readonly number[] = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  0x0b,
  ...Array.from({ length: 18 }, (_, at) => at + 14),
].filter((code) => code !== 0x1b)

/** Counts the bytes of a leaf, for its entropy and for its being text. */
export class ByteCounts {
  readonly #counts = new Uint32Array(BYTE_VALUES)
  #folded: Float64Array | null = null
  #unfolded = 0
  total = 0

  push(piece: Uint8Array): void {
    if (this.#unfolded + piece.length >= FOLD_BYTES) this.#fold()
    const counts = this.#counts
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      counts[byte] = (counts[byte] ?? 0) + 1
    }
    this.#unfolded += piece.length
    this.total += piece.length
  }

  get hasControls(): boolean {
    return CONTROLS.some((code) => this.#of(code) > 0)
  }

  /** Shannon's, in bits for each byte: 0 to 8. */
  get entropy(): number {
    let bits = 0
    for (let code = 0; code < BYTE_VALUES; code++) {
      const share = this.#of(code) / this.total
      if (share > 0) bits -= share * Math.log2(share)
    }
    return bits
  }

  #of(code: number): number {
    return (this.#counts[code] ?? 0) + (this.#folded?.[code] ?? 0)
  }

  #fold(): void {
    this.#folded ??= new Float64Array(BYTE_VALUES)
    for (let code = 0; code < BYTE_VALUES; code++) this.#folded[code] = this.#of(code)
    this.#counts.fill(0)
    this.#unfolded = 0
  }
}

/** UTF-8, whose characters may lie over the edges of pieces. */
export class Utf8Check {
  isUtf8 = true
  /** The beginning of a character that is not whole yet. */
  #rest: Uint8Array = NOTHING

  push(piece: Uint8Array): void {
    if (!this.isUtf8) return
    let bytes = piece
    if (this.#rest.length > 0) {
      // A character has four bytes at the most: the rest of it lies in front.
      const joined = Buffer.concat([this.#rest, piece.subarray(0, 4)])
      const missing = missingBytes(this.#rest)
      if (joined.length < this.#rest.length + missing) {
        this.#rest = joined
        return
      }
      this.isUtf8 = isUtf8(joined.subarray(0, this.#rest.length + missing))
      bytes = piece.subarray(missing)
      this.#rest = NOTHING
    }
    const size = wholeBytes(bytes)
    this.isUtf8 &&= isUtf8(bytes.subarray(0, size))
    this.#rest = size < bytes.length ? Uint8Array.from(bytes.subarray(size)) : NOTHING
  }

  /** Whether all of it was. */
  end(): boolean {
    return this.isUtf8 && this.#rest.length === 0
  }
}

const NOTHING = new Uint8Array()

/** Without the beginning of a character at the end. */
function wholeBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const size = bytes.length - back
    const lead = bytes[size] ?? 0
    if (lead < 0x80) return bytes.length
    if (lead >= 0xc0) return lengthOf(lead) > back ? size : bytes.length
  }
  return bytes.length
}

function missingBytes(rest: Uint8Array): number {
  return lengthOf(rest[0] ?? 0) - rest.length
}

function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4
  return lead >= 0xe0 ? 3 : 2
}

/** Of a short text at once. */
export function isTextAtOnce(bytes: Uint8Array): boolean {
  return !hasControl(bytes) && isUtf8(bytes)
}

const IS_CONTROL = Uint8Array.from({ length: BYTE_VALUES }, (_, code) => (CONTROLS.includes(code) ? 1 : 0))

function hasControl(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (IS_CONTROL[bytes[at] ?? 0] === 1) return true
  return false
}

/** Whether the beginning of something longer may be text: a character may be cut off at its end. */
export function mayBeginText(bytes: Uint8Array): boolean {
  const check = new Utf8Check()
  check.push(bytes)
  return check.isUtf8 && !hasControl(bytes)
}

/** UTF-16 by its mark, or by every other byte of its beginning being zero and none of the rest. */
export function utf16Of(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe && !(head[2] === 0 && head[3] === 0)) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const seen = head.subarray(0, UTF16_SEEN_BYTES)
  if (seen.length < UTF16_BYTES_MIN) return null
  let [even, odd] = [0, 0]
  for (const [at, byte] of seen.entries()) {
    if (byte === 0 && at % 2 === 0) even += 1
    else if (byte === 0) odd += 1
  }
  const most = (seen.length >> 1) * UTF16_SHARE_MIN
  if (odd >= most && even === 0) return 'utf-16le'
  return even >= most && odd === 0 ? 'utf-16be' : null
}

const UTF16_SEEN_BYTES = 512
const UTF16_BYTES_MIN = 16
const UTF16_SHARE_MIN = 0.6

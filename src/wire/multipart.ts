/** The parts of a multipart body as they stream by (RFC 2046 section 5.1). What stands around the parts is told as well. */
import { parsePartHead, type PartHead } from './part-head.ts'

export type MultipartEvent =
  | { readonly kind: 'begin'; readonly part: PartHead | 'preamble' | 'epilogue' }
  /** A view that is used again. */
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }

export const boundaryBytesMax = 256
export const partHeadBytesMax = 16_384
/** White space between a boundary and the end of its line. */
export const boundaryPaddingBytesMax = 64

const BREAK: readonly number[] = [0x0d, 0x0a]

type Next = 'more' | 'again'

export class MultipartReader {
  /** What is wrong with the body; what stands behind is not read. */
  fault: string | null = null
  readonly #delimiter: Buffer
  #state: 'preamble' | 'head' | 'content' | 'epilogue' = 'preamble'
  #rest: Buffer = Buffer.alloc(0)
  /** Where `#rest` begins is where the body does. */
  #isFirst = true
  #begun = false
  /** How much of a line break here is no content: the one that ends a head (it may also begin a delimiter), or the last line. */
  #skip = 0

  /** `boundary` as the type names it, without the hyphens. */
  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`--${boundary}`, 'latin1')
    if (boundary === '' || this.#delimiter.length > boundaryBytesMax + 2)
      this.fault = 'its boundary is empty or too long'
  }

  *push(piece: Uint8Array): Generator<MultipartEvent> {
    if (this.fault !== null) return
    this.#rest = this.#rest.length === 0 ? viewOf(piece) : Buffer.concat([this.#rest, piece])
    for (let next: Next = 'again'; next === 'again' && this.fault === null; ) {
      next = this.#state === 'head' ? yield* this.#head() : yield* this.#content(false)
    }
    // The piece is the caller's, and used again.
    this.#rest = Buffer.from(this.#rest)
  }

  /** The body has ended. */
  *end(): Generator<MultipartEvent> {
    if (this.fault === null && this.#state !== 'head') {
      for (let next: Next = 'again'; next === 'again' && this.fault === null; ) next = yield* this.#content(true)
    }
    if (this.#state !== 'epilogue') this.fault ??= 'it ends before its last boundary'
    if (this.#begun) yield* this.#finish()
  }

  *#head(): Generator<MultipartEvent, Next> {
    const isEmpty = this.#rest.length >= 2 && this.#rest.toString('latin1', 0, 2) === '\r\n'
    const size = isEmpty ? 0 : this.#rest.indexOf('\r\n\r\n', 0, 'latin1')
    // The line breaks behind it may have come in part.
    if (size === -1 ? this.#rest.length > partHeadBytesMax + 3 : size > partHeadBytesMax) {
      this.fault = `the head of a part is longer than ${partHeadBytesMax} bytes`
      return 'more'
    }
    if (size === -1) return 'more'
    const head = parsePartHead(this.#rest.subarray(0, size))
    if (head.state !== 'done') {
      this.fault = head.state === 'bad' ? head.fault : 'the head of a part is not whole'
      return 'more'
    }
    // The line break behind the head may be the one in front of the next boundary, of a part without content.
    this.#rest = this.#rest.subarray(isEmpty ? 0 : size + 2)
    this.#state = 'content'
    yield* this.#begin(head.value)
    this.#skip = BREAK.length
    return 'again'
  }

  *#content(isLast: boolean): Generator<MultipartEvent, Next> {
    const isBehind = this.#state === 'epilogue'
    const at = isBehind ? -1 : this.#rest.indexOf(this.#delimiter)
    if (at === -1) {
      const held = isLast || isBehind ? 0 : Math.min(this.#rest.length, this.#delimiter.length + 1)
      yield* this.#give(this.#rest.length - held)
      return 'more'
    }
    const line = this.#lineAt(at)
    if (line === 'more' && !isLast) {
      yield* this.#give(Math.max(0, at - 2))
      return 'more'
    }
    if (line === 'none' || line === 'more') {
      yield* this.#give(at + 1)
      return 'again'
    }
    yield* this.#give(Math.max(0, at - 2))
    if (this.#begun) yield* this.#finish()
    this.#isFirst = false
    this.#rest = this.#rest.subarray(Math.min(2, at) + line.size)
    this.#state = line.isClosing ? 'epilogue' : 'head'
    this.#skip = BREAK.length
    return 'again'
  }

  /** What the delimiter at `at` ends: nothing, where it does not stand alone on its line. */
  #lineAt(at: number): 'none' | 'more' | { readonly isClosing: boolean; readonly size: number } {
    const before = this.#rest.toString('latin1', Math.max(0, at - 2), at)
    if (before !== '\r\n' && !(this.#isFirst && at === 0)) {
      // Some readers end a line there and some do not: they would see other parts.
      if (before.endsWith('\n')) this.fault ??= 'a boundary stands behind a bare line feed'
      return 'none'
    }
    const from = at + this.#delimiter.length
    const behind = this.#rest.toString('latin1', from, from + boundaryPaddingBytesMax + BREAK.length)
    if (behind.startsWith('--')) return { isClosing: true, size: this.#delimiter.length + 2 }
    const [padding = ''] = /^[ \t]*/.exec(behind) ?? []
    if (padding.length > boundaryPaddingBytesMax) return 'none'
    const end = behind.slice(padding.length)
    if (end.startsWith('\r\n'))
      return { isClosing: false, size: this.#delimiter.length + padding.length + BREAK.length }
    return end === '' || end === '\r' || behind === '-' ? 'more' : 'none'
  }

  *#give(size: number): Generator<MultipartEvent> {
    if (size <= 0) return
    const bytes = this.#withoutBreak(this.#rest.subarray(0, size))
    this.#rest = this.#rest.subarray(size)
    this.#isFirst = false
    if (bytes.length === 0) return
    if (!this.#begun && this.#state !== 'content')
      yield* this.#begin(this.#state === 'epilogue' ? 'epilogue' : 'preamble')
    yield { kind: 'piece', bytes }
  }

  #withoutBreak(bytes: Uint8Array): Uint8Array {
    let at = 0
    while (this.#skip > 0 && at < bytes.length) {
      const expected = BREAK[BREAK.length - this.#skip]
      this.#skip = bytes[at] === expected ? this.#skip - 1 : 0
      if (bytes[at] === expected) at += 1
    }
    return bytes.subarray(at)
  }

  *#begin(part: PartHead | 'preamble' | 'epilogue'): Generator<MultipartEvent> {
    this.#begun = true
    yield { kind: 'begin', part }
  }

  *#finish(): Generator<MultipartEvent> {
    this.#begun = false
    yield { kind: 'end' }
  }
}

function viewOf(piece: Uint8Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.length)
}

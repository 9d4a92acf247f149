/**
 * The strings of a GraphQL document, decoded as they stream by (GraphQL specification, "String Value"), each under the name that
 * stands before it. What else is in the document, and whether it is one, is not looked at.
 */
import { TextBytes } from './text-bytes.ts'

export type GraphqlStringEvent =
  | { readonly kind: 'begin'; readonly name: string }
  /** UTF-8; a view that is used again. */
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }

export const graphqlNameCharactersMax = 128

type State =
  | 'outside'
  | 'comment'
  | 'opened'
  | 'empty'
  | 'string'
  | 'escape'
  | 'unicode'
  | 'braced'
  | 'block'
  | 'block escape'

const [LF, CR, QUOTE, HASH, BACKSLASH, BRACE, BRACE_END] = [0x0a, 0x0d, 0x22, 0x23, 0x5c, 0x7b, 0x7d]
const BLOCK_QUOTES = 3

export class GraphqlStringReader {
  /** A carriage return stands alone: to some readers a comment ends there and to others not, so that they see other strings. */
  isAmbiguous = false
  readonly #text = new TextBytes()
  #state: State = 'outside'
  #name = ''
  #isNaming = false
  #begun = false
  #lastByte = 0
  /** Of an escape. */
  #digits = ''
  /** The first half of a pair of surrogates, or 0. */
  #high = 0
  /** In a block: quotes in a row, and whether the line has had anything but blanks. */
  #quotes = 0
  #isIndent = true;

  *push(piece: Uint8Array): Generator<GraphqlStringEvent> {
    for (const byte of piece) {
      if (this.#text.isFull) yield* this.#flush()
      if (this.#lastByte === CR && byte !== LF) this.isAmbiguous = true
      this.#lastByte = byte
      if (this.#accept(byte)) yield* this.#finish()
    }
  }

  /** The document has ended. */
  *end(): Generator<GraphqlStringEvent> {
    if (this.#lastByte === CR) this.isAmbiguous = true
    if (!['outside', 'comment'].includes(this.#state)) yield* this.#finish()
    this.#state = 'outside'
  }

  /** Whether a string ends here. */
  #accept(byte: number): boolean {
    switch (this.#state) {
      case 'comment':
        if (byte === LF || byte === CR) this.#state = 'outside'
        return false
      case 'outside':
        this.#outside(byte)
        return false
      case 'opened':
        this.#state = byte === QUOTE ? 'empty' : 'string'
        return byte === QUOTE ? false : this.#accept(byte)
      case 'empty':
        if (byte === QUOTE) {
          ;[this.#state, this.#quotes, this.#isIndent] = ['block', 0, true]
          return false
        }
        this.#outside(byte)
        return true
      case 'block':
      case 'block escape':
        return this.#block(byte)
      case 'string':
        return this.#inString(byte)
      default:
        return this.#inEscape(byte)
    }
  }

  #outside(byte: number): void {
    this.#state = byte === QUOTE ? 'opened' : byte === HASH ? 'comment' : 'outside'
    const isName = isNameByte(byte)
    if (isName && !this.#isNaming) this.#name = ''
    this.#isNaming = isName
    if (isName && this.#name.length < graphqlNameCharactersMax) this.#name += String.fromCharCode(byte)
  }

  #inString(byte: number): boolean {
    // No string goes over the end of a line: what follows is read anew.
    if (byte === QUOTE || byte === LF || byte === CR) {
      this.#endPair()
      this.#state = 'outside'
      return true
    }
    if (byte === BACKSLASH) this.#state = 'escape'
    else {
      this.#endPair()
      this.#text.byte(byte)
    }
    return false
  }

  #inEscape(byte: number): boolean {
    const letter = String.fromCharCode(byte)
    if (this.#state === 'escape') {
      this.#state = letter === 'u' ? 'unicode' : 'string'
      this.#digits = ''
      if (letter === 'u') return false
      const character = ESCAPES.get(letter)
      if (character === undefined) return this.#inString(byte)
      this.#character(character)
      return false
    }
    if (this.#state === 'unicode' && byte === BRACE && this.#digits === '') {
      this.#state = 'braced'
      return false
    }
    const isBraced = this.#state === 'braced'
    if (/[0-9a-f]/i.test(letter) && this.#digits.length < 8) this.#digits += letter
    else {
      this.#state = 'string'
      if (isBraced && byte === BRACE_END) this.#character(Number.parseInt(this.#digits, 16))
      else return this.#inString(byte)
      return false
    }
    if (!isBraced && this.#digits.length === 4) {
      this.#state = 'string'
      this.#character(Number.parseInt(this.#digits, 16))
    }
    return false
  }

  #character(code: number): void {
    const isLow = code >= 0xdc00 && code <= 0xdfff
    if (this.#high !== 0 && isLow) {
      this.#text.character(0x10000 + ((this.#high - 0xd800) << 10) + (code - 0xdc00))
      this.#high = 0
      return
    }
    this.#endPair()
    if (code >= 0xd800 && code <= 0xdbff) this.#high = code
    else this.#text.character(isLow || !(code <= 0x10ffff) ? REPLACEMENT : code)
  }

  #endPair(): void {
    if (this.#high !== 0) this.#text.character(REPLACEMENT)
    this.#high = 0
  }

  /** Servers take the indent of its lines away, as far as all have it; here all blanks before a line go. */
  #block(byte: number): boolean {
    if (byte === QUOTE) {
      this.#quotes += 1
      if (this.#quotes < BLOCK_QUOTES) return false
      this.#quotes = 0
      if (this.#state === 'block') {
        this.#state = 'outside'
        return true
      }
      this.#state = 'block'
      this.#blockText(QUOTE, QUOTE, QUOTE)
      return false
    }
    if (this.#state === 'block escape') this.#blockText(BACKSLASH)
    for (; this.#quotes > 0; this.#quotes -= 1) this.#blockText(QUOTE)
    this.#state = byte === BACKSLASH ? 'block escape' : 'block'
    if (byte !== BACKSLASH) this.#blockText(byte)
    return false
  }

  #blockText(...bytes: readonly number[]): void {
    for (const byte of bytes) {
      if (this.#isIndent && (byte === 0x20 || byte === 0x09)) continue
      this.#isIndent = byte === LF || byte === CR
      if (this.#isIndent && !this.#begun && this.#text.length === 0) continue
      this.#text.byte(byte)
    }
  }

  *#finish(): Generator<GraphqlStringEvent> {
    yield* this.#flush()
    this.#begun = false
    this.#high = 0
    yield END
  }

  *#flush(): Generator<GraphqlStringEvent> {
    const bytes = this.#text.take()
    if (!this.#begun) {
      this.#begun = true
      yield { kind: 'begin', name: this.#name }
    }
    if (bytes.length > 0) yield { kind: 'piece', bytes }
  }
}

function isNameByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f
  )
}

const END = Object.freeze({ kind: 'end' } as const)
const REPLACEMENT = 0xfffd

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ['"', 0x22],
  ['\\', 0x5c],
  ['/', 0x2f],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
])

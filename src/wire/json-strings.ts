/**
 * The strings of a JSON text, decoded as they stream by (RFC 8259). Values may follow one another, as in JSON Lines. Of each
 * name only its beginning is kept; one that is longer is told like a value, since it can carry as much.
 */
import { JsonPath, jsonNameCharactersMax } from './json-path.ts'
import { TextBytes, textPieceBytes } from './text-bytes.ts'

export type JsonStringEvent =
  | { readonly kind: 'begin'; readonly path: string }
  /** UTF-8; a view that is used again. */
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }

export const jsonStringsDepthMax = 256
/** Of a number. */
export const jsonPlainCharactersMax = 1_000

const PLAIN = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)$/

type State =
  | 'value'
  | 'first value'
  | 'key'
  | 'first key'
  | 'colon'
  | 'after value'
  | 'string'
  | 'escape'
  | 'unicode'
  | 'plain'

export class JsonStringReader {
  /** What is wrong with the text; what stands behind is not read. */
  fault: string | null = null
  /** Whether a whole value has come. */
  hasValue = false
  readonly #path = new JsonPath()
  readonly #text = new TextBytes()
  #state: State = 'value'
  #role: 'key' | 'value' = 'value'
  #begun = false
  #digits = 0
  /** A number or a literal, so far. */
  #plain = ''
  #code = 0
  /** The first half of a pair of surrogates, or 0. */
  #high = 0
  #at = 0
  #before = 0;

  *push(piece: Uint8Array): Generator<JsonStringEvent> {
    let at = 0
    while (at < piece.length && this.fault === null) {
      if (this.#text.isFull) yield* this.#flush()
      const byte = piece[at] ?? 0
      this.#at = this.#before + at
      if (this.#state === 'string') {
        const end = endOfRun(piece, at)
        if (end > at) at += this.#run(piece.subarray(at, end))
        else if (byte !== 0x22) at += this.#special(byte)
        else {
          at += 1
          if (this.#endString()) yield* this.#finish()
        }
      } else {
        this.#accept(byte)
        at += 1
      }
    }
    this.#before += piece.length
  }

  /** The text has ended. */
  *end(): Generator<JsonStringEvent> {
    if (this.#state === 'plain') this.#endPlain()
    if (this.#path.depth > 0 || this.#state !== 'value') this.fault ??= 'it ends within a value'
    if (this.#role === 'value' ? this.#text.length > 0 || this.#begun : this.#begun) yield* this.#finish()
  }

  #accept(byte: number): void {
    switch (this.#state) {
      case 'escape':
        this.#state = 'string'
        if (byte === 0x75) [this.#state, this.#digits, this.#code] = ['unicode', 0, 0]
        else this.#escaped(byte)
        break
      case 'unicode':
        this.#unicode(byte)
        break
      case 'plain':
        if (isPlain(byte)) {
          this.#plain += String.fromCharCode(byte)
          if (this.#plain.length > jsonPlainCharactersMax) this.#bad()
          break
        }
        this.#endPlain()
        if (!isSpace(byte) && this.fault === null) this.#token(byte)
        break
      default:
        if (!isSpace(byte)) this.#token(byte)
    }
  }

  #token(byte: number): void {
    const isClosing = byte === 0x5d || byte === 0x7d
    switch (this.#state) {
      case 'first value':
      case 'first key':
      case 'after value':
        if (isClosing) this.#close(byte)
        else if (this.#state === 'first value') this.#beginValue(byte)
        else if (this.#state === 'first key') this.#beginKey(byte)
        else if (byte === 0x2c) {
          this.#path.next()
          this.#state = this.#path.isInObject ? 'key' : 'value'
        } else this.#bad()
        break
      case 'value':
        // A byte order mark means nothing in front of all.
        if (byte !== BYTE_ORDER_MARK[this.#at]) this.#beginValue(byte)
        break
      case 'key':
        this.#beginKey(byte)
        break
      case 'colon':
        if (byte === 0x3a) this.#state = 'value'
        else this.#bad()
        break
      default:
        this.#bad()
    }
  }

  #beginValue(byte: number): void {
    if (byte === 0x22) [this.#role, this.#state] = ['value', 'string']
    else if (byte === 0x7b) this.#open('object')
    else if (byte === 0x5b) this.#open('array')
    else if (isPlain(byte)) [this.#state, this.#plain] = ['plain', String.fromCharCode(byte)]
    else this.#bad()
  }

  #beginKey(byte: number): void {
    if (byte === 0x22) [this.#role, this.#state] = ['key', 'string']
    else this.#bad()
  }

  #open(container: 'object' | 'array'): void {
    if (this.#path.depth >= jsonStringsDepthMax) {
      this.fault = `its values stand more than ${jsonStringsDepthMax} deep`
      return
    }
    this.#path.open(container)
    this.#state = container === 'object' ? 'first key' : 'first value'
  }

  #close(byte: number): void {
    if (this.#path.depth === 0 || this.#path.isInObject !== (byte === 0x7d)) {
      this.#bad()
      return
    }
    this.#path.close()
    this.#endValue()
  }

  #endPlain(): void {
    if (PLAIN.test(this.#plain)) this.#endValue()
    else this.#bad()
  }

  #endValue(): void {
    this.#state = this.#path.depth === 0 ? 'value' : 'after value'
    if (this.#path.depth === 0) this.hasValue = true
  }

  /** Takes what there is room for. */
  #run(bytes: Uint8Array): number {
    this.#endPair()
    return this.#text.bytes(bytes)
  }

  #special(byte: number): number {
    if (byte === 0x5c) this.#state = 'escape'
    else this.#bad()
    return 1
  }

  #escaped(byte: number): void {
    const character = ESCAPES.get(byte)
    if (character === undefined) this.#bad()
    else this.#character(character)
  }

  #unicode(byte: number): void {
    const digit = Number.parseInt(String.fromCharCode(byte), 16)
    if (Number.isNaN(digit)) {
      this.#bad()
      return
    }
    this.#code = this.#code * 16 + digit
    if (++this.#digits < 4) return
    this.#state = 'string'
    this.#character(this.#code)
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
    else this.#text.character(isLow ? REPLACEMENT : code)
  }

  /** Half a pair of surrogates stands for nothing. */
  #endPair(): void {
    if (this.#high !== 0) this.#text.character(REPLACEMENT)
    this.#high = 0
  }

  /** Whether the string has to be told: every value, and a name that is longer than what is kept of it. */
  #endString(): boolean {
    this.#endPair()
    if (this.#role === 'value') {
      this.#endValue()
      return true
    }
    this.#state = 'colon'
    if (this.#begun || this.#text.length > jsonNameCharactersMax) return true
    this.#nameFrom(this.#text.take())
    return false
  }

  *#finish(): Generator<JsonStringEvent> {
    yield* this.#flush()
    this.#begun = false
    yield END
  }

  /** What is longer than a name that is kept is told, and so is every value. */
  *#flush(): Generator<JsonStringEvent> {
    const bytes = this.#text.take()
    if (!this.#begun) {
      if (this.#role === 'key') this.#nameFrom(bytes)
      this.#begun = true
      yield { kind: 'begin', path: this.#path.text() }
    }
    if (bytes.length > 0) yield { kind: 'piece', bytes }
  }

  #nameFrom(bytes: Uint8Array): void {
    const text = Buffer.from(bytes.subarray(0, jsonNameCharactersMax)).toString()
    this.#path.name(bytes.length > jsonNameCharactersMax ? `${text}…` : text)
  }

  #bad(): void {
    this.fault = `it is no JSON at byte ${this.#at}`
  }
}

const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf]
const END = Object.freeze({ kind: 'end' } as const)
const REPLACEMENT = 0xfffd

const ESCAPES: ReadonlyMap<number, number> = new Map(
  '"\\/bfnrt'.split('').map((letter, at) => [letter.charCodeAt(0), [0x22, 0x5c, 0x2f, 8, 12, 10, 13, 9][at] ?? 0]),
)

/** Where the run of bytes ends that stand for themselves; no further than one piece of text, or long ones are read many times. */
function endOfRun(piece: Uint8Array, from: number): number {
  const last = Math.min(piece.length, from + textPieceBytes)
  let at = from
  while (at < last) {
    const byte = piece[at] ?? 0
    if (byte === 0x22 || byte === 0x5c || byte < 0x20) break
    at += 1
  }
  return at
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** Digits, signs, and the letters of literals. */
function isPlain(byte: number): boolean {
  const lower = byte | 0x20
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (lower >= 0x61 && lower <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e
  )
}

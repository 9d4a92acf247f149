/**
 * The strings of a JSON text, decoded as they stream by (RFC 8259). Values may follow one another, as in JSON Lines. Of each
 * name only its beginning is kept; one that is longer is told like a value, since it can carry as much.
 */
import { JsonPath, jsonNameCharactersMax } from './json-path.ts'
import { TextBytes } from './text-bytes.ts'

export type JsonStringEvent =
  | { readonly kind: 'begin'; readonly path: string }
  /** UTF-8; a view that is used again. */
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }

export const jsonStringsDepthMax = 256

type State = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'after value' | 'string' | 'escape' | 'unicode' | 'plain'

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
  #code = 0
  /** The first half of a pair of surrogates, or 0. */
  #high = 0
  #at = 0
  #before = 0

  *push(piece: Uint8Array): Generator<JsonStringEvent> {
    let at = this.#before === 0 && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf ? 3 : 0
    while (at < piece.length && this.fault === null) {
      if (this.#state === 'string') {
        const end = endOfRun(piece, at)
        yield* this.#run(piece.subarray(at, end))
        at = end
        if (at === piece.length) break
      }
      this.#at = this.#before + at
      yield* this.#accept(piece[at] ?? 0)
      at += 1
    }
    this.#before += piece.length
  }

  /** The text has ended. */
  *end(): Generator<JsonStringEvent> {
    if (this.#state === 'plain') this.#endValue()
    if (this.#path.depth > 0 || this.#state !== 'value') this.fault ??= 'it ends within a value'
    if (this.#begun) yield* this.#finish()
  }

  *#accept(byte: number): Generator<JsonStringEvent> {
    switch (this.#state) {
      case 'string':
        if (byte === 0x22) yield* this.#endString()
        else if (byte === 0x5c) this.#state = 'escape'
        else this.#bad()
        break
      case 'escape':
        this.#state = 'string'
        if (byte === 0x75) [this.#state, this.#digits, this.#code] = ['unicode', 0, 0]
        else yield* this.#escaped(byte)
        break
      case 'unicode':
        yield* this.#unicode(byte)
        break
      case 'plain':
        // Numbers and literals carry little: what they are is not held to the grammar.
        if (isPlain(byte)) break
        this.#endValue()
        if (!isSpace(byte)) this.#token(byte)
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
        this.#beginValue(byte)
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
    else if (isPlain(byte)) this.#state = 'plain'
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

  #endValue(): void {
    this.#state = this.#path.depth === 0 ? 'value' : 'after value'
    if (this.#path.depth === 0) this.hasValue = true
  }

  *#run(bytes: Uint8Array): Generator<JsonStringEvent> {
    if (bytes.length > 0 && this.#high !== 0) yield* this.#lone()
    for (let at = 0; at < bytes.length; ) {
      at += this.#text.bytes(bytes.subarray(at))
      if (this.#text.isFull) yield* this.#flush()
    }
  }

  *#escaped(byte: number): Generator<JsonStringEvent> {
    const character = ESCAPES.get(byte)
    if (character === undefined) this.#bad()
    else yield* this.#character(character)
  }

  *#unicode(byte: number): Generator<JsonStringEvent> {
    const digit = Number.parseInt(String.fromCharCode(byte), 16)
    if (Number.isNaN(digit)) {
      this.#bad()
      return
    }
    this.#code = this.#code * 16 + digit
    if (++this.#digits < 4) return
    this.#state = 'string'
    yield* this.#character(this.#code)
  }

  *#character(code: number): Generator<JsonStringEvent> {
    const isLow = code >= 0xdc00 && code <= 0xdfff
    if (this.#high !== 0 && isLow) {
      this.#text.character(0x10000 + ((this.#high - 0xd800) << 10) + (code - 0xdc00))
      this.#high = 0
    } else {
      if (this.#high !== 0) yield* this.#lone()
      if (code >= 0xd800 && code <= 0xdbff) this.#high = code
      else this.#text.character(isLow ? REPLACEMENT : code)
    }
    if (this.#text.isFull) yield* this.#flush()
  }

  *#lone(): Generator<JsonStringEvent> {
    this.#high = 0
    this.#text.character(REPLACEMENT)
    if (this.#text.isFull) yield* this.#flush()
  }

  *#endString(): Generator<JsonStringEvent> {
    if (this.#high !== 0) yield* this.#lone()
    if (this.#role === 'value') {
      yield* this.#finish()
      this.#endValue()
      return
    }
    if (this.#begun) yield* this.#finish()
    else this.#nameFrom(this.#text.take())
    this.#state = 'colon'
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

const END = Object.freeze({ kind: 'end' } as const)
const REPLACEMENT = 0xfffd

const ESCAPES: ReadonlyMap<number, number> = new Map(
  [...'"\\/bfnrt'].map((letter, at) => [letter.charCodeAt(0), [0x22, 0x5c, 0x2f, 8, 12, 10, 13, 9][at] ?? 0]),
)

/** Where the run of bytes ends that stand for themselves. */
function endOfRun(piece: Uint8Array, from: number): number {
  let at = from
  while (at < piece.length) {
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
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x7a) || byte === 0x2d || byte === 0x2b || byte === 0x2e
}

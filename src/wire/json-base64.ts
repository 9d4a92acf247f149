/** The size of base64 fields in a JSON body, counted as it streams by and without keeping them (RFC 8259, RFC 4648). */

import { Base64Length } from './base64-length.ts'

export interface Base64FieldSize {
  /** Bytes that the values of the field decode to; where the field stands twice, both. */
  readonly decoded: number
  /** Bytes of the body outside of these values. */
  readonly other: number
}

export interface Base64FieldCounter {
  push(chunk: Uint8Array): void
  /** The size so far, decoded and other together; it never shrinks. */
  readonly soFar: number
  /** "bad" where the body is not JSON, or a value of the field is a string but not base64: its size is unknown. */
  end(): Base64FieldSize | 'bad'
}

export const jsonDepthMax = 64
export const jsonNumberCharactersMax = 100

/** Counts the field `key` (ASCII) of the object that the body is; of the same name further inside it counts nothing. */
export function createBase64FieldCounter(key: string): Base64FieldCounter {
  return new Counter(key)
}

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
  | 'literal'
  | 'number'
  | 'end'
  | 'bad'

class Counter implements Base64FieldCounter {
  readonly #key: string
  #state: State = 'value'
  readonly #containers: ('object' | 'array')[] = []
  #role: 'key' | 'counted' | 'plain' = 'plain'
  /** How much of the key the key being read is equal to; -1 once it is another one. */
  #keyMatched = -1
  #isCounted = false
  #digits = ''
  #literalRest = ''
  #number = ''
  /** Of the value being counted; where its string breaks off, what is known of it stays. */
  #length: Base64Length | null = null
  #decoded = 0
  #total = 0
  #inside = 0

  constructor(key: string) {
    this.#key = key
  }

  push(chunk: Uint8Array): void {
    this.#total += chunk.length
    for (const byte of chunk) {
      if (this.#state === 'bad') return
      if (this.#role === 'counted' && isInString(this.#state)) this.#inside += 1
      this.#accept(byte)
    }
  }

  get soFar(): number {
    return this.#decoded + (this.#length?.soFar ?? 0) + this.#total - this.#inside
  }

  end(): Base64FieldSize | 'bad' {
    if (this.#state === 'number') this.#endNumber()
    return this.#state === 'end' ? { decoded: this.#decoded, other: this.#total - this.#inside } : 'bad'
  }

  #accept(byte: number): void {
    switch (this.#state) {
      case 'string':
        this.#acceptInString(byte)
        break
      case 'escape':
        this.#acceptEscaped(byte)
        break
      case 'unicode':
        this.#acceptUnicode(byte)
        break
      case 'number':
        this.#acceptNumber(byte)
        break
      case 'literal':
        this.#acceptLiteral(byte)
        break
      default:
        // White space between tokens means nothing.
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
          this.#acceptToken(String.fromCharCode(byte))
    }
  }

  #acceptToken(token: string): void {
    switch (this.#state) {
      case 'first value':
        if (token === ']') this.#close('array')
        else this.#beginValue(token)
        break
      case 'value':
        this.#beginValue(token)
        break
      case 'first key':
        if (token === '}') this.#close('object')
        else this.#beginKey(token)
        break
      case 'key':
        this.#beginKey(token)
        break
      case 'colon':
        this.#state = token === ':' ? 'value' : 'bad'
        break
      case 'after value':
        this.#continue(token)
        break
      default:
        this.#state = 'bad'
    }
  }

  #beginValue(token: string): void {
    const literal = LITERALS[token]
    if (token === '"') this.#beginString(this.#isCounted ? 'counted' : 'plain')
    else if (token === '{') this.#open('object')
    else if (token === '[') this.#open('array')
    else if (literal !== undefined) {
      this.#literalRest = literal
      this.#state = 'literal'
    } else {
      this.#number = token
      this.#state = /^[-0-9]$/.test(token) ? 'number' : 'bad'
    }
    this.#isCounted = false
  }

  #beginKey(token: string): void {
    this.#keyMatched = 0
    if (token === '"') this.#beginString('key')
    else this.#state = 'bad'
  }

  #beginString(role: 'key' | 'counted' | 'plain'): void {
    this.#role = role
    this.#state = 'string'
    if (role === 'counted') this.#length = new Base64Length()
  }

  #acceptInString(byte: number): void {
    if (byte === 0x22) this.#endString()
    else if (byte === 0x5c) this.#state = 'escape'
    else if (byte < 0x20) this.#state = 'bad'
    else this.#character(byte)
  }

  #acceptEscaped(byte: number): void {
    const token = String.fromCharCode(byte)
    const character = ESCAPES[token]
    this.#state = 'string'
    this.#digits = ''
    if (character !== undefined) this.#character(character)
    else this.#state = token === 'u' ? 'unicode' : 'bad'
  }

  #acceptUnicode(byte: number): void {
    this.#digits += String.fromCharCode(byte)
    if (!/^[0-9a-f]+$/i.test(this.#digits)) {
      this.#state = 'bad'
      return
    }
    if (this.#digits.length < 4) return
    this.#state = 'string'
    this.#character(Number.parseInt(this.#digits, 16))
  }

  /** One character of a string, or one byte of a character outside ASCII, which the key has none of. */
  #character(code: number): void {
    if (this.#role === 'counted') {
      if (this.#length?.add(code) !== true) this.#state = 'bad'
    } else if (this.#role === 'key') {
      const equal = this.#keyMatched >= 0 && this.#key.charCodeAt(this.#keyMatched) === code
      this.#keyMatched = equal ? this.#keyMatched + 1 : -1
    }
  }

  #endString(): void {
    if (this.#role === 'key') {
      this.#isCounted = this.#keyMatched === this.#key.length && this.#containers.length === 1
      this.#state = 'colon'
      return
    }
    if (this.#role === 'counted') {
      // The quote that closes the value is not inside it.
      this.#inside -= 1
      const decoded = this.#length?.end() ?? null
      if (decoded === null) {
        this.#state = 'bad'
        return
      }
      this.#length = null
      this.#decoded += decoded
    }
    this.#endValue()
  }

  #acceptNumber(byte: number): void {
    const token = String.fromCharCode(byte)
    if (/^[-+.0-9eE]$/.test(token)) {
      this.#number += token
      if (this.#number.length > jsonNumberCharactersMax) this.#state = 'bad'
      return
    }
    this.#endNumber()
    if (this.#state !== 'bad') this.#accept(byte)
  }

  #endNumber(): void {
    if (/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(this.#number)) this.#endValue()
    else this.#state = 'bad'
  }

  #acceptLiteral(byte: number): void {
    if (this.#literalRest.charCodeAt(0) !== byte) {
      this.#state = 'bad'
      return
    }
    this.#literalRest = this.#literalRest.slice(1)
    if (this.#literalRest === '') this.#endValue()
  }

  #open(container: 'object' | 'array'): void {
    this.#containers.push(container)
    if (this.#containers.length > jsonDepthMax) this.#state = 'bad'
    else this.#state = container === 'object' ? 'first key' : 'first value'
  }

  #close(container: 'object' | 'array'): void {
    if (this.#containers.pop() === container) this.#endValue()
    else this.#state = 'bad'
  }

  #endValue(): void {
    this.#state = this.#containers.length === 0 ? 'end' : 'after value'
  }

  #continue(token: string): void {
    if (token === ',') this.#state = this.#containers.at(-1) === 'object' ? 'key' : 'value'
    else if (token === '}') this.#close('object')
    else if (token === ']') this.#close('array')
    else this.#state = 'bad'
  }
}

/** What follows the first letter. */
const LITERALS: Readonly<Record<string, string>> = { t: 'rue', f: 'alse', n: 'ull' }

const ESCAPES: Readonly<Record<string, number>> = {
  '"': 0x22,
  '\\': 0x5c,
  '/': 0x2f,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
}

function isInString(state: State): boolean {
  return state === 'string' || state === 'escape' || state === 'unicode'
}

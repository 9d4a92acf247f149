/** The fields of an application/x-www-form-urlencoded body, decoded as they stream by (URL standard section 5.1). */
import { PercentDecoder } from './percent.ts'
import { TextBytes, textPieceBytes } from './text-bytes.ts'

export type FormFieldEvent =
  | { readonly kind: 'begin'; readonly name: string }
  /** A view that is used again. */
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }

export const formNameCharactersMax = 128

const AMPERSAND = 0x26
const EQUALS = 0x3d

/** A name that is longer than what is kept of it is told like a value, under its beginning. */
export class FormFieldReader {
  readonly #text = new TextBytes()
  readonly #percent = new PercentDecoder(this.#text, true)
  #role: 'name' | 'value' = 'name'
  #name = ''
  #begun = false;

  *push(piece: Uint8Array): Generator<FormFieldEvent> {
    for (let at = 0; at < piece.length; ) {
      if (this.#text.isFull) yield* this.#flush()
      const end = this.#percent.isWithin ? at : endOfRun(piece, at)
      if (end > at) {
        at += this.#text.bytes(piece.subarray(at, end))
        continue
      }
      const byte = piece[at++] ?? 0
      if (byte === AMPERSAND) yield* this.end()
      else if (byte === EQUALS && this.#role === 'name') yield* this.#endName()
      else this.#percent.accept(byte)
    }
  }

  /** The field, or the body, has ended. */
  *end(): Generator<FormFieldEvent> {
    if (this.#role === 'name') yield* this.#endName()
    this.#percent.end()
    if (this.#begun || this.#text.length > 0) yield* this.#finish()
    this.#role = 'name'
  }

  *#endName(): Generator<FormFieldEvent> {
    this.#percent.end()
    if (this.#begun || this.#text.length > formNameCharactersMax) yield* this.#finish()
    else this.#name = Buffer.from(this.#text.take()).toString()
    this.#role = 'value'
  }

  *#finish(): Generator<FormFieldEvent> {
    yield* this.#flush()
    this.#begun = false
    yield END
  }

  *#flush(): Generator<FormFieldEvent> {
    const bytes = this.#text.take()
    if (!this.#begun) {
      if (this.#role === 'name') this.#name = `${Buffer.from(bytes.subarray(0, formNameCharactersMax)).toString()}…`
      this.#begun = true
      yield { kind: 'begin', name: this.#name }
    }
    if (bytes.length > 0) yield { kind: 'piece', bytes }
  }
}

/** Where the run of bytes ends that stand for themselves; no further than there may be room for. */
function endOfRun(piece: Uint8Array, from: number): number {
  const last = Math.min(piece.length, from + textPieceBytes)
  let at = from
  while (at < last && IS_MARK[piece[at] ?? 0] === 0) at += 1
  return at
}

const IS_MARK = Uint8Array.from({ length: 256 }, (_, code) => ('&=+%'.includes(String.fromCharCode(code)) ? 1 : 0))

const END = Object.freeze({ kind: 'end' } as const)

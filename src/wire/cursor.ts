/** A bounded reader over bytes: big-endian integers and length-prefixed vectors (RFC 8446 section 3), never past the end. */

import { bad, done, type Parse } from './parse.ts'

/**
 * Reads all of `bytes` with `read`. What a cursor refuses on the way (a vector longer than what holds it, bytes left over)
 * is "bad", so a reader cannot forget to check a length; every other throw is a bug and passes through.
 */
export function readWhole<T>(bytes: Uint8Array, read: (cursor: Cursor) => T): Parse<T> {
  try {
    const cursor = new Cursor(bytes)
    const value = read(cursor)
    cursor.finish('message')
    return done(value, bytes.length)
  } catch (error) {
    if (error instanceof CursorFault) return bad(error.message)
    throw error
  }
}

/** What a reader throws where the bytes are wrong. `readWhole` turns it into a value. */
export class CursorFault extends Error {
  constructor(fault: string) {
    super(fault)
    this.name = 'CursorFault'
  }
}

export class Cursor {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  uint8(what: string): number {
    return this.#integer(1, what)
  }

  uint16(what: string): number {
    return this.#integer(2, what)
  }

  /** A view, not a copy. */
  take(size: number, what: string): Uint8Array {
    if (size > this.left) throw new CursorFault(`${what} is longer than what holds it`)
    this.#at += size
    return this.#bytes.subarray(this.#at - size, this.#at)
  }

  /** The inside of a vector whose length stands before it in `prefixBytes` bytes; it must be `min` bytes or more. */
  vector(prefixBytes: 1 | 2, min: number, what: string): Cursor {
    const inside = this.take(this.#integer(prefixBytes, what), what)
    if (inside.length < min) throw new CursorFault(`${what} is too short`)
    return new Cursor(inside)
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    return this.take(this.left, 'the rest')
  }

  /** Nothing may be left over: bytes that one reader skips are bytes that another one reads. */
  finish(what: string): void {
    if (this.left > 0) throw new CursorFault(`${what} has bytes left over`)
  }

  #integer(size: 1 | 2, what: string): number {
    let value = 0
    for (const byte of this.take(size, what)) value = (value << 8) | byte
    return value
  }
}

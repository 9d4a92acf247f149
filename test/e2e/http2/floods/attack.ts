/** What an attack on HTTP/2 is, and one connection of it. */
import type { TLSSocket } from 'node:tls'
import type { Limits } from '../../../../src/settings/schema.ts'
import { FLAG, headers, PREFACE, settings } from '../frames.ts'
import { block, indexed, literal } from '../hpack-encode.ts'
import type { Field } from '../hpack-static.ts'

export interface Attack {
  readonly name: string
  /** Limits in place of the defaults, so that a time-out comes within a test. */
  readonly limits?: Partial<Limits>
  /** What ends a connection of it: Weir, with a line in the record or, of what only was silent, without; or the attacker itself. */
  readonly endedBy: 'weir' | 'weir-in-silence' | 'attacker'
  /** Connections at a time. */
  readonly together: number
  /** Sends on one connection until that ends. */
  strike(line: AttackLine): Promise<void>
}

/** Written at once. */
const CHUNK_BYTES = 64 * 1024
const END = FLAG.endStream | FLAG.endHeaders
const TABLE_FIRST = 62

export class AttackLine {
  readonly socket: TLSSocket
  readonly authority: string
  /** Resolves when the other side has ended or reset the connection. */
  readonly end: Promise<void>
  #ended = false
  #stream = -1
  #isIndexed = false

  constructor(socket: TLSSocket, authority: string) {
    this.socket = socket
    this.authority = authority
    this.end = new Promise((resolve) => {
      for (const event of ['end', 'close', 'error'] as const) {
        socket.on(event, () => {
          this.#ended = true
          resolve()
        })
      }
    })
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Preface and SETTINGS; what comes back is thrown away. */
  begin(entries: readonly (readonly [setting: number, value: number])[] = []): void {
    this.send(PREFACE, settings(entries))
    this.socket.resume()
  }

  send(...bytes: readonly Uint8Array[]): void {
    if (!this.#ended) this.socket.write(Buffer.concat(bytes))
  }

  /** A stream that was not used yet. */
  next(): number {
    this.#stream += 2
    return this.#stream
  }

  /** The head of a request in as few bytes as can be; `more` are pieces of a field block behind it. */
  head(flags: number = END, path = '/never', more: readonly Uint8Array[] = [], stream = this.next()): Buffer {
    return headers(stream, Buffer.concat([this.#fields(path, (flags & FLAG.endStream) !== 0), ...more]), flags)
  }

  /** The head of a request whose content follows, with fields. */
  post(fields: readonly Field[] = [], path = '/never', stream = this.next()): Buffer {
    return this.head(FLAG.endHeaders, path, [block(fields)], stream)
  }

  /** One after the other, as fast as they are taken, until the connection ends. */
  async pour(next: () => Uint8Array): Promise<void> {
    while (!this.#ended) {
      const pieces: Uint8Array[] = []
      for (let size = 0; size < CHUNK_BYTES; ) {
        const piece = next()
        pieces.push(piece)
        size += piece.length
      }
      if (this.socket.write(Buffer.concat(pieces))) await new Promise((resolve) => setImmediate(resolve))
      else await Promise.race([this.end, new Promise((resolve) => this.socket.once('drain', resolve))])
    }
  }

  /** The same bytes again and again. */
  repeat(bytes: Uint8Array): Promise<void> {
    return this.pour(() => bytes)
  }

  /** One at a time. */
  async trickle(everyMs: number, next: () => Uint8Array): Promise<void> {
    while (!this.#ended) {
      this.send(next())
      await Promise.race([this.end, new Promise((resolve) => setTimeout(resolve, everyMs))])
    }
  }

  #fields(path: string, isGet: boolean): Buffer {
    const method = indexed(isGet ? 2 : 3)
    const scheme = indexed(7)
    // The first request puts the name into the table, where later ones find it unless they put more there.
    const authority = this.#isIndexed ? indexed(TABLE_FIRST) : literal(1, this.authority, { form: 'indexing' })
    this.#isIndexed = true
    return Buffer.concat([method, scheme, authority, literal(4, path)])
  }
}

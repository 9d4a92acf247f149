/** A request's body as node:http gives it, without a socket: chunks come turn by turn, and it ends whole or is cut off. */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { BodyReader } from '../../src/proxy/body-reader.ts'
import { incomingOf } from '../../src/proxy/http1-client.ts'

export interface BodyOptions {
  /** How it ends: whole, by a client that goes away, or never. */
  readonly end?: 'whole' | 'abort' | 'never'
  readonly idleTimeoutMs?: number
  readonly onFirstRead?: () => void
}

class Body extends Readable {
  /** As IncomingMessage has it: the parser has seen the end. */
  complete = false
  readonly #chunks: Uint8Array[]
  readonly #end: BodyOptions['end']

  constructor(chunks: readonly Uint8Array[], end: BodyOptions['end']) {
    super()
    this.#chunks = [...chunks]
    this.#end = end
  }

  override _read(): void {
    setImmediate(() => {
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        this.push(chunk)
      } else if (this.#end === 'abort') {
        this.destroy()
      } else if (this.#end !== 'never') {
        this.complete = true
        this.push(null)
      }
    })
  }
}

export function makeBody(chunks: readonly Uint8Array[], options: BodyOptions = {}): BodyReader {
  const { end = 'whole', idleTimeoutMs = 5_000, onFirstRead = () => undefined } = options
  // BodyReader takes of a message what it shares with any Readable, and `complete`.
  const message = new Body(chunks, end) as unknown as IncomingMessage
  return new BodyReader(incomingOf(message).body, { mayCome: true, idleTimeoutMs, onFirstRead })
}

/** Bytes in pieces, the edges anywhere. */
export function cut(bytes: Uint8Array, edges: readonly number[]): Uint8Array[] {
  const sorted = [0, ...edges.map((edge) => edge % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return sorted
    .slice(1)
    .map((edge, at) => bytes.subarray(sorted[at], edge))
    .filter((piece) => piece.length > 0)
}

/** Reads pkt-lines as their bytes come, in time linear in these, however they are cut (gitprotocol-common). */

import { bad, MORE, type Parse } from './parse.ts'
import { type PktLine, parsePktLength, parsePktLine } from './pkt-line.ts'

interface Bounds {
  /** What is read, for the fault: `the head of the push`. */
  readonly what: string
  /** All packets together. */
  readonly bytesMax: number
  /** One packet. */
  readonly lineBytesMax: number
}

/** Of the bytes it keeps one packet at most. */
export class PktLineReader<T> {
  readonly #bounds: Bounds
  readonly #accept: (line: PktLine, size: number) => Parse<T>
  /** Only its first `#heldBytes` are ever read, so it need not be cleared. */
  readonly #held: Buffer
  #heldBytes = 0
  #wantedBytes = lengthBytes
  #size = 0
  #result: Parse<T> = MORE

  /** `accept` takes each packet and where it ends; its payload is a view of bytes that the next packet takes over. */
  constructor(bounds: Bounds, accept: (line: PktLine, size: number) => Parse<T>) {
    this.#bounds = bounds
    this.#accept = accept
    this.#held = Buffer.allocUnsafe(bounds.lineBytesMax)
  }

  /** The first answer of `accept` that is not "more", or "more". Once done or bad it stays so and takes no more. */
  push(chunk: Uint8Array): Parse<T> {
    for (let at = 0; at < chunk.length && this.#result.state === 'more'; ) {
      at += this.#fill(chunk, at)
      if (this.#heldBytes <= lengthBytes) this.#result = this.#acceptLength()
      if (this.#heldBytes === this.#wantedBytes && this.#result.state === 'more') this.#result = this.#acceptPacket()
    }
    return this.#result
  }

  /** Takes what the held packet still wants, and answers how many bytes of the chunk that were. */
  #fill(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.#wantedBytes - this.#heldBytes)
    this.#held.set(chunk.subarray(at, end), this.#heldBytes)
    this.#heldBytes += end - at
    return end - at
  }

  // A packet too long is bad by the length that it announces, before it is held.
  #acceptLength(): Parse<T> {
    const { what, bytesMax, lineBytesMax } = this.#bounds
    const length = parsePktLength(this.#held.subarray(0, this.#heldBytes))
    if (length.state !== 'done') return length
    this.#wantedBytes = Math.max(lengthBytes, length.value)
    if (this.#wantedBytes > lineBytesMax) return bad(`a line of ${what} is longer than ${lineBytesMax} bytes`)
    return this.#size + this.#wantedBytes <= bytesMax ? MORE : bad(`${what} is longer than ${bytesMax} bytes`)
  }

  #acceptPacket(): Parse<T> {
    const line = parsePktLine(this.#held.subarray(0, this.#heldBytes))
    if (line.state !== 'done') return line
    this.#size += line.size
    this.#heldBytes = 0
    this.#wantedBytes = lengthBytes
    return this.#accept(line.value, this.#size)
  }
}

const lengthBytes = 4

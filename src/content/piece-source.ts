/** Lets a reader ask for the bytes that a writer pushes: the writer waits until they are taken, so that nothing piles up. */
import type { Opening } from './wrapping.ts'

/** How many bytes may be asked for at once. */
const takeBytesMax = 1024 * 1024

export class PieceSource {
  /** Bytes taken so far. */
  at = 0
  #piece: Uint8Array = NOTHING
  #ended = false
  #isRead = false
  #wake: (() => void) | null = null
  #release: (() => void) | null = null

  /** What has come and was not taken yet, as a view; null at the end. */
  async some(): Promise<Uint8Array | null> {
    while (this.#piece.length === 0) {
      if (this.#ended) return null
      const wanted = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#let()
      await wanted
    }
    return this.#piece
  }

  skip(bytes: number): void {
    this.#piece = this.#piece.subarray(bytes)
    this.at += bytes
  }

  /** Exactly so many bytes, as a copy; fewer where it ends before. */
  async take(bytes: number): Promise<Buffer> {
    if (bytes > takeBytesMax) throw new RangeError('more than may be taken at once')
    const taken = Buffer.allocUnsafe(bytes)
    let length = 0
    while (length < bytes) {
      const piece = await this.some()
      if (piece === null) return taken.subarray(0, length)
      const size = Math.min(piece.length, bytes - length)
      taken.set(piece.subarray(0, size), length)
      this.skip(size)
      length += size
    }
    return taken
  }

  /** Puts back what was taken last. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#piece = this.#piece.length === 0 ? bytes : Buffer.concat([bytes, this.#piece])
    this.at -= bytes.length
  }

  /** Of the writer: resolves when all of the piece was taken, or nobody will take more. */
  push(piece: Uint8Array): void | Promise<void> {
    if (this.#isRead || piece.length === 0) return
    this.#piece = piece
    return this.#handOver()
  }

  end(): void | Promise<void> {
    this.#ended = true
    if (!this.#isRead) return this.#handOver()
  }

  /** Of the reader: nothing more is wanted. */
  finish(): void {
    this.#isRead = true
    this.#piece = NOTHING
    this.#let()
  }

  #handOver(): Promise<void> {
    const taken = new Promise<void>((resolve) => {
      this.#release = resolve
    })
    this.#wake?.()
    this.#wake = null
    return taken
  }

  #let(): void {
    this.#release?.()
    this.#release = null
  }
}

/** An opening whose work is written as one function that asks for bytes. */
export function openBySource(read: (source: PieceSource) => Promise<void>, close: () => void): Opening {
  const source = new PieceSource()
  let failure: unknown = null
  const reading = read(source)
    .catch((error: unknown) => {
      failure = error
    })
    .finally(() => source.finish())
  const settled = async (wait: void | Promise<void>): Promise<void> => {
    await wait
    if (failure !== null) throw failure
  }
  return {
    push: (piece) => settled(source.push(piece)),
    async end(): Promise<void> {
      await source.end()
      await settled(reading)
    },
    close,
  }
}

const NOTHING = new Uint8Array()

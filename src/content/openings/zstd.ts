/** Opens zstd, frame after frame (RFC 8878). */
import { Inflater } from '../inflater.ts'
import type { LeafReader } from '../leaf.ts'
import type { Nest, Opening } from '../wrapping.ts'
import { asFault, innerName } from './compression.ts'

/** `windowLog` is what its first frame asks for, as a power of two, and reserved; frames behind it may ask for no more. */
export function openZstd(nest: Nest, windowLog: number): Opening {
  return new ZstdOpening(nest, windowLog)
}

class ZstdOpening implements Opening {
  readonly #nest: Nest
  readonly #windowLog: number
  readonly #inner: LeafReader
  #inflater: Inflater | null
  #fed = 0

  constructor(nest: Nest, windowLog: number) {
    this.#nest = nest
    this.#windowLog = windowLog
    const name = innerName(nest.fileName)
    this.#inner = nest.open({ step: name ?? 'what the zstd holds', fileName: name, contentType: null, size: null })
    this.#inflater = this.#start()
  }

  async push(piece: Uint8Array): Promise<void> {
    for (let rest = piece; rest.length > 0 && this.#inflater !== null; ) {
      await this.#feed(this.#inflater, rest)
      if (!this.#inflater.ended) return
      rest = rest.subarray(rest.length - (this.#fed - this.#inflater.consumed))
      if (rest.length === 0) return
      // Node does not go on with the next frame by itself where it came in the same piece.
      this.#nest.countMember()
      this.#inflater.close()
      this.#inflater = this.#start()
    }
  }

  async end(): Promise<void> {
    try {
      await this.#inflater?.finish()
    } catch (error) {
      throw asFault(error, 'its zstd ends too early')
    } finally {
      this.close()
    }
    await this.#inner.end(null)
  }

  close(): void {
    if (this.#inflater === null) return
    this.#inflater.close()
    this.#inflater = null
    this.#nest.release(2 ** this.#windowLog)
  }

  #start(): Inflater {
    this.#fed = 0
    const take = (piece: Uint8Array): void | Promise<void> => {
      this.#nest.countInflated(piece.length)
      return this.#inner.push(piece)
    }
    return new Inflater('zstd', take, this.#windowLog)
  }

  async #feed(inflater: Inflater, piece: Uint8Array): Promise<void> {
    this.#fed += piece.length
    try {
      await inflater.feed(piece)
    } catch (error) {
      throw asFault(error, 'its zstd is broken, or has bytes behind its end')
    }
  }
}

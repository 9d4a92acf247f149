/** Opens what is compressed as one stream: gzip (RFC 1952) and zstd (RFC 8878). What stands behind its end is looked at as well. */
import { Inflater } from '../inflater.ts'
import type { LeafReader } from '../leaf.ts'
import { type Nest, type Opening, WrappingFault } from '../wrapping.ts'

export function openGzip(nest: Nest): Opening {
  return new Compressed(nest, 'gzip', 0)
}

/** `windowLog` is what its first frame asks for, as a power of two, and reserved; frames behind it may ask for no more. */
export function openZstd(nest: Nest, windowLog: number): Opening {
  return new Compressed(nest, 'zstd', windowLog)
}

class Compressed implements Opening {
  readonly #nest: Nest
  readonly #kind: 'gzip' | 'zstd'
  readonly #windowLog: number
  #inflater: Inflater | null
  #inner: LeafReader
  /** What stands behind the end of a gzip and is no other one. */
  #behind: LeafReader | null = null
  #fed = 0

  constructor(nest: Nest, kind: 'gzip' | 'zstd', windowLog: number) {
    this.#nest = nest
    this.#kind = kind
    this.#windowLog = windowLog
    const name = innerName(nest.fileName)
    this.#inner = nest.open({ step: name ?? `what the ${kind} holds`, fileName: name, contentType: null, size: null })
    this.#inflater = this.#start()
  }

  async push(piece: Uint8Array): Promise<void> {
    for (let rest = piece; rest.length > 0; ) {
      if (this.#inflater === null) return this.#behind?.push(rest)
      await this.#feed(this.#inflater, rest)
      if (!this.#inflater.ended) return
      rest = rest.subarray(rest.length - (this.#fed - this.#inflater.consumed))
      this.#inflater.close()
      // Node goes on with the next member of a gzip, but not with the next frame of zstd.
      if (this.#kind === 'zstd') this.#inflater = rest.length > 0 ? this.#start() : this.#inflater
      else await this.#openBehind()
    }
  }

  async end(): Promise<void> {
    try {
      await this.#inflater?.finish()
    } catch (error) {
      throw asFault(error, `its ${this.#kind} ends too early`)
    } finally {
      this.close()
    }
    if (this.#behind === null) await this.#inner.end(null)
    else await this.#behind.end(null)
  }

  close(): void {
    if (this.#inflater === null) return
    this.#inflater.close()
    this.#inflater = null
    if (this.#kind === 'zstd') this.#nest.release(2 ** this.#windowLog)
  }

  #start(): Inflater {
    this.#fed = 0
    const take = (piece: Uint8Array): void | Promise<void> => {
      this.#nest.countInflated(piece.length)
      return this.#inner.push(piece)
    }
    return this.#kind === 'zstd' ? new Inflater('zstd', take, this.#windowLog) : new Inflater('gzip', take)
  }

  async #feed(inflater: Inflater, piece: Uint8Array): Promise<void> {
    this.#fed += piece.length
    try {
      await inflater.feed(piece)
    } catch (error) {
      throw asFault(error, `its ${this.#kind} is broken, or has bytes behind its end`)
    }
  }

  async #openBehind(): Promise<void> {
    this.close()
    await this.#inner.end(null)
    const inner = { step: `bytes behind the ${this.#kind}`, fileName: null, contentType: null, size: null }
    this.#behind = this.#nest.open(inner)
  }
}

/** `a.tar.gz` holds `a.tar`, and so does `a.tgz`. */
function innerName(name: string | null): string | null {
  const short = name?.match(/^(.+)\.t(?:gz|zst)$/i)?.[1]
  return short === undefined ? (name?.match(/^(.+)\.(?:gz|zst|zstd|svgz)$/i)?.[1] ?? null) : `${short}.tar`
}

/** What zlib says has many forms, which all mean that nobody can read it; what the taker says goes on as it is. */
export function asFault(error: unknown, fault: string): unknown {
  const isOfZlib = error instanceof Error && 'code' in error && 'errno' in error
  return isOfZlib ? new WrappingFault(fault) : error
}

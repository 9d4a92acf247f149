/** Undoes one compression piece by piece, without gathering: what reads the output holds up the input. */
import { constants, createInflateRaw, createZstdDecompress, type Zlib } from 'node:zlib'

/** Gzip is deflate with a head and a tail of its own. */
export type Compression = 'deflate' | 'zstd'

/** What is held of the output of one compression, beside its window. */
export const inflatedPieceBytes = 65_536

/** The largest window of zstd that is opened, as a power of two: 8 MiB, which its levels up to 19 use. */
export const zstdWindowLogMax = 23

type Decompressor = Zlib & NodeJS.ReadWriteStream & { readonly readableLength: number; destroy(): void }

export class Inflater {
  /** The compression came to its end; bytes behind it are not its own. */
  ended = false
  /** Bytes of input that were its own. */
  consumed = 0
  readonly #stream: Decompressor
  readonly #take: (piece: Uint8Array) => void | Promise<void>
  #fed = 0
  #failure: unknown = null
  #wake: (() => void) | null = null
  #isTaking = false

  /** `windowLog` is the largest window of zstd to allow, as a power of two. */
  constructor(
    compression: Compression,
    take: (piece: Uint8Array) => void | Promise<void>,
    windowLog = zstdWindowLogMax,
  ) {
    this.#take = take
    this.#stream = START[compression](windowLog)
    this.#stream.on('data', (piece: Uint8Array) => this.#accept(piece))
    this.#stream.on('error', (error) => this.#fail(error))
    this.#stream.on('end', () => {
      this.ended = true
      this.#wake?.()
    })
  }

  /** Hands on all that the piece comes to. Rejects where it is broken, or where the taker does. */
  async feed(piece: Uint8Array): Promise<void> {
    if (piece.length === 0 || this.ended) return
    let isWritten = false
    this.#fed += piece.length
    this.#stream.write(piece, () => {
      isWritten = true
      this.#wake?.()
    })
    // What it leaves over stands behind its end, which it is about to tell.
    const isTaken = (): boolean => isWritten && this.#stream.bytesWritten === this.#fed
    await this.#until(() => this.ended || (isTaken() && this.#stream.readableLength === 0))
    this.consumed = this.#stream.bytesWritten
  }

  /** No more input comes. Rejects where the compression does not end here. */
  async finish(): Promise<void> {
    if (!this.ended) {
      this.#stream.end()
      await this.#until(() => this.ended)
    }
    this.consumed = this.#stream.bytesWritten
  }

  close(): void {
    this.#stream.destroy()
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (this.#failure === null && (this.#isTaking || !isDone())) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
    if (this.#failure !== null) throw this.#failure
  }

  #accept(piece: Uint8Array): void {
    if (this.#failure !== null) return
    try {
      const wait = this.#take(piece)
      if (wait === undefined) {
        // Behind a pause this may be the last of what was written.
        this.#wake?.()
        return
      }
      this.#stream.pause()
      this.#isTaking = true
      wait.then(
        () => this.#goOn(),
        (error: unknown) => this.#fail(error),
      )
    } catch (error) {
      this.#fail(error)
    }
  }

  #goOn(): void {
    this.#isTaking = false
    this.#stream.resume()
    this.#wake?.()
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#isTaking = false
    this.#stream.destroy()
    this.#wake?.()
  }
}

const OPTIONS = { chunkSize: inflatedPieceBytes }

const START: Readonly<Record<Compression, (windowLog: number) => Decompressor>> = {
  deflate: () => createInflateRaw(OPTIONS),
  zstd: (windowLog) => createZstdDecompress({ ...OPTIONS, params: { [constants.ZSTD_d_windowLogMax]: windowLog } }),
}

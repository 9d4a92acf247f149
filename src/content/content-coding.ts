/** Undoes a Content-Encoding (RFC 9110 section 8.4) piece by piece, for counting and parsing; the bytes sent stay as they were. */
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress, type Zlib } from 'node:zlib'

/** Decodes one body. Pieces are handed on as they come out and are never gathered, so a bomb costs time, not memory. */
export interface ContentDecoder {
  /** Resolves when all that `chunk` decodes to was handed on. Rejects where the coding is broken. */
  feed(chunk: Uint8Array): Promise<void>
  /** Resolves at a proper end of the coding; rejects where it ends too early. */
  finish(): Promise<void>
  /** Lets go of the decoder's memory. */
  close(): void
}

/** Null for a coding that cannot be undone here: more than one, or one that is not known. */
export function createContentDecoder(
  coding: string | null,
  onDecoded: (piece: Uint8Array) => void,
): ContentDecoder | null {
  const name = (coding ?? 'identity').trim().toLowerCase()
  if (name === '' || name === 'identity') return identity(onDecoded)
  const start = CODINGS.get(name)
  return start === undefined ? null : inflating(start(), onDecoded)
}

export function isIdentity(coding: string | null): boolean {
  return coding === null || /^\s*(?:identity)?\s*$/i.test(coding)
}

export const codingHeadBytes = 4

/** Whether a coding with this beginning carries words beside its content: a name, a comment or more in the head of a gzip (RFC 1952). */
export function speaksAside(coding: string | null, head: Uint8Array): boolean {
  return /^\s*(?:x-)?gzip\s*$/i.test(coding ?? '') && ((head[3] ?? 0) & GZIP_WORDS) !== 0
}

/** FEXTRA, FNAME and FCOMMENT. */
const GZIP_WORDS = 0x1c

type Decompressor = Zlib & NodeJS.ReadWriteStream & { destroy(): void }

// A map and not an object, in which a client would find `__proto__`.
const CODINGS: ReadonlyMap<string, () => Decompressor> = new Map<string, () => Decompressor>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
])

function identity(onDecoded: (piece: Uint8Array) => void): ContentDecoder {
  return {
    async feed(chunk): Promise<void> {
      onDecoded(chunk)
    },
    async finish(): Promise<void> {},
    close(): void {},
  }
}

function inflating(stream: Decompressor, onDecoded: (piece: Uint8Array) => void): ContentDecoder {
  let failure: Error | null = null
  let rejectWaiting: ((error: Error) => void) | null = null
  let fedBytes = 0
  const fail = (error: Error): void => {
    failure ??= error
    rejectWaiting?.(failure)
  }
  stream.on('data', onDecoded)
  stream.on('error', fail)
  const settled = (start: (done: () => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      if (failure !== null) {
        reject(failure)
        return
      }
      rejectWaiting = reject
      start(resolve)
    })
  return {
    feed: (chunk) =>
      settled((done) => {
        fedBytes += chunk.length
        stream.write(chunk, () => {
          // zlib passes over what follows the end of a coding: those bytes would go out uncounted.
          if (stream.bytesWritten === fedBytes) done()
          else fail(new Error('bytes behind the end of the coding'))
        })
      }),
    finish: () =>
      settled((done) => {
        stream.once('end', done)
        stream.end()
      }),
    close(): void {
      stream.destroy()
    },
  }
}

/** Finds a zip that begins behind other bytes, as in a program that unpacks itself: readers of zips look from the end. */
import { isLikelyZipLocal, zipLocalBytes } from '../wire/zip-records.ts'
import { openZip } from './openings/zip.ts'
import type { Way } from './wrapping.ts'

const MARK = Buffer.from('PK\x03\x04', 'latin1')
/** A header, without its name. */
const HEADER_BYTES = MARK.length + zipLocalBytes

export class ZipSearch {
  /** What may be the beginning of a header. */
  #tail: Buffer = Buffer.alloc(0)
  #before = 0

  /** How to open it, and its bytes as far as they have come. */
  find(piece: Uint8Array): { readonly way: Way; readonly bytes: Uint8Array } | null {
    const view = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    const joined = Buffer.concat([this.#tail, view.subarray(0, HEADER_BYTES)])
    let at = headerAt(joined, this.#tail.length)
    let bytes: Buffer | null = at === -1 ? null : Buffer.concat([this.#tail.subarray(at), view])
    if (at === -1) {
      const inside = headerAt(view, view.length)
      at = inside === -1 ? -1 : this.#tail.length + inside
      bytes = inside === -1 ? null : view.subarray(inside)
    }
    if (bytes !== null) {
      const before = this.#before - this.#tail.length + at
      return { way: { archive: 'zip', isGuess: false, open: (nest) => openZip(nest, before) }, bytes }
    }
    this.#before += view.length
    const all = view.length >= HEADER_BYTES ? view : Buffer.concat([this.#tail, view])
    this.#tail = Buffer.from(all.subarray(Math.max(0, all.length - HEADER_BYTES + 1)))
    return null
  }
}

/** Of a header that begins before `before` and is whole. */
function headerAt(bytes: Buffer, before: number): number {
  for (let at = bytes.indexOf(MARK); at !== -1 && at < before; at = bytes.indexOf(MARK, at + 1)) {
    if (isLikelyZipLocal(bytes.subarray(at + MARK.length, at + HEADER_BYTES))) return at
  }
  return -1
}

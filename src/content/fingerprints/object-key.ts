/** Ids of git, and the keyed hashes under which an index knows blobs and grams. */
import { createHash } from 'node:crypto'
import type { FingerprintKeys } from './keys.ts'
import { SipHash } from './sip-hash.ts'

export type ObjectFormat = 'sha1' | 'sha256'

/** Of a blob of these bytes, in hexadecimal. */
export function objectIdOf(format: ObjectFormat, pieces: readonly Uint8Array[]): string {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const hash = createHash(format).update(`blob ${size}\0`)
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

export interface KeyHash {
  object(id: string): number
  /** Of the SHA-256 of a blob's bytes alone. */
  content(digest: Uint8Array): number
  gram(first: number, second: number): number
  path(path: string): number
}

/** Each of its functions makes a whole number of OBJECT_BITS, GRAM_BITS or 32 bits. */
export function createKeyHash({ objects, grams, paths }: FingerprintKeys): KeyHash {
  const [ofObjects, ofGrams, ofPaths] = [new SipHash(objects), new SipHash(grams), new SipHash(paths)]
  const objectKey = (bytes: Uint8Array): number => {
    ofObjects.hashBytes(bytes)
    return ofObjects.high * 2 ** 16 + (ofObjects.low >>> 16)
  }
  return {
    object: (id) => objectKey(Buffer.from(id, 'hex')),
    // One byte longer than any id: neither can be taken for the other.
    content: (digest) => objectKey(Buffer.concat([digest, Buffer.of(1)])),
    gram(first, second) {
      ofGrams.hashPair(first, second)
      return ofGrams.high * 2 ** 4 + (ofGrams.low >>> 28)
    },
    path(path) {
      ofPaths.hashBytes(Buffer.from(path))
      return ofPaths.high
    },
  }
}

/** The id of a git object: the hash of its type, its size and its content (gitformat-pack; hash-function-transition). */
import { createHash, type Hash, hash } from 'node:crypto'
import { type ObjectFormat, typeOf } from './object-types.ts'

/** Of content that lies in a ring: the words before it are written into the room that each place has for them. */
export function digestInPlace(format: ObjectFormat, type: number, bytes: Buffer, at: number, size: number): Buffer {
  const prefix = prefixOf(type, size)
  bytes.write(prefix, at - prefix.length, 'latin1')
  return hash(format, bytes.subarray(at - prefix.length, at + size), 'buffer')
}

/** Of content that comes in pieces. */
export function openDigest(format: ObjectFormat, type: number, size: number): Hash {
  return createHash(format).update(prefixOf(type, size), 'latin1')
}

function prefixOf(type: number, size: number): string {
  return `${typeOf(type)} ${size}\0`
}

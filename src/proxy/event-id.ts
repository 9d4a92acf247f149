/** Event ids: short enough to read over the telephone, random enough never to meet again. */
import { randomFillSync } from 'node:crypto'

// Crockford's base 32: no letter that reads as a digit.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const ID_CHARACTERS = 13
const POOL_BYTES = 4_096

const pool = Buffer.alloc(POOL_BYTES)
let at = POOL_BYTES

/** 13 characters, 65 random bits. */
export function createEventId(): string {
  if (at + ID_CHARACTERS > POOL_BYTES) {
    randomFillSync(pool)
    at = 0
  }
  let id = ''
  for (let n = 0; n < ID_CHARACTERS; n++) id += ALPHABET.charAt((pool[at++] ?? 0) & 31)
  return id
}

/**
 * The event id that a person wrote down, null for what is none. Upper case is folded, and the letters that the alphabet leaves out
 * are read as the digits that they look like.
 */
export function parseEventId(text: string): string | null {
  const id = text.toLowerCase().replace(/o/g, '0').replace(/[il]/g, '1')
  return id.length === ID_CHARACTERS && Array.from(id).every((character) => ALPHABET.includes(character)) ? id : null
}

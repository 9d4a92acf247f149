/** Finds the keywords of all rules at once in bytes, at the cost of one table look-up a byte. */
import { isAscii } from 'node:buffer'

export const KEYWORD_CHARACTERS_MIN = 3
export const KEYWORD_CHARACTERS_MAX = 64
/** Of all rules together; more would fill the table with so many places that it holds nothing back. */
export const KEYWORDS_MAX = 4_000

export interface Literals {
  /** Tells each place in `from ≤ place < to` where a keyword starts that is whole before `limit`, and which one. */
  each(bytes: Uint8Array, from: number, to: number, limit: number, tell: (place: number, keyword: number) => void): void
}

// Three characters of five bits each: letters fold, and a table of so many bytes stays in the first cache.
const HASH_MASK = 0x7fff

/** Keywords are numbered in their order. They are ASCII, in lower case, and of at least three characters. */
export function compileLiterals(keywords: readonly string[]): Literals {
  const entries = keywords.map((word, number) => entryOf(word, number))
  const buckets: Entry[][] = []
  const bucketOf = new Uint16Array(HASH_MASK + 1)
  for (const entry of entries) {
    const known = bucketOf[entry.hash] ?? 0
    if (known !== 0) buckets[known - 1]?.push(entry)
    else bucketOf[entry.hash] = buckets.push([entry])
  }
  const longest = entries.reduce((most, { word }) => Math.max(most, word.length), 0)
  return {
    each(bytes, from, to, limit, tell) {
      const last = Math.min(limit, to + longest)
      let hash = 0
      for (let at = from; at < last; at += 1) {
        hash = ((hash << 5) | ((bytes[at] ?? 0) & 31)) & HASH_MASK
        const bucket = bucketOf[hash] ?? 0
        if (bucket !== 0) tellOf(buckets[bucket - 1] ?? [], bytes, at, from, to, limit, tell)
      }
    },
  }
}

interface Entry {
  readonly number: number
  readonly word: Uint8Array
  /** Of its rarest three characters, and where the last of them stands in it. */
  readonly hash: number
  readonly offset: number
}

function tellOf(
  bucket: readonly Entry[],
  bytes: Uint8Array,
  at: number,
  from: number,
  to: number,
  limit: number,
  tell: (place: number, keyword: number) => void,
): void {
  for (const { word, offset, number } of bucket) {
    const place = at - offset
    if (place < from || place >= to || place + word.length > limit) continue
    if (standsAt(word, bytes, place)) tell(place, number)
  }
}

function standsAt(word: Uint8Array, bytes: Uint8Array, place: number): boolean {
  for (let at = 0; at < word.length; at += 1) {
    const byte = bytes[place + at] ?? 0
    const folded = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    if (folded !== word[at]) return false
  }
  return true
}

// How often letters stand in text and code; what is not listed is rare.
const COMMON = ' etaoinsrhldcumfpgwyb'

function entryOf(keyword: string, number: number): Entry {
  const word = Buffer.from(keyword, 'latin1')
  if (word.length < KEYWORD_CHARACTERS_MIN || word.length > KEYWORD_CHARACTERS_MAX || !isAscii(word)) {
    throw new RangeError(`a keyword of ${word.length} bytes`)
  }
  let best = 2
  for (let end = 3; end < word.length; end += 1) if (rarity(keyword, end) > rarity(keyword, best)) best = end
  let hash = 0
  for (let at = best - 2; at <= best; at += 1) hash = ((hash << 5) | ((word[at] ?? 0) & 31)) & HASH_MASK
  return { number, word, hash, offset: best }
}

function rarity(keyword: string, end: number): number {
  let sum = 0
  for (let at = end - 2; at <= end; at += 1) {
    const rank = COMMON.indexOf(keyword.charAt(at))
    sum += rank === -1 ? COMMON.length : rank
  }
  return sum
}

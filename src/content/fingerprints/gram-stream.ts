/**
 * Reads bytes as words, and chooses among their grams by winnowing (Schleimer, Wilkerson and Aiken, 2003): which words stand
 * next to each other counts, and nothing between them. So indentation, line ends, punctuation, quotes, marks of a comment, a
 * diff or a quotation, numbers, and however often the text was put into JSON change nothing.
 */
import { Buffer } from 'node:buffer'
import { GRAM_DISTINCT_MIN, GRAM_LETTERS_MIN, GRAM_WORDS, WINDOW_GRAMS } from './parameters.ts'

/** One gram that was chosen. It is written anew for the next one: copy what you keep. */
export interface Gram {
  /** 64 bits of hash in two words. */
  readonly first: number
  readonly second: number
  /** The smallest of a window is chosen. */
  readonly rank: number
  /** Number of its first word. */
  readonly word: number
  /** Where in the bytes it begins, and ends. */
  readonly start: number
  readonly end: number
}

// Classes of bytes; from 2 on it is the folded character of a word itself.
const GAP = 0
// Text in UTF-16 is text with one of these between any two letters.
const UNSEEN = 1
const BACKSLASH = 92
const DIGIT_LAST = 57
const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (byte === 0) return UNSEEN
  return /[0-9a-z_]/.test(character) ? byte : /[A-Z]/.test(character) ? byte | 0x20 : GAP
})

/** Behind a backslash these letters are white space of JSON and of most languages, and no part of a word. */
const ESCAPE_LETTERS = new Set(Buffer.from('nrtbf'))
const LETTER_U = 117
const LETTER_X = 120
/** `u` and four digits, `x` and two. */
const UNICODE_ESCAPE_LETTERS = 5
const BYTE_ESCAPE_LETTERS = 3

type State = 'gap' | 'word' | 'number' | 'backslash' | 'unicode' | 'byte'

/** Words that are remembered: a gram is chosen at most a window after its first word. */
const RING = 64
const RING_MASK = RING - 1

export class GramStream {
  /** Words so far. */
  words = 0
  /** Bytes so far. */
  bytes = 0
  readonly #take: (gram: Gram) => void
  #state: State = 'gap'
  // The word that is being read.
  #hash1 = 0
  #hash2 = 0
  #letters = 0
  #wordStart = 0
  readonly #seed1: number
  readonly #seed2: number
  readonly #factor1: number
  readonly #factor2: number
  // The gram that is being rolled.
  #rolled1 = 0
  #rolled2 = 0
  readonly #base1: number
  readonly #base2: number
  readonly #out1: number
  readonly #out2: number
  // The last words, and the grams that begin with them.
  readonly #word1 = new Int32Array(RING)
  readonly #word2 = new Int32Array(RING)
  readonly #lengths = new Int32Array(RING)
  readonly #starts = new Float64Array(RING)
  readonly #ends = new Float64Array(RING)
  readonly #gram1 = new Int32Array(RING)
  readonly #gram2 = new Int32Array(RING)
  readonly #ranks = new Uint32Array(RING)
  #smallest = -1
  #chosen = -1
  readonly #gram = { first: 0, second: 0, rank: 0, word: 0, start: 0, end: 0 }

  /** `seeds` are those of the key. */
  constructor(seeds: Int32Array, take: (gram: Gram) => void) {
    const seed = (at: number): number => seeds[at] ?? 0
    this.#take = take
    this.#seed1 = seed(0)
    this.#seed2 = seed(1)
    // An even factor would lose bits.
    this.#factor1 = seed(2) | 1
    this.#factor2 = seed(3) | 1
    this.#base1 = seed(4) | 1
    this.#base2 = seed(5) | 1
    this.#out1 = power(this.#base1, GRAM_WORDS)
    this.#out2 = power(this.#base2, GRAM_WORDS)
  }

  push(piece: Uint8Array): void {
    let state = this.#state
    let hash1 = this.#hash1
    let hash2 = this.#hash2
    let letters = this.#letters
    const { length } = piece
    for (let at = 0; at < length; at++) {
      const byte = piece[at] ?? 0
      const character = CLASSES[byte] ?? GAP
      if (character > UNSEEN) {
        if (state === 'word') {
          hash1 = Math.imul(hash1 ^ character, this.#factor1)
          hash2 = Math.imul((hash2 << 5) ^ (hash2 >>> 27) ^ character, this.#factor2)
          letters++
          continue
        }
        if (state === 'number') continue
        if (state === 'unicode' || state === 'byte') {
          const escapeLetters = state === 'byte' ? BYTE_ESCAPE_LETTERS : UNICODE_ESCAPE_LETTERS
          const isHexadecimal = character <= DIGIT_LAST || (character >= 97 && character <= 102)
          letters++
          if (isHexadecimal && letters === escapeLetters) state = 'gap'
          else {
            if (!isHexadecimal) state = 'word'
            hash1 = Math.imul(hash1 ^ character, this.#factor1)
            hash2 = Math.imul((hash2 << 5) ^ (hash2 >>> 27) ^ character, this.#factor2)
          }
          continue
        }
        if (state === 'backslash' && ESCAPE_LETTERS.has(byte)) {
          state = 'gap'
          continue
        }
        if (character <= DIGIT_LAST) {
          state = 'number'
          continue
        }
        const isEscape = state === 'backslash' && (byte === LETTER_U || byte === LETTER_X)
        state = isEscape ? (byte === LETTER_U ? 'unicode' : 'byte') : 'word'
        this.#wordStart = this.bytes + at
        hash1 = Math.imul(this.#seed1 ^ character, this.#factor1)
        hash2 = Math.imul(this.#seed2 ^ character, this.#factor2)
        letters = 1
        continue
      }
      if (character === UNSEEN) continue
      if (state === 'word' || state === 'unicode' || state === 'byte')
        this.#addWord(hash1, hash2, letters, this.bytes + at)
      state = byte === BACKSLASH ? 'backslash' : 'gap'
    }
    this.bytes += length
    this.#state = state
    this.#hash1 = hash1
    this.#hash2 = hash2
    this.#letters = letters
  }

  /** Once, behind the last byte. */
  end(): void {
    if (this.#state === 'word' || this.#state === 'unicode' || this.#state === 'byte') {
      this.#addWord(this.#hash1, this.#hash2, this.#letters, this.bytes)
    }
    this.#state = 'gap'
    // A text of less than a window has its smallest one all the same.
    const grams = this.words - GRAM_WORDS + 1
    if (grams > 0 && grams < WINDOW_GRAMS) this.#choose()
  }

  #addWord(hash1: number, hash2: number, letters: number, end: number): void {
    const slot = this.words & RING_MASK
    const last = (this.words - GRAM_WORDS) & RING_MASK
    const mixed1 = mix(hash1)
    const mixed2 = mix(hash2 ^ letters)
    const isFull = this.words >= GRAM_WORDS
    const left1 = isFull ? (this.#word1[last] ?? 0) : 0
    const left2 = isFull ? (this.#word2[last] ?? 0) : 0
    this.#rolled1 = (Math.imul(this.#rolled1, this.#base1) + mixed1 - Math.imul(left1, this.#out1)) | 0
    this.#rolled2 = (Math.imul(this.#rolled2, this.#base2) + mixed2 - Math.imul(left2, this.#out2)) | 0
    this.#word1[slot] = mixed1
    this.#word2[slot] = mixed2
    this.#lengths[slot] = letters
    this.#starts[slot] = this.#wordStart
    this.#ends[slot] = end
    this.words++
    if (this.words >= GRAM_WORDS) this.#addGram(this.words - GRAM_WORDS)
  }

  /** `index` is the number of the gram's first word. */
  #addGram(index: number): void {
    const slot = index & RING_MASK
    const rank = mix(this.#rolled1 ^ ((this.#rolled2 << 16) | (this.#rolled2 >>> 16))) >>> 0
    this.#gram1[slot] = this.#rolled1
    this.#gram2[slot] = this.#rolled2
    this.#ranks[slot] = rank
    if (this.#smallest <= index - WINDOW_GRAMS) this.#findSmallest(index)
    else if (rank <= (this.#ranks[this.#smallest & RING_MASK] ?? 0)) this.#smallest = index
    if (index >= WINDOW_GRAMS - 1 && this.#smallest !== this.#chosen) this.#choose()
  }

  /** Of the window that ends with this gram; of equal ones the last. */
  #findSmallest(last: number): void {
    const first = Math.max(0, last - WINDOW_GRAMS + 1)
    let smallest = first
    for (let at = first + 1; at <= last; at++) {
      if ((this.#ranks[at & RING_MASK] ?? 0) <= (this.#ranks[smallest & RING_MASK] ?? 0)) smallest = at
    }
    this.#smallest = smallest
  }

  #choose(): void {
    const index = this.#smallest
    this.#chosen = index
    if (!this.#tellsApart(index)) return
    const gram = this.#gram
    const slot = index & RING_MASK
    gram.first = this.#gram1[slot] ?? 0
    gram.second = this.#gram2[slot] ?? 0
    gram.rank = this.#ranks[slot] ?? 0
    gram.word = index
    gram.start = this.#starts[slot] ?? 0
    gram.end = this.#ends[(index + GRAM_WORDS - 1) & RING_MASK] ?? 0
    this.#take(gram)
  }

  /** Whether its words are many and long enough to be somebody's. Different ones are counted by 32 bits of a set. */
  #tellsApart(index: number): boolean {
    let set = 0
    let letters = 0
    for (let at = index; at < index + GRAM_WORDS; at++) {
      set |= 1 << ((this.#word1[at & RING_MASK] ?? 0) & 31)
      letters += this.#lengths[at & RING_MASK] ?? 0
    }
    return letters >= GRAM_LETTERS_MIN && countBits(set) >= GRAM_DISTINCT_MIN
  }
}

/** The end of MurmurHash3 (Appleby): every bit of a word changes half of the bits. */
function mix(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

function power(base: number, exponent: number): number {
  let result = 1
  for (let step = 0; step < exponent; step++) result = Math.imul(result, base)
  return result
}

function countBits(set: number): number {
  let rest = set
  let count = 0
  for (; rest !== 0; rest &= rest - 1) count++
  return count
}

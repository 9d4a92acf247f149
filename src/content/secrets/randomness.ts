/** How random a text looks: entropy after Shannon, and the shape of words and names that no generator of credentials makes. */

const counts = new Uint16Array(256)
/** What is longer is judged by its start. */
export const JUDGED_CHARACTERS_MAX = 256

/** Bits for each character, from the frequencies in the text itself, of which each character is one byte. */
export function entropyOf(text: string): number {
  const length = Math.min(text.length, JUDGED_CHARACTERS_MAX)
  counts.fill(0)
  for (let at = 0; at < length; at += 1) {
    const byte = text.charCodeAt(at) & 0xff
    counts[byte] = (counts[byte] ?? 0) + 1
  }
  let bits = 0
  for (const count of counts) if (count > 0) bits -= (count / length) * Math.log2(count / length)
  return bits
}

/** The part of the text, from 0 to 1, that could be read aloud: runs of four and more letters with vowels as words have them. */
export function wordiness(text: string): number {
  let inWords = 0
  for (const run of text.match(/[A-Z]?[a-z]{3,}|[A-Z]{4,}/g) ?? []) {
    // Four letters in a row come about by chance as well.
    if (isWord(run)) inWords += run.length === 4 ? 2 : run.length
  }
  return inWords / text.length
}

/** How often the class of a character (small, large, digit, other) is another one than that of the character before. */
function changesIn(text: string): number {
  let count = 0
  let last = ''
  for (const character of text) {
    const kind = classOf(character)
    if (last !== '' && kind !== last) count += 1
    last = kind
  }
  return count
}

/** Letters alone, or with the digits all in one place, are a name sooner than chance. */
export function looksRandom(text: string): boolean {
  const digitRuns = text.match(/[0-9]+/g)?.length ?? 0
  const core = Math.max(3, text.length / 5)
  return changesIn(text) >= core && (digitRuns >= 2 || (text.match(/[a-z][A-Z]/g)?.length ?? 0) >= 2)
}

function isWord(run: string): boolean {
  const vowels = run.match(/[aeiouy]/gi)?.length ?? 0
  return vowels >= run.length / 5 && !/[^aeiouy]{5}|[aeiou]{4}|q[^u]/i.test(run)
}

function classOf(character: string): string {
  if (character >= 'a' && character <= 'z') return 'a'
  if (character >= 'A' && character <= 'Z') return 'A'
  if (character >= '0' && character <= '9') return '0'
  return '-'
}

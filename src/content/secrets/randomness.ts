/** How random a text looks: entropy after Shannon, and the shape of words and names that no generator of credentials makes. */

/** Bits for each character, from the frequencies in the text itself. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** Whether letters and digits alternate as they do only by chance: not in a word, a name with a number, a date or a version. */
export function looksRandom(text: string): boolean {
  const letters = text.replace(/[^A-Za-z]/g, '').length
  const digitRuns = text.match(/[0-9]+/g)?.length ?? 0
  if (letters === 0) return false
  if (/^[0-9a-f]+$|^[0-9A-F]+$/.test(text)) return digitRuns >= 3
  return changes(text) >= Math.max(3, text.length / 5) && (digitRuns >= 2 || hasTwistedCase(text))
}

/** The part of the text, from 0 to 1, that stands in runs of four and more small letters, as words do. */
export function wordiness(text: string): number {
  const inWords = (text.match(/[A-Z]?[a-z]{3,}/g) ?? []).reduce((sum, word) => sum + word.length, 0)
  return inWords / text.length
}

/** How often the class of a character (small, large, digit) is another one than that of the character before. */
function changes(text: string): number {
  let count = 0
  let last = ''
  for (const character of text) {
    const kind = classOf(character)
    if (last !== '' && kind !== last) count += 1
    last = kind
  }
  return count
}

function classOf(character: string): string {
  if (character >= 'a' && character <= 'z') return 'a'
  if (character >= 'A' && character <= 'Z') return 'A'
  if (character >= '0' && character <= '9') return '0'
  return '-'
}

/** A small letter before a single large one and a large one behind it: `aBC`, `xQzR`, which names do not have again and again. */
function hasTwistedCase(text: string): boolean {
  return (text.match(/[a-z][A-Z]/g)?.length ?? 0) >= 3 && wordiness(text) < 0.5
}

/** How much text two files have in common, found without fingerprints: whether a file that was taken for another's really has its text. */

/** Words that must follow each other in both. */
const RUN_WORDS = 10

/** Words of `text` that stand in runs which `other` has too. */
export function countCommonWords(text: string, other: string): number {
  const [words, others] = [wordsOf(text), wordsOf(other)]
  const runs = new Set(others.map((_, at) => others.slice(at, at + RUN_WORDS).join(' ')))
  const isCommon = new Uint8Array(words.length)
  for (let at = 0; at + RUN_WORDS <= words.length; at++) {
    if (runs.has(words.slice(at, at + RUN_WORDS).join(' '))) isCommon.fill(1, at, at + RUN_WORDS)
  }
  return isCommon.reduce((sum, one) => sum + one, 0)
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/\b[a-z_]\w*/g) ?? []
}

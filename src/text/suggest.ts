/** "Did you mean": the known word nearest to the one that was written, by bounded edit distance. */

// Longer words are no typing errors, and more candidates are a list that nobody wants read on every mistake.
const WORD_CHARACTERS_MAX = 100
const CANDIDATES_MAX = 5_000

/** The candidate a person most likely meant, or null when none is near. Of equals, the first. */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  if (word.length === 0 || word.length > WORD_CHARACTERS_MAX) return null
  const folded = fold(word)
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(folded.length / 3)) + 1
  let count = 0
  for (const candidate of candidates) {
    if (++count > CANDIDATES_MAX) break
    if (candidate === word || candidate.length > WORD_CHARACTERS_MAX) continue
    const distance = distanceWithin(folded, fold(candidate), bestDistance - 1)
    if (distance >= bestDistance) continue
    best = candidate
    bestDistance = distance
  }
  return best
}

/** The same as a question for `Problem.hint`, or undefined. */
export function suggestion(word: string, candidates: Iterable<string>): string | undefined {
  const best = suggest(word, candidates)
  return best === null ? undefined : `did you mean \`${best}\`?`
}

/** Case and the choice of separator are no difference to a reader: `code_repository`, `Code-Repository`. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[_\s.]/g, '-')
}

/** Optimal string alignment distance (insert, delete, replace, swap neighbours); `limit + 1` for everything beyond. */
function distanceWithin(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    let least = row
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1]
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1)
      current.push(cost)
      least = Math.min(least, cost)
    }
    if (least > limit) return limit + 1
    beforeLast = last
    last = current
  }
  return Math.min(last[right.length] ?? 0, limit + 1)
}

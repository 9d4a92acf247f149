/** Which files of an index stand in parts in one piece, by the grams of theirs that were found in it, and in how much of it. */
import type { Gram } from './gram-stream.ts'
import { GRAM_WORDS, MATCH_DISTANCE_WORDS_MAX, MATCHES_MIN, MATCHES_SURE, SMALL_MATCH_SHARE } from './parameters.ts'

export interface RepositoryPart {
  readonly repository: number
  /** At least: what lies between grams that were not far from each other counts too. */
  readonly bytes: number
}

/** Files of which grams are remembered for one piece. */
export const FILES_MAX = 16_384
/** Stretches of one file; further ones lengthen the last. */
export const STRETCHES_MAX = 16
/** What lies between two grams of one file is taken for that file's, up to here. */
export const STRETCH_GAP_BYTES_MAX = 16_384

interface Stretch {
  start: number
  end: number
}

interface FileMatches {
  /** Different grams that overlap none before, in the present neighbourhood, and in the best one. */
  near: number
  best: number
  lastWord: number
  /** The grams of the neighbourhood, by half of their hash, up to MATCHES_SURE: one that is said twice tells nothing more. */
  told: number[]
  readonly stretches: Stretch[]
}

export class PartialMatches {
  readonly #repositoryOf: (source: number) => number
  /** By the number of the source. */
  readonly #files = new Map<number, FileMatches>()
  #passOver = 0

  constructor(repositoryOf: (source: number) => number) {
    this.#repositoryOf = repositoryOf
  }

  add(gram: Gram, sources: readonly number[]): void {
    for (const source of sources) {
      const file = this.#files.get(source)
      if (file !== undefined) addTo(file, gram)
      else if (this.#hasRoom()) this.#files.set(source, begin(gram))
    }
  }

  /** The repositories with files of which enough was found in a piece of so many bytes, and each byte in one of them. */
  sum(ofBytes: number): readonly RepositoryPart[] {
    const files = [...this.#files].filter(([, file]) => isEnough(file, ofBytes))
    files.sort(([, left], [, right]) => right.best - left.best)
    const stretches = files.flatMap(([source, file]) => {
      const repository = this.#repositoryOf(source)
      return file.stretches.map(({ start, end }) => ({ start, end, repository }))
    })
    // Of those that begin together, the first is of the file with the most.
    stretches.sort((left, right) => left.start - right.start)
    const bytes = new Map<number, number>()
    let covered = 0
    for (const { start, end, repository } of stretches) {
      if (end <= covered) continue
      bytes.set(repository, (bytes.get(repository) ?? 0) + end - Math.max(start, covered))
      covered = end
    }
    return [...bytes].map(([repository, amount]) => ({ repository, bytes: amount }))
  }

  /**
   * Files with a single gram go first: nearly all of them are chance. The fewer there were, the more files are passed over before
   * the next look, or a piece that has more files than are remembered would be looked through for each gram.
   */
  #hasRoom(): boolean {
    if (this.#files.size < FILES_MAX) return true
    if (this.#passOver > 0) {
      this.#passOver--
      return false
    }
    for (const [source, { best }] of this.#files) if (best < MATCHES_MIN) this.#files.delete(source)
    this.#passOver = this.#files.size
    return this.#files.size < FILES_MAX
  }
}

function isEnough({ best, stretches }: FileMatches, ofBytes: number): boolean {
  if (best >= MATCHES_SURE || best < MATCHES_MIN) return best >= MATCHES_SURE
  const bytes = stretches.reduce((sum, { start, end }) => sum + end - start, 0)
  return bytes >= SMALL_MATCH_SHARE * ofBytes
}

function begin(gram: Gram): FileMatches {
  return {
    near: 1,
    best: 1,
    lastWord: gram.word,
    told: [gram.first],
    stretches: [{ start: gram.start, end: gram.end }],
  }
}

function addTo(file: FileMatches, gram: Gram): void {
  const last = file.stretches.at(-1)
  if (last !== undefined && (gram.start - last.end <= STRETCH_GAP_BYTES_MAX || file.stretches.length >= STRETCHES_MAX))
    last.end = gram.end
  else file.stretches.push({ start: gram.start, end: gram.end })
  const distance = gram.word - file.lastWord
  const isNear = distance <= MATCH_DISTANCE_WORDS_MAX
  if (isNear && (distance < GRAM_WORDS || file.told.includes(gram.first))) return
  file.near = isNear ? file.near + 1 : 1
  if (!isNear) file.told = [gram.first]
  else if (file.told.length < MATCHES_SURE) file.told.push(gram.first)
  file.best = Math.max(file.best, file.near)
  file.lastWord = gram.word
}

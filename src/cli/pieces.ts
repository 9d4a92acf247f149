/** Large values in small pieces, so that a thread that takes them over is never long at one of them. */

/** Values with their places in the whole, containers before what is in them. */
export type Piece = readonly (readonly [path: readonly Key[], value: unknown])[]

type Key = string | number

// Of one piece; a value counts as one, and as one more for every 64 characters of its text.
const WEIGHT_MAX = 2_000
const CHARACTERS_OF_WEIGHT = 64

/** `value` is plain: null, texts, numbers, booleans, and arrays and objects of such. */
export function* splitValue(value: unknown, weightMax = WEIGHT_MAX): Generator<Piece, void> {
  let piece: [readonly Key[], unknown][] = []
  let weight = 0
  for (const [path, part] of partsOf(value, [], weightMax)) {
    const own = path.length + weightOf(part)
    if (weight + own > weightMax && piece.length > 0) {
      yield piece
      piece = []
      weight = 0
    }
    piece.push([path, part])
    weight += own
  }
  yield piece
}

/** Items in batches, none of them split: one that is heavy is a batch of its own. */
export function* batchItems<T>(items: readonly T[], weightMax = WEIGHT_MAX): Generator<readonly T[], void> {
  let batch: T[] = []
  let weight = 0
  for (const item of items) {
    const own = weightOf(item)
    if (weight + own > weightMax && batch.length > 0) {
      yield batch
      batch = []
      weight = 0
    }
    batch.push(item)
    weight += own
  }
  if (batch.length > 0) yield batch
}

/** Puts pieces together again, in the order in which they were split. */
export class Joint {
  #whole: unknown = undefined

  add(piece: Piece): void {
    for (const [path, value] of piece) {
      const last = path.at(-1)
      if (last === undefined) this.#whole = value
      else place(path.slice(0, -1).reduce<unknown>(childOf, this.#whole), last, value)
    }
  }

  get whole(): unknown {
    return this.#whole
  }
}

/** The value whole where it is light enough, else as an empty container and its parts. */
function* partsOf(
  value: unknown,
  path: readonly Key[],
  weightMax: number,
): Generator<readonly [readonly Key[], unknown], void> {
  if (typeof value !== 'object' || value === null || weightOf(value) <= weightMax) {
    yield [path, value]
    return
  }
  yield [path, Array.isArray(value) ? [] : {}]
  const entries: Iterable<[Key, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value)
  for (const [key, part] of entries) yield* partsOf(part, [...path, key], weightMax)
}

function weightOf(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length / CHARACTERS_OF_WEIGHT
  if (typeof value !== 'object' || value === null) return 1
  let weight = 1
  for (const [key, part] of Object.entries(value)) weight += key.length / CHARACTERS_OF_WEIGHT + weightOf(part)
  return weight
}

function childOf(parent: unknown, key: Key): unknown {
  return typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined
}

function place(parent: unknown, key: Key, value: unknown): void {
  if (typeof parent !== 'object' || parent === null) throw new Error('a piece without the whole it belongs to')
  // As a property of its own, whatever it is called: a name such as `__proto__` is a name here.
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true })
}

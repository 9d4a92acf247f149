/** An index as it is looked up: which repository a blob belongs to, and which files a gram stands in. */
import { type IndexHeader, type IndexParts, openIndexFile, SOURCE_BYTES } from './index-file.ts'
import { deriveKeys, type FingerprintKeys } from './keys.ts'
import { createKeyHash, type KeyHash, type ObjectFormat } from './object-key.ts'
import { type Entry, PackedTable } from './packed-table.ts'

/** One file of a repository, in all its versions. */
export interface IndexedSource {
  readonly repository: number
  /** A keyed hash. Forks have the same file in the same place. */
  readonly path: number
}

/**
 * Reads an index, in memory no larger than the file is: it keeps views of `bytes`, which may be shared by threads. Says what is
 * wrong where it is not whole or was made with another key; the text stands behind the file's name.
 */
export function loadFingerprints(bytes: Uint8Array, key: Uint8Array): FingerprintIndex | { readonly problem: string } {
  const keys = deriveKeys(key)
  const opened = openIndexFile(bytes, keys)
  return 'problem' in opened ? opened : new FingerprintIndex(opened.header, opened.parts, keys, bytes.length)
}

export class FingerprintIndex {
  /** Names, in the order of their numbers. */
  readonly repositories: readonly string[]
  readonly formats: readonly ObjectFormat[]
  readonly keys: FingerprintKeys
  readonly hash: KeyHash
  /** Blobs; one of more than 256 KiB counts twice. */
  readonly objectCount: number
  readonly gramCount: number
  readonly sourceCount: number
  /** Of the file and in memory. */
  readonly bytes: number
  readonly #objects: PackedTable
  readonly #grams: PackedTable
  readonly #sources: DataView
  /** The number behind the last source of each repository. */
  readonly #ends: readonly number[]
  readonly #common: number

  constructor(header: IndexHeader, parts: IndexParts, keys: FingerprintKeys, bytes: number) {
    this.bytes = bytes
    this.repositories = header.repositories.map(({ name }) => name)
    this.formats = header.formats
    this.keys = keys
    this.hash = createKeyHash(keys)
    this.#objects = new PackedTable(parts.objects, header.objects)
    this.#grams = new PackedTable(parts.grams, header.grams)
    this.#sources = new DataView(parts.sources.buffer, parts.sources.byteOffset, parts.sources.byteLength)
    let end = 0
    this.#ends = header.repositories.map(({ sources }) => (end += sources))
    this.#common = commonNumber(header.grams.numberBits)
    this.objectCount = header.objects.count
    this.gramCount = header.grams.count
    this.sourceCount = end
  }

  /** The repository of a blob, by the keyed hash of its id or content; null for one that is not in the index. */
  findObject(key: number): number | null {
    return this.#objects.find(key)[0] ?? null
  }

  /** The files that a gram stands in; none where it stands in too many. */
  findGram(first: number, second: number): readonly number[] {
    const sources = this.#grams.find(this.hash.gram(first, second))
    return sources[0] === this.#common ? NONE : sources
  }

  source(number: number): IndexedSource {
    let low = 0
    for (let high = this.#ends.length; low < high; ) {
      const middle = Math.floor((low + high) / 2)
      if ((this.#ends[middle] ?? 0) <= number) low = middle + 1
      else high = middle
    }
    return {
      repository: low,
      path: this.#sources.getUint32(number * SOURCE_BYTES, true),
    }
  }

  /** All that is in it, for an index to be made from it. The number of a gram is null where it stands in too many files. */
  objects(): Iterable<Entry> {
    return this.#objects.entries()
  }

  *grams(): Generator<{ readonly key: number; readonly number: number | null }> {
    for (const { key, number } of this.#grams.entries()) {
      yield { key, number: number === this.#common ? null : number }
    }
  }
}

const NONE: readonly number[] = Object.freeze([])

/** What stands in place of a source where a gram is in too many. */
export function commonNumber(numberBits: number): number {
  return 2 ** numberBits - 1
}

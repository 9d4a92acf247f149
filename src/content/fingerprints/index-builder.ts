/** Makes an index of blobs, or a larger one from one that is there. */
import { createHash } from 'node:crypto'
import { printBlob } from './blob-prints.ts'
import { EntryList } from './entry-list.ts'
import { commonNumber, type FingerprintIndex } from './fingerprint-index.ts'
import { SOURCE_BYTES, writeIndexFile } from './index-file.ts'
import type { FingerprintKeys } from './keys.ts'
import { createKeyHash, type ObjectFormat } from './object-key.ts'
import { type Entry, packTable, shapeTable } from './packed-table.ts'
import {
  ENTRIES_MAX,
  GRAM_BITS,
  GRAM_SOURCES_MAX,
  OBJECT_BITS,
  REPOSITORIES_MAX,
  REPOSITORY_BITS,
  SMALL_BYTES_MAX,
  SOURCE_BITS,
  SOURCES_MAX,
} from './parameters.ts'

export interface NewBlob {
  readonly repository: number
  /** From the top of its repository, with forward slashes. */
  readonly path: string
  readonly format: ObjectFormat
  readonly objectId: string
}

interface Repository {
  readonly name: string
  /** Number of a source by the hash of its path. */
  readonly sources: Map<number, number>
}

/** Blobs of one pass; what is come across once more beyond them is read once more. */
const REMEMBERED_MAX = 8_388_608

/** An index is full: a number of what is in it has no more bits. */
export class IndexFull extends Error {
  override readonly name = 'IndexFull'
}

export class IndexBuilder {
  readonly #keys: FingerprintKeys
  readonly #hash
  readonly #base: FingerprintIndex | null
  readonly #repositories: Repository[] = []
  readonly #numbers = new Map<string, number>()
  /** Blobs that were added, by their keys. */
  readonly #added = new Set<number>()
  readonly #formats: Set<ObjectFormat>
  readonly #objects = new EntryList(REPOSITORY_BITS)
  readonly #grams = new EntryList(SOURCE_BITS)
  /** Of each source, in the order of numbers. */
  readonly #repositoryOf: number[] = []
  readonly #pathOf: number[] = []

  /** `base` was made with the same key. */
  constructor(keys: FingerprintKeys, base: FingerprintIndex | null) {
    this.#keys = keys
    this.#hash = createKeyHash(keys)
    this.#base = base
    this.#formats = new Set(base?.formats)
    if (base !== null) this.#takeOver(base)
  }

  /** The number of a repository, old or new. */
  repository(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    if (this.#repositories.length === REPOSITORIES_MAX) throw new IndexFull(`has ${REPOSITORIES_MAX} repositories`)
    const number = this.#repositories.push({ name, sources: new Map() }) - 1
    this.#numbers.set(name, number)
    return number
  }

  /** Whether the blob is in it already. What counts for nothing is not. */
  has(objectId: string): boolean {
    const key = this.#hash.object(objectId)
    return this.#added.has(key) || (this.#base !== null && this.#base.findObject(key) !== null)
  }

  /** How the blob was taken. */
  add(blob: NewBlob, bytes: Uint8Array): 'trivial' | 'whole' | 'text' {
    const prints = printBlob(blob.path, bytes, this.#keys.words)
    if (prints.kind === 'trivial') return 'trivial'
    const isSmall = bytes.length <= SMALL_BYTES_MAX
    this.addWhole(blob, isSmall ? null : createHash('sha256').update(bytes).digest())
    if (prints.kind === 'whole' || prints.grams.length === 0) return 'whole'
    const source = this.#source(blob.repository, this.#hash.path(blob.path))
    for (const { first, second } of prints.grams) this.#addGram(this.#hash.gram(first, second), source)
    return 'text'
  }

  /** A blob of which only the same bytes are to be known. `digest` is the SHA-256 of one of more than SMALL_BYTES_MAX. */
  addWhole({ repository, format, objectId }: NewBlob, digest: Uint8Array | null): void {
    const key = this.#hash.object(objectId)
    this.#formats.add(format)
    this.#addObject(key, repository)
    if (this.#added.size < REMEMBERED_MAX) this.#added.add(key)
    if (digest !== null) this.#addObject(this.#hash.content(digest), repository)
  }

  /** The file, sealed. The builder is used up. */
  encode(): Uint8Array {
    const { order, counts } = this.#orderSources()
    this.#grams.renumber((source) => (source === SOURCES_MAX ? source : (order[source] ?? 0)))
    this.#objects.sort()
    this.#grams.sort()
    const paths = new Uint32Array(order.length)
    for (const [at, number] of order.entries()) paths[number] = this.#pathOf[at] ?? 0
    const numberBits = bitsOf(order.length)
    const objects = shapeTable(
      countAll(ownObjects(this.#objects.entries())),
      OBJECT_BITS,
      bitsOf(Math.max(1, counts.length - 1)),
    )
    const kept = (): Iterable<Entry> => ownGrams(this.#grams.entries(), commonNumber(numberBits))
    const grams = shapeTable(countAll(kept()), GRAM_BITS, numberBits)
    const repositories = this.#repositories.map(({ name }, at) => ({ name, sources: counts[at] ?? 0 }))
    return writeIndexFile({ formats: [...this.#formats], repositories, objects, grams }, this.#keys, (parts) => {
      packTable(parts.objects, objects, ownObjects(this.#objects.entries()))
      packTable(parts.grams, grams, kept())
      const sources = new DataView(parts.sources.buffer, parts.sources.byteOffset, parts.sources.byteLength)
      for (const [at, path] of paths.entries()) sources.setUint32(at * SOURCE_BYTES, path, true)
    })
  }

  #takeOver(base: FingerprintIndex): void {
    for (const name of base.repositories) this.repository(name)
    for (let source = 0; source < base.sourceCount; source++) {
      const { repository, path } = base.source(source)
      this.#source(repository, path)
    }
    for (const { key, number } of base.objects()) this.#addObject(key, number)
    for (const { key, number } of base.grams()) this.#addGram(key, number ?? SOURCES_MAX)
  }

  #source(repository: number, path: number): number {
    const sources = this.#repositories[repository]?.sources
    const known = sources?.get(path)
    if (known !== undefined) return known
    const number = this.#pathOf.push(path) - 1
    if (number === SOURCES_MAX) throw new IndexFull(`has ${SOURCES_MAX} files`)
    this.#repositoryOf.push(repository)
    sources?.set(path, number)
    return number
  }

  #addObject(key: number, repository: number): void {
    if (this.#objects.count === ENTRIES_MAX) throw new IndexFull(`has ${ENTRIES_MAX} blobs`)
    this.#objects.add(key, repository)
  }

  #addGram(key: number, source: number): void {
    if (this.#grams.count === ENTRIES_MAX) throw new IndexFull(`has ${ENTRIES_MAX} fingerprints`)
    this.#grams.add(key, source)
  }

  /** New numbers, with which the sources of one repository follow each other; and how many each has. */
  #orderSources(): { readonly order: Uint32Array; readonly counts: readonly number[] } {
    const counts = this.#repositories.map(({ sources }) => sources.size)
    const nexts: number[] = []
    let next = 0
    for (const count of counts) {
      nexts.push(next)
      next += count
    }
    const order = Uint32Array.from(this.#repositoryOf, (repository) => {
      const number = nexts[repository] ?? 0
      nexts[repository] = number + 1
      return number
    })
    return { order, counts }
  }
}

/** Each blob once, with the first repository that has it. */
function* ownObjects(sorted: Iterable<Entry>): Generator<Entry> {
  let last = -1
  for (const entry of sorted) {
    if (entry.key !== last) yield entry
    last = entry.key
  }
}

/** Each gram with the files that it stands in; versions of a file are one. */
function* ownGrams(sorted: Iterable<Entry>, common: number): Generator<Entry> {
  let key = -1
  let found: number[] = []
  const told = function* (): Generator<Entry> {
    if (found.length > GRAM_SOURCES_MAX || found.at(-1) === SOURCES_MAX) yield { key, number: common }
    else for (const number of found) yield { key, number }
  }
  for (const entry of sorted) {
    if (entry.key !== key) {
      yield* told()
      key = entry.key
      found = []
    }
    // Sorted, so that "too many" comes last.
    if (found.at(-1) !== entry.number && (found.length <= GRAM_SOURCES_MAX || entry.number === SOURCES_MAX))
      found.push(entry.number)
  }
  yield* told()
}

function countAll(entries: Iterable<Entry>): number {
  let count = 0
  for (const _ of entries) count++
  return count
}

/** Bits for the numbers up to this one. */
function bitsOf(largest: number): number {
  return Math.max(1, Math.ceil(Math.log2(largest + 1)))
}

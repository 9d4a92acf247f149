/** Watches the pieces of an upload for source that was indexed as one's own. */
import { createHash, type Hash } from 'node:crypto'
import type { OwnRepository, OwnSource } from '../../flow/content.ts'
import type { LeafReader, LeafWatch } from '../leaf.ts'
import type { FingerprintIndex } from './fingerprint-index.ts'
import { GramStream } from './gram-stream.ts'
import { objectIdOf } from './object-key.ts'
import { PartialMatches } from './partial-matches.ts'
import { SMALL_BYTES_MAX, SOURCE_BYTES_MIN } from './parameters.ts'

export interface OwnSourceWatch extends LeafWatch {
  /** What was found in the pieces that have ended; null where nothing of it is one's own. */
  found(): OwnSource | null
}

export function watchOwnSource(index: FingerprintIndex): OwnSourceWatch {
  const tally = new Tally(index.repositories)
  return {
    open: () => new OwnSourceReader(index, tally),
    found: () => tally.sum(),
  }
}

interface Count {
  blobs: number
  partial: number
  bytes: number
}

class Tally {
  readonly #names: readonly string[]
  readonly #counts = new Map<number, Count>()
  #bytes = 0
  #ofBytes = 0

  constructor(names: readonly string[]) {
    this.#names = names
  }

  addBytes(bytes: number): void {
    this.#ofBytes += bytes
  }

  addBlob(repository: number, bytes: number): void {
    this.#add(repository, bytes).blobs++
  }

  addPart(repository: number, bytes: number): void {
    this.#add(repository, bytes).partial++
  }

  sum(): OwnSource | null {
    if (this.#counts.size === 0) return null
    const repositories: OwnRepository[] = [...this.#counts].map(([repository, count]) => {
      return { name: this.#names[repository] ?? '', ...count }
    })
    repositories.sort((left, right) => right.bytes - left.bytes)
    return { bytes: this.#bytes, ofBytes: this.#ofBytes, repositories }
  }

  #add(repository: number, bytes: number): Count {
    const count = this.#counts.get(repository) ?? { blobs: 0, partial: 0, bytes: 0 }
    this.#counts.set(repository, count)
    this.#bytes += bytes
    count.bytes += bytes
    return count
  }
}

class OwnSourceReader implements LeafReader {
  readonly #index: FingerprintIndex
  readonly #tally: Tally
  readonly #matches: PartialMatches
  readonly #grams: GramStream
  /** Copies of all bytes so far; empty once they are too many. */
  #pieces: Uint8Array[] = []
  /** Of all bytes, once they are too many to keep. */
  #digest: Hash | null = null

  constructor(index: FingerprintIndex, tally: Tally) {
    this.#index = index
    this.#tally = tally
    this.#matches = new PartialMatches((source) => index.source(source).repository)
    this.#grams = new GramStream(index.keys.words, (gram) => {
      const sources = index.findGram(gram.first, gram.second)
      if (sources.length > 0) this.#matches.add(gram, sources)
    })
  }

  push(piece: Uint8Array): void {
    this.#grams.push(piece)
    if (this.#digest !== null) this.#digest.update(piece)
    else if (this.#grams.bytes <= SMALL_BYTES_MAX) this.#pieces.push(Uint8Array.from(piece))
    else {
      this.#digest = createHash('sha256')
      for (const kept of this.#pieces) this.#digest.update(kept)
      this.#digest.update(piece)
      this.#pieces = []
    }
  }

  end(objectId: string | null): void {
    this.#grams.end()
    const { bytes } = this.#grams
    this.#tally.addBytes(bytes)
    const repository = bytes < SOURCE_BYTES_MIN ? null : this.#findWhole(objectId)
    if (repository !== null) {
      this.#tally.addBlob(repository, bytes)
      return
    }
    for (const part of this.#matches.sum(bytes)) this.#tally.addPart(part.repository, Math.min(part.bytes, bytes))
  }

  #findWhole(objectId: string | null): number | null {
    const { hash } = this.#index
    const given = objectId === null ? null : this.#index.findObject(hash.object(objectId))
    if (given !== null) return given
    if (this.#digest !== null) return this.#index.findObject(hash.content(this.#digest.digest()))
    for (const format of this.#index.formats) {
      const found = this.#index.findObject(hash.object(objectIdOf(format, this.#pieces)))
      if (found !== null) return found
    }
    return null
  }
}

/** Reads a pack to its end and keeps what was told of it. */
import { createHash, type Hash } from 'node:crypto'
import type { PackLimits } from '../../../src/wire/pack/limits.ts'
import { type ObjectFormat, typeOf } from '../../../src/wire/pack/object-types.ts'
import { createPackReader } from '../../../src/wire/pack/pack-reader.ts'
import type { PackSink, PackSummary } from '../../../src/wire/pack/pack-sink.ts'
import type { PackStore } from '../../../src/wire/pack/pack-store.ts'
import type { Parse } from '../../../src/wire/parse.ts'
import { MemoryStore } from './memory-store.ts'

export interface ReadObject {
  readonly id: string
  readonly type: string
  readonly size: number
  /** Of the content that was handed on, by itself: of the type, the size and the bytes. */
  readonly ownId: string
  readonly offset: number
  readonly depth: number
  /** Of the base, for a delta. */
  readonly base: string | null
}

export interface ReadPack {
  readonly end: Parse<PackSummary>
  /** Those that were told of, in the order of the pack. */
  readonly objects: readonly ReadObject[]
  /** In the order in which they were told of: `commit 12`, with indexes. */
  readonly order: readonly string[]
}

export interface ReadOptions {
  readonly objectFormat?: ObjectFormat
  readonly limits?: PackLimits
  readonly store?: PackStore
  /** Every answer of the sink is a promise. */
  readonly isSlow?: boolean
}

export async function readPack(chunks: Iterable<Uint8Array>, options: ReadOptions = {}): Promise<ReadPack> {
  const { objectFormat = 'sha1', limits, store = new MemoryStore(), isSlow = false } = options
  const seen = new Listener(objectFormat, isSlow)
  const reader = createPackReader({ objectFormat, store, sink: seen, ...(limits === undefined ? {} : { limits }) })
  for (const chunk of chunks) {
    await reader.push(chunk)
    if (reader.fault !== null) break
  }
  const end = await reader.finish()
  const objects: ReadObject[] = []
  for (const [index, ownId] of [...seen.ownIds].sort(([a], [b]) => a - b)) {
    const { table } = reader
    const base = table.bases[index] ?? -1
    objects.push({
      id: table.id(index),
      type: typeOf(table.types[index] ?? 0),
      size: table.sizes[index] ?? 0,
      ownId,
      offset: table.offsets[index] ?? 0,
      depth: table.depths[index] ?? 0,
      base: base === -1 ? null : table.id(base),
    })
  }
  reader.close()
  return { end, objects, order: seen.order }
}

export function* cutEvery(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

class Listener implements PackSink {
  readonly ownIds = new Map<number, string>()
  readonly order: string[] = []
  readonly #format: ObjectFormat
  readonly #isSlow: boolean
  #open: { readonly hash: Hash; readonly index: number; left: number } | null = null

  constructor(format: ObjectFormat, isSlow: boolean) {
    this.#format = format
    this.#isSlow = isSlow
  }

  whole(index: number, type: string, content: Uint8Array): void | Promise<void> {
    if (this.#open !== null) throw new Error('an object in the middle of another')
    const id = createHash(this.#format).update(`${type} ${content.length}\0`).update(content).digest('hex')
    return this.#done(index, type, id)
  }

  begin(index: number, size: number): void | Promise<void> {
    if (this.#open !== null) throw new Error('a blob in the middle of another')
    this.#open = { hash: createHash(this.#format).update(`blob ${size}\0`), index, left: size }
    return this.#pause()
  }

  piece(bytes: Uint8Array): void | Promise<void> {
    if (this.#open === null || bytes.length === 0) throw new Error('a piece of nothing')
    this.#open.hash.update(bytes)
    this.#open.left -= bytes.length
    return this.#pause()
  }

  end(index: number): void | Promise<void> {
    const open = this.#open
    if (open === null || open.index !== index || open.left !== 0) throw new Error('an end of something else')
    this.#open = null
    return this.#done(index, 'blob', open.hash.digest('hex'))
  }

  #done(index: number, type: string, id: string): void | Promise<void> {
    if (this.ownIds.has(index)) throw new Error(`object ${index} twice`)
    this.ownIds.set(index, id)
    this.order.push(`${type} ${index}`)
    return this.#pause()
  }

  #pause(): void | Promise<void> {
    if (this.#isSlow) return Promise.resolve()
  }
}

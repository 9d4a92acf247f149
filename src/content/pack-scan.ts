/** Reads a pack for what it carries: every blob and message goes to whoever looks at leaves, and the rest is told at the end. */
import type { Place } from '../flow/content.ts'
import { PACK_LIMITS, type PackLimits } from '../wire/pack/limits.ts'
import type { ObjectFormat, ObjectType } from '../wire/pack/object-types.ts'
import { createPackReader, type PackReader } from '../wire/pack/pack-reader.ts'
import type { PackSink, PackSummary } from '../wire/pack/pack-sink.ts'
import type { PackStore } from '../wire/pack/pack-store.ts'
import type { Parse } from '../wire/parse.ts'
import { done } from '../wire/parse.ts'
import { BREATHLESS, type Breathe } from './breathe.ts'
import type { LeafReader, LeafWatch } from './leaf.ts'
import { endAll, offerWhole, openAll, pushToAll } from './leaf-offer.ts'
import { MessageFacts } from './message-facts.ts'
import { FACT_LIMITS, type FactLimits, type PackFacts } from './pack-facts.ts'
import { PackWalk } from './pack-walk.ts'

export interface PackScanOptions {
  readonly objectFormat: ObjectFormat
  readonly store: PackStore
  readonly watches: readonly LeafWatch[]
  readonly packLimits?: PackLimits
  readonly factLimits?: FactLimits
  readonly breathe?: Breathe
}

export class PackScan implements PackSink {
  readonly #watches: readonly LeafWatch[]
  readonly #limits: FactLimits
  readonly #breathe: Breathe
  readonly #reader: PackReader
  readonly #messages: MessageFacts
  /** Of the blob that comes in pieces. */
  #readers: readonly LeafReader[] = []
  #largest = { bytes: -1, index: -1 }

  constructor(options: PackScanOptions) {
    const { objectFormat, store, watches, breathe = BREATHLESS } = options
    const { packLimits = PACK_LIMITS, factLimits = FACT_LIMITS } = options
    this.#watches = watches
    this.#breathe = breathe
    this.#limits = factLimits
    this.#messages = new MessageFacts(watches, factLimits)
    this.#reader = createPackReader({ objectFormat, store, limits: packLimits, sink: this })
  }

  /** What is wrong with the pack, for people, or null. It stays, and no more is taken. */
  get fault(): string | null {
    return this.#reader.fault
  }

  /** Takes the next bytes, which must stay as they are until the promise is kept, where there is one. */
  push(chunk: Uint8Array): void | Promise<void> {
    return this.#reader.push(chunk)
  }

  /** No more bytes come. */
  async finish(): Promise<Parse<PackFacts>> {
    const end = await this.#reader.finish()
    return end.state === 'done' ? done(await this.#facts(end.value), end.size) : end
  }

  /** Lets go of memory. The facts stay good. */
  close(): void {
    this.#reader.close()
  }

  whole(index: number, type: ObjectType, content: Uint8Array): void | Promise<void> {
    if (type === 'tree') return this.#breathe()
    const id = this.#reader.table.id(index)
    if (type !== 'blob') return this.#messages.read(type, id, content)
    this.#measure(index, content.length)
    const leaf = { place: blobPlace(id), declaredType: null, size: content.length }
    return offerWhole(this.#watches, leaf, content, id)
  }

  begin(index: number, size: number): void {
    this.#measure(index, size)
    // Its id is known at its end alone; `placeOf` knows both names.
    this.#readers = openAll(this.#watches, { place: blobPlace(`#${index}`), declaredType: null, size })
  }

  piece(bytes: Uint8Array): void | Promise<void> {
    return pushToAll(this.#readers, bytes)
  }

  end(index: number): void | Promise<void> {
    const readers = this.#readers
    this.#readers = []
    return endAll(readers, this.#reader.table.id(index))
  }

  #measure(index: number, bytes: number): void {
    if (bytes > this.#largest.bytes) this.#largest = { bytes, index }
  }

  async #facts(summary: PackSummary): Promise<PackFacts> {
    const { table } = this.#reader
    const walk = new PackWalk({ table, read: (index) => this.#reader.read(index) }, this.#limits, this.#breathe)
    await walk.run()
    const { commits, tags, rootCommits, malformed } = this.#messages
    const { bytes, index } = this.#largest
    return {
      summary,
      largestBlob: index === -1 ? null : { bytes, id: table.id(index) },
      commits,
      tags,
      rootCommits,
      people: this.#messages.people(),
      broughtPaths: () => walk.broughtPaths(),
      namedPaths: () => walk.namedPaths(),
      submodules: walk.submodules,
      symlinks: walk.symlinks,
      looseTrees: walk.loose,
      pathlessBlobs: walk.countPathless(),
      malformed: malformed + walk.odd + walk.unreadable,
      incomplete: reasonsOf(summary, walk),
      placeOf: (place) => this.#placeOf(place, walk),
    }
  }

  #placeOf(place: Place, walk: PackWalk): Place {
    const [step = '', ...inside] = place.within
    const named = BLOB_STEP.exec(step)?.[1]
    if (place.commit !== null || named === undefined) return place
    const { table } = this.#reader
    const index = named.startsWith('#') ? Number(named.slice(1)) : table.find(Buffer.from(named, 'hex'), 0)
    const path = walk.pathOf(index)
    return path === null ? place : { commit: walk.commitOf(index), within: [path, ...inside] }
  }
}

const BLOB_STEP = /^blob (#[0-9]{1,10}|[0-9a-f]{40,64})$/

function blobPlace(name: string): Place {
  return { commit: null, within: [`blob ${name}`] }
}

function reasonsOf(summary: PackSummary, walk: PackWalk): readonly string[] {
  const { missingBases, unresolved, ungathered } = summary
  const reasons: readonly (readonly [boolean, string])[] = [
    [missingBases > 0, `the pack is thin: it lacks the bases of ${missingBases} objects`],
    [unresolved > 0, `${unresolved} objects could not be built of their deltas`],
    [ungathered > 0, `${ungathered} commits, trees or tags are too large to be read`],
    [walk.unreadable > 0, `${walk.unreadable} trees could not be read to their end`],
    [walk.isCut || walk.paths.isFull, 'the trees name more paths than are kept'],
  ]
  return reasons.filter(([holds]) => holds).map(([, reason]) => reason)
}

/** What all pieces of one upload share: limits, facts, watches, and what could not be looked at. */
import type { Place } from '../flow/content.ts'
import type { ExaminationLimits } from './examination-limits.ts'
import { FactCounts, FirstOf } from './facts.ts'
import type { LeafReader, LeafWatch } from './leaf.ts'
import type { LeafContext } from './leaf-context.ts'
import { WrappingFault } from './wrapping.ts'

/** Windows of compression that may be held at once: the largest of zstd and a small one. */
const windowBytesMax = 10 * 1024 * 1024

export class Examiner {
  readonly limits: ExaminationLimits
  readonly watches: readonly LeafWatch[]
  readonly facts = new FactCounts()
  readonly #open: (examiner: Examiner, context: LeafContext) => LeafReader
  readonly #incomplete = new FirstOf<string>()
  readonly #told = new Set<string>()
  #archives = 0
  #inflatedBytes = 0
  #reservedBytes = 0

  constructor(
    limits: ExaminationLimits,
    watches: readonly LeafWatch[],
    open: (examiner: Examiner, context: LeafContext) => LeafReader,
  ) {
    this.limits = limits
    this.watches = watches
    this.#open = open
  }

  open(context: LeafContext): LeafReader {
    return this.#open(this, context)
  }

  /** What could not be looked at, in words. */
  get incomplete(): readonly string[] {
    const { first, more } = this.#incomplete.told
    return more === 0 ? first : [...first, `and ${more} more`]
  }

  tell(place: Place, why: string): void {
    const text = `${textOf(place)}: ${why}`
    if (this.#told.has(text)) return
    if (this.#told.size < TOLD_MAX) this.#told.add(text)
    this.#incomplete.add(text)
  }

  tellEncrypted(place: Place, what: string): void {
    this.facts.addEncrypted({ what, place })
    this.tell(place, `${what}, which is encrypted`)
  }

  tellUnopened(place: Place, kind: string, why: string): void {
    this.facts.addUnopened({ kind, place, why })
    this.tell(place, `${kind} that was not opened: ${why}`)
  }

  countArchive(): void {
    this.#archives += 1
    if (this.#archives > this.limits.archivesMax)
      throw new WrappingFault(`the upload has more than ${this.limits.archivesMax} archives`)
  }

  countMember(): void {
    if (this.facts.countMember() > this.limits.membersMax)
      throw new WrappingFault(`the upload has more than ${this.limits.membersMax} members of archives`)
  }

  countInflated(bytes: number): void {
    this.#inflatedBytes += bytes
    if (this.#inflatedBytes > this.limits.inflatedBytesMax)
      throw new WrappingFault(`the archives of the upload come to more than ${this.limits.inflatedBytesMax} bytes`)
  }

  reserve(bytes: number): boolean {
    if (this.#reservedBytes + bytes > windowBytesMax) return false
    this.#reservedBytes += bytes
    return true
  }

  release(bytes: number): void {
    this.#reservedBytes -= bytes
  }
}

const TOLD_MAX = 256

/** A place for people: the commit is named beside it where it is known. */
function textOf({ within }: Place): string {
  return within.length === 0 ? 'the upload' : within.join(' › ')
}

/** One wrapping that is being opened: gives what is inside its place, and counts against the limits. */
import type { Place } from '../flow/content.ts'
import type { Examiner } from './examiner.ts'
import type { LeafReader } from './leaf.ts'
import { type LeafContext, stepOf } from './leaf-context.ts'
import { inTurn } from './turns.ts'
import { type Inner, type Nest, type Way, WrappingFault } from './wrapping.ts'

export class LeafNest implements Nest {
  innerType: string | null = null
  /** Nothing is in it that is not told by what is inside. */
  holdsAll: boolean
  readonly #examiner: Examiner
  readonly #outer: LeafContext
  readonly #way: Way
  readonly #outerBytes: () => number
  readonly #archiveDepth: number
  /** Few at once: wrappings hand over one after the other. */
  readonly #open = new Set<LeafReader>()
  #inflatedBytes = 0

  /** `outerBytes`: how many bytes of the wrapping have come. */
  constructor(examiner: Examiner, outer: LeafContext, way: Way, outerBytes: () => number) {
    this.#examiner = examiner
    this.#outer = outer
    this.#way = way
    this.#outerBytes = outerBytes
    // A compressed tar is one archive to everybody.
    const isOneWithOuter = way.archive === 'tar' && (outer.archive === 'gzip' || outer.archive === 'zstd')
    this.#archiveDepth = outer.archiveDepth + (way.archive === null || isOneWithOuter ? 0 : 1)
    this.holdsAll = way.archive !== null
  }

  get fileName(): string | null {
    return this.#outer.fileName
  }

  /** Throws a WrappingFault where it lies too deep to be opened. */
  begin(): void {
    const { archive } = this.#way
    if (archive === null) return
    const { archiveDepthMax } = this.#examiner.limits
    this.#examiner.facts.addArchive(archive, this.#archiveDepth)
    if (this.#archiveDepth <= archiveDepthMax) {
      this.#examiner.countArchive()
      return
    }
    const why = `it lies in more than ${archiveDepthMax} archives`
    this.#examiner.facts.addUnopened({ kind: archive, place: this.#outer.place, why })
    throw new WrappingFault(`${archive} that was not opened: ${why}`)
  }

  /** It is not opened at all. */
  refuse(): void {
    this.holdsAll = false
  }

  /** It was not read to its end: what came of it is looked at, and no more. */
  abandon(): void | Promise<void> {
    this.holdsAll = false
    return inTurn([...this.#open], (leaf) => leaf.end(null))
  }

  open({ step, fileName, contentType, size }: Inner): LeafReader {
    const { wrappingDepthMax } = this.#examiner.limits
    const wrappingDepth = this.#outer.wrappingDepth + 1
    if (wrappingDepth > wrappingDepthMax) throw new WrappingFault(`it lies in more than ${wrappingDepthMax} wrappings`)
    const leaf = this.#examiner.open({
      place: this.#placeOf(step),
      fileName,
      contentType,
      size,
      wrappingDepth,
      archiveDepth: this.#archiveDepth,
      archive: this.#way.archive,
      isGuess: this.#way.isGuess,
    })
    const reader: LeafReader = {
      push: (piece) => leaf.push(piece),
      end: (objectId) => {
        this.#open.delete(reader)
        return leaf.end(objectId)
      },
    }
    this.#open.add(reader)
    return reader
  }

  countMember(): void {
    this.#examiner.countMember()
  }

  countInflated(bytes: number): void {
    this.#inflatedBytes += bytes
    this.#examiner.countInflated(bytes)
    const { ratioFreeBytes, inflatedRatioMax } = this.#examiner.limits
    if (this.#inflatedBytes > ratioFreeBytes && this.#inflatedBytes > inflatedRatioMax * this.#outerBytes())
      throw new WrappingFault(`it comes to more than ${inflatedRatioMax} times its size`)
  }

  reserve(bytes: number): boolean {
    return this.#examiner.reserve(bytes)
  }

  release(bytes: number): void {
    this.#examiner.release(bytes)
  }

  tell(why: string): void {
    this.#examiner.tell(this.#outer.place, why)
  }

  tellEncrypted(what: string, step: string | null): void {
    this.#examiner.tellEncrypted(this.#placeOf(step), what)
  }

  tellUnopened(kind: string, step: string | null): void {
    this.#examiner.tellUnopened(this.#placeOf(step), kind, 'Weir does not undo this compression')
  }

  tellType(mediaType: string): void {
    this.innerType ??= mediaType
  }

  tellWhole(): void {
    this.holdsAll = true
  }

  #placeOf(step: string | null): Place {
    const { place } = this.#outer
    return step === null ? place : { commit: place.commit, within: [...place.within, stepOf(step)] }
  }
}

/**
 * Looks at all that is in one upload: opens what is wrapped, hands every piece to the watches, and adds up the facts. Its memory
 * is bounded whatever comes; what it could not look at, it says.
 */
import { DEFAULT_EXAMINATION_LIMITS, type ExaminationLimits } from './examination-limits.ts'
import { ExaminedLeaf } from './examined-leaf.ts'
import { Examiner } from './examiner.ts'
import type { PayloadFacts } from './facts.ts'
import type { Leaf, LeafReader, LeafWatch } from './leaf.ts'
import { type LeafContext, stepOf } from './leaf-context.ts'

/** How the upload is to be read. */
export type Shape =
  /** As one body, under its Content-Type field; its Content-Encoding is undone already. */
  | { readonly kind: 'body'; readonly contentType: string | null; readonly size: number | null }
  /** Somebody else takes it apart, and opens each piece by `openLeaf`. */
  | { readonly kind: 'leafs' }

export interface ExaminationOptions {
  /** Told of every piece, of the wrapped ones and of what is inside; in this order. */
  readonly watches: readonly LeafWatch[]
  readonly limits?: ExaminationLimits
}

export interface Examined {
  readonly facts: PayloadFacts
  /** What could not be looked at, in words; empty where all was. */
  readonly incomplete: readonly string[]
}

export interface Examination {
  /** The next bytes of the body. Resolves when they were looked at, and may then be used again. */
  feed(chunk: Uint8Array): void | Promise<void>
  /** A piece of an upload that somebody else takes apart; what is wrapped in it is opened. Place and commit are the caller's. */
  openLeaf(leaf: Leaf): LeafReader
  /** The upload has ended. */
  finish(): Promise<Examined>
  /** Lets go of memory, where it does not come to its end. */
  close(): void
}

export function createExamination(shape: Shape, options: ExaminationOptions): Examination {
  return new WholeExamination(shape, options)
}

class WholeExamination implements Examination {
  readonly #examiner: Examiner
  readonly #body: LeafReader | null
  /** What is open, so that it can be closed. */
  readonly #open = new Set<ExaminedLeaf>()
  #bytes = 0

  constructor(shape: Shape, { watches, limits = DEFAULT_EXAMINATION_LIMITS }: ExaminationOptions) {
    this.#examiner = new Examiner(limits, watches, (examiner, context) => this.#leafOf(examiner, context))
    this.#body =
      shape.kind === 'leafs' ? null : this.#examiner.open(outermost([], null, shape.contentType, shape.size, null))
  }

  feed(chunk: Uint8Array): void | Promise<void> {
    this.#bytes += chunk.length
    return this.#body?.push(chunk)
  }

  openLeaf({ place, declaredType, size, fileName = null }: Leaf): LeafReader {
    const within = place.within.map(stepOf)
    const leaf = this.#examiner.open(outermost(within, place.commit, declaredType, size, fileName))
    return {
      push: (piece) => {
        if (this.#body === null) this.#bytes += piece.length
        return leaf.push(piece)
      },
      end: (objectId) => leaf.end(objectId),
    }
  }

  async finish(): Promise<Examined> {
    await this.#body?.end(null)
    this.close()
    return { facts: this.#examiner.facts.facts(this.#bytes), incomplete: this.#examiner.incomplete }
  }

  close(): void {
    for (const leaf of this.#open) leaf.close()
    this.#open.clear()
  }

  #leafOf(examiner: Examiner, context: LeafContext): LeafReader {
    const leaf = new ExaminedLeaf(examiner, context, () => this.#open.delete(leaf))
    this.#open.add(leaf)
    return leaf
  }
}

function outermost(
  within: readonly string[],
  commit: string | null,
  contentType: string | null,
  size: number | null,
  fileName: string | null,
): LeafContext {
  return {
    place: { commit, within },
    fileName,
    contentType,
    size,
    wrappingDepth: 0,
    archiveDepth: 0,
    archive: null,
    isGuess: false,
  }
}

/** Looks at every leaf and keeps what it was shown. */
import type { Leaf, LeafReader, LeafWatch } from '../../src/content/leaf.ts'

export interface SeenLeaf {
  readonly leaf: Leaf
  readonly text: string
  readonly objectId: string | null
}

export class CollectingWatch implements LeafWatch {
  readonly leaves: SeenLeaf[] = []
  readonly #isSlow: boolean

  constructor(isSlow = false) {
    this.#isSlow = isSlow
  }

  open(leaf: Leaf): LeafReader {
    const pieces: Buffer[] = []
    const pause = (): void | Promise<void> => {
      if (this.#isSlow) return Promise.resolve()
    }
    return {
      push: (piece) => {
        pieces.push(Buffer.from(piece))
        return pause()
      },
      end: (objectId) => {
        this.leaves.push({ leaf, text: Buffer.concat(pieces).toString('latin1'), objectId })
        return pause()
      },
    }
  }
}

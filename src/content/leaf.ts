/** One piece of content inside an upload (a file of an archive, a blob of a push, a field of a form), and who reads it. */
import type { Place } from '../flow/content.ts'

export interface Leaf {
  readonly place: Place
  /** The media type that stands beside it, without parameters, in lower case; null where none does. */
  readonly declaredType: string | null
  /** The name of a file that it has where it lies: a path in an archive, the file name of a form's field. */
  readonly fileName?: string | null
  /** Its bytes, where they are known ahead. */
  readonly size: number | null
}

/** Reads one leaf as its bytes come. A promise is waited for before the next call. */
export interface LeafReader {
  push(piece: Uint8Array): void | Promise<void>
  /** `objectId` is that of git, for a blob of a push; null elsewhere. */
  end(objectId: string | null): void | Promise<void>
}

/** What looks at every leaf of one upload: null for one that is of no interest to it. */
export interface LeafWatch {
  open(leaf: Leaf): LeafReader | null
}

/** One blob on its way into an index, from git or from a file. */
import type { ObjectFormat } from '../../content/fingerprints/object-key.ts'

export interface Blob {
  readonly path: string
  readonly format: ObjectFormat
  readonly objectId: string
  readonly content:
    | { readonly kind: 'bytes'; readonly bytes: Buffer }
    /** Too large to be looked into; its SHA-256. */
    | { readonly kind: 'digest'; readonly digest: Buffer }
}

/** What was come across and not read, by why. */
export interface Passed {
  /** In the index already. */
  known: number
  /** Too small, or the same everywhere. */
  trivial: number
  /** In a folder of what others wrote. */
  thirdParty: number
  /** Objects that the repository does not have. */
  missing: number
  /** Files that cannot be read, or changed while they were. */
  unreadable: number
}

export interface Choice {
  readonly passed: Passed
  readonly thirdParty: boolean
  has(objectId: string): boolean
}

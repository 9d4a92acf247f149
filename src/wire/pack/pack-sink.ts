/** Who is told of the objects of a pack, as they come. */
import type { ObjectType } from './object-types.ts'

/**
 * An object is named by its index, from 0 in the order of the pack; its id is known when it is told of. Each object is told
 * of once, and never in the middle of another. Bytes are views that are written over afterwards. A promise is waited for
 * before the next call.
 */
export interface PackSink {
  /** All of an object. */
  whole(index: number, type: ObjectType, content: Uint8Array): void | Promise<void>
  /** A blob too large for that begins; its pieces follow, and its end, when its id is known. */
  begin(index: number, size: number): void | Promise<void>
  piece(bytes: Uint8Array): void | Promise<void>
  end(index: number): void | Promise<void>
}

/** What a pack was, when it was read to its end. */
export interface PackSummary {
  readonly objects: number
  /** Entries that are deltas. */
  readonly deltas: number
  /** The most bases below one object. */
  readonly depth: number
  /** Content of the entries as they stand in the pack, inflated. */
  readonly inflatedBytes: number
  /** Content of all objects, those built of deltas included. */
  readonly contentBytes: number
  /** Deltas whose base is not in the pack. A pack with one is thin, unless a limit left that base unresolved. */
  readonly missingBases: number
  /** Objects that could not be built: their base is missing, or a limit stands before them. They are told of to nobody. */
  readonly unresolved: number
  /** Commits, trees and tags too large to be told of. */
  readonly ungathered: number
  /** Objects that are in the pack twice. */
  readonly duplicates: number
}

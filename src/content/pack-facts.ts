/** What a pack carries, as far as it can be told: the nouns, and how much of them is kept. */
import type { Place } from '../flow/content.ts'
import type { Person } from '../wire/pack/object-head.ts'
import type { PackSummary } from '../wire/pack/pack-sink.ts'
import type { WalkLimits } from './pack-walk.ts'

export interface PackFacts {
  readonly summary: PackSummary
  readonly largestBlob: { readonly bytes: number; readonly id: string } | null
  readonly commits: number
  readonly tags: number
  /** Commits without a parent. */
  readonly rootCommits: number
  /** Authors, committers and taggers, each once. `more` of them were not kept. */
  readonly people: { readonly all: readonly Person[]; readonly more: boolean }
  /** Files that the pack's trees name and whose content is in the pack. */
  readonly broughtPaths: () => Iterable<string>
  /**
   * Files, folders and submodules that they name and whose content is not in the pack: it did not change, or it lies elsewhere on
   * the server already and was moved here. A folder ends in no slash.
   */
  readonly namedPaths: () => Iterable<string>
  readonly submodules: number
  readonly symlinks: number
  /** Trees that no commit of the pack leads to, and blobs that no tree of it names. */
  readonly looseTrees: number
  readonly pathlessBlobs: number
  /** Commits, trees and tags that git would not write, and entries of trees likewise: others may read them otherwise. */
  readonly malformed: number
  /** Why not every path and place could be told; empty where all could. */
  readonly incomplete: readonly string[]
  /** A place as it was when its leaf was opened, with the path and the commit instead of the blob; as it is where neither is known. */
  readonly placeOf: (place: Place) => Place
}

export interface FactLimits extends WalkLimits {
  readonly peopleMax: number
  /** Of a name or an address. */
  readonly personBytesMax: number
}

export const FACT_LIMITS: FactLimits = {
  pathsMax: 262_144,
  nameBytesMax: 6 * 1024 * 1024,
  repeatsMax: 50_000,
  entriesMax: 50_000_000,
  peopleMax: 1_000,
  personBytesMax: 1_000,
}

/** What a pack may ask of its reader. Each past its limit is told, and never passed over. */

export interface PackLimits {
  /** Objects that the header announces. More make the pack bad. */
  readonly objectsMax: number
  /** One object, inflated. More make the pack bad. */
  readonly objectBytesMax: number
  /** All that is inflated or built of deltas, each time that it is. More make the pack bad: so ends a bomb. */
  readonly workBytesMax: number
  /** A blob up to this is handed on whole; a larger one in pieces. */
  readonly wholeBytesMax: number
  /** A commit, tree or tag past this is hashed and counted, and not handed on: `ungathered`. */
  readonly gatheredBytesMax: number
  /** One object that is built of a delta, or is the base of one. Past this it is `unresolved`. */
  readonly resolvedBytesMax: number
  /** One delta, inflated. Past this the object is `unresolved`. */
  readonly deltaBytesMax: number
  /** Bases below an object. Past this it is `unresolved`. */
  readonly depthMax: number
  /** Where whole objects lie: the last ones, as bases of what comes. A base and what is built of it must fit in together. */
  readonly workingBytesMax: number
}

const MIB = 1024 * 1024

/** Together with the table of 500,000 objects they stay under 64 MB. git makes no chain longer than 4,095. */
export const PACK_LIMITS: PackLimits = {
  objectsMax: 500_000,
  objectBytesMax: 2 * 1024 * MIB,
  workBytesMax: 16 * 1024 * MIB,
  wholeBytesMax: MIB,
  gatheredBytesMax: 8 * MIB,
  resolvedBytesMax: 12 * MIB,
  deltaBytesMax: 12 * MIB,
  depthMax: 4_095,
  workingBytesMax: 20 * MIB,
}

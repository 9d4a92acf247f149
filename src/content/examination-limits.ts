/** How far an examination goes into what is wrapped. Past each of them it says so, and goes no further there. */

export interface ExaminationLimits {
  /** Archives in one another. A compressed tar is one archive. */
  readonly archiveDepthMax: number
  /** Wrappings of every kind in one another: archives, encodings, forms, JSON. */
  readonly wrappingDepthMax: number
  /** Archives of one upload, wherever they stand: to begin one costs more than its bytes. */
  readonly archivesMax: number
  /** Members of all archives of one upload. */
  readonly membersMax: number
  /** What all archives of one upload come to. */
  readonly inflatedBytesMax: number
  /** How many times its own size one archive may come to, once that is more than `ratioFreeBytes`. */
  readonly inflatedRatioMax: number
  readonly ratioFreeBytes: number
}

export const DEFAULT_EXAMINATION_LIMITS: ExaminationLimits = Object.freeze({
  archiveDepthMax: 4,
  wrappingDepthMax: 12,
  archivesMax: 10_000,
  membersMax: 50_000,
  inflatedBytesMax: 2 * 1024 * 1024 * 1024,
  inflatedRatioMax: 200,
  ratioFreeBytes: 32 * 1024 * 1024,
})

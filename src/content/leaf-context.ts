/** Where a piece of content lies, and in how much. */
import type { Place } from '../flow/content.ts'
import type { Way } from './wrapping.ts'

export interface LeafContext {
  readonly place: Place
  readonly fileName: string | null
  /** The whole field that declares its type. */
  readonly contentType: string | null
  readonly size: number | null
  readonly wrappingDepth: number
  readonly archiveDepth: number
  /** The archive that it is in, without another wrapping between. */
  readonly archive: Way['archive']
  /** It may stand here by chance alone. */
  readonly isGuess: boolean
}

export const stepCharactersMax = 256

/** A step of a place: of a stranger's names only so much, and no control characters. */
export function stepOf(name: string): string {
  const clean = name.slice(0, stepCharactersMax + 1).replaceAll(/\p{Cc}/gu, '\ufffd')
  return clean.length <= stepCharactersMax ? clean : `${clean.slice(0, stepCharactersMax - 1)}…`
}

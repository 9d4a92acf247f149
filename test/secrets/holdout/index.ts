/**
 * A hold-out set for the secret scanner, made by someone who never saw its rules: texts as developers leave them, with
 * and without secrets. It judges the scanner; nobody tunes the scanner on it.
 */
import { type HoldoutText, leaks } from './leaks.ts'
import { nothing } from './nothing.ts'

/**
 * Texts with the secrets that stand in them, and texts of the kind `none`, which hold no secret. A secret that is
 * encoded in its text (base64 in a manifest, `\n` in JSON) is given as it stands there.
 */
export function holdout(): readonly HoldoutText[] {
  return [...leaks(), ...nothing()]
}

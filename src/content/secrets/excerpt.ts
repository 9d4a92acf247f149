/** The line around a credential as people may see it: shortened, the secret and whatever else looks like one blotted out. */

/** Of the secret itself; none of a short one. */
export const SHOWN_CHARACTERS_MAX = 4
const SHOWN_FROM_CHARACTERS = 20
const BEFORE_BYTES = 48
const AFTER_BYTES = 24

const BLOT = '****'

/** `at` and `length` are those of the secret in `bytes`. */
export function excerptOf(bytes: Buffer, at: number, length: number): string {
  const secret = bytes.toString('latin1', at, at + length)
  const before = blot(lastLine(bytes.subarray(Math.max(0, at - BEFORE_BYTES), at).toString('utf8')))
  const after = blot(firstLine(bytes.subarray(at + length, at + length + AFTER_BYTES).toString('utf8')))
  const shown = secret.length >= SHOWN_FROM_CHARACTERS ? plain(secret.slice(0, SHOWN_CHARACTERS_MAX)) : ''
  const line = `${before}${shown}${BLOT}${after}`.trim()
  // What stands around it may say it once more.
  return reveals(`${before}\n${after}`, secret) ? `${shown}${BLOT}` : line
}

function reveals(context: string, secret: string): boolean {
  const size = SHOWN_CHARACTERS_MAX + 1
  for (let at = 0; at + size <= secret.length; at += 1) if (context.includes(secret.slice(at, at + size))) return true
  return secret.length < size && context.includes(secret)
}

function lastLine(text: string): string {
  return plain(text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1))
}

function firstLine(text: string): string {
  return plain(text.split(/[\r\n]/, 1)[0] ?? '')
}

/** Without what a terminal would obey, and without half characters. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').replaceAll('\ufffd', '')
}

/** Another credential on the same line has letters with digits, or is long. */
function blot(text: string): string {
  return text.replace(/[^\s"'`=:,;&<>(){}[\]|]{6,}/g, (word) =>
    word.length >= 24 || (/[0-9]/.test(word) && /[^0-9.]/.test(word)) ? BLOT : word,
  )
}

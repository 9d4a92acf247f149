/** Long runs of base64 inside a text (RFC 4648, both alphabets), also when they are wrapped into lines, and what they decode to. */

/** Shorter runs are left to the rules that look at a value under its name. */
export const RUN_CHARACTERS_MIN = 40
/** A run that goes on past its window is decoded piece by piece; from this length on its first bytes need not look like text. */
export const BINARY_RUN_CHARACTERS_MIN = 4096

const SAMPLE_BYTES = 48
const SAMPLE_MIN = 18
const INDENT_BYTES_MAX = 64
/** So near the end of the known bytes a line break may hide that the run goes on. */
export const BREAK_BYTES_MAX = INDENT_BYTES_MAX + 4

const IS_BASE64 = new Uint8Array(256)
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_'))
  IS_BASE64[byte] = 1

export interface Run {
  readonly start: number
  readonly end: number
  /** Its characters without the line breaks. */
  readonly text: string
}

function isBase64(byte: number | undefined): boolean {
  return byte !== undefined && IS_BASE64[byte] === 1
}

/** The place of the next run that starts in `from ≤ place < to`, or -1. `limit` is the end of the known bytes. */
export function nextRun(bytes: Uint8Array, from: number, to: number, limit: number): number {
  // Every run covers one of the places that are looked at.
  let at = from
  while (at < Math.min(limit, to + RUN_CHARACTERS_MIN)) {
    if (IS_BASE64[bytes[at] ?? 0] === 0) {
      at += RUN_CHARACTERS_MIN - 1
      continue
    }
    let start = at
    while (start > from && IS_BASE64[bytes[start - 1] ?? 0] === 1) start -= 1
    let end = at
    while (end < limit && IS_BASE64[bytes[end] ?? 0] === 1) end += 1
    if (end - start >= RUN_CHARACTERS_MIN) return start < to ? start : -1
    at = end + 1
  }
  return -1
}

/** The run that starts at `start`, over line breaks, up to `limit`. */
export function readRun(bytes: Buffer, start: number, limit: number): Run {
  const pieces: string[] = []
  let at = start
  for (;;) {
    let end = at
    while (end < limit && IS_BASE64[bytes[end] ?? 0] === 1) end += 1
    pieces.push(bytes.toString('latin1', at, end))
    const next = end - at >= RUN_CHARACTERS_MIN ? afterBreak(bytes, end, limit) : -1
    if (next === -1) return { start, end, text: pieces.join('') }
    at = next
  }
}

/** How many characters at its start belong to something else, so that the rest decodes to text; null where it is no text. */
export function alignmentOf(text: string): 0 | 1 | 2 | 3 | null {
  for (const skipped of [0, 1, 2, 3] as const) {
    const sample = Buffer.from(text.slice(skipped, skipped + (SAMPLE_BYTES / 3) * 4), 'base64')
    if (sample.length >= SAMPLE_MIN && isTextLike(sample)) return skipped
  }
  return null
}

/** Where a run that was read up to `at` goes on, there or behind a line break; -1 where it is at its end. */
export function continuation(bytes: Uint8Array, at: number, limit: number): number {
  return at < limit && isBase64(bytes[at]) ? at : afterBreak(bytes, at, limit)
}

/** Where the run goes on behind a line break (or one that is written as `\n` in a string) and its indent; -1 where it does not. */
function afterBreak(bytes: Uint8Array, end: number, limit: number): number {
  let at = end
  if (bytes[at] === 0x5c && bytes[at + 1] === 0x72) at += 2
  if (bytes[at] === 0x5c && bytes[at + 1] === 0x6e) at += 2
  if (at === end) {
    if (bytes[at] === 0x0d) at += 1
    if (bytes[at] !== 0x0a) return -1
    at += 1
    const indentEnd = Math.min(limit, at + INDENT_BYTES_MAX)
    while (at < indentEnd && (bytes[at] === 0x20 || bytes[at] === 0x09)) at += 1
  }
  return at < limit && isBase64(bytes[at]) ? at : -1
}

/** Nine of ten bytes are printable, or every second one is NUL beside a printable one, as in UTF-16. */
function isTextLike(sample: Uint8Array): boolean {
  let printable = 0
  let zeros = 0
  for (const byte of sample) {
    if ((byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09) printable += 1
    if (byte === 0) zeros += 1
  }
  return (
    printable >= sample.length * 0.85 || (zeros >= sample.length * 0.4 && printable + zeros >= sample.length * 0.85)
  )
}

/** What an index keeps of one blob: whether it counts at all, and which of its grams. */
import { Buffer } from 'node:buffer'
import { type Gram, GramStream } from './gram-stream.ts'
import { keepGrams } from './kept-grams.ts'
import { BINARY_BYTES_MIN, SOURCE_BYTES_MIN, SOURCE_WORDS_MIN, TEXT_BYTES_MAX } from './parameters.ts'
import { isList, kindOfPath, type PathKind, publicSpans, saysGenerated, type Span } from './public-text.ts'

/**
 * `trivial` is too small or nobody's own, and not kept. Of a `whole` one only the same bytes are known: it is binary, generated,
 * a list of others' packages, or huge. Of `text` parts are known too.
 */
export type BlobPrints =
  | { readonly kind: 'trivial' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'text'; readonly grams: readonly Gram[] }

const TRIVIAL: BlobPrints = Object.freeze({ kind: 'trivial' })
const WHOLE: BlobPrints = Object.freeze({ kind: 'whole' })

/** Whether a blob of this path and size is worth a look at its bytes. */
export function isCounted(path: PathKind, size: number): boolean {
  return size >= SOURCE_BYTES_MIN && path !== 'well-known'
}

/** `bytes` are at most TEXT_BYTES_MAX; a larger blob is `whole`. */
export function printBlob(path: string, bytes: Uint8Array, seeds: Int32Array): BlobPrints {
  const kind = kindOfPath(path)
  if (!isCounted(kind, bytes.length)) return TRIVIAL
  if (isBinary(bytes)) return bytes.length < BINARY_BYTES_MIN ? TRIVIAL : WHOLE
  if (bytes.length > TEXT_BYTES_MAX) return WHOLE
  // A character for each byte: places in the one are places in the other.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const publics = publicSpans(text, 'wide')
  const grams: Gram[] = []
  let at = 0
  const stream = new GramStream(seeds, (gram) => {
    // Both come in order.
    while ((publics[at]?.[1] ?? Number.POSITIVE_INFINITY) <= gram.start) at++
    if ((publics[at]?.[0] ?? Number.POSITIVE_INFINITY) >= gram.end) grams.push({ ...gram })
  })
  stream.push(bytes)
  stream.end()
  const ownWords = stream.words - countWords(text, publics)
  if (ownWords < SOURCE_WORDS_MIN) {
    const allButLines = stream.words - countWords(text, publicSpans(text, 'narrow'))
    return allButLines < SOURCE_WORDS_MIN ? TRIVIAL : WHOLE
  }
  if (kind === 'lock-file' || saysGenerated(text)) return WHOLE
  const kept = keepGrams(grams, ownWords)
  return { kind: 'text', grams: kept.filter(({ start, end }) => !isList(text.slice(start, end))) }
}

/** As git sees it. Text in UTF-16 says so in its first two bytes. */
const BINARY_WITHIN_BYTES = 8_000

function isBinary(bytes: Uint8Array): boolean {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return !isWide && bytes.subarray(0, BINARY_WITHIN_BYTES).includes(0)
}

function countWords(text: string, spans: readonly Span[]): number {
  let count = 0
  for (const [start, end] of spans) count += text.slice(start, end).match(/\b[a-z_]\w*/gi)?.length ?? 0
  return count
}

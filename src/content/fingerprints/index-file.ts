/**
 * The file of an index: a magic, a header in JSON, two tables, the sources, and an HMAC over all before it. `docs/fingerprints.md`
 * describes it. Integers are little-endian.
 */
import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FingerprintKeys } from './keys.ts'
import { FORMAT_VERSION, GRAM_BITS, GRAM_WORDS, OBJECT_BITS, WINDOW_GRAMS } from './parameters.ts'
import type { ObjectFormat } from './object-key.ts'
import { tableBytes, type TableShape } from './packed-table.ts'

export interface IndexHeader {
  readonly formats: readonly ObjectFormat[]
  /** In the order of their numbers, each with how many sources are its. */
  readonly repositories: readonly { readonly name: string; readonly sources: number }[]
  readonly objects: TableShape
  readonly grams: TableShape
}

/** Where each part of a file lies. */
export interface IndexParts {
  readonly objects: Uint8Array
  readonly grams: Uint8Array
  /** A keyed hash of each source's path, 4 bytes each. */
  readonly sources: Uint8Array
}

const MAGIC = Buffer.from('WEIR-FP\n')
const PREFIX_BYTES = MAGIC.length + 4
const SEAL_BYTES = 32
export const SOURCE_BYTES = 4
/** Names of 65,536 repositories. */
const HEADER_BYTES_MAX = 33_554_432

/** The bytes of a file with zeros in its parts, for `fill` to write; then it is sealed. */
export function writeIndexFile(
  header: IndexHeader,
  keys: FingerprintKeys,
  fill: (parts: IndexParts) => void,
): Uint8Array {
  const json = Buffer.from(
    JSON.stringify({
      version: FORMAT_VERSION,
      key: keys.id,
      gramWords: GRAM_WORDS,
      windowGrams: WINDOW_GRAMS,
      ...header,
    }),
  )
  const start = PREFIX_BYTES + json.length
  const file = Buffer.alloc(start + partBytes(header) + SEAL_BYTES)
  MAGIC.copy(file)
  file.writeUInt32LE(json.length, MAGIC.length)
  json.copy(file, PREFIX_BYTES)
  fill(partsOf(header, file.subarray(start, -SEAL_BYTES)))
  seal(file, keys).copy(file, file.length - SEAL_BYTES)
  return file
}

export type ReadIndex = { readonly header: IndexHeader; readonly parts: IndexParts } | { readonly problem: string }

/** Views of `bytes`, or what is wrong with them, to stand behind the file's name. */
export function openIndexFile(bytes: Uint8Array, keys: FingerprintKeys): ReadIndex {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) return { problem: 'is no index of fingerprints' }
  const headerBytes = file.length < PREFIX_BYTES ? 0 : file.readUInt32LE(MAGIC.length)
  const start = PREFIX_BYTES + headerBytes
  if (headerBytes > HEADER_BYTES_MAX || start + SEAL_BYTES > file.length) return CUT
  const said = parseObject(file.toString('utf8', PREFIX_BYTES, start))
  if (said?.['version'] !== undefined && said['version'] !== FORMAT_VERSION) {
    return { problem: 'is of another version of Weir; make it anew with `weir index --fresh`' }
  }
  if (said !== null && typeof said['key'] === 'string' && said['key'] !== keys.id) {
    return { problem: 'was made with another key' }
  }
  if (!timingSafeEqual(seal(file, keys), file.subarray(-SEAL_BYTES))) return { problem: 'is damaged, or was changed' }
  // From here on it is what a Weir with this key wrote.
  if (said?.['gramWords'] !== GRAM_WORDS || said['windowGrams'] !== WINDOW_GRAMS) {
    return { problem: 'is of another version of Weir; make it anew with `weir index --fresh`' }
  }
  const header = said as unknown as IndexHeader
  const parts = file.subarray(start, -SEAL_BYTES)
  if (header.objects.keyBits !== OBJECT_BITS || header.grams.keyBits !== GRAM_BITS) return CUT
  return parts.length === partBytes(header) ? { header, parts: partsOf(header, parts) } : CUT
}

const CUT = { problem: 'is damaged: it is shorter or longer than it says' }

function seal(file: Buffer, keys: FingerprintKeys): Buffer {
  return createHmac('sha256', keys.seal).update(file.subarray(0, -SEAL_BYTES)).digest()
}

function partBytes(header: IndexHeader): number {
  return tableBytes(header.objects) + tableBytes(header.grams) + countSources(header) * SOURCE_BYTES
}

function partsOf(header: IndexHeader, bytes: Uint8Array): IndexParts {
  const grams = tableBytes(header.objects)
  const sources = grams + tableBytes(header.grams)
  return { objects: bytes.subarray(0, grams), grams: bytes.subarray(grams, sources), sources: bytes.subarray(sources) }
}

function countSources({ repositories }: IndexHeader): number {
  return repositories.reduce((sum, { sources }) => sum + sources, 0)
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The records of a zip archive: local headers, the central directory and its end (APPNOTE.TXT section 4.3). */
import { bad, done, type Parse } from './parse.ts'

export const ZIP_LOCAL = 0x04034b50
export const ZIP_CENTRAL = 0x02014b50
export const ZIP_END = 0x06054b50
export const ZIP64_END = 0x06064b50
export const ZIP64_LOCATOR = 0x07064b50
export const ZIP_DESCRIPTOR = 0x08074b50
export const ZIP_EXTRA_DATA = 0x08064b50
export const ZIP_SIGNATURE = 0x05054b50

/** Behind their signature, and in front of what has a length of its own. */
export const zipLocalBytes = 26
export const zipCentralBytes = 42

export interface ZipEntry {
  readonly flags: number
  readonly method: number
  readonly checksum: number
  readonly compressedSize: number
  readonly size: number
  readonly nameBytes: number
  readonly extraBytes: number
  /** Of a central record alone. */
  readonly commentBytes: number
  readonly localAt: number
}

/** The fixed part of a local header, behind its signature. */
export function parseZipLocal(bytes: Uint8Array): Parse<ZipEntry> {
  if (bytes.length < zipLocalBytes) return { state: 'more' }
  const view = viewOf(bytes)
  return done(
    {
      ...entryAt(view, 2),
      nameBytes: view.getUint16(22, true),
      extraBytes: view.getUint16(24, true),
      commentBytes: 0,
      localAt: 0,
    },
    zipLocalBytes,
  )
}

/** The fixed part of a record of the central directory, behind its signature. */
export function parseZipCentral(bytes: Uint8Array): Parse<ZipEntry> {
  if (bytes.length < zipCentralBytes) return { state: 'more' }
  const view = viewOf(bytes)
  const entry = {
    ...entryAt(view, 4),
    nameBytes: view.getUint16(24, true),
    extraBytes: view.getUint16(26, true),
    commentBytes: view.getUint16(28, true),
    localAt: view.getUint32(38, true),
  }
  return done(entry, zipCentralBytes)
}

/** What the extra field adds: sizes of more than 32 bits, and that the content is encrypted by AES. */
export function parseZipExtra(
  bytes: Uint8Array,
  entry: ZipEntry,
): Parse<{ readonly entry: ZipEntry; readonly isAes: boolean }> {
  const view = viewOf(bytes)
  let { size, compressedSize, localAt } = entry
  let isAes = false
  let isLarge = false
  for (let at = 0; at + 4 <= bytes.length; ) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
    const end = at + 4 + length
    if (end > bytes.length) return bad('an extra field of the zip is longer than what holds it')
    if (id === AES_EXTRA) isAes = true
    if (id === ZIP64_EXTRA) {
      if (isLarge) return bad('a member of the zip states its size twice')
      isLarge = true
      // Only what has no room in its own place stands here, in this order.
      let from = at + 4
      const next = (narrow: number): number | null => {
        if (narrow !== 0xffffffff) return narrow
        from += 8
        return from <= end ? Number(view.getBigUint64(from - 8, true)) : null
      }
      const wide = [next(size), next(compressedSize), next(localAt)] as const
      if (wide.some((value) => value === null || value > Number.MAX_SAFE_INTEGER))
        return bad('a size of the zip cannot be one')
      ;[size = 0, compressedSize = 0, localAt = 0] = wide.map((value) => value ?? 0)
    }
    at = end
  }
  return done({ entry: { ...entry, size, compressedSize, localAt }, isAes }, bytes.length)
}

/** Whether what follows a local signature may be one, and not bytes that look like it by chance. */
export function isLikelyZipLocal(bytes: Uint8Array): boolean {
  if (bytes.length < zipLocalBytes) return false
  const view = viewOf(bytes)
  const entry = entryAt(view, 2)
  const nameBytes = view.getUint16(22, true)
  return (
    (bytes[0] ?? 255) <= VERSION_MAX && METHODS.has(entry.method) && nameBytes > 0 && nameBytes <= NAME_BYTES_LIKELY
  )
}

const AES_EXTRA = 0x9901
const ZIP64_EXTRA = 0x0001
/** 6.3 is the last that was named. */
const VERSION_MAX = 63
const METHODS = new Set([0, 1, 6, 8, 9, 12, 14, 19, 93, 94, 95, 96, 97, 98, 99])
const NAME_BYTES_LIKELY = 4_096

function entryAt(view: DataView, at: number) {
  return {
    flags: view.getUint16(at, true),
    method: view.getUint16(at + 2, true),
    checksum: view.getUint32(at + 8, true),
    compressedSize: view.getUint32(at + 12, true),
    size: view.getUint32(at + 16, true),
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

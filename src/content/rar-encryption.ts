/** Whether the first headers of a RAR archive say that it is encrypted (RAR 5.0 archive format; technote of RAR 4). */

const RAR4 = Buffer.from('Rar!\x1a\x07\0', 'latin1')
const RAR5 = Buffer.from('Rar!\x1a\x07\x01\0', 'latin1')

const ENCRYPTION_HEADER = 4
const FILE_HEADERS: readonly number[] = [2, 3]
const FILE_ENCRYPTION_RECORD = 1
const HAS_EXTRA = 0x0001

/** `head` is the beginning of the archive; only headers in it are seen. */
export function isRarEncrypted(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  if (bytes.indexOf(RAR5) === 0) return isRar5Encrypted(bytes)
  return bytes.indexOf(RAR4) === 0 && isRar4Encrypted(bytes)
}

function isRar4Encrypted(bytes: Buffer): boolean {
  for (let at = RAR4.length; at + 7 <= bytes.length; ) {
    const [type, flags, size] = [bytes[at + 2] ?? 0, bytes.readUInt16LE(at + 3), bytes.readUInt16LE(at + 5)]
    // Of the archive, that its headers are encrypted; of a file, that it is.
    if ((type === 0x73 && (flags & 0x0080) !== 0) || (type === 0x74 && (flags & 0x0004) !== 0)) return true
    const hasContent = (flags & 0x8000) !== 0 && at + 11 <= bytes.length
    if (size < 7) return false
    at += size + (hasContent ? bytes.readUInt32LE(at + 7) : 0)
  }
  return false
}

function isRar5Encrypted(bytes: Buffer): boolean {
  for (let at = RAR5.length + 4; at < bytes.length; at += 4) {
    const size = numberAt(bytes, at)
    if (size === null) return false
    const end = size.end + size.value
    const type = numberAt(bytes, size.end)
    const flags = type === null ? null : numberAt(bytes, type.end)
    if (type === null || flags === null) return false
    if (type.value === ENCRYPTION_HEADER) return true
    const hasExtra = (flags.value & HAS_EXTRA) !== 0
    const extra = hasExtra ? numberAt(bytes, flags.end) : { value: 0, end: flags.end }
    const content = (flags.value & 0x0002) !== 0 && extra !== null ? numberAt(bytes, extra.end) : { value: 0, end: 0 }
    if (extra === null || content === null) return false
    if (FILE_HEADERS.includes(type.value) && hasEncryptionRecord(bytes.subarray(end - extra.value, end))) return true
    if (end <= at) return false
    at = end + content.value
  }
  return false
}

function hasEncryptionRecord(extra: Buffer): boolean {
  for (let at = 0; at < extra.length; ) {
    const size = numberAt(extra, at)
    const type = size === null ? null : numberAt(extra, size.end)
    if (size === null || type === null) return false
    if (type.value === FILE_ENCRYPTION_RECORD) return true
    if (size.value === 0) return false
    at = size.end + size.value
  }
  return false
}

/** Seven bits a byte, the lowest first; of more than 42 bits there is none. */
function numberAt(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | null {
  let value = 0
  for (let count = 0; count < 6; count++) {
    const byte = bytes[at + count]
    if (byte === undefined) return null
    value += (byte & 0x7f) * 2 ** (7 * count)
    if (byte < 0x80) return { value, end: at + count + 1 }
  }
  return null
}

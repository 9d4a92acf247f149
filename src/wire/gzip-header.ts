/** The head of a member of a gzip (RFC 1952 section 2.3). */
import { bad, done, MORE, type Parse } from './parse.ts'

export const gzipHeaderBytesMax = 65_536 + 4_096

export interface GzipHeader {
  /** The file that was compressed; null where none is named. */
  readonly name: string | null
}

const FIXED_BYTES = 10
const HAS_CHECKSUM = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16

/** Parses all bytes so far. */
export function parseGzipHeader(bytes: Uint8Array): Parse<GzipHeader> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const begins = [0x1f, 0x8b, 8].every((byte, at) => at >= view.length || view[at] === byte)
  if (!begins) return bad('its gzip has bytes behind its end')
  if (view.length < FIXED_BYTES) return MORE
  const flags = view[3] ?? 0
  if (flags > 0x1f) return bad('its gzip has a head that nobody knows')
  let at = FIXED_BYTES
  if ((flags & HAS_EXTRA) !== 0) {
    if (view.length < at + 2) return MORE
    at += 2 + view.readUInt16LE(at)
  }
  let name: string | null = null
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue
    const end = view.indexOf(0, at)
    if (end === -1 || at > view.length) return tooLong(view.length)
    if (flag === HAS_NAME) name = view.toString('latin1', at, end)
    at = end + 1
  }
  if ((flags & HAS_CHECKSUM) !== 0) at += 2
  if (at > gzipHeaderBytesMax) return tooLong(at)
  return at > view.length ? MORE : done({ name }, at)
}

function tooLong(bytes: number): Parse<never> {
  return bytes > gzipHeaderBytesMax ? bad(`its gzip has a head of more than ${gzipHeaderBytesMax} bytes`) : MORE
}

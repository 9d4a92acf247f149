/** What the first frame of zstd says it takes to decode it (RFC 8878 section 3.1.1.1). */
import { bad, done, MORE, type Parse } from './parse.ts'

/** How many bytes behind it a decoder has to keep. */
export function parseZstdWindow(bytes: Uint8Array): Parse<number> {
  if (bytes.length < zstdFrameHeaderBytesMax) return MORE
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0, true) !== MAGIC) return bad('it begins with no frame of zstd')
  const descriptor = view.getUint8(4)
  if ((descriptor & 0x20) === 0) {
    const [exponent, mantissa] = [view.getUint8(5) >> 3, view.getUint8(5) & 7]
    const base = 2 ** (10 + exponent)
    return done(base + (base / 8) * mantissa, 6)
  }
  // A frame of one segment has no window of its own: its content is one.
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0)
  switch (descriptor >> 6) {
    case 0:
      return done(view.getUint8(at), at + 1)
    case 1:
      return done(view.getUint16(at, true) + 256, at + 2)
    case 2:
      return done(view.getUint32(at, true), at + 4)
    default: {
      const size = view.getBigUint64(at, true)
      return size > BigInt(Number.MAX_SAFE_INTEGER)
        ? bad('its frame of zstd cannot have its size')
        : done(Number(size), at + 8)
    }
  }
}

/** No header is longer, and the shortest frame is padded to it by the caller. */
export const zstdFrameHeaderBytesMax = 18
const MAGIC = 0xfd2fb528

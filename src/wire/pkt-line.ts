/** Git's framing of lines and binary packets, read and written (gitprotocol-common, "pkt-line Format"). */

import assert from 'node:assert'
import { isUtf8 } from 'node:buffer'
import { bad, done, MORE, type Parse } from './parse.ts'

export type PktLine =
  | { readonly kind: 'data'; readonly payload: Uint8Array }
  | { readonly kind: 'flush' | 'delim' | 'response-end' }

/** The length that four hexadecimal digits may state, themselves included. */
export const pktLineBytesMax = 65_520
export const pktPayloadBytesMax = pktLineBytesMax - 4

export const FLUSH: Uint8Array = Buffer.from('0000', 'latin1')

/** Reads the pkt-line that starts at `at`. `size` is its own length; the payload is a view. */
export function parsePktLine(bytes: Uint8Array, at = 0): Parse<PktLine> {
  const length = parsePktLength(bytes, at)
  if (length.state !== 'done') return length
  const special = SPECIAL[length.value]
  if (special !== undefined) return done(special, prefixBytes)
  const end = at + length.value
  if (end > bytes.length) return MORE
  return done({ kind: 'data', payload: bytes.subarray(at + prefixBytes, end) }, length.value)
}

/** Reads the length alone: 0, 1 or 2 for the packets without a payload, else the bytes of the whole packet. */
export function parsePktLength(bytes: Uint8Array, at = 0): Parse<number> {
  let length = 0
  for (let digitAt = at; digitAt < at + prefixBytes; digitAt++) {
    const byte = bytes[digitAt]
    if (byte === undefined) return MORE
    const digit = hexDigit(byte)
    if (digit === null) return bad('a pkt-line length is not hexadecimal')
    length = (length << 4) | digit
  }
  if (length === 3) return bad('a pkt-line of length 3')
  if (length > pktLineBytesMax) return bad(`a pkt-line longer than ${pktLineBytesMax} bytes`)
  return done(length, prefixBytes)
}

/** One line without its LF, or null where the bytes are not UTF-8: replaced bytes would make two names one. */
export function decodePktText(payload: Uint8Array): string | null {
  if (!isUtf8(payload)) return null
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8')
  return text.endsWith('\n') ? text.slice(0, -1) : text
}

/** One packet around at most `pktPayloadBytesMax` bytes; text is UTF-8. */
export function encodePktLine(payload: Uint8Array | string): Uint8Array {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload
  assert(body.length <= pktPayloadBytesMax, 'a pkt-line payload is too long')
  const prefix = (body.length + prefixBytes).toString(16).padStart(prefixBytes, '0')
  return Buffer.concat([Buffer.from(prefix, 'latin1'), body])
}

const prefixBytes = 4

const SPECIAL: readonly PktLine[] = [{ kind: 'flush' }, { kind: 'delim' }, { kind: 'response-end' }]

function hexDigit(byte: number): number | null {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : null
}

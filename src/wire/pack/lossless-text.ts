/** Bytes that should be UTF-8 as text that tells them all apart: each byte that is none becomes a lone low surrogate. */
import { isUtf8 } from 'node:buffer'

/** Lone surrogates are in no UTF-8, so that no two names become one text (the way of Python's `surrogateescape`). */
const ESCAPE = 0xdc00

export function decodeLossless(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isUtf8(buffer)) return buffer.toString('utf8')
  let text = ''
  for (let at = 0; at < buffer.length; ) {
    const size = characterBytes(buffer, at)
    text += size === 0 ? String.fromCharCode(ESCAPE + (buffer[at] ?? 0)) : buffer.toString('utf8', at, at + size)
    at += Math.max(size, 1)
  }
  return text
}

/** Of the character that begins at `at`; 0 where none does. */
function characterBytes(bytes: Buffer, at: number): number {
  for (let size = 1; size <= CHARACTER_BYTES_MAX && at + size <= bytes.length; size++) {
    if (isUtf8(bytes.subarray(at, at + size))) return size
  }
  return 0
}

const CHARACTER_BYTES_MAX = 4

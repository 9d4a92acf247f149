/** Undoes the Content-Encoding of a whole body that is small, at once. */
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'

type Decode = (body: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer

const CODINGS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
])

/** Null where the coding is not known, is broken, or makes more than `bytesMax` bytes. */
export function decodeWhole(coding: string | null, body: Uint8Array, bytesMax: number): Uint8Array | null {
  const name = (coding ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return body.length <= bytesMax ? body : null
  const decode = CODINGS.get(name)
  if (decode === undefined) return null
  try {
    return decode(body, { maxOutputLength: bytesMax })
  } catch {
    // zlib's many errors all mean that nobody can read it.
    return null
  }
}

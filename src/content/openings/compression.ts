/** What openings of compressed streams have in common: the names of what they hold, and what zlib says of broken ones. */
import { WrappingFault } from '../wrapping.ts'

/** What zlib rejects with has many forms, which all mean that nobody can read it; what a taker rejects with goes on as it is. */
export function asFault(error: unknown, fault: string): unknown {
  const isOfZlib = error instanceof Error && 'code' in error && 'errno' in error
  return isOfZlib ? new WrappingFault(fault) : error
}

/** `a.tar.gz` holds `a.tar`, and so does `a.tgz`. */
export function innerName(name: string | null): string | null {
  const short = name?.match(/^(.+)\.t(?:gz|zst)$/i)?.[1]
  return short === undefined ? (name?.match(/^(.+)\.(?:gz|zst|zstd|svgz)$/i)?.[1] ?? null) : `${short}.tar`
}

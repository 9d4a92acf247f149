/** The twelve bytes that every pack begins with (gitformat-pack, "pack-*.pack files have the following format"). */

import { bad, done, MORE, type Parse } from './parse.ts'

export interface PackHeader {
  readonly version: 2 | 3
  readonly objects: number
}

export function parsePackHeader(bytes: Uint8Array): Parse<PackHeader> {
  const signed = SIGNATURE.every((byte, at) => at >= bytes.length || bytes[at] === byte)
  if (!signed) return bad('not a pack')
  const version = bytes[SIGNATURE.length]
  if (version === undefined) return MORE
  if (version !== 2 && version !== 3) return bad('not a pack of version 2 or 3')
  if (bytes.length < packHeaderBytes) return MORE
  const objects = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(SIGNATURE.length + 1)
  return done({ version, objects }, packHeaderBytes)
}

export const packHeaderBytes = 12
// `PACK` and the three upper bytes of the version.
const SIGNATURE: readonly number[] = [0x50, 0x41, 0x43, 0x4b, 0, 0, 0]

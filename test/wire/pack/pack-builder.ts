/** Builds packs, well-formed or not, entry by entry. */
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { COMMIT, type ObjectFormat, OFS_DELTA, REF_DELTA, TREE, typeOf } from '../../../src/wire/pack/object-types.ts'

export interface Entry {
  readonly kind: number
  /** Of an object, or a delta. */
  readonly content: Uint8Array
  /** Entries back to the base, of a delta that names it by its distance. */
  readonly back?: number
  /** Id of the base, of a delta that names it so. */
  readonly baseId?: string
  /** A lie about the size. */
  readonly size?: number
  /** Instead of what the content deflates to. */
  readonly deflated?: Uint8Array
  /** A distance, whatever lies there. */
  readonly distance?: number
}

export interface Pack {
  readonly entries: readonly Entry[]
  readonly format?: ObjectFormat
  /** A lie about how many there are. */
  readonly count?: number
  readonly version?: number
  readonly level?: number
}

export function buildPack({ entries, format = 'sha1', count = entries.length, version = 2, level = 6 }: Pack): Buffer {
  const header: Buffer = Buffer.from('PACK\0\0\0\0\0\0\0\0', 'latin1')
  header[7] = version
  header.writeUInt32BE(count, 8)
  const parts: Buffer[] = [header]
  const offsets: number[] = []
  let offset = header.length
  for (const entry of entries) {
    offsets.push(offset)
    const base = entry.back === undefined ? 0 : offset - (offsets.at(-1 - entry.back) ?? 0)
    const bytes = encodeEntry(entry, entry.distance ?? base, level)
    parts.push(bytes)
    offset += bytes.length
  }
  return seal(Buffer.concat(parts), format)
}

/** With its checksum. */
export function seal(bytes: Uint8Array, format: ObjectFormat = 'sha1'): Buffer {
  return Buffer.concat([bytes, createHash(format).update(bytes).digest()])
}

export function encodeEntry(entry: Entry, distance: number, level: number): Buffer {
  const { kind, content, size = content.length, deflated = deflateSync(content, { level }) } = entry
  const parts = [sizeBytes(kind, size)]
  if (kind === OFS_DELTA) parts.push(distanceBytes(distance))
  if (kind === REF_DELTA) parts.push(Buffer.from(entry.baseId ?? '', 'hex'))
  return Buffer.concat([...parts, deflated])
}

function sizeBytes(kind: number, size: number): Buffer {
  const bytes = [(kind << 4) | (size & 15)]
  for (let left = Math.floor(size / 16); left > 0; left = Math.floor(left / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80
    bytes.push(left % 128)
  }
  return Buffer.from(bytes)
}

function distanceBytes(distance: number): Buffer {
  const bytes = [distance % 128]
  for (let left = Math.floor(distance / 128); left > 0; left = Math.floor(left / 128)) {
    left -= 1
    bytes.unshift((left % 128) | 0x80)
  }
  return Buffer.from(bytes)
}

export function objectId(kind: number, content: Uint8Array, format: ObjectFormat = 'sha1'): string {
  return createHash(format)
    .update(`${typeOf(kind)} ${content.length}\0`)
    .update(content)
    .digest('hex')
}

export type DeltaPart = { readonly add: Uint8Array } | { readonly from: number; readonly size: number }

/** With the sizes that are right, or others. */
export function encodeDelta(baseSize: number, parts: readonly DeltaPart[], resultSize = resultOf(parts)): Buffer {
  return Buffer.concat([leb(baseSize), leb(resultSize), ...parts.map(encodePart)])
}

function resultOf(parts: readonly DeltaPart[]): number {
  return parts.reduce((sum, part) => sum + ('add' in part ? part.add.length : part.size), 0)
}

/** A part of any size, as one instruction or several. */
function encodePart(part: DeltaPart): Buffer {
  const bytes: Buffer[] = []
  if ('add' in part) {
    for (let at = 0; at < part.add.length; at += 127) {
      const piece = part.add.subarray(at, at + 127)
      bytes.push(Buffer.from([piece.length]), Buffer.from(piece))
    }
  } else {
    for (let done = 0; done < part.size; done += 0xffffff) {
      const copy = Buffer.alloc(8)
      copy[0] = 0xff
      copy.writeUInt32LE(part.from + done, 1)
      copy.writeUIntLE(Math.min(0xffffff, part.size - done), 5, 3)
      bytes.push(copy)
    }
  }
  return Buffer.concat(bytes)
}

function leb(size: number): Buffer {
  const bytes: number[] = []
  let left = size
  do {
    const more = left >= 128 ? 0x80 : 0
    bytes.push((left % 128) | more)
    left = Math.floor(left / 128)
  } while (left > 0)
  return Buffer.from(bytes)
}

export interface TreeLine {
  readonly mode?: string
  readonly name: string | Uint8Array
  readonly id: string
}

export function treeOf(...lines: readonly TreeLine[]): Entry {
  const parts = lines.flatMap(({ mode = '100644', name, id }) => [
    Buffer.from(`${mode} `),
    typeof name === 'string' ? Buffer.from(name) : name,
    Buffer.from('\0'),
    Buffer.from(id, 'hex'),
  ])
  return { kind: TREE, content: Buffer.concat(parts) }
}

export function commitOf(
  tree: string,
  parents: readonly string[],
  message: string,
  who = 'A U Thor <a@example>',
): Entry {
  const lines = [`tree ${tree}`, ...parents.map((id) => `parent ${id}`), `author ${who} 1700000000 +0000`]
  const text = [...lines, `committer ${who} 1700000000 +0000`, '', message].join('\n')
  return { kind: COMMIT, content: Buffer.from(text) }
}

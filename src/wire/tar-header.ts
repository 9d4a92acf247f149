/** Headers of tar archives: ustar, pax and GNU (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"). */
import { bad, done, type Parse } from './parse.ts'

export const tarBlockBytes = 512
/** No archive has a member beyond it; larger numbers are not exact. */
export const tarSizeMax = Number.MAX_SAFE_INTEGER

export type TarKind = 'file' | 'sparse' | 'link' | 'folder' | 'long name' | 'long link' | 'pax' | 'global pax'

export interface TarHeader {
  readonly kind: TarKind
  readonly name: string
  /** Bytes of content that follow, without padding. */
  readonly size: number
  /** Of an old GNU sparse file: whether another block of its map follows. */
  readonly mapGoesOn: boolean
}

/** "bad" where the block is none: its checksum does not fit, or its size is no number that a size can be. */
export function parseTarHeader(block: Uint8Array): Parse<TarHeader> {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length)
  if (bytes.length < tarBlockBytes) return { state: 'more' }
  if (!isTarHeader(bytes)) return bad('a header of the tar has a wrong checksum')
  const size = numberAt(bytes, 124, 12)
  if (size === null) return bad('a header of the tar has no size that can be one')
  const kind = KINDS.get(bytes.toString('latin1', 156, 157)) ?? 'file'
  const mapGoesOn = kind === 'sparse' && bytes[482] === 1
  return done({ kind, name: nameOf(bytes), size, mapGoesOn }, tarBlockBytes)
}

/** Whether the checksum of a block fits, summed as unsigned or, as some old programs did, as signed bytes. */
export function isTarHeader(block: Uint8Array): boolean {
  const bytes = Buffer.from(block.buffer, block.byteOffset, Math.min(block.length, tarBlockBytes))
  if (bytes.length < tarBlockBytes || bytes[0] === 0) return false
  const stated = numberAt(bytes, CHECKSUM_AT, CHECKSUM_BYTES)
  let [unsigned, signed] = [0, 0]
  for (let at = 0; at < tarBlockBytes; at++) {
    const isOwn = at >= CHECKSUM_AT && at < CHECKSUM_AT + CHECKSUM_BYTES
    const byte = isOwn ? 0x20 : (bytes[at] ?? 0)
    unsigned += byte
    signed += byte > 127 ? byte - 256 : byte
  }
  return stated !== null && (stated === unsigned || stated === signed)
}

export interface PaxRecords {
  readonly path: string | null
  readonly size: number | null
}

/** Parses the records of a pax header, `LENGTH KEY=VALUE\n` each. */
export function parsePaxRecords(bytes: Uint8Array): Parse<PaxRecords> {
  const records = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let path: string | null = null
  let size: number | null = null
  for (let at = 0; at < records.length; ) {
    const [prefix, digits] = /^([1-9][0-9]{0,7}) /.exec(records.toString('latin1', at, at + 9)) ?? []
    const length = Number(digits)
    if (prefix === undefined || at + length > records.length || records[at + length - 1] !== 0x0a)
      return bad('a pax header of the tar is broken')
    const record = records.subarray(at + prefix.length, at + length - 1)
    const equals = record.indexOf('=')
    if (equals === -1) return bad('a pax header of the tar is broken')
    const key = record.toString('latin1', 0, equals)
    const value = record.subarray(equals + 1)
    if (key === 'path' || key === 'GNU.sparse.name') path = value.toString()
    if (key === 'size') {
      size = /^[0-9]{1,15}$/.test(value.toString('latin1')) ? Number(value.toString('latin1')) : null
      if (size === null) return bad('a pax header of the tar has no size that can be one')
    }
    at += length
  }
  return done({ path, size }, bytes.length)
}

const CHECKSUM_AT = 148
const CHECKSUM_BYTES = 8

// What POSIX does not name is read like a file.
const KINDS: ReadonlyMap<string, TarKind> = new Map<string, TarKind>([
  ['1', 'link'],
  ['2', 'link'],
  ['3', 'link'],
  ['4', 'link'],
  ['6', 'link'],
  ['5', 'folder'],
  ['K', 'long link'],
  ['L', 'long name'],
  ['S', 'sparse'],
  ['g', 'global pax'],
  ['x', 'pax'],
])

/** Octal digits, or GNU's big-endian base 256 with its highest bit set. */
function numberAt(bytes: Buffer, at: number, length: number): number | null {
  const first = bytes[at] ?? 0
  if (first >= 0x80) {
    if (first !== 0x80) return null
    const value = bytes.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256 + byte, 0)
    return value <= tarSizeMax ? value : null
  }
  const [, digits] = /^[ \0]*([0-7]*)(?:[ \0].*)?$/s.exec(bytes.toString('latin1', at, at + length)) ?? []
  return digits === undefined ? null : Number.parseInt(digits === '' ? '0' : digits, 8)
}

function nameOf(bytes: Buffer): string {
  const name = textAt(bytes, 0, 100)
  const isUstar = bytes.toString('latin1', 257, 263) === 'ustar\0'
  const prefix = isUstar ? textAt(bytes, 345, 155) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

function textAt(bytes: Buffer, at: number, length: number): string {
  const end = bytes.subarray(at, at + length).indexOf(0)
  return bytes.subarray(at, at + (end === -1 ? length : end)).toString()
}

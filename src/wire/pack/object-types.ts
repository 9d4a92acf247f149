/** The types of objects, and of entries, in a pack (gitformat-pack, "Object types"). */

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'

export const COMMIT = 1
export const TREE = 2
export const BLOB = 3
export const TAG = 4
export const OFS_DELTA = 6
export const REF_DELTA = 7

export function isDelta(kind: number): boolean {
  return kind === OFS_DELTA || kind === REF_DELTA
}

/** Of a kind that is no delta. */
export function typeOf(kind: number): ObjectType {
  return TYPES[kind] ?? 'blob'
}

const TYPES: readonly ObjectType[] = ['blob', 'commit', 'tree', 'blob', 'tag']

export type ObjectFormat = 'sha1' | 'sha256'

export function idBytesOf(format: ObjectFormat): number {
  return format === 'sha1' ? 20 : 32
}

/** Holds what is read of a pack against what git says of it: ids, types, sizes, places, depths and bases. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EntryHeader } from '../../src/wire/pack/entry-header.ts'
import { idBytesOf, type ObjectFormat } from '../../src/wire/pack/object-types.ts'
import { cutEvery, type ReadObject, type ReadPack, readPack } from '../wire/pack/read-pack.ts'
import { git } from './git.ts'

/** A line of `git verify-pack -v`. */
interface Listed {
  readonly id: string
  readonly type: string
  /** Of the delta, for a delta. */
  readonly size: number
  readonly offset: number
  readonly depth: number
  readonly base: string | null
}

/** Faults in words; none where both agree. `repository` has the bases that a thin pack lacks, or is null. */
export async function comparePack(
  pack: Buffer,
  objectFormat: ObjectFormat,
  chunkBytes: number,
  repository: string | null,
): Promise<readonly string[]> {
  const read = await readPack(cutEvery(pack, chunkBytes), { objectFormat, isSlow: chunkBytes % 2 === 1 })
  if (read.end.state !== 'done') return [`read: ${JSON.stringify(read.end)}`]
  const faults: string[] = []
  for (const { id, ownId } of read.objects) if (id !== ownId) faults.push(`${id} has the content of ${ownId}`)
  const { listed, added } = listPack(pack, objectFormat, repository)
  const summary = read.end.value
  if (read.end.size !== pack.length) faults.push(`ends at ${read.end.size}, not at ${pack.length}`)
  if (summary.missingBases > 0 !== added > 0)
    faults.push(`git added ${added} bases, ${summary.missingBases} were missed`)
  if (read.objects.length + summary.unresolved !== summary.objects) faults.push('objects that nothing is told of')
  if (added === 0 && summary.unresolved > 0) faults.push(`${summary.unresolved} unresolved`)
  return [...faults, ...compareObjects(pack, read, listed, idBytesOf(objectFormat))]
}

function compareObjects(pack: Buffer, read: ReadPack, listed: readonly Listed[], idBytes: number): readonly string[] {
  const byOffset = new Map(listed.map((entry) => [entry.offset, entry]))
  const header = new EntryHeader()
  const lines = read.objects.map((object) => {
    header.parse(pack, object.offset, pack.length, idBytes)
    const theirs = byOffset.get(object.offset)
    return theirs !== undefined && isSame(object, header.size, theirs)
      ? null
      : JSON.stringify([object, header.size, theirs])
  })
  return lines.filter((line) => line !== null)
}

function isSame(object: ReadObject, entrySize: number, theirs: Listed): boolean {
  const isFull = object.base === null
  return (
    object.id === theirs.id &&
    object.type === theirs.type &&
    entrySize === theirs.size &&
    (!isFull || object.size === theirs.size) &&
    object.depth === theirs.depth &&
    object.base === theirs.base
  )
}

/** `added` are the bases that git puts to the end of a thin pack. */
function listPack(pack: Buffer, format: ObjectFormat, repository: string | null): { listed: Listed[]; added: number } {
  const folder = mkdtempSync(join(tmpdir(), 'weir-pack-'))
  const [packFile, indexFile] = [join(folder, 'a.pack'), join(folder, 'a.idx')]
  try {
    const hash = `--object-format=${format}`
    if (repository === null) {
      writeFileSync(packFile, pack)
      git(folder, ['index-pack', hash, '-o', indexFile, packFile])
    } else git(repository, ['index-pack', '--stdin', '--fix-thin', '-o', indexFile, packFile], pack)
    const text = git(folder, ['verify-pack', '-v', hash, indexFile]).toString()
    const listed = text.split('\n').flatMap(parseLine)
    return { listed, added: listed.filter(({ offset }) => offset >= pack.length - idBytesOf(format)).length }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function parseLine(line: string): readonly Listed[] {
  const fields = /^([0-9a-f]{40,64}) (\w+) +(\d+) \d+ (\d+)(?: (\d+) ([0-9a-f]+))?$/.exec(line)
  if (fields === null) return []
  const [, id = '', type = '', size, offset, depth, base] = fields
  return [{ id, type, size: Number(size), offset: Number(offset), depth: Number(depth ?? 0), base: base ?? null }]
}

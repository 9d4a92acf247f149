/** The packs of the bench: of real source, of many small objects, of blobs, and one of a gigabyte. */
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BLOB, OFS_DELTA } from '../../src/wire/pack/object-types.ts'
import { encodeDelta, encodeEntry } from '../wire/pack/pack-builder.ts'
import { git } from './git.ts'
import { Chance } from './random.ts'
import { makeRealRepository } from './real-repository.ts'

const INSTALLED = resolve(import.meta.dirname, '../../node_modules')
const SOURCES = ['typescript', 'graphql', 'zod', '@types/node'] as const
const VERSIONS = 40
const BLOBS = 120
const BLOB_BYTES = 1_000_000

/** Files of packs, by name. */
export function makeSourcePacks(folder: string): ReadonlyMap<string, string> {
  const packs = SOURCES.map((name, at): [string, string] => {
    const repository = join(folder, `source-${at}`)
    mkdirSync(repository)
    makeRealRepository(repository, join(INSTALLED, name), VERSIONS, new Chance(at + 1))
    return [`source: ${name}, ${VERSIONS} versions`, writePack(folder, repository, `source-${at}`)]
  })
  return new Map([...packs, [`blobs: ${BLOBS} of ${BLOB_BYTES} bytes`, makeBlobPack(folder)]])
}

function writePack(folder: string, repository: string, name: string): string {
  const path = join(folder, `${name}.pack`)
  const options = ['pack-objects', '--all', '--revs', '--stdout', '-q', '--delta-base-offset']
  writeFileSync(path, git(repository, options))
  return path
}

/** Half of it does not deflate, as of pictures. */
function makeBlobPack(folder: string): string {
  const chance = new Chance(7)
  const noise = chance.bytes(BLOB_BYTES)
  return writeEntries(join(folder, 'blobs.pack'), BLOBS, (at) => {
    const content = Buffer.from(noise)
    if (at % 2 === 1) content.fill(`line ${at} of a text that deflates well\n`)
    content.writeUInt32BE(at)
    return encodeEntry({ kind: BLOB, content }, 0, 6)
  })
}

const GIGABYTE = {
  /** Of noise; the last has 300 times of one of them. */
  blobs: 1_400,
  blobBytes: 500_000,
  huge: 300_000_000,
  /** Small objects and deltas of them, in families. */
  small: 490_000,
  family: 20,
} as const

/** A pack of 1 GB and 491,401 objects. */
export function makeGigabyte(folder: string): string {
  const { blobs, blobBytes, huge, small, family } = GIGABYTE
  const chance = new Chance(11)
  const noise = chance.bytes(blobBytes)
  let familyAt = 0
  let offset = 12
  return writeEntries(join(folder, 'gigabyte.pack'), small + blobs + 1, (at) => {
    const bytes = ((): Buffer => {
      if (at === small + blobs) return encodeEntry({ kind: BLOB, content: Buffer.alloc(huge, noise) }, 0, 0)
      if (at >= small) {
        noise.writeUInt32BE(at)
        return encodeEntry({ kind: BLOB, content: noise }, 0, 0)
      }
      if (at % family === 0) {
        familyAt = offset
        return encodeEntry({ kind: BLOB, content: smallContent(at) }, 0, 6)
      }
      const baseSize = smallContent(at - (at % family)).length
      const content = encodeDelta(baseSize, [
        { from: 0, size: 150 },
        { add: Buffer.from(`line ${at}\n`) },
        { from: 160, size: 90 },
      ])
      return encodeEntry({ kind: OFS_DELTA, content }, offset - familyAt, 6)
    })()
    offset += bytes.length
    return bytes
  })
}

function smallContent(at: number): Buffer {
  return Buffer.from(`export const name${at} = ${at}\n`.repeat(12))
}

/** Written as it is made: no gigabyte in memory. */
function writeEntries(path: string, count: number, entry: (at: number) => Buffer): string {
  const file = openSync(path, 'w')
  const hash = createHash('sha1')
  const write = (bytes: Buffer): void => {
    hash.update(bytes)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
  }
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1')
  header.writeUInt32BE(count, 8)
  write(header)
  for (let at = 0; at < count; at++) write(entry(at))
  writeSync(file, hash.digest())
  closeSync(file)
  return path
}

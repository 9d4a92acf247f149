/** The files of a folder, or those that a working tree has and no commit, as git would store them. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { objectIdOf, type ObjectFormat } from '../../content/fingerprints/object-key.ts'
import { TEXT_BYTES_MAX } from '../../content/fingerprints/parameters.ts'
import type { Blob, Choice } from './blob.ts'
import { askGit } from './git.ts'
import { isWanted } from './git-blobs.ts'
import type { RepositoryTarget } from './targets.ts'

/** Deeper folders are more than any project has; a file system that goes round in a circle has no end. */
const DEPTH_MAX = 128

/** Paths of the files below, with forward slashes. Links are not followed: what they lead to has its own place. */
export async function* walkFolder(folder: string, under = '', depth = 0): AsyncGenerator<string> {
  if (depth > DEPTH_MAX) return
  for (const entry of await readdir(join(folder, under), { withFileTypes: true })) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`
    if (entry.isDirectory() && entry.name !== '.git') yield* walkFolder(folder, path, depth + 1)
    else if (entry.isFile()) yield path
  }
}

/** What a working tree has that is not in its index of git: changed, or new and not ignored. */
export async function changedPaths({ folder }: RepositoryTarget): Promise<readonly string[]> {
  const words = ['ls-files', '-z', '--modified', '--others', '--exclude-standard', '--deduplicate']
  const paths = (await askGit(folder, words)).toString().split('\0')
  // A repository inside that is no submodule is named as a folder.
  return paths.filter((path) => path !== '' && !path.endsWith('/'))
}

export async function* readFileBlobs(
  folder: string,
  paths: Iterable<string> | AsyncIterable<string>,
  format: ObjectFormat,
  choice: Choice,
): AsyncGenerator<Blob> {
  for await (const path of paths) {
    try {
      const found = await lstat(join(folder, path))
      if (!found.isFile() || !isWanted(path, found.size, choice)) continue
      const blob = await readBlob(join(folder, path), path, found.size, format)
      if (blob === null) choice.passed.unreadable++
      else if (choice.has(blob.objectId)) choice.passed.known++
      else yield blob
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      // What is listed as changed may be deleted; what is not there cannot leave.
      if (error.code !== 'ENOENT') choice.passed.unreadable++
    }
  }
}

/** Null where the file changed while it was read. */
async function readBlob(file: string, path: string, size: number, format: ObjectFormat): Promise<Blob | null> {
  if (size <= TEXT_BYTES_MAX) {
    const bytes = await readFile(file)
    if (bytes.length !== size) return null
    return { path, format, objectId: objectIdOf(format, [bytes]), content: { kind: 'bytes', bytes } }
  }
  const id = createHash(format).update(`blob ${size}\0`)
  const digest = createHash('sha256')
  let left = size
  for await (const chunk of createReadStream(file)) {
    left -= (chunk as Buffer).length
    id.update(chunk as Buffer)
    digest.update(chunk as Buffer)
  }
  if (left !== 0) return null
  return { path, format, objectId: id.digest('hex'), content: { kind: 'digest', digest: digest.digest() } }
}

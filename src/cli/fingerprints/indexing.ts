/** One pass over what is to be indexed: everything that the index does not have yet is added. */
import { join } from 'node:path'
import type { FingerprintIndex } from '../../content/fingerprints/fingerprint-index.ts'
import { IndexBuilder, IndexFull } from '../../content/fingerprints/index-builder.ts'
import type { FingerprintKeys } from '../../content/fingerprints/keys.ts'
import { CommandError } from '../terminal.ts'
import type { Blob, Choice, Passed } from './blob.ts'
import { changedPaths, readFileBlobs, walkFolder } from './file-blobs.ts'
import { readGitBlobs } from './git-blobs.ts'
import type { Target } from './targets.ts'

export interface Indexed extends Passed {
  readonly name: string
  /** Blobs that were added. */
  added: number
}

export interface Pass {
  readonly builder: IndexBuilder
  readonly repositories: readonly Indexed[]
}

export interface PassOptions {
  readonly keys: FingerprintKeys
  readonly base: FingerprintIndex | null
  readonly thirdParty: boolean
  /** Told again and again how many blobs were read so far. */
  progress(name: string, blobs: number): void
}

/** Throws a CommandError where the index is full. */
export async function indexTargets(targets: readonly Target[], options: PassOptions): Promise<Pass> {
  const builder = new IndexBuilder(options.keys, options.base)
  const repositories: Indexed[] = []
  try {
    for (const target of targets) repositories.push(await indexTarget(target, builder, options))
    return { builder, repositories }
  } catch (error) {
    if (error instanceof IndexFull) throw new CommandError(`the index ${error.message}, and takes no more`)
    throw error
  }
}

async function indexTarget(target: Target, builder: IndexBuilder, options: PassOptions): Promise<Indexed> {
  const indexed: Indexed = {
    name: target.name,
    added: 0,
    known: 0,
    trivial: 0,
    thirdParty: 0,
    missing: 0,
    unreadable: 0,
  }
  const choice: Choice = {
    passed: indexed,
    thirdParty: options.thirdParty,
    has: (objectId) => builder.has(objectId),
  }
  const repository = builder.repository(target.name)
  for await (const blob of blobsOf(target, choice)) {
    if (addTo(builder, repository, blob)) indexed.added++
    else indexed.trivial++
    options.progress(target.name, indexed.added + indexed.trivial)
  }
  return indexed
}

async function* blobsOf(target: Target, choice: Choice): AsyncGenerator<Blob> {
  if (target.kind === 'folder') {
    yield* readFileBlobs(target.folder, walkFolder(target.folder), 'sha1', choice)
    return
  }
  yield* readGitBlobs(target, choice)
  if (target.hasTree) yield* readFileBlobs(target.folder, await changedPaths(target), target.format, choice)
  // A commit has only the names of these.
  const lfs = join(target.gitFolder, 'lfs', 'objects')
  yield* readFileBlobs(lfs, existing(lfs), target.format, choice)
}

async function* existing(folder: string): AsyncGenerator<string> {
  try {
    yield* walkFolder(folder)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}

function addTo(builder: IndexBuilder, repository: number, { path, format, objectId, content }: Blob): boolean {
  const blob = { repository, path, format, objectId }
  if (content.kind === 'bytes') return builder.add(blob, content.bytes) !== 'trivial'
  builder.addWhole(blob, content.digest)
  return true
}

/** Waits until what was indexed changes, by asking for its state again and again: no mount and no network tells of all changes. */
import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { changedPaths, walkFolder } from './file-blobs.ts'
import { askGit } from './git.ts'
import type { RepositoryTarget, Target } from './targets.ts'

/** Between two looks. */
const LOOK_INTERVAL_MS = 2_000
/** A look takes no more than a tenth of the time, however large the trees are. */
const REST_FACTOR = 10

/** What refs, changed files and folders are now; the same text while nothing changes. */
export async function stateOfTargets(targets: readonly Target[]): Promise<string> {
  const hash = createHash('sha256')
  for (const target of targets) {
    hash.update(`\0${target.folder}\0`)
    if (target.kind === 'folder') await addFiles(hash.update.bind(hash), target.folder, walkFolder(target.folder))
    else await addRepository(hash.update.bind(hash), target)
  }
  return hash.digest('hex')
}

/** Resolves with the state once it is another than `state`; with null when the signal says that it is enough. */
export async function waitForChange(
  targets: () => Promise<readonly Target[]>,
  state: string,
  signal: AbortSignal,
): Promise<string | null> {
  let restMs = LOOK_INTERVAL_MS
  while (await rest(restMs, signal)) {
    const begun = performance.now()
    const now = await stateOfTargets(await targets())
    if (now !== state) return now
    restMs = Math.max(LOOK_INTERVAL_MS, REST_FACTOR * (performance.now() - begun))
  }
  return null
}

type Take = (text: string) => unknown

async function addRepository(take: Take, target: RepositoryTarget): Promise<void> {
  take((await askGit(target.folder, ['for-each-ref', '--format=%(objectname) %(refname)'])).toString())
  if (!target.hasTree) return
  // HEAD may be detached, on a commit that no ref names.
  take((await askGit(target.folder, ['rev-parse', '--revs-only', 'HEAD'])).toString())
  await addFiles(take, target.folder, await changedPaths(target))
}

async function addFiles(take: Take, folder: string, paths: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const path of paths) {
    try {
      const { mtimeMs, ctimeMs, size, ino } = await lstat(join(folder, path))
      take(`${path}\0${mtimeMs} ${ctimeMs} ${size} ${ino}\0`)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      take(`${path}\0${String(error.code)}\0`)
    }
  }
}

/** False where it was cut short. */
async function rest(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal })
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}

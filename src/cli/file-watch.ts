/**
 * Notices that files changed, by asking for their state again and again: mounts of containers and network file systems tell
 * no watcher, and a configuration that is swapped by a symbolic link tells a watcher of something else.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** How often the files are looked at. */
const LOOK_INTERVAL_MS = 1_000

export interface FileWatch {
  /**
   * Files and folders that are looked at from now on; a folder stands for the names in it. What they were at `readAt` (in
   * milliseconds since the epoch) is not a change: what was written later, while they were being read, is.
   */
  follow(paths: readonly string[], readAt: number): Promise<void>
  stop(): void
}

/** Calls `changed` once what changed has stayed the same for one look: nobody wants half a file. */
export function watchFiles(changed: () => void, intervalMs: number = LOOK_INTERVAL_MS): FileWatch {
  let followed: readonly string[] = []
  let settled = ''
  let pending: string | null = null
  let looking = false
  const look = async (): Promise<void> => {
    if (looking) return
    looking = true
    const seen = await stateOf(followed)
    looking = false
    if (seen === settled) {
      pending = null
      return
    }
    if (seen !== pending) {
      pending = seen
      return
    }
    settled = seen
    pending = null
    changed()
  }
  const timer = setInterval(() => void look(), intervalMs)
  timer.unref()
  return {
    async follow(paths, readAt) {
      followed = [...paths]
      const changes = await Promise.all(followed.map(changedAt))
      settled = changes.some((at) => at > readAt) ? UNREAD : await stateOf(followed)
      pending = null
    },
    stop: () => clearInterval(timer),
  }
}

/** The state of files of which nobody knows what was read. */
const UNREAD = 'unread'

async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).ctimeMs
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 0
    throw error
  }
}

async function stateOf(paths: readonly string[]): Promise<string> {
  const states = await Promise.all(paths.map(stateOfPath))
  return states.join('\n')
}

async function stateOfPath(path: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino, mode } = await stat(path)
    const names = (mode & 0o170000) === 0o040000 ? await stateOf(await namesIn(path)) : ''
    return [path, mtimeMs, ctimeMs, size, ino, mode, names].join(' ')
  } catch (error) {
    // A file that is away, or may not be read, is a state like any other: that it comes back is the change.
    return `${path} ${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'}`
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder)
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name))
}

/** What this process has open in a folder, as the kernel names it: a file without a name says `(deleted)`. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export function openFilesIn(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    const path = readLink(`/proc/self/fd/${descriptor}`)
    return path?.startsWith(`${folder}/`) ? [path] : []
  })
}

/** The content of each of those files, as it lies on the disk. */
export function readOpenFilesIn(folder: string): Buffer[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    const path = `/proc/self/fd/${descriptor}`
    return readLink(path)?.startsWith(`${folder}/`) === true ? [readFileSync(path)] : []
  })
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch (error) {
    // The listing has a descriptor of its own, which is closed by now.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The files that a policy is made of: one file, or a folder's own `*.yaml` in the order of their names. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type PolicyFile, policyFilesMax } from '../policy/source.ts'
import { yamlBytesMax } from '../text/yaml.ts'
import { FileProblem, readTextFile } from './text-file.ts'

/** All files of one policy together; a hundred thousand rules are some 15 MiB. */
export const policyBytesMax = 24 * 1024 * 1024

/** Throws a FileProblem where there is nothing to read, or too much. */
export async function readPolicyFiles(path: string): Promise<readonly PolicyFile[]> {
  const files: PolicyFile[] = []
  let bytesLeft = policyBytesMax
  for (const file of await namesAt(path)) {
    const text = await readTextFile(file, yamlBytesMax, { pipe: file === path })
    bytesLeft -= Buffer.byteLength(text)
    if (bytesLeft < 0) {
      const message = `${path}: its files are larger than ${policyBytesMax / 1024 / 1024} MiB together`
      throw new FileProblem(message, { mistaken: false })
    }
    files.push({ file, text })
  }
  return files
}

async function namesAt(path: string): Promise<readonly string[]> {
  if (!(await isFolder(path))) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  // An editor's leavings are hidden files, and `*.test.yaml` holds cases for the policy beside it.
  const own = names.filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml') && !name.startsWith('.'))
  if (own.length === 0) {
    throw new FileProblem(`${path}: the folder has no policy: no file in it ends in .yaml`, { mistaken: true })
  }
  if (own.length > policyFilesMax) {
    throw new FileProblem(`${path}: the folder has more than ${policyFilesMax} policy files`, { mistaken: false })
  }
  return own.sort().map((name) => join(path, name))
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    // Reading it says better what is wrong with it.
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

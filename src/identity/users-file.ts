/** The file of users on disk: read within bounds, refused where others may write it, and the last good one kept. */
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { isUtf8 } from 'node:buffer'
import { hasErrors, type Problem } from '../text/problem.ts'
import { HTPASSWD_BYTES_MAX } from './htpasswd.ts'
import { createUsers, type Users, type UsersOptions } from './users.ts'

export interface UsersFile {
  readonly users: Users
  /** Reads the file again. With an error among the problems, the users stay those of the last good reading. */
  reload(): Promise<readonly Problem[]>
}

/** Reads `options.file` for the first time. With an error among the problems there are no users, and nobody is known. */
export async function openUsersFile(
  options: UsersOptions,
): Promise<{ readonly file: UsersFile; readonly problems: readonly Problem[] }> {
  const users = createUsers(options)
  const readAgain = async (): Promise<readonly Problem[]> => {
    const { text, problems } = await readUsersFile(options.file)
    return text === null ? problems : [...problems, ...users.reload(text)]
  }
  let latest: Promise<readonly Problem[]> = Promise.resolve([])
  const reload = (): Promise<readonly Problem[]> => {
    // One after the other: an earlier reading that ends late must not replace a later one.
    latest = latest.then(readAgain, readAgain)
    return latest
  }
  return { file: { users, reload }, problems: await reload() }
}

interface Reading {
  /** Null with at least one error. */
  readonly text: string | null
  readonly problems: readonly Problem[]
}

async function readUsersFile(file: string): Promise<Reading> {
  try {
    // Without waiting: a pipe that nobody writes to would hold the start, and then be refused anyway.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
    return await readHandle(file, handle)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return failed(file, REASONS[String(error.code)] ?? `the file cannot be read (${String(error.code)})`)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'the file may not be read by this user',
}

async function readHandle(file: string, handle: FileHandle): Promise<Reading> {
  // Asked of the open file: the name may lead to another one a moment later.
  const stat = await handle.stat()
  if (!stat.isFile()) return failed(file, 'this is not a regular file')
  const permissions = problemsOf(file, stat.mode)
  if (hasErrors(permissions)) return { text: null, problems: permissions }
  const buffer = Buffer.alloc(HTPASSWD_BYTES_MAX + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length)
    length += bytesRead
    if (bytesRead === 0 || length === buffer.length) break
  }
  if (length > HTPASSWD_BYTES_MAX)
    return failed(file, `the file is larger than ${HTPASSWD_BYTES_MAX / 1024 / 1024} MiB`)
  const bytes = buffer.subarray(0, length)
  if (!isUtf8(bytes)) return failed(file, 'the file is not text in UTF-8')
  return { text: bytes.toString('utf8'), problems: permissions }
}

/** Who may write the file can be anybody; who may read it can try passwords on its hashes at home. */
function problemsOf(file: string, mode: number): readonly Problem[] {
  const place = { file, line: 1, column: 1, hint: `chmod 600 ${file}` }
  if (mode & 0o002) return [{ ...place, severity: 'error', message: 'everybody on this machine may write the file' }]
  if (mode & 0o020) return [{ ...place, severity: 'warning', message: 'the group of the file may write it' }]
  if (mode & 0o044) return [{ ...place, severity: 'warning', message: 'others than its owner may read the file' }]
  return []
}

function failed(file: string, message: string): Reading {
  return { text: null, problems: [{ severity: 'error', file, line: 1, column: 1, message }] }
}

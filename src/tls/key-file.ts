/** Files of certificates and keys on disk: written whole or not at all, and read only where a key is kept private. */
import { randomBytes } from 'node:crypto'
import { link, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Blame } from './authority-problem.ts'

const FILE_BYTES_MAX = 65_536
export const DIRECTORY_MODE = 0o700
export const CERTIFICATE_MODE = 0o644
export const KEY_MODE = 0o600

const GROUP_AND_OTHERS = 0o077

/** `public` may be open to all; of `secret`, only its owner may have a right to it. */
export type Privacy = 'public' | 'secret'

/**
 * Reads a file of at most 64 KiB. Mode and bytes are those of one open file, not of a name looked up twice. Throws what `blame`
 * makes; `missing` says what to do where there is no such file.
 */
export async function readKeyFile(
  file: string,
  privacy: Privacy,
  blame: Blame,
  missing = 'there is no such file',
): Promise<Buffer> {
  const fault = await read(file, privacy).catch((cause: unknown) => {
    throw codeOf(cause) === 'ENOENT' ? blame(missing, cause) : blame(`cannot be read (${codeOf(cause)})`, cause)
  })
  if (typeof fault === 'string') throw blame(fault)
  return fault
}

/** The bytes, or what is wrong with the file. */
async function read(file: string, privacy: Privacy): Promise<Buffer | string> {
  await using handle = await open(file, 'r')
  const { mode, size } = await handle.stat()
  if (privacy === 'secret' && (mode & GROUP_AND_OTHERS) !== 0) return exposed(file, mode)
  if (size > FILE_BYTES_MAX) return `is larger than ${FILE_BYTES_MAX} bytes`
  return await handle.readFile()
}

/**
 * Makes `file` appear with all of its text. A hard link instead of a rename, because it never replaces what is there.
 * The text is on disk before the name is, and the name before this resolves.
 */
export async function placeFile(file: string, text: string, mode: number, blame: Blame): Promise<void> {
  const temporary = `${file}.${randomBytes(8).toString('hex')}.tmp`
  try {
    await writeSynced(temporary, text, mode)
    await link(temporary, file)
  } catch (cause) {
    throw codeOf(cause) === 'EEXIST'
      ? blame('there is one already; if an earlier `weir ca init` was cut short, remove it', cause)
      : blame(`cannot be written (${codeOf(cause)})`, cause)
  } finally {
    await rm(temporary, { force: true })
  }
  await syncDirectory(dirname(file))
}

/** Writes a new file through to the disk, with this mode whatever the umask. */
export async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  await using handle = await open(file, 'wx', mode)
  await handle.chmod(mode)
  await handle.writeFile(text)
  await handle.sync()
}

export async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, 'r')
  await handle.sync()
}

/** Whether the name leads to a file; throws what `blame` makes where that cannot be told. */
export async function exists(file: string, blame: Blame): Promise<boolean> {
  try {
    await stat(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw blame(`cannot be looked up (${codeOf(error)})`, error)
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function exposed(file: string, mode: number): string {
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  return `others than its owner may open this secret (mode ${octal}); run \`chmod 600 ${file}\`, and if they may have read it, make a new one`
}

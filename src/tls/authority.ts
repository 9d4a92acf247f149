/** The inspection CA on disk: written once, whole or not at all, and read back only where its key is kept private. */
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Authority,
  type AuthorityFiles,
  type AuthorityOptions,
  generateAuthority,
  parseAuthorityPem,
} from './authority-pem.ts'
import { AuthorityProblem } from './authority-problem.ts'

export type { Authority } from './authority-pem.ts'

const FILE_BYTES_MAX = 65_536
const DIRECTORY_MODE = 0o700
const CERTIFICATE_MODE = 0o644
const KEY_MODE = 0o600
const GROUP_AND_OTHERS = 0o077

/**
 * Makes a CA in `directory` (created, private, where it is missing): `ca.pem` and `ca-key.pem`. Throws an
 * AuthorityProblem where there is one already, a RangeError for options out of bounds.
 */
export async function createAuthority(directory: string, options: AuthorityOptions): Promise<Authority> {
  const files = filesIn(directory)
  const text = generateAuthority(options)
  await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE })
  if (await exists(files.certificate)) {
    throw new AuthorityProblem(files.certificate, 'there is a CA already; move it away first if it is to be replaced')
  }
  // The key first: whoever owns that name owns the right to write the certificate, so that of two calls at once one wins.
  await place(directory, files.key, text.keyPem, KEY_MODE)
  try {
    await place(directory, files.certificate, text.certificatePem, CERTIFICATE_MODE)
  } catch (error) {
    await rm(files.key, { force: true })
    throw error
  }
  return loadAuthority(directory, options.now)
}

/** Reads the CA in `directory`; throws an AuthorityProblem. `now` in milliseconds since the epoch. */
export async function loadAuthority(directory: string, now: number): Promise<Authority> {
  const files = filesIn(directory)
  const certificatePem = await readBounded(files.certificate, 0)
  const keyPem = await readBounded(files.key, GROUP_AND_OTHERS)
  return parseAuthorityPem({ certificatePem, keyPem }, files, now)
}

function filesIn(directory: string): AuthorityFiles {
  return { certificate: join(directory, 'ca.pem'), key: join(directory, 'ca-key.pem') }
}

/**
 * Makes `file` appear with all of its text. A hard link instead of a rename, because it never replaces what is there.
 * The text is on disk before the name is, and the name before this resolves.
 */
async function place(directory: string, file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(8).toString('hex')}.tmp`
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.chmod(mode)
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(temporary, file)
  } catch (cause) {
    throw codeOf(cause) === 'EEXIST'
      ? new AuthorityProblem(file, 'there is one already; if an earlier `weir ca init` was cut short, remove it', cause)
      : new AuthorityProblem(file, `cannot be written (${codeOf(cause)})`, cause)
  } finally {
    await rm(temporary, { force: true })
  }
  await syncDirectory(directory)
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Reads a file none of whose mode bits is in `forbidden`: mode and text of one open file, not of a name twice looked up. */
async function readBounded(file: string, forbidden: number): Promise<string> {
  try {
    const handle = await open(file, 'r')
    try {
      const { mode, size } = await handle.stat()
      if ((mode & forbidden) !== 0) throw new AuthorityProblem(file, exposed(file, mode))
      if (size > FILE_BYTES_MAX) throw new AuthorityProblem(file, `is larger than ${FILE_BYTES_MAX} bytes`)
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if (cause instanceof AuthorityProblem) throw cause
    throw codeOf(cause) === 'ENOENT'
      ? new AuthorityProblem(file, 'is missing; make a CA with `weir ca init`', cause)
      : new AuthorityProblem(file, `cannot be read (${codeOf(cause)})`, cause)
  }
}

function exposed(file: string, mode: number): string {
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  return `others than its owner may open this private key (mode ${octal}); run \`chmod 600 ${file}\`, and if they may have read it, make a new CA`
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw new AuthorityProblem(file, `cannot be looked up (${codeOf(error)})`, error)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

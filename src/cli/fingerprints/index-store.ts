/** The file of an index and the file of its key: found, made, and replaced as a whole. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FingerprintIndex, loadFingerprints } from '../../content/fingerprints/fingerprint-index.ts'
import { KEY_BYTES } from '../../content/fingerprints/keys.ts'
import { codeOf, DIRECTORY_MODE, exists, KEY_MODE, placeFile, readKeyFile, syncDirectory } from '../../tls/key-file.ts'
import { CommandError } from '../terminal.ts'

/** What stands in the file of a key: so many bytes in hexadecimal, on a line. */
const KEY_TEXT = /^[0-9a-f]{64}\s*$/

const INDEX_ENDING = '.idx'
const KEY_ENDING = '.key'

/** Where the key of an index lies that nobody named another file for: beside it. */
export function keyFileOf(file: string): string {
  return `${file.endsWith(INDEX_ENDING) ? file.slice(0, -INDEX_ENDING.length) : file}${KEY_ENDING}`
}

/** The bytes of the key; they are made where there is no file yet. Throws a CommandError. */
export async function openKey(file: string): Promise<Buffer> {
  const blame = blameOf(file)
  if (!(await exists(file, blame))) {
    await makeFolder(file)
    await placeFile(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`, KEY_MODE, blame)
  }
  return readKey(file)
}

/** Throws a CommandError, also where there is none. */
export async function readKey(file: string): Promise<Buffer> {
  const blame = blameOf(file)
  const text = (await readKeyFile(file, 'secret', blame)).toString('latin1')
  if (!KEY_TEXT.test(text)) throw blame('is no key of fingerprints: 64 hexadecimal digits')
  return Buffer.from(text.trim(), 'hex')
}

function blameOf(file: string): (reason: string, cause?: unknown) => Error {
  return (reason, cause) => new CommandError(`${file}: ${reason}`, { cause })
}

/** An index as it was read, and what its file was then. */
export interface StoredIndex {
  readonly index: FingerprintIndex | null
  readonly state: string
}

/** Null for a file that is not there. Throws a CommandError where it cannot be read, is damaged, or of another key. */
export async function openIndex(file: string, key: Uint8Array): Promise<StoredIndex> {
  const state = await stateOf(file)
  if (state === ABSENT) return { index: null, state }
  const loaded = loadFingerprints(await read(file), key)
  if (loaded instanceof FingerprintIndex) return { index: loaded, state }
  throw new CommandError(`${file}: ${loaded.problem}`)
}

/** Puts the bytes in place at once, if the file is still what it was. Returns what it is then. */
export async function replaceIndex(file: string, bytes: Uint8Array, state: string): Promise<string> {
  await makeFolder(file)
  const temporary = `${file}.${randomBytes(8).toString('hex')}.tmp`
  try {
    await writeThrough(temporary, bytes)
    if ((await stateOf(file)) !== state) {
      throw new CommandError(`${file}: was replaced by somebody else meanwhile; run this again`)
    }
    await rename(temporary, file)
    await syncDirectory(dirname(file))
    return await stateOf(file)
  } catch (cause) {
    if (cause instanceof CommandError) throw cause
    throw new CommandError(`${file}: cannot be written (${codeOf(cause)})`, { cause })
  } finally {
    await rm(temporary, { force: true })
  }
}

const ABSENT = 'absent'

export async function stateOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file)
    return [ino, size, mtimeMs].join(' ')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return ABSENT
    throw new CommandError(`${file}: cannot be looked up (${codeOf(cause)})`, { cause })
  }
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new CommandError(`${file}: cannot be read (${codeOf(cause)})`, { cause })
  }
}

async function writeThrough(file: string, bytes: Uint8Array): Promise<void> {
  await using handle = await open(file, 'wx', KEY_MODE)
  await handle.writeFile(bytes)
  await handle.sync()
}

async function makeFolder(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: DIRECTORY_MODE })
  } catch (cause) {
    throw new CommandError(`${dirname(file)}: cannot be made (${codeOf(cause)})`, { cause })
  }
}

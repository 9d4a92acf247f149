/** Reads text files that a person named: bounded, and with words for what is wrong with them. */
import { constants, createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** Why a file was not read, as a sentence that begins with its path. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem'
  /** There is no such file, or it is not a file: the one who named it was mistaken. */
  readonly mistaken: boolean

  constructor(message: string, options: { readonly mistaken: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause })
    this.mistaken = options.mistaken
  }
}

export interface ReadOptions {
  /** Whether a pipe is waited for, as one that a person named; one that was merely found has perhaps no writer, for ever. */
  readonly pipe?: boolean
}

/** The text of a file of at most `bytesMax` bytes of UTF-8. Throws a FileProblem. */
export async function readTextFile(path: string, bytesMax: number, { pipe = true }: ReadOptions = {}): Promise<string> {
  try {
    // Opened so, a pipe does not wait for its writer.
    await using handle = await open(path, pipe ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK)
    const found = await handle.stat()
    if (found.isDirectory()) throw new FileProblem(`${path}: is a folder, not a file`, { mistaken: true })
    if (!pipe && !found.isFile())
      throw new FileProblem(`${path}: is a pipe or a device, not a file`, { mistaken: true })
    const chunks: Buffer[] = []
    // A pipe announces no size, and a file may grow: one byte past the bound is asked for, and tells.
    for await (const chunk of handle.createReadStream({ end: bytesMax, autoClose: false })) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    if (bytes.length > bytesMax) throw new FileProblem(`${path}: is larger than ${bytesMax} bytes`, { mistaken: false })
    return decode(path, bytes)
  } catch (cause) {
    throw problemOf(path, cause)
  }
}

/** The bytes of a file as they come, however many; a pipe is waited for. Throws a FileProblem. */
export async function* streamFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Buffer
  } catch (cause) {
    throw problemOf(path, cause)
  }
}

function problemOf(path: string, cause: unknown): unknown {
  if (cause instanceof FileProblem || !(cause instanceof Error && 'code' in cause)) return cause
  const reason = REASONS[String(cause.code)] ?? `cannot be read (${String(cause.code)})`
  return new FileProblem(`${path}: ${reason}`, {
    mistaken: MISTAKES.has(String(cause.code)),
    cause,
  })
}

const MISTAKES: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR'])

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a folder, not a file',
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new FileProblem(`${path}: is not text in UTF-8`, { mistaken: false, cause })
  }
}

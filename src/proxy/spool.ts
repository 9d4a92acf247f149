/** Holds the bytes of an upload until its verdict: in memory first, then enciphered in a spool file that has no name any more. */
import { type Cipheriv, createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** One read of a spool file when it is released. */
const READ_BYTES = 64 * 1024
/** AES-256 in counter mode: what is written is read back in order by the same process, and nobody else ever needs it. */
const CIPHER = 'aes-256-ctr'
/** A key of this process alone: whoever takes the disk, swap of the disk cache included, reads nothing of an upload. */
const KEY = randomBytes(32)
const COUNTER_BYTES = 16
/** The memory of a hold begins with this much and doubles. */
const MEMORY_BYTES_MIN = 4 * 1024
const EMPTY = Buffer.alloc(0)

export interface SpoolLimits {
  /** One held upload, in bytes. */
  readonly heldBytesMax: number
  /** Of it in memory; the rest goes to the spool file. */
  readonly heldMemoryBytesMax: number
  /** All held uploads together in memory; past it they go to their spool files. */
  readonly heldMemoryTotalBytesMax: number
  /** All spool files together. */
  readonly spoolBytesMax: number
  /** All spool files of one client. */
  readonly spoolBytesPerClientMax: number
}

/** Counts what all holds together keep in memory and on disk, on disk also by client. */
export class SpoolQuota {
  readonly limits: SpoolLimits
  /** Where spool files are made. */
  readonly directory: string
  #memoryBytes = 0
  #bytes = 0
  readonly #byClient = new Map<string, number>()

  constructor(limits: SpoolLimits, directory: string) {
    this.limits = limits
    this.directory = directory
  }

  takeMemory(bytes: number): boolean {
    if (!(this.#memoryBytes + bytes <= this.limits.heldMemoryTotalBytesMax)) return false
    this.#memoryBytes += bytes
    return true
  }

  giveBackMemory(bytes: number): void {
    this.#memoryBytes -= bytes
  }

  take(client: string, bytes: number): boolean {
    const mine = this.#byClient.get(client) ?? 0
    if (this.#bytes + bytes > this.limits.spoolBytesMax || mine + bytes > this.limits.spoolBytesPerClientMax)
      return false
    this.#bytes += bytes
    this.#byClient.set(client, mine + bytes)
    return true
  }

  giveBack(client: string, bytes: number): void {
    if (bytes === 0) return
    this.#bytes -= bytes
    const rest = (this.#byClient.get(client) ?? 0) - bytes
    if (rest <= 0) this.#byClient.delete(client)
    else this.#byClient.set(client, rest)
  }

  /** On disk. */
  get bytes(): number {
    return this.#bytes
  }

  get memoryBytes(): number {
    return this.#memoryBytes
  }
}

/** One held upload. `release` or `discard` ends it; both leave nothing behind. */
export class Hold {
  bytes = 0
  readonly #quota: SpoolQuota
  readonly #client: string
  /** Twice as large as what is in it, at most: a million chunks of one byte must not cost a million buffers. */
  #memory = EMPTY
  #memoryBytes = 0
  #file: SpoolFile | null = null
  #fileBytes = 0
  #ended = false

  constructor(quota: SpoolQuota, client: string) {
    this.#quota = quota
    this.#client = client
  }

  /** False when a limit is passed: the chunk is not kept, and the upload can no longer be released whole. */
  async add(chunk: Buffer): Promise<boolean> {
    this.#assertLive()
    if (this.bytes + chunk.length > this.#quota.limits.heldBytesMax) return false
    if (this.#addToMemory(chunk)) return true
    if (!this.#quota.take(this.#client, chunk.length)) return false
    this.#fileBytes += chunk.length
    this.#file ??= await openSpoolFile(this.#quota.directory)
    await writeWhole(this.#file.handle, this.#file.cipher.update(chunk))
    this.bytes += chunk.length
    return true
  }

  /** What was held, in order; afterwards the hold is empty. Throws where it was discarded before or meanwhile. */
  async *release(): AsyncGenerator<Buffer> {
    this.#assertLive()
    try {
      const [memory, file, fileBytes] = [this.#memory.subarray(0, this.#memoryBytes), this.#file, this.#fileBytes]
      if (memory.length > 0) yield memory
      if (file === null) return
      const decipher = createDecipheriv(CIPHER, KEY, file.counter)
      let at = 0
      while (at < fileBytes) {
        this.#assertLive()
        const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, fileBytes - at))
        const { bytesRead } = await file.handle.read(buffer, 0, buffer.length, at)
        if (bytesRead === 0) throw new Error('the spool file is shorter than what was written to it')
        at += bytesRead
        yield decipher.update(buffer.subarray(0, bytesRead))
      }
    } finally {
      await this.discard()
    }
  }

  async discard(): Promise<void> {
    this.#ended = true
    this.#quota.giveBackMemory(this.#memoryBytes)
    this.#memory = EMPTY
    this.#memoryBytes = 0
    const file = this.#file
    this.#file = null
    this.#quota.giveBack(this.#client, this.#fileBytes)
    this.#fileBytes = 0
    await file?.handle.close()
  }

  // What follows a hold in a body must never be sent behind half of it.
  #assertLive(): void {
    if (this.#ended) throw new Error('the hold has ended')
  }

  #addToMemory(chunk: Buffer): boolean {
    const size = this.#memoryBytes + chunk.length
    if (this.#file !== null || size > this.#quota.limits.heldMemoryBytesMax) return false
    if (!this.#quota.takeMemory(chunk.length)) return false
    if (size > this.#memory.length) {
      const grown = Buffer.allocUnsafe(Math.max(MEMORY_BYTES_MIN, size, this.#memory.length * 2))
      this.#memory.copy(grown, 0, 0, this.#memoryBytes)
      this.#memory = grown
    }
    chunk.copy(this.#memory, this.#memoryBytes)
    this.#memoryBytes = size
    this.bytes += chunk.length
    return true
  }
}

interface SpoolFile {
  readonly handle: FileHandle
  readonly cipher: Cipheriv
  /** Drawn anew for each file: no two files share a stretch of the key stream. */
  readonly counter: Buffer
}

// Unlinked at once: whatever ends the process, no part of an upload stays on the disk under a name.
async function openSpoolFile(directory: string): Promise<SpoolFile> {
  const path = join(directory, `held-${randomUUID()}`)
  const handle = await open(path, 'wx+', 0o600)
  await unlink(path)
  const counter = randomBytes(COUNTER_BYTES)
  return { handle, counter, cipher: createCipheriv(CIPHER, KEY, counter) }
}

async function writeWhole(file: FileHandle, chunk: Buffer): Promise<void> {
  let at = 0
  while (at < chunk.length) at += (await file.write(chunk, at)).bytesWritten
}

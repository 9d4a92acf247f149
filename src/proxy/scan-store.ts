/** Bytes that a scan has to read twice: the first in memory, the rest enciphered in a file that has no name any more. */
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { giveBack } from '../wire/give-back.ts'

/** AES-256 in counter mode: any stretch is deciphered alone. */
const CIPHER = 'aes-256-ctr'
const BLOCK_BYTES = 16
/** Of one store in memory. */
const MEMORY_BYTES_MAX = 4 * 1024 * 1024

export interface ScanStoreOptions {
  /** Where the file is made. */
  readonly directory: string
  readonly bytesMax: number
  readonly memoryBytesMax?: number
}

export class ScanStore {
  #bytes = 0
  readonly #directory: string
  readonly #bytesMax: number
  readonly #memoryBytesMax: number
  /** Of this store alone, and never written anywhere. */
  readonly #key = randomBytes(32)
  /** The first bytes. */
  #memory = Buffer.from(new ArrayBuffer(0))
  #memoryBytes = 0
  /** The last ones, in blocks that are not whole yet. */
  #tail = Buffer.alloc(0)
  /** In the file, which begins behind what is in memory. */
  #fileBytes = 0
  #file: number | null = null

  constructor({ directory, bytesMax, memoryBytesMax = MEMORY_BYTES_MAX }: ScanStoreOptions) {
    this.#directory = directory
    this.#bytesMax = bytesMax
    this.#memoryBytesMax = memoryBytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Throws past `bytesMax`, and where the disk takes no more. */
  append(bytes: Uint8Array): void {
    if (this.#bytes + bytes.length > this.#bytesMax) throw new Error('it is larger than may be looked at')
    this.#bytes += bytes.length
    const kept = bytes.subarray(0, this.#memoryBytesMax - this.#memoryBytes)
    this.#remember(kept)
    if (kept.length < bytes.length) this.#write(bytes.subarray(kept.length))
  }

  /** The bytes from `offset` on, as many as `length` and as there are. Not to be kept: the next call may change them. */
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.#bytes)
    if (offset >= end) return new Uint8Array()
    if (end <= this.#memoryBytes) return this.#memory.subarray(offset, end)
    const fileFrom = Math.max(0, offset - this.#memoryBytes)
    const fileTo = end - this.#memoryBytes
    const inFile = this.#readFile(fileFrom, fileTo)
    return offset >= this.#memoryBytes
      ? inFile
      : Buffer.concat([this.#memory.subarray(offset, this.#memoryBytes), inFile])
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
    giveBack(this.#memory)
    this.#memoryBytes = 0
    this.#bytes = 0
  }

  #remember(bytes: Uint8Array): void {
    const size = this.#memoryBytes + bytes.length
    if (size > this.#memory.length) {
      // One of its own: of the pool of Node nothing could be given back.
      const room = Math.min(this.#memoryBytesMax, Math.max(size, 2 * this.#memory.length))
      const grown = Buffer.from(new ArrayBuffer(room))
      this.#memory.copy(grown, 0, 0, this.#memoryBytes)
      giveBack(this.#memory)
      this.#memory = grown
    }
    this.#memory.set(bytes, this.#memoryBytes)
    this.#memoryBytes = size
  }

  #write(bytes: Uint8Array): void {
    const file = this.#open()
    const waiting = Buffer.concat([this.#tail, bytes])
    const whole = waiting.length - (waiting.length % BLOCK_BYTES)
    const cipher = createCipheriv(CIPHER, this.#key, counterAt(this.#fileBytes))
    const out = cipher.update(waiting.subarray(0, whole))
    for (let at = 0; at < out.length; ) at += writeSync(file, out, at, out.length - at, this.#fileBytes + at)
    this.#fileBytes += whole
    this.#tail = Buffer.from(waiting.subarray(whole))
  }

  #readFile(from: number, to: number): Buffer {
    const tail = this.#tail.subarray(Math.max(0, from - this.#fileBytes), Math.max(0, to - this.#fileBytes))
    const end = Math.min(to, this.#fileBytes)
    if (this.#file === null || from >= end) return tail
    // The cipher goes by blocks.
    const start = from - (from % BLOCK_BYTES)
    const buffer = Buffer.allocUnsafe(end - start)
    for (let at = 0; at < buffer.length; ) {
      const bytesRead = readSync(this.#file, buffer, at, buffer.length - at, start + at)
      if (bytesRead === 0) throw new Error('the file of a scan is shorter than what was written to it')
      at += bytesRead
    }
    const clear = createDecipheriv(CIPHER, this.#key, counterAt(start))
      .update(buffer)
      .subarray(from - start)
    return tail.length === 0 ? clear : Buffer.concat([clear, tail])
  }

  #open(): number {
    if (this.#file !== null) return this.#file
    const path = join(this.#directory, `scan-${randomUUID()}`)
    this.#file = openSync(path, 'wx+', 0o600)
    // Whatever ends the process, nothing stays on the disk under a name.
    unlinkSync(path)
    return this.#file
  }
}

/** The counter of the block at `offset`: each store has a key of its own, so that it may count from 0. */
function counterAt(offset: number): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES)
  counter.writeBigUInt64BE(BigInt(offset / BLOCK_BYTES), BLOCK_BYTES - 8)
  return counter
}

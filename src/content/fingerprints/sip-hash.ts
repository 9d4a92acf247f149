/** SipHash-2-4 (Aumasson and Bernstein, 2012) in 32-bit halves: without its key, what it made tells nothing of what went in. */

/** Four words of 32 bits, the low half of each 64 first. */
export type SipKey = Int32Array

export const SIP_KEY_BYTES = 16

export function sipKey(bytes: Uint8Array): SipKey {
  return Int32Array.from({ length: SIP_KEY_BYTES / 4 }, (_, at) => wordAt(bytes, at * 4))
}

/** Hashes of one key. The 64 bits of the last one stand in `high` and `low`, unsigned: no object is made for each. */
export class SipHash {
  high = 0
  low = 0
  readonly #key: SipKey
  readonly #pair = new Int32Array(4)

  constructor(key: SipKey) {
    this.#key = key
  }

  /** Of the 8 bytes of two words. */
  hashPair(low: number, high: number): void {
    this.#pair[0] = low
    this.#pair[1] = high
    this.#pair[3] = 8 << 24
    this.#hash(this.#pair)
  }

  hashBytes(bytes: Uint8Array): void {
    const blocks = Math.floor(bytes.length / 8) + 1
    const words = new Int32Array(blocks * 2)
    for (let at = 0; at < words.length; at++) words[at] = wordAt(bytes, at * 4)
    words[words.length - 1] = (words[words.length - 1] ?? 0) | (bytes.length << 24)
    this.#hash(words)
  }

  /** `message` ends with its length in the last byte. */
  #hash(message: Int32Array): void {
    const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = this.#key
    // Each v is a number of 64 bits: a its low half, b its high one.
    let a0 = k0 ^ 0x70736575
    let b0 = k1 ^ 0x736f6d65
    let a1 = k2 ^ 0x6e646f6d
    let b1 = k3 ^ 0x646f7261
    let a2 = k0 ^ 0x6e657261
    let b2 = k1 ^ 0x6c796765
    let a3 = k2 ^ 0x79746573
    let b3 = k3 ^ 0x74656462
    const blocks = message.length
    for (let at = 0; at <= blocks; at += 2) {
      const isEnd = at === blocks
      const m0 = isEnd ? 0 : (message[at] ?? 0)
      const m1 = isEnd ? 0 : (message[at + 1] ?? 0)
      a3 ^= m0
      b3 ^= m1
      if (isEnd) a2 ^= 0xff
      for (let round = isEnd ? 4 : 2; round > 0; round--) {
        let t = 0
        t = (a0 + a1) | 0
        b0 = (b0 + b1 + (t >>> 0 < a1 >>> 0 ? 1 : 0)) | 0
        a0 = t
        t = (a2 + a3) | 0
        b2 = (b2 + b3 + (t >>> 0 < a3 >>> 0 ? 1 : 0)) | 0
        a2 = t
        t = ((a1 << 13) | (b1 >>> 19)) ^ a0
        b1 = ((b1 << 13) | (a1 >>> 19)) ^ b0
        a1 = t
        t = ((a3 << 16) | (b3 >>> 16)) ^ a2
        b3 = ((b3 << 16) | (a3 >>> 16)) ^ b2
        a3 = t
        t = (b0 + a3) | 0
        b0 = (a0 + b3 + (t >>> 0 < a3 >>> 0 ? 1 : 0)) | 0
        a0 = t
        t = (a2 + a1) | 0
        b2 = (b2 + b1 + (t >>> 0 < a1 >>> 0 ? 1 : 0)) | 0
        a2 = t
        t = ((a1 << 17) | (b1 >>> 15)) ^ a2
        b1 = ((b1 << 17) | (a1 >>> 15)) ^ b2
        a1 = t
        t = ((a3 << 21) | (b3 >>> 11)) ^ a0
        b3 = ((b3 << 21) | (a3 >>> 11)) ^ b0
        a3 = t
        t = a2
        a2 = b2
        b2 = t
      }
      a0 ^= m0
      b0 ^= m1
    }
    this.low = (a0 ^ a1 ^ a2 ^ a3) >>> 0
    this.high = (b0 ^ b1 ^ b2 ^ b3) >>> 0
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

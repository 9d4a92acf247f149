/** One secret key in, and a key of its own for each thing that is hashed: none of them tells another. */
import { createHmac } from 'node:crypto'
import { SIP_KEY_BYTES, type SipKey, sipKey } from './sip-hash.ts'

export const KEY_BYTES = 32

export interface FingerprintKeys {
  /** Says which key an index was made with, and nothing of the key. */
  readonly id: string
  /** Of the HMAC over the file. */
  readonly seal: Buffer
  readonly objects: SipKey
  readonly grams: SipKey
  readonly paths: SipKey
  /**
   * Seeds and factors of the hash that chooses the grams. Its values are never stored; were it the same everywhere, whoever
   * knows Weir could edit just the words that it chooses.
   */
  readonly words: Int32Array
}

const WORD_SEEDS = 8

export function deriveKeys(key: Uint8Array): FingerprintKeys {
  const derive = (label: string): Buffer => createHmac('sha256', key).update(`weir fingerprints 1: ${label}`).digest()
  const sip = (label: string): SipKey => sipKey(derive(label).subarray(0, SIP_KEY_BYTES))
  const seeds = derive('words')
  return {
    id: derive('id').toString('hex', 0, 8),
    seal: derive('seal'),
    objects: sip('objects'),
    grams: sip('grams'),
    paths: sip('paths'),
    words: Int32Array.from({ length: WORD_SEEDS }, (_, at) => seeds.readInt32LE(at * 4)),
  }
}

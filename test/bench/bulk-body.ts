/** Bodies of any length from a seed: the same bytes in every run, and nothing in them that compresses. */
import { createCipheriv } from 'node:crypto'
import { once } from 'node:events'
import type { Writable } from 'node:stream'

const blockBytes = 65_536
const SEED = Buffer.from('weir bench seed 1'.slice(0, 16))

const block = createCipheriv('aes-128-ctr', SEED, Buffer.alloc(16)).update(Buffer.alloc(blockBytes))

/** Writes `bytes` bytes and ends the stream, at the pace of the receiver. */
export async function sendBody(to: Writable, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= blockBytes) {
    if (!to.write(left < blockBytes ? block.subarray(0, left) : block)) await once(to, 'drain')
  }
  to.end()
}

/** The head of a git push as its bytes come: everything before the pack in a receive-pack body (gitprotocol-pack). */

import { bad, MORE, type Parse } from './parse.ts'
import { parsePktLength, parsePktLine, pktLineBytesMax } from './pkt-line.ts'
import { PushHead, type PushRequest } from './push-head.ts'

export { type Push, type PushRequest, pushOptionsMax, pushUpdatesMax } from './push-head.ts'

/** The most that the head may take. */
export const pushRequestBytesMax = 4 * 1024 * 1024

export interface PushRequestReader {
  /**
   * Takes the next bytes of the body. Once done or bad it stays so and takes no more. `size` counts from the start of the
   * body, over all chunks: there the pack begins. A probe, and a push without a pack, must end there: the caller checks it.
   */
  push(chunk: Uint8Array): Parse<PushRequest>
}

/** Reads the head from all bytes received so far. */
export function parsePushRequest(bytes: Uint8Array): Parse<PushRequest> {
  return createPushRequestReader().push(bytes)
}

/** Reads the head in time linear in its bytes, however they are cut. Of the bytes it keeps one packet at most. */
export function createPushRequestReader(): PushRequestReader {
  const head = new PushHead()
  // Only its first `heldBytes` are ever read, so it need not be cleared.
  const held = Buffer.allocUnsafe(pktLineBytesMax)
  let heldBytes = 0
  let wantedBytes = lengthBytes
  let size = 0
  let result: Parse<PushRequest> = MORE

  /** Takes what the held packet still wants, and answers how many bytes of the chunk that were. */
  function fill(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + wantedBytes - heldBytes)
    held.set(chunk.subarray(at, end), heldBytes)
    heldBytes += end - at
    return end - at
  }

  function acceptLength(): Parse<PushRequest> {
    const length = parsePktLength(held.subarray(0, heldBytes))
    if (length.state !== 'done') return length
    wantedBytes = Math.max(lengthBytes, length.value)
    const fits = size + wantedBytes <= pushRequestBytesMax
    return fits ? MORE : bad(`the head of the push is longer than ${pushRequestBytesMax} bytes`)
  }

  function acceptPacket(): Parse<PushRequest> {
    const line = parsePktLine(held.subarray(0, heldBytes))
    if (line.state !== 'done') return line
    size += line.size
    heldBytes = 0
    wantedBytes = lengthBytes
    return head.accept(line.value, size)
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length && result.state === 'more'; ) {
        at += fill(chunk, at)
        if (heldBytes <= lengthBytes) result = acceptLength()
        if (heldBytes === wantedBytes && result.state === 'more') result = acceptPacket()
      }
      return result
    },
  }
}

const lengthBytes = 4

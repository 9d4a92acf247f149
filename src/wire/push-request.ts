/** The head of a git push as its bytes come: everything before the pack in a receive-pack body (gitprotocol-pack). */

import type { Parse } from './parse.ts'
import { pktLineBytesMax } from './pkt-line.ts'
import { PktLineReader } from './pkt-line-reader.ts'
import { PushHead, type PushRequest } from './push-head.ts'

export { type Push, type PushRequest, pushOptionsMax, pushUpdatesMax } from './push-head.ts'

/** The most that the head may take, the certificate of a signed push included. */
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
  const bounds = { what: 'the head of the push', bytesMax: pushRequestBytesMax, lineBytesMax: pktLineBytesMax }
  return new PktLineReader(bounds, (line, size) => head.accept(line, size))
}

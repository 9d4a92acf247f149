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

/** What its head tells of the pack, and what it says in words: names of refs and options go out as well. */
export function aboutPush(push: PushRequest | null): {
  readonly objectFormat: 'sha1' | 'sha256'
  readonly texts: readonly string[]
  readonly hasPack: boolean
} {
  if (push?.kind !== 'push') return { objectFormat: 'sha1', texts: [], hasPack: true }
  const { updates, options, capabilities, hasPack } = push
  const isSha256 = updates.some(({ newId }) => newId.length === SHA256_DIGITS)
  const texts = [...updates.map(({ ref }) => ref), ...options, ...capabilities]
  return { objectFormat: isSha256 ? 'sha256' : 'sha1', texts, hasPack }
}

const SHA256_DIGITS = 64

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

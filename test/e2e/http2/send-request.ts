/** Sends one whole request on a stream by raw frames: as fast as the server's windows let it (RFC 9113 section 5.2). */
import { data, FLAG, FRAME_BYTES_DEFAULT, headers, SETTING, TYPE, WINDOW_BYTES_DEFAULT } from './frames.ts'
import { block } from './hpack-encode.ts'
import type { Field } from './hpack-static.ts'
import type { RawHttp2 } from './raw-http2.ts'

export interface WholeRequest {
  /** Pseudo-header fields first. Text is latin1: each character one octet. */
  readonly fields: readonly Field[]
  readonly content: Uint8Array
  readonly trailers: readonly Field[]
}

/** Comes back once all of it is sent, or the server wants no more of it. */
export async function sendRequest(
  client: RawHttp2,
  stream: number,
  { fields, content, trailers }: WholeRequest,
): Promise<void> {
  const endsWithContent = trailers.length === 0
  const endsWithHead = endsWithContent && content.length === 0
  client.send(headers(stream, block(fields), FLAG.endHeaders | (endsWithHead ? FLAG.endStream : FLAG.none)))
  for (let at = 0; at < content.length; ) {
    await client.until(() => windowOf(client, stream, at) > 0 || isOver(client, stream), 'a window for content')
    if (isOver(client, stream)) return
    const room = Math.min(FRAME_BYTES_DEFAULT, windowOf(client, stream, at))
    const piece = content.subarray(at, at + room)
    at += piece.length
    const isLast = endsWithContent && at === content.length
    client.send(data(stream, piece, isLast ? FLAG.endStream : FLAG.none))
  }
  if (!endsWithContent) client.send(headers(stream, block(trailers), FLAG.endHeaders | FLAG.endStream))
}

/** Whether anything more that is sent on the stream is of use. */
export function isOver(client: RawHttp2, stream: number): boolean {
  const { ended, reset } = client.stream(stream)
  return ended || reset !== null || client.ended
}

/** How much more content may go out on the stream, of which `sent` has, and nothing on another one. */
function windowOf(client: RawHttp2, stream: number, sent: number): number {
  let [ofStream, ofConnection] = [
    client.announced.get(SETTING.initialWindowSize) ?? WINDOW_BYTES_DEFAULT,
    WINDOW_BYTES_DEFAULT,
  ]
  for (const frame of client.frames) {
    if (frame.type !== TYPE.windowUpdate) continue
    if (frame.stream === 0) ofConnection += frame.payload.readUInt32BE(0)
    if (frame.stream === stream) ofStream += frame.payload.readUInt32BE(0)
  }
  return Math.min(ofStream, ofConnection) - sent
}

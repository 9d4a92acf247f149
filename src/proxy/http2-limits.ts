/** What one HTTP/2 connection may do, and the watch over it: work that is asked for and thrown away ends the connection. */
import type { SessionOptions } from 'node:http2'
import type { Limits } from '../settings/schema.ts'
import { fieldsMax } from '../wire/request-head.ts'

/** What all streams of a connection may send ahead together; each of them is bounded by its own window. */
const CONNECTION_WINDOW_BYTES_MAX = 16 * 1024 * 1024
const MEGABYTE = 1_000_000
/** Pseudo-header fields of a request. */
const PSEUDO_FIELDS = 4

/** The options of a session, towards a client or an upstream. */
export function sessionOptions(limits: Limits): SessionOptions {
  return {
    // Names and values; what is longer than `maxHeaderListSize` in all is refused as well.
    maxHeaderListPairs: fieldsMax + PSEUDO_FIELDS,
    maxSendHeaderBlockLength: 2 * limits.headBytesMax,
    // What waits to be sent, and the tables of both sides: past it no stream is begun any more.
    maxSessionMemory: Math.ceil((2 * limits.http2StreamsMax * limits.http2WindowBytes) / MEGABYTE) + 1,
    settings: {
      enablePush: false,
      enableConnectProtocol: false,
      initialWindowSize: limits.http2WindowBytes,
      maxConcurrentStreams: limits.http2StreamsMax,
      maxHeaderListSize: limits.headBytesMax,
    },
  }
}

export function connectionWindowBytes({ http2StreamsMax, http2WindowBytes }: Limits): number {
  return Math.min(CONNECTION_WINDOW_BYTES_MAX, http2StreamsMax * http2WindowBytes)
}

/** Whom to end, those with the most first, so that no more than `bytesMax` are left in all. */
export function heaviest<T>(holdings: readonly { readonly whose: T; readonly bytes: number }[], bytesMax: number): T[] {
  let left = holdings.reduce((sum, { bytes }) => sum + bytes, 0)
  if (left <= bytesMax) return []
  const ended: T[] = []
  for (const { whose, bytes } of holdings.toSorted((a, b) => b.bytes - a.bytes)) {
    if (left <= bytesMax) break
    ended.push(whose)
    left -= bytes
  }
  return ended
}

/** Of a connection so far. */
export interface Http2Traffic {
  /** All bytes that came and went, above TLS. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** Bytes of content that came. */
  readonly contentIn: number
  /** Bytes of fields, as names and values, that came with `heads` heads. */
  readonly fieldsIn: number
  readonly heads: number
  /** Streams that were answered, and those that the client took back before they were. */
  readonly answered: number
  readonly resets: number
}

const NOTHING: Http2Traffic = { bytesIn: 0, bytesOut: 0, contentIn: 0, fieldsIn: 0, heads: 0, answered: 0, resets: 0 }

const OVERHEAD_BYTES_PER_SECOND = 16 * 1024
const RESETS_PER_SECOND = 20
/** Frame headers around content in small pieces: an empty message of gRPC is 5 bytes, in a frame of 9 more. */
const OVERHEAD_PER_CONTENT_BYTE = 2
/** Windows opened for what is sent to the client: 13 bytes for each few KB, and a PING beside. */
const OVERHEAD_PER_BYTE_OUT = 1 / 20
/** A head in frames, its own end of the stream, and the windows of that stream. */
const OVERHEAD_PER_HEAD = 64

/**
 * Two buckets, which what is worth its bytes fills: PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty and unknown frames drain the one,
 * requests that are taken back at once (CVE-2023-44487) the other.
 */
export class Http2Watch {
  readonly #limits: Limits
  #last = NOTHING
  #at: number
  #overheadLeft: number
  #resetsLeft: number

  /** `now` in milliseconds, as later for `check`. */
  constructor(limits: Limits, now: number) {
    this.#limits = limits
    this.#at = now
    this.#overheadLeft = limits.http2OverheadBytesMax
    this.#resetsLeft = limits.http2ResetsMax
  }

  /** What the connection does too much of, null while it may go on. */
  check(traffic: Http2Traffic, now: number): string | null {
    const last = this.#last
    const seconds = Math.max(0, now - this.#at) / 1_000
    const content = traffic.contentIn - last.contentIn
    const heads = traffic.heads - last.heads
    const overhead = traffic.bytesIn - last.bytesIn - content - (traffic.fieldsIn - last.fieldsIn)
    const worth =
      content * OVERHEAD_PER_CONTENT_BYTE +
      (traffic.bytesOut - last.bytesOut) * OVERHEAD_PER_BYTE_OUT +
      heads * OVERHEAD_PER_HEAD +
      seconds * OVERHEAD_BYTES_PER_SECOND
    // Fields can be fewer bytes on the wire than they are: that is nothing to save up.
    this.#overheadLeft = fill(this.#overheadLeft, worth - Math.max(0, overhead), this.#limits.http2OverheadBytesMax)
    const resets = traffic.resets - last.resets
    const answered = traffic.answered - last.answered
    this.#resetsLeft = fill(
      this.#resetsLeft,
      answered + seconds * RESETS_PER_SECOND - resets,
      this.#limits.http2ResetsMax,
    )
    this.#last = traffic
    this.#at = now
    if (this.#overheadLeft < 0) return 'it sent frames without end that carry nothing'
    return this.#resetsLeft < 0 ? 'it took back requests without end' : null
  }
}

function fill(left: number, more: number, max: number): number {
  return Math.min(max, left + more)
}

/** Watches an upload go by: the head of a push, where its payload begins, and how large the payload is. */
import {
  codingHeadBytes,
  type ContentDecoder,
  createContentDecoder,
  isIdentity,
  speaksAside,
} from '../content/content-coding.ts'
import type { Told } from '../catalog/part.ts'
import type { InnerOperation } from '../catalog/service-entry.ts'
import { NEVER } from '../flow/fact.ts'
import { type Base64FieldCounter, createBase64FieldCounter } from '../wire/json-base64.ts'
import { parsePackHeader } from '../wire/pack-header.ts'
import { createPushRequestReader, type PushRequest } from '../wire/push-request.ts'

import { createStatedRead, type StatedRead, type UploadForm } from './stated-read.ts'

const PACK_HEADER_BYTES = 12
/** `0000`, as git sends it. */
const PROBE_BYTES = 4
/** What a coding adds at the most to a body that it cannot make smaller: once for all, and one byte for so many (RFC 1951). */
const CODING_OVERHEAD_BYTES = 64
const CODED_BYTES_PER_OVERHEAD = 1_024

/** Decodes to a thousand times as much at the most. */
const CODED_STEP_BYTES = 4 * 1024

const UNKNOWN: readonly Told[] = Object.freeze([{ operation: 'unknown-write', repository: NEVER }])

export class UploadMeter {
  /** The head of the push, once it is read; null for every other body, and until then. */
  push: PushRequest | null = null
  /**
   * Payload so far, in bytes: after Content-Encoding, for a push the pack alone, for base64 in JSON what it decodes to; at the
   * end, also what of a coded body decodes to nothing.
   */
  payload = 0
  /** Decoded bytes before the payload. */
  preambleBytes = 0
  /** What is wrong with the body: it can then not be judged. */
  fault: string | null = null
  /** Whether the payload is as long as what is sent of it, so that a Content-Length tells its size. */
  readonly asSent: boolean
  readonly #coded: boolean
  readonly #coding: string | null
  readonly #decoder: ContentDecoder | null
  readonly #reader: ReturnType<typeof createPushRequestReader> | null
  readonly #counter: Base64FieldCounter | null
  readonly #stated: StatedRead | null
  #decoded = 0
  /** Bytes as sent, and what they decode to. */
  #fed = 0
  #codedHead = Buffer.alloc(0)
  #inflated = 0
  /** Known at the end. */
  #hides = false
  /** Payload for whoever looks into it, since it was taken last; null where nobody does. */
  #pieces: Uint8Array[] | null = null
  #packHead = Buffer.alloc(0)
  #packKnown: boolean

  /** `stated` is what the address alone says that the request does. */
  constructor(body: UploadForm, coding: string | null, stated: InnerOperation = 'unknown-write') {
    this.#reader = body === 'git-push' ? createPushRequestReader() : null
    this.#counter = typeof body === 'object' && 'base64' in body ? createBase64FieldCounter(body.base64) : null
    this.#stated = createStatedRead(body, stated)
    this.#packKnown = body !== 'git-push'
    this.asSent = isIdentity(coding) && this.#counter === null
    this.#coded = !isIdentity(coding)
    this.#coding = coding
    // Git servers undo gzip alone, and would read a push under any other coding as it was sent.
    const known = body !== 'git-push' || !this.#coded || /^\s*(?:x-)?gzip\s*$/i.test(coding ?? '')
    this.#decoder = !known ? null : createContentDecoder(coding, (piece) => this.#take(piece))
  }

  /** False for a Content-Encoding that is not known: the payload can then not be seen. */
  get readable(): boolean {
    return this.#decoder !== null
  }

  /**
   * What a body does that has a read to prove, or says what it does: null while it may still tell, and for every body that has
   * nothing to tell. A body that cannot be read proves nothing, and neither does one whose coding carries more than it decodes to.
   */
  get told(): readonly Told[] | null {
    if (this.#stated === null) return null
    return this.#decoder === null || this.#hides ? UNKNOWN : this.#stated.told
  }

  /** Why the body does not prove what it has to, in words. */
  get statedFault(): string | null {
    return this.#stated?.fault ?? null
  }

  /** At the end: whether its Content-Encoding has more in it than what it decodes to, as far as that can be told. */
  get hides(): boolean {
    return this.#hides || speaksAside(this.#coding, this.#codedHead)
  }

  /** True once all that a verdict may ask of the body's beginning is known. */
  get preambleKnown(): boolean {
    return this.#packKnown
  }

  async feed(chunk: Uint8Array): Promise<void> {
    if (this.#decoder === null || this.fault !== null) return
    this.#fed += chunk.length
    if (this.#coded && this.#codedHead.length < codingHeadBytes) {
      const more = chunk.subarray(0, codingHeadBytes - this.#codedHead.length)
      this.#codedHead = Buffer.concat([this.#codedHead, more])
    }
    try {
      await this.#decoder.feed(chunk)
    } catch {
      this.fault = 'its Content-Encoding is broken'
    }
  }

  /** As `feed`, and hands on the payload that it decodes to: of a coded body in small steps, or a bomb would be gathered whole. */
  async *decode(chunk: Uint8Array): AsyncGenerator<readonly Uint8Array[]> {
    const stepBytes = this.#coded ? CODED_STEP_BYTES : chunk.length
    for (let at = 0; at < chunk.length; at += stepBytes) {
      this.#pieces = []
      await this.feed(chunk.subarray(at, at + stepBytes))
      const pieces = this.#pieces
      this.#pieces = null
      yield pieces
    }
  }

  /** The body has ended: what is missing now is missing for good. */
  async finish(): Promise<void> {
    if (this.#decoder === null || this.fault !== null) return
    try {
      await this.#decoder.finish()
    } catch {
      this.fault = 'its Content-Encoding ends too early'
      return
    }
    this.#stated?.end()
    if (this.#counter !== null) this.payload = this.#sizeOfJson(this.#counter)
    const hidden = this.#coded ? this.#hidden() : 0
    this.payload += hidden
    this.#hides = hidden > 0
    if (this.#reader === null || this.fault !== null) return
    if (this.push === null) this.fault = 'it ends before its list of refs does'
    else if (this.push.kind === 'probe' && this.#fed !== PROBE_BYTES)
      this.fault = 'it names no ref and is more than `0000`'
    else if (this.push.kind === 'push' && this.push.hasPack && !this.#packKnown)
      this.fault = 'it names refs but carries no pack'
    this.#packKnown = true
  }

  close(): void {
    this.#decoder?.close()
  }

  /** A comment in the head of a gzip, or an empty block of brotli, decodes to nothing, and leaves all the same. */
  #hidden(): number {
    const framing = CODING_OVERHEAD_BYTES + Math.ceil(this.#inflated / CODED_BYTES_PER_OVERHEAD)
    return Math.max(0, this.#fed - this.#inflated - framing)
  }

  #take(piece: Uint8Array): void {
    this.#inflated += piece.length
    if (this.fault !== null) return
    if (this.#reader === null || this.push !== null) {
      this.#takePayload(piece)
      return
    }
    const parsed = this.#reader.push(piece)
    this.#decoded += piece.length
    if (parsed.state === 'bad') this.fault = parsed.fault
    if (parsed.state !== 'done') return
    this.push = parsed.value
    this.preambleBytes = parsed.size
    const rest = piece.subarray(piece.length - (this.#decoded - parsed.size))
    if (rest.length > 0) this.#takePayload(rest)
  }

  // What is not the JSON that its route expects has no file in it to discount: all of it counts.
  #sizeOfJson(counter: Base64FieldCounter): number {
    const size = counter.end()
    return size === 'bad' ? this.#decoded : size.decoded + size.other
  }

  #takePayload(piece: Uint8Array): void {
    this.#pieces?.push(piece)
    if (this.#counter !== null) {
      this.#counter.push(piece)
      this.#decoded += piece.length
      this.payload = this.#counter.soFar
      return
    }
    this.payload += piece.length
    this.#stated?.push(piece)
    if (this.push === null) return
    if (this.push.kind === 'probe') this.fault = 'it carries data but names no ref'
    else if (!this.push.hasPack) this.fault = 'it carries data behind a push that only deletes'
    else if (!this.#packKnown) this.#takePackHead(piece)
  }

  #takePackHead(piece: Uint8Array): void {
    this.#packHead = Buffer.concat([this.#packHead, piece.subarray(0, PACK_HEADER_BYTES - this.#packHead.length)])
    const header = parsePackHeader(this.#packHead)
    if (header.state === 'bad') this.fault = header.fault
    else if (header.state === 'done') this.#packKnown = true
  }
}

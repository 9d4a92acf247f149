/** An HTTP/2 client for tests that sends exactly the bytes it is told, and keeps all that comes back (RFC 9113). */
import type { Duplex } from 'node:stream'
import { type Frame, FrameReader } from './frame-reader.ts'
import { ERROR_NAMES, type ErrorName, FLAG, PREFACE, ping, settings, settingsAck, TYPE } from './frames.ts'
import { HpackDecoder } from './hpack-decode.ts'
import type { Field } from './hpack-static.ts'

/** What came on one stream. */
export interface StreamSeen {
  /** Field sections in order: interim and final head, trailers. */
  readonly sections: (readonly Field[])[]
  /** Content received, padding left out. */
  body: Buffer
  ended: boolean
  reset: ErrorName | null
}

const TIMEOUT_MS = 5_000
const BODY_BYTES_MAX = 16 * 1024 * 1024
const FRAMES_MAX = 100_000

export class RawHttp2 {
  readonly socket: Duplex
  readonly decoder = new HpackDecoder()
  /** All frames received, in order. */
  readonly frames: Frame[] = []
  /** Field blocks as they came, before they were decoded. */
  readonly blocks: Buffer[] = []
  /** What the server has announced, by identifier. */
  readonly announced = new Map<number, number>()
  /** Answers SETTINGS with their ACK. */
  acknowledges = true
  /** The other side has ended or reset the connection. */
  ended = false
  /** What could not be read of what came. */
  fault: Error | null = null
  goaway: { readonly lastStream: number; readonly code: ErrorName } | null = null
  #streams = new Map<number, StreamSeen>()
  #reader = new FrameReader()
  #fragments: Buffer[] = []
  /** END_STREAM stands on HEADERS, and counts once the block is whole. */
  #endsStream = false
  #pings = 0
  #wake: () => void = () => undefined

  constructor(socket: Duplex) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    for (const event of ['end', 'close', 'error']) socket.on(event, () => this.#end())
    // A socket that was let go of by a RawClient stands still.
    socket.resume()
  }

  /** As one write. */
  send(...bytes: readonly Uint8Array[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(bytes))
  }

  /** Preface and SETTINGS; comes back once the server has sent its own and taken ours. */
  async open(entries: readonly (readonly [setting: number, value: number])[] = []): Promise<void> {
    this.send(PREFACE, settings(entries))
    await this.until(() => this.frames.some(isSettingsAck) && this.frames.some(isSettings), 'SETTINGS and their ACK')
  }

  stream(id: number): StreamSeen {
    const seen = this.#streams.get(id) ?? { sections: [], body: Buffer.alloc(0), ended: false, reset: null }
    this.#streams.set(id, seen)
    return seen
  }

  /** The streams of which something was seen. */
  get streams(): ReadonlyMap<number, StreamSeen> {
    return this.#streams
  }

  /** Sends PING and waits for its ACK, for GOAWAY or for the end of the connection; true where it was answered. */
  async ping(): Promise<boolean> {
    this.#pings += 1
    const payload = Buffer.from(`weir${String(this.#pings).padStart(4, '0')}`)
    this.send(ping(payload))
    const isAnswer = ({ type, flags, payload: got }: Frame): boolean =>
      type === TYPE.ping && flags === FLAG.ack && got.equals(payload)
    await this.until(() => this.ended || this.goaway !== null || this.frames.some(isAnswer), 'the answer to PING')
    return this.frames.some(isAnswer)
  }

  /** Resolves once the condition holds; throws, with what was received, when time runs out or the rest cannot be read. */
  until(holds: () => boolean, what: string, timeoutMs = TIMEOUT_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (finish: () => void): void => {
        clearTimeout(deadline)
        this.#wake = () => undefined
        finish()
      }
      const fail = (why: string): void => reject(new Error(`${why}, waiting for ${what}; received ${this.show()}`))
      const deadline = setTimeout(() => stop(() => fail(`not within ${timeoutMs} ms`)), timeoutMs)
      this.#wake = () => {
        if (this.fault !== null) stop(() => fail(String(this.fault)))
        else if (holds()) stop(resolve)
      }
      this.#wake()
    })
  }

  /** What was received, in one line. */
  show(): string {
    const names = Object.keys(TYPE)
    const frames = this.frames.map(
      ({ type, flags, stream, payload }) => `${names[type] ?? type}(${flags}) ${stream}: ${payload.length}`,
    )
    const goaway = this.goaway === null ? '' : `, GOAWAY ${this.goaway.code}`
    return `[${frames.join(', ')}]${goaway}${this.ended ? ', the end' : ''}`
  }

  destroy(): void {
    this.socket.destroy()
  }

  #take(chunk: Buffer): void {
    try {
      for (const each of this.#reader.read(chunk)) this.#receive(each)
    } catch (error) {
      this.fault = error instanceof Error ? error : new Error(String(error))
    }
    this.#wake()
  }

  #end(): void {
    this.ended = true
    this.#wake()
  }

  #receive(received: Frame): void {
    if (this.frames.push(received) > FRAMES_MAX) throw new Error('more frames than a test should get')
    const { type, flags, stream, payload } = received
    switch (type) {
      case TYPE.data:
        this.#receiveContent(received)
        break
      case TYPE.headers:
      case TYPE.continuation:
        this.#receiveFragment(received)
        break
      case TYPE.rstStream:
        this.stream(stream).reset = nameOf(payload.readUInt32BE(0))
        break
      case TYPE.settings:
        if ((flags & FLAG.ack) === 0) this.#receiveSettings(payload)
        break
      case TYPE.goaway:
        this.goaway = { lastStream: payload.readUInt32BE(0), code: nameOf(payload.readUInt32BE(4)) }
    }
  }

  #receiveSettings(payload: Buffer): void {
    for (let at = 0; at < payload.length; at += 6) {
      this.announced.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2))
    }
    if (this.acknowledges) this.send(settingsAck())
  }

  #receiveContent({ flags, stream, payload }: Frame): void {
    const seen = this.stream(stream)
    seen.body = Buffer.concat([seen.body, unpadded(payload, flags)])
    if (seen.body.length > BODY_BYTES_MAX) throw new Error('more content than a test should get')
    if ((flags & FLAG.endStream) !== 0) seen.ended = true
  }

  #receiveFragment({ type, flags, stream, payload }: Frame): void {
    const isFirst = type === TYPE.headers
    if (isFirst === this.#fragments.length > 0) throw new Error('HEADERS and CONTINUATION out of order')
    const content = isFirst ? unpadded(payload, flags) : payload
    this.#fragments.push(isFirst && (flags & FLAG.priority) !== 0 ? content.subarray(5) : content)
    const seen = this.stream(stream)
    if (isFirst) this.#endsStream = (flags & FLAG.endStream) !== 0
    if ((flags & FLAG.endHeaders) === 0) return
    const block = Buffer.concat(this.#fragments)
    this.#fragments = []
    this.blocks.push(block)
    seen.sections.push(this.decoder.decode(block))
    if (this.#endsStream) seen.ended = true
  }
}

function unpadded(payload: Buffer, flags: number): Buffer {
  if ((flags & FLAG.padded) === 0) return payload
  const padBytes = payload.readUInt8(0)
  if (padBytes >= payload.length) throw new Error('more padding than there is')
  return payload.subarray(1, payload.length - padBytes)
}

function isSettings({ type, flags }: Frame): boolean {
  return type === TYPE.settings && (flags & FLAG.ack) === 0
}

function isSettingsAck({ type, flags }: Frame): boolean {
  return type === TYPE.settings && (flags & FLAG.ack) !== 0
}

function nameOf(code: number): ErrorName {
  const name = ERROR_NAMES[code]
  if (name === undefined) throw new Error(`an error code of ${code}`)
  return name
}

/** A request that came on a stream of HTTP/2, and its answer, as `incoming.ts` has them (RFC 9113 section 8). */
import { METHODS } from 'node:http'
import { constants, type ServerHttp2Stream, type ServerStreamResponseOptions } from 'node:http2'
import { rawValues } from '../wire/fields.ts'
import { type Http2Head, readHttp2Head, writeHttp2Fields } from '../wire/http2-head.ts'
import type { HeadFault } from '../wire/request-head.ts'
import type { BodySource, Incoming, Reply, ReplyHead } from './incoming.ts'

const { NGHTTP2_NO_ERROR } = constants
/** Those that a parser of HTTP/1.1 takes, in capitals: of another one each version would be judged differently. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS)

/** `pairs` is the flat list of all its fields, as they came; `count` hears how many bytes of content were read. */
export function incomingOfStream(
  stream: ServerHttp2Stream,
  pairs: readonly string[],
  count: (bytes: number) => void,
): Incoming {
  const read = readHead(pairs, stream.endAfterHeaders)
  const body = new StreamBody(stream, count)
  // A stream whose end nobody takes is never over.
  if (stream.endAfterHeaders) stream.resume()
  const rest = { httpVersion: '2', body, awaitsEnd: !stream.endAfterHeaders } as const
  if (!('fault' in read)) return { ...read, ...rest, fault: null }
  return {
    method: rawValues(pairs, ':method')[0] ?? '',
    target: '/',
    rawHeaders: [],
    fault: read.fault,
    ...rest,
  }
}

function readHead(pairs: readonly string[], endsWithHead: boolean): Http2Head | HeadFault {
  const read = readHttp2Head(pairs, endsWithHead)
  if ('fault' in read || KNOWN_METHODS.has(read.method)) return read
  return { fault: 'a method that HTTP/1.1 does not have' }
}

/** All of its answer is out. Node ends that to HEAD before it is begun, and what is left of any when the stream is reset. */
export function isAnswered({ headersSent, writableFinished, aborted }: ServerHttp2Stream): boolean {
  return headersSent && writableFinished && !aborted
}

class StreamBody implements BodySource {
  readonly #stream: ServerHttp2Stream
  readonly #count: (bytes: number) => void

  constructor(stream: ServerHttp2Stream, count: (bytes: number) => void) {
    this.#stream = stream
    this.#count = count
  }

  read(): Buffer | null {
    const chunk = this.#stream.read() as Buffer | null
    if (chunk !== null) this.#count(chunk.length)
    return chunk
  }

  state(): 'open' | 'whole' | 'broken' {
    const stream = this.#stream
    // Node ends a stream that was reset as well: then it is closed before its end is read, while an answer is still owed.
    if (stream.aborted || (stream.closed && !isAnswered(stream))) return 'broken'
    if (stream.readableEnded) return 'whole'
    return stream.destroyed || stream.errored !== null ? 'broken' : 'open'
  }

  watch(changed: () => void): void {
    for (const event of CHANGES) this.#stream.on(event, changed)
  }

  unwatch(changed: () => void): void {
    for (const event of CHANGES) this.#stream.off(event, changed)
  }
}

const CHANGES = ['readable', 'end', 'aborted', 'close', 'error'] as const

export class Http2Reply implements Reply {
  readonly detached = null
  readonly #stream: ServerHttp2Stream
  #trailers: readonly string[] = []
  /** Node finishes its side before it asks for the trailers: a reset in between would take their place. */
  #owesTrailers = false
  #isLast = false

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream
    stream.once('wantTrailers', () => {
      if (!this.gone) stream.sendTrailers(objectOf(this.#trailers))
      // Now they are only queued, and nghttp2 drops them there when the stream closes.
      setImmediate(() => {
        this.#owesTrailers = false
        if (stream.writableFinished) this.#over()
      })
    })
    stream.once('finish', () => this.#over())
  }

  get gone(): boolean {
    return this.#stream.destroyed || this.#stream.closed
  }

  get begun(): boolean {
    return this.#stream.headersSent
  }

  get finished(): boolean {
    return isAnswered(this.#stream)
  }

  goOn(): void {
    if (!this.gone && !this.begun) this.#stream.additionalHeaders({ ':status': 100 })
  }

  hint(status: number, fields: readonly string[]): void {
    if (!this.gone && !this.begun) this.#stream.additionalHeaders({ ':status': status, ...objectOf(fields) })
  }

  begin({ status, fields, isEmpty, isLast, isForwarded }: ReplyHead): void {
    if (this.gone) return
    this.#isLast = isLast
    const pairs = [':status', String(status), ...writeHttp2Fields(fields)]
    // Where the length is told, nothing is expected behind it.
    this.#owesTrailers = !isEmpty && isForwarded && rawValues(fields, 'content-length').length === 0
    const options: ServerStreamResponseOptions & { readonly sendDate: boolean } = {
      endStream: isEmpty,
      waitForTrailers: this.#owesTrailers,
      // Node knows it, its types do not.
      sendDate: !isForwarded,
    }
    this.#stream.respond(pairs, options)
  }

  write(chunk: Uint8Array | string): boolean {
    // Of an answer that has no content, such as one to HEAD, the stream has ended already.
    if (this.gone || this.#stream.writableEnded) return true
    return this.#stream.write(chunk)
  }

  end(trailers: readonly string[] = []): void {
    this.#trailers = trailers
    if (!this.gone && !this.#stream.writableEnded) this.#stream.end()
  }

  /** Section 8.1: an answer that is whole, and then RST_STREAM with NO_ERROR. */
  dismiss(): boolean {
    this.#isLast = true
    if (this.#stream.writableFinished) this.#over()
    return true
  }

  cut(): void {
    // Not `close`, which ends the answer first.
    this.#stream.destroy(new Error('broken off'))
  }

  onClose(listener: () => void): void {
    // A stream that was reset closes only when all that came on it is read.
    this.#stream.on('aborted', listener)
    this.#stream.on('close', listener)
  }

  onDrain(listener: () => void): void {
    this.#stream.on('drain', listener)
  }

  offClose(listener: () => void): void {
    this.#stream.off('aborted', listener)
    this.#stream.off('close', listener)
  }

  offDrain(listener: () => void): void {
    this.#stream.off('drain', listener)
  }

  /** The answer is out: what is left of the request is nobody's. */
  #over(): void {
    const stream = this.#stream
    if (stream.readableEnded || this.#owesTrailers) return
    stream.resume()
    if (this.#isLast && !stream.closed) stream.close(NGHTTP2_NO_ERROR)
  }
}

/** Trailers and interim answers are given as an object; a name that stands more than once has a list. */
function objectOf(fields: readonly string[]): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null)
  const pairs = writeHttp2Fields(fields)
  for (let at = 0; at < pairs.length; at += 2) {
    const [name = '', value = ''] = [pairs[at], pairs[at + 1]]
    const before = object[name]
    object[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return object
}

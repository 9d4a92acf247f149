/** Sends requests to an upstream that speaks HTTP/2, over one verified connection (RFC 9113). */
import { STATUS_CODES } from 'node:http'
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'
import type { Socket } from 'node:net'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Limits } from '../settings/schema.ts'
import { rawValues } from '../wire/fields.ts'
import { writeHttp2Head } from '../wire/http2-head.ts'
import { connectionWindowBytes, sessionOptions } from './http2-limits.ts'
import type { AnswerHead, Ear, Line, Outgoing, Sender } from './outgoing.ts'

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM } = constants

export interface Http2Upstream {
  readonly send: Sender
  /** False once the upstream takes no more requests on it. */
  readonly usable: boolean
  /** What came of answers and was not read yet, and what of requests is not taken. */
  readonly waitingBytes: number
  end(when: 'now' | 'when-idle'): void
}

/** Over a socket that is open, verified and has agreed on `h2`. */
export function http2Upstream(socket: Socket, authority: string, limits: Limits): Http2Upstream {
  const session = connect(`https://${authority}`, {
    ...sessionOptions(limits),
    createConnection: () => socket,
  })
  const open = new Set<Exchange>()
  let isLeft = false
  session.once('connect', () => session.setLocalWindowSize(connectionWindowBytes(limits)))
  // What goes wrong with the connection each stream on it is told.
  session.on('error', () => undefined)
  session.on('goaway', () => {
    isLeft = true
  })
  return {
    send: (outgoing, ear) => {
      const exchange = new Exchange(session, authority, limits, ear, () => open.delete(exchange))
      open.add(exchange)
      exchange.send(outgoing)
    },
    get usable() {
      return !isLeft && !session.closed && !session.destroyed
    },
    get waitingBytes() {
      let bytes = 0
      for (const exchange of open) bytes += exchange.waitingBytes
      return bytes
    },
    end: (when) => {
      if (when === 'when-idle' && !session.destroyed) session.close()
      else session.destroy()
    },
  }
}

class Exchange implements Line {
  readonly #session: ClientHttp2Session
  readonly #authority: string
  readonly #limits: Limits
  readonly #ear: Ear
  readonly #left: () => void
  #stream: ClientHttp2Stream | null = null
  #isOver = false
  #isSent = false
  /** Bytes that the head of the answer announces; null where it does not say. */
  #announced: number | null = null
  #received = 0
  /** Content that came in one piece with the head, of which Node tells later; null once the head was told. */
  #ahead: Buffer[] | null = []
  #trailers: readonly string[] = []
  #waiting: NodeJS.Timeout | undefined

  constructor(session: ClientHttp2Session, authority: string, limits: Limits, ear: Ear, left: () => void) {
    this.#session = session
    this.#authority = authority
    this.#limits = limits
    this.#ear = ear
    this.#left = left
  }

  get waitingBytes(): number {
    return (this.#stream?.readableLength ?? 0) + (this.#stream?.writableLength ?? 0)
  }

  send({ method, path, fields, body, takesTrailers }: Outgoing): void {
    const pairs = writeHttp2Head(method, path, this.#authority, fields)
    if (takesTrailers) pairs.push('te', 'trailers')
    let stream: ClientHttp2Stream
    try {
      stream = this.#session.request(pairs, { endStream: body === null })
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
      return
    }
    this.#stream = stream
    this.#listen(stream, method)
    this.#ear.begin(this)
    if (body === null) this.#sent()
    else void this.#sendBody(stream, body)
  }

  pause(): void {
    this.#stream?.pause()
    clearTimeout(this.#waiting)
  }

  resume(): void {
    if (this.#isOver) return
    this.#wait(this.#limits.idleTimeoutMs)
    this.#stream?.resume()
  }

  abort(error: Error): void {
    this.#fail(error)
  }

  #listen(stream: ClientHttp2Stream, method: string): void {
    const isWhole = watchEnd(stream)
    stream.on('headers', (headers, _flags, raw) => {
      this.#hear(() => this.#ear.hint(headers[':status'] ?? 0, withoutPseudo(raw)))
    })
    stream.on('response', (headers, flags, raw) => {
      const status = headers[':status'] ?? 0
      const isEmpty = (flags & NGHTTP2_FLAG_END_STREAM) !== 0
      // HTTP/2 has no reason phrase, and there are clients of HTTP/1.1 that see no status without one.
      const head = { status, reason: STATUS_CODES[status] ?? '', rawHeaders: withoutPseudo(raw), isEmpty }
      this.#hear(() => this.#head(head, method))
      const ahead = this.#ahead ?? []
      this.#ahead = null
      for (const chunk of ahead) this.#data(chunk)
    })
    stream.on('data', (chunk: Buffer) => {
      if (this.#ahead === null) this.#data(chunk)
      else this.#ahead.push(chunk)
    })
    stream.on('trailers', (_headers, _flags, raw) => {
      this.#trailers = withoutPseudo(raw)
    })
    stream.on('end', () => this.#hear(() => this.#end(stream, isWhole())))
    stream.on('error', (error) => this.#fail(error))
    // Whatever closes a stream without a word has broken it.
    stream.on('close', () => this.#fail(closedEarly(stream.rstCode)))
  }

  /** What throws in a listener would end the process, and not the flow. */
  #hear(tell: () => void): void {
    if (this.#isOver) return
    try {
      tell()
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #head(head: AnswerHead, method: string): void {
    this.#wait(this.#limits.idleTimeoutMs)
    const [length] = rawValues(head.rawHeaders, 'content-length')
    const hasContent = method !== 'HEAD' && head.status !== 304
    this.#announced = length === undefined || !hasContent ? null : Number(length)
    this.#ear.head(head)
  }

  #data(chunk: Buffer): void {
    this.#received += chunk.length
    this.#waiting?.refresh()
    this.#hear(() => this.#ear.data(chunk))
  }

  #end(stream: ClientHttp2Stream, isWhole: boolean): void {
    if (!isWhole || (this.#announced !== null && this.#announced !== this.#received)) {
      this.#fail(closedEarly(stream.rstCode))
      return
    }
    this.#over()
    if (!this.#isSent) giveUp(stream)
    this.#ear.end(this.#trailers)
  }

  async #sendBody(stream: ClientHttp2Stream, body: AsyncGenerator<Buffer>): Promise<void> {
    try {
      for await (const chunk of body) {
        if (this.#isOver) return
        if (!stream.write(chunk)) await this.#taken(stream)
      }
      if (this.#isOver) return
      stream.end()
      this.#sent()
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** Until the site takes more of the request; one that neither does nor answers would keep it for ever. */
  async #taken(stream: ClientHttp2Stream): Promise<void> {
    let received = this.#received
    const late = (): void => {
      if (received === this.#received) {
        this.#fail(new ProxyError('upstream-timeout', 'the site stopped taking the request'))
        return
      }
      received = this.#received
      timer.refresh()
    }
    const timer = setTimeout(late, this.#limits.idleTimeoutMs)
    await writable(stream)
    clearTimeout(timer)
  }

  #sent(): void {
    this.#isSent = true
    if (this.#waiting === undefined) this.#wait(this.#limits.responseTimeoutMs)
  }

  /** For what comes next. */
  #wait(timeoutMs: number): void {
    clearTimeout(this.#waiting)
    const late = (): void => this.#fail(new ProxyError('upstream-timeout', 'the site did not answer in time'))
    this.#waiting = setTimeout(late, timeoutMs)
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    this.#over()
    const stream = this.#stream
    if (stream !== null) giveUp(stream)
    this.#ear.fail(error)
  }

  #over(): void {
    this.#isOver = true
    this.#left()
    clearTimeout(this.#waiting)
  }
}

/**
 * Node ends a stream that was reset with NO_ERROR like one that came to its end, but closes it first; of a whole one the end
 * comes while it is open.
 */
function watchEnd(stream: ClientHttp2Stream): () => boolean {
  let isWhole = false
  const push = stream.push.bind(stream)
  stream.push = (chunk, encoding) => {
    if (chunk === null && !stream.closed) isWhole = true
    return push(chunk, encoding)
  }
  return () => isWhole
}

/** `close` ends the request first, and half of one would be taken for the whole: what is not sent is destroyed instead. */
function giveUp(stream: ClientHttp2Stream): void {
  if (!stream.writableEnded) stream.destroy(new Error('given up'))
  else if (!stream.closed) stream.close(NGHTTP2_CANCEL)
}

function writable(stream: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle)
      stream.off('close', settle)
      resolve()
    }
    stream.on('drain', settle)
    stream.on('close', settle)
  })
}

function withoutPseudo(pairs: readonly string[]): string[] {
  return pairs.filter((_, at) => pairs[at - (at % 2)]?.startsWith(':') !== true)
}

function closedEarly(code: number | undefined): Error {
  return new ProxyError('upstream-broken', `the site broke off its answer (HTTP/2 error ${code ?? 0})`)
}

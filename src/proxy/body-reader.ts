/** Pulls a request's body chunk by chunk, so that it can be judged, held, drained or forwarded by whoever reads next. */
import type { IncomingMessage } from 'node:http'
import { ProxyError } from '../flow/proxy-error.ts'

/**
 * A pull reader over one request. Unlike the stream's own iterator it never destroys the message: whoever stops reading
 * leaves the rest for the next reader, and the connection lives to carry the answer.
 */
export class BodyReader {
  /** Bytes read so far, as sent. */
  bytesRead = 0
  ended: boolean
  readonly #message: IncomingMessage
  readonly #idleTimeoutMs: number
  #onFirstRead: (() => void) | null

  /** `onFirstRead` runs before the first byte is asked for: the place to send `100 Continue`. */
  constructor(
    message: IncomingMessage,
    options: { hasContent: boolean; idleTimeoutMs: number; onFirstRead: () => void },
  ) {
    this.#message = message
    this.#idleTimeoutMs = options.idleTimeoutMs
    this.#onFirstRead = options.onFirstRead
    this.ended = !options.hasContent
  }

  /** The next chunk, or null at the end. Throws ProxyError `client-aborted` or `client-timeout`. */
  async next(): Promise<Buffer | null> {
    if (this.ended) return null
    this.#onFirstRead?.()
    this.#onFirstRead = null
    for (;;) {
      const chunk: Buffer | null = this.#message.read()
      if (chunk !== null) {
        this.bytesRead += chunk.length
        return chunk
      }
      if (this.#message.readableEnded || this.#message.complete) {
        // `complete` turns true before the last buffered bytes are read; the read above has then drained them.
        if (this.#message.readableLength === 0) {
          this.ended = true
          return null
        }
      }
      if (this.#message.destroyed || this.#message.errored !== null) throw aborted()
      await this.#readable()
    }
  }

  #readable(): Promise<void> {
    const message = this.#message
    return new Promise((resolve, reject) => {
      const settle = (error: ProxyError | null): void => {
        clearTimeout(timer)
        message.off('readable', onReadable)
        message.off('end', onReadable)
        message.off('close', onClose)
        message.off('error', onClose)
        if (error === null) resolve()
        else reject(error)
      }
      const onReadable = (): void => settle(null)
      const onClose = (): void => settle(message.complete ? null : aborted())
      const timer = setTimeout(
        () => settle(new ProxyError('client-timeout', 'the request body stopped coming')),
        this.#idleTimeoutMs,
      )
      message.on('readable', onReadable)
      message.on('end', onReadable)
      message.on('close', onClose)
      message.on('error', onClose)
    })
  }
}

function aborted(): ProxyError {
  return new ProxyError('client-aborted', 'the client went away before its request ended')
}

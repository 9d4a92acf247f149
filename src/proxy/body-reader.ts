/** Pulls a request's body chunk by chunk, so that it can be judged, held, drained or forwarded by whoever reads next. */
import { ProxyError } from '../flow/proxy-error.ts'
import type { BodySource } from './incoming.ts'

/**
 * A pull reader over one request. Unlike a stream's own iterator it never destroys the stream: whoever stops reading
 * leaves the rest for the next reader, and the connection lives to carry the answer.
 */
export class BodyReader {
  /** Bytes read so far, as sent. */
  bytesRead = 0
  ended: boolean
  readonly #source: BodySource
  readonly #idleTimeoutMs: number
  #onFirstRead: (() => void) | null

  /**
   * `mayCome` is false where neither a byte nor an end is waited for. `onFirstRead` runs before the first byte is asked for: the place to send `100 Continue`.
   */
  constructor(source: BodySource, options: { mayCome: boolean; idleTimeoutMs: number; onFirstRead: () => void }) {
    this.#source = source
    this.#idleTimeoutMs = options.idleTimeoutMs
    this.#onFirstRead = options.onFirstRead
    this.ended = !options.mayCome
  }

  /** The next chunk, or null at the end. Throws ProxyError `client-aborted` or `client-timeout`. */
  async next(): Promise<Buffer | null> {
    if (this.ended) return null
    this.#onFirstRead?.()
    this.#onFirstRead = null
    for (;;) {
      const chunk = this.#source.read()
      if (chunk !== null) {
        this.bytesRead += chunk.length
        return chunk
      }
      const state = this.#source.state()
      if (state === 'whole') {
        this.ended = true
        return null
      }
      if (state === 'broken') throw aborted()
      await this.#change()
    }
  }

  // Once for each piece of a body that may be gigabytes: it makes as little garbage as it can.
  #change(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const source = this.#source
    const timer = setTimeout(() => {
      source.unwatch(changed)
      reject(new ProxyError('client-timeout', 'the request body stopped coming'))
    }, this.#idleTimeoutMs)
    const changed = (): void => {
      clearTimeout(timer)
      source.unwatch(changed)
      resolve()
    }
    source.watch(changed)
    return promise
  }
}

function aborted(): ProxyError {
  return new ProxyError('client-aborted', 'the client went away before its request ended')
}

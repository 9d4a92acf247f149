/** A request that came by HTTP/1, and its answer: Node's own message and reply, as `incoming.ts` has them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { DetachedReply } from './detached-reply.ts'
import type { BodySource, Detached, Incoming, Reply, ReplyHead } from './incoming.ts'

export function incomingOf(message: IncomingMessage): Incoming {
  const { method = '', url = '', httpVersion, rawHeaders } = message
  return { method, target: url, httpVersion, rawHeaders, fault: null, body: new MessageBody(message), awaitsEnd: false }
}

class MessageBody implements BodySource {
  readonly #message: IncomingMessage

  constructor(message: IncomingMessage) {
    this.#message = message
  }

  read(): Buffer | null {
    return this.#message.read() as Buffer | null
  }

  state(): 'open' | 'whole' | 'broken' {
    const message = this.#message
    // `complete` turns true before the last buffered bytes are read.
    if ((message.readableEnded || message.complete) && message.readableLength === 0) return 'whole'
    return !message.complete && (message.destroyed || message.errored !== null) ? 'broken' : 'open'
  }

  watch(changed: () => void): void {
    this.#message.on('readable', changed).on('end', changed).on('close', changed).on('error', changed)
  }

  unwatch(changed: () => void): void {
    this.#message.off('readable', changed).off('end', changed).off('close', changed).off('error', changed)
  }
}

export class Http1Reply implements Reply {
  readonly #reply: ServerResponse

  constructor(reply: ServerResponse) {
    this.#reply = reply
  }

  get gone(): boolean {
    return this.#reply.destroyed
  }

  get begun(): boolean {
    return this.#reply.headersSent
  }

  get finished(): boolean {
    return this.#reply.writableFinished
  }

  goOn(): void {
    this.#reply.writeContinue()
  }

  /** Many clients of HTTP/1.1 take one for the answer itself. */
  hint(): void {}

  begin({ status, reason, fields, isEmpty, isLast, isForwarded }: ReplyHead): void {
    const reply = this.#reply
    if (isLast) reply.shouldKeepAlive = false
    if (isForwarded) reply.sendDate = false
    reply.writeHead(status, reason, isLast ? [...fields, 'Connection', 'close'] : [...fields])
    // What is left of the request may be read away before the end.
    if (isEmpty && isLast) reply.flushHeaders()
  }

  write(chunk: Uint8Array | string): boolean {
    return this.#reply.write(chunk)
  }

  end(): void {
    this.#reply.end()
  }

  dismiss(): boolean {
    return false
  }

  cut(): void {
    this.#reply.destroy()
  }

  get detached(): Detached | null {
    return this.#reply instanceof DetachedReply ? this.#reply : null
  }

  onClose(listener: () => void): void {
    this.#reply.on('close', listener)
  }

  onDrain(listener: () => void): void {
    this.#reply.on('drain', listener)
  }

  offClose(listener: () => void): void {
    this.#reply.off('close', listener)
  }

  offDrain(listener: () => void): void {
    this.#reply.off('drain', listener)
  }
}

/** One socket of a spliced tunnel: read as Node reads any, and into one buffer again and again once it carries much. */
import type { Socket } from 'node:net'
import { moveToReusedBuffer } from './reused-buffer.ts'

export interface EndEvents {
  readonly broken: () => void
  /** `whole` where the other side had said that it sends no more; else it was reset. */
  readonly closed: (whole: boolean) => void
}

/** What reads of this end do. */
export interface Reading {
  /** False while these bytes have to stay where they are: nothing more is read until `resume`. */
  readonly take: (bytes: Buffer) => boolean
  readonly ended: () => void
}

export class SpliceEnd {
  /** The socket that answers: another one, of the same connection, once it was moved. */
  socket: Socket
  reusesBuffer = false
  readonly #events: EndEvents
  #reading: Reading | null = null
  readonly #onData = (bytes: Buffer): void => {
    if (this.#reading?.take(bytes) !== true) this.socket.pause()
  }
  readonly #onEnd = (): void => this.#reading?.ended()

  constructor(socket: Socket, events: EndEvents) {
    this.socket = socket
    this.#events = events
  }

  /** What happened to the socket before is told at once. */
  watch(): void {
    const { socket } = this
    socket.on('error', this.#events.broken)
    if (socket.destroyed) this.#events.broken()
    const onClosed = (): void => {
      if (socket === this.socket) this.#events.closed(socket.readableEnded)
    }
    // While the tunnel was judged a socket may have closed: it says so once, and not again.
    if (socket.closed) this.#events.closed(true)
    else socket.on('close', onClosed)
  }

  read(reading: Reading): void {
    const { socket } = this
    this.#reading = reading
    socket.on('data', this.#onData)
    if (socket.readableEnded) reading.ended()
    else socket.on('end', this.#onEnd)
    socket.resume()
  }

  /** Reads into a reused buffer from now on; false where that cannot be done now. Not to be called while this end is read. */
  move(): boolean {
    const { socket: old } = this
    const reading = this.#reading
    if (reading === null || this.reusesBuffer) return false
    // Reading what the old socket holds already would hand it over twice.
    old.off('data', this.#onData)
    const moved = moveToReusedBuffer(old, reading.take)
    if (moved === null) {
      old.on('data', this.#onData)
      return false
    }
    old.off('end', this.#onEnd)
    this.reusesBuffer = true
    this.socket = moved.socket
    this.watch()
    moved.socket.on('end', this.#onEnd)
    if (moved.head === null || reading.take(moved.head)) moved.socket.resume()
    return true
  }
}

/**
 * Reads a connected socket into one buffer again and again, in place of a new one for each read: three times the bytes for
 * the same CPU time. Node offers that (`onread`) only for sockets that it makes itself, so the connection moves into a new
 * socket; this file alone knows how.
 */
import { Socket, type SocketConstructorOpts } from 'node:net'

/** What a connection begins with. */
const BUFFER_BYTES_MIN = 64 * 1024
/** What it grows to while reads fill it. */
const BUFFER_BYTES_MAX = 128 * 1024
const GROWTH = 2
/** Reads in a row that leave most of the buffer empty, after which it shrinks again. */
const SMALL_READS_MAX = 64

export interface Moved {
  readonly socket: Socket
  /** What was read before; null where nothing was. */
  readonly head: Buffer | null
}

/**
 * The same connection as a socket that is paused and hands each read to `take`, as a view that holds until `take` answers
 * true, or until `resume` after it answered false. Null where the connection cannot be moved: either direction has ended, or it still writes.
 * The old socket closes when the new one does, and the other way round.
 */
export function moveToReusedBuffer(old: Socket, take: (bytes: Buffer) => boolean): Moved | null {
  const innards = old as unknown as Innards
  const handle = innards[HANDLE]
  if (handle === null || old.destroyed || old.connecting || innards[READING].ended) return null
  if (old.writableLength > 0 || old.writableEnded) return null
  old.pause()
  handle.readStop()
  const head: Buffer | null = old.read()
  innards[HANDLE] = null
  const buffer = new ReusedBuffer()
  const options: SocketConstructorOpts = {
    allowHalfOpen: true,
    onread: {
      buffer: () => buffer.next(),
      callback: (size, bytes) => {
        buffer.note(size)
        return take(Buffer.from(bytes.buffer, bytes.byteOffset, size))
      },
    },
  }
  // The handle is private to Node, and the reason for this file.
  const socket = new Socket(Object.assign(options, { handle, pauseOnCreate: true }))
  socket.once('close', () => old.destroy())
  old.once('close', () => socket.destroy())
  return { socket, head }
}

// Private to Node: the connection itself, and whether its end was read already.
const HANDLE = '_handle'
const READING = '_readableState'

interface Innards {
  [HANDLE]: { readStop(): number } | null
  readonly [READING]: { readonly ended: boolean }
}

class ReusedBuffer {
  #bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES_MIN)
  #smallReads = 0

  next(): Buffer {
    return this.#bytes
  }

  note(size: number): void {
    const { length } = this.#bytes
    if (size === length && length < BUFFER_BYTES_MAX) this.#resize(Math.min(BUFFER_BYTES_MAX, length * GROWTH))
    this.#smallReads = size * GROWTH <= length && length > BUFFER_BYTES_MIN ? this.#smallReads + 1 : 0
    if (this.#smallReads > SMALL_READS_MAX) this.#resize(BUFFER_BYTES_MIN)
  }

  // The view of the last read keeps the buffer before this one alive until it is written.
  #resize(size: number): void {
    this.#bytes = Buffer.allocUnsafeSlow(size)
    this.#smallReads = 0
  }
}

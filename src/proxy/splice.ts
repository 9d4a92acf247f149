/** Joins two sockets byte for byte, with half-close, backpressure, a silence limit and, where a rule sets one, a byte limit. */
import type { Socket } from 'node:net'
import { moveToReusedBuffer } from './reused-buffer.ts'

export interface SpliceOptions {
  /** Without a byte either way for so long, both ends are closed. */
  readonly idleTimeoutMs: number
  /**
   * Asked before bytes of the client's are passed on: false cuts the tunnel instead, and a promise makes the client wait for
   * its answer. Null where nothing limits what it may send.
   */
  admitUp: Admit | null
}

export type Admit = (bytes: number) => boolean | Promise<boolean>

export interface SpliceCounts {
  up: number
  down: number
}

export type SpliceEnd = 'closed' | 'idle' | 'limit' | 'denied' | 'broken'

export interface Splice {
  /** Resolves when both sockets are closed. */
  readonly ended: Promise<SpliceEnd>
  cut(reason: SpliceEnd): void
}

/** `counts` is kept while the tunnel lives; `options.admitUp` may be replaced. */
export function splice(client: Socket, upstream: Socket, counts: SpliceCounts, options: SpliceOptions): Splice {
  const { promise: ended, resolve } = Promise.withResolvers<SpliceEnd>()
  let end: SpliceEnd = 'closed'
  let open = 2
  let movedBefore = -1
  const cut = (reason: SpliceEnd): void => {
    if (end === 'closed') end = reason
    client.destroy()
    upstream.destroy()
  }
  // One timer a tunnel that compares, instead of one that every chunk sets anew.
  const timer = setInterval(() => {
    const moved = counts.up + counts.down
    if (moved === movedBefore) cut('idle')
    movedBefore = moved
  }, options.idleTimeoutMs)
  timer.unref()
  const onClosed = (): void => {
    if (--open > 0) return
    clearInterval(timer)
    resolve(end)
  }
  const up = new Way(
    (bytes) => options.admitUp === null || options.admitUp(bytes),
    (bytes) => {
      counts.up += bytes
    },
    () => cut('limit'),
  )
  const down = new Way(
    () => true,
    (bytes) => {
      counts.down += bytes
    },
    () => cut('limit'),
  )
  const [left, right] = [up.read(client), down.read(upstream)]
  for (const [socket, other] of [
    [left, right],
    [right, left],
  ] as const) {
    socket.on('error', () => cut('broken'))
    if (socket.destroyed) cut('broken')
    // While the tunnel was judged a socket may have closed: it says so once, and not again.
    if (socket.closed) {
      onClosed()
      continue
    }
    socket.on('close', () => {
      // A socket that closed without an end was reset: what is still on its way to it is of no use any more.
      if (!socket.readableEnded) other.destroy()
      onClosed()
    })
  }
  up.begin(right)
  down.begin(left)
  return { ended, cut }
}

/** One direction: what is read is written before more is read, so that the memory it was read into can be used again. */
class Way {
  readonly #admit: Admit
  readonly #count: (bytes: number) => void
  readonly #refuse: () => void
  #from: Socket | null = null
  #to: Socket | null = null
  #head: Buffer | null = null
  /** Bytes that are not admitted yet, or not written yet: nothing more is read, and an end has to wait. */
  #waiting = false
  #unwritten = false
  #ended = false
  readonly #onFlushed = (): void => this.#flushed()

  constructor(admit: Admit, count: (bytes: number) => void, refuse: () => void) {
    this.#admit = admit
    this.#count = count
    this.#refuse = refuse
  }

  /** Takes over the reading of a socket, which is then the one that answers. */
  read(socket: Socket): Socket {
    const moved = moveToReusedBuffer(socket, (bytes) => this.#take(bytes))
    this.#head = moved?.head ?? null
    const from = moved?.socket ?? socket
    if (moved === null) {
      from.on('data', (bytes: Buffer) => {
        if (!this.#take(bytes)) from.pause()
      })
    }
    this.#from = from
    return from
  }

  begin(to: Socket): void {
    const from = this.#from
    if (from === null) return
    this.#to = to
    if (from.readableEnded) this.#end()
    else from.on('end', () => this.#end())
    if (this.#head === null || this.#take(this.#head)) from.resume()
    this.#head = null
  }

  /** False while these bytes have to stay where they are. */
  #take(bytes: Buffer): boolean {
    const answer = this.#admit(bytes.length)
    if (typeof answer === 'boolean') return this.#pass(bytes, answer)
    this.#waiting = true
    this.#from?.pause()
    answer.then(
      (admitted) => this.#answered(bytes, admitted),
      () => this.#answered(bytes, false),
    )
    return false
  }

  #answered(bytes: Buffer, admitted: boolean): void {
    if (this.#to?.destroyed !== false) return
    this.#waiting = false
    if (this.#pass(bytes, admitted)) this.#goOn()
  }

  #pass(bytes: Buffer, admitted: boolean): boolean {
    const to = this.#to
    if (to === null || !admitted) {
      this.#refuse()
      return false
    }
    this.#count(bytes.length)
    to.write(bytes, this.#onFlushed)
    if (to.writableLength === 0) return true
    this.#unwritten = true
    this.#from?.pause()
    return false
  }

  #flushed(): void {
    if (!this.#unwritten || this.#to === null || this.#to.writableLength > 0) return
    this.#unwritten = false
    this.#goOn()
  }

  #goOn(): void {
    if (this.#ended) this.#to?.end()
    else this.#from?.resume()
  }

  #end(): void {
    this.#ended = true
    if (!this.#waiting && !this.#unwritten) this.#to?.end()
  }
}

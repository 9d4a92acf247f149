/** Joins two sockets byte for byte, with half-close, backpressure, a silence limit and, where a rule sets one, a byte limit. */
import type { Socket } from 'node:net'
import { SpliceEnd } from './splice-end.ts'

export interface SpliceOptions {
  /** Without a byte either way for so long, both ends are closed. */
  readonly idleTimeoutMs: number
  /**
   * Asked before bytes of the client's are passed on: false cuts the tunnel instead, and a promise makes the client wait for
   * its answer. Null where nothing limits what it may send.
   */
  admitUp: Admit | null
  /** Looks at all that goes by, where its form is known; what it does not let pass cuts the tunnel. */
  readonly follow?: Follow
}

export interface Follow {
  /** False for bytes of which none may go on. */
  up(bytes: Buffer): boolean
  down(bytes: Buffer): boolean
}

export type Admit = (bytes: number) => boolean | Promise<boolean>

export interface SpliceCounts {
  up: number
  down: number
}

export type SpliceOutcome = 'closed' | 'idle' | 'limit' | 'denied' | 'broken' | 'malformed'

export interface Splice {
  /** Resolves when both sockets are closed. */
  readonly ended: Promise<SpliceOutcome>
  cut(reason: SpliceOutcome): void
}

/** A direction that carried so much goes on in a reused buffer: to begin with one costs more than most tunnels carry. */
const BULK_BYTES_MIN = 256 * 1024

/** `counts` is kept while the tunnel lives; `options.admitUp` may be replaced. */
export function splice(client: Socket, upstream: Socket, counts: SpliceCounts, options: SpliceOptions): Splice {
  const { promise: ended, resolve } = Promise.withResolvers<SpliceOutcome>()
  let outcome: SpliceOutcome = 'closed'
  let open = 2
  let movedBefore = -1
  const cut = (reason: SpliceOutcome): void => {
    if (outcome === 'closed') outcome = reason
    left.socket.destroy()
    right.socket.destroy()
  }
  // One timer a tunnel that compares, instead of one that every chunk sets anew.
  const timer = setInterval(() => {
    const moved = counts.up + counts.down
    if (moved === movedBefore) cut('idle')
    movedBefore = moved
  }, options.idleTimeoutMs)
  timer.unref()
  const closed = (other: SpliceEnd, whole: boolean): void => {
    // A socket that closed without an end was reset: what is still on its way to it is of no use any more.
    if (!whole) other.socket.destroy()
    if (--open > 0) return
    clearInterval(timer)
    resolve(outcome)
  }
  const broken = (): void => cut('broken')
  const left: SpliceEnd = new SpliceEnd(client, { broken, closed: (whole) => closed(right, whole) })
  const right: SpliceEnd = new SpliceEnd(upstream, { broken, closed: (whole) => closed(left, whole) })
  const { follow } = options
  const up = new Way(left, right, {
    follow: follow === undefined ? null : (bytes) => follow.up(bytes),
    malformed: () => cut('malformed'),
    admit: (bytes) => options.admitUp === null || options.admitUp(bytes),
    count(bytes) {
      counts.up += bytes
    },
    refuse: () => cut('limit'),
  })
  const down = new Way(right, left, {
    follow: follow === undefined ? null : (bytes) => follow.down(bytes),
    malformed: () => cut('malformed'),
    admit: () => true,
    count(bytes) {
      counts.down += bytes
    },
    refuse: () => cut('limit'),
  })
  left.watch()
  right.watch()
  up.begin()
  down.begin()
  return { ended, cut }
}

interface Toll {
  /** Null where the bytes have no form that is known. */
  readonly follow: ((bytes: Buffer) => boolean) | null
  readonly malformed: () => void
  readonly admit: Admit
  readonly count: (bytes: number) => void
  readonly refuse: () => void
}

/** One direction: what is read is written before more is read, so that the memory it was read into can be used again. */
class Way {
  readonly #from: SpliceEnd
  readonly #to: SpliceEnd
  readonly #toll: Toll
  #bytes = 0
  /** Bytes that are not admitted yet, or not written yet: nothing more is read, and an end has to wait. */
  #waiting = false
  #unwritten = false
  #ended = false
  #moving = false
  readonly #onFlushed = (): void => this.#flushed()

  constructor(from: SpliceEnd, to: SpliceEnd, toll: Toll) {
    this.#from = from
    this.#to = to
    this.#toll = toll
  }

  begin(): void {
    this.#from.read({ take: (bytes) => this.#take(bytes), ended: () => this.#end() })
  }

  /** False while these bytes have to stay where they are. */
  #take(bytes: Buffer): boolean {
    if (this.#toll.follow?.(bytes) === false) {
      this.#toll.malformed()
      return false
    }
    const answer = this.#toll.admit(bytes.length)
    if (typeof answer === 'boolean') return this.#pass(bytes, answer)
    this.#waiting = true
    this.#from.socket.pause()
    answer.then(
      (admitted) => this.#answered(bytes, admitted),
      () => this.#answered(bytes, false),
    )
    return false
  }

  #answered(bytes: Buffer, admitted: boolean): void {
    if (this.#to.socket.destroyed) return
    this.#waiting = false
    if (this.#pass(bytes, admitted)) this.#goOn()
  }

  #pass(bytes: Buffer, admitted: boolean): boolean {
    if (!admitted) {
      this.#toll.refuse()
      return false
    }
    const to = this.#to.socket
    this.#toll.count(bytes.length)
    this.#bytes += bytes.length
    to.write(bytes, this.#onFlushed)
    if (to.writableLength > 0) {
      this.#unwritten = true
      this.#from.socket.pause()
      return false
    }
    if (this.#isBulk && !this.#moving) {
      this.#moving = true
      // Node is in the middle of a read of this very socket.
      process.nextTick(() => {
        this.#moving = false
        if (this.#isBulk && !this.#unwritten) this.#from.move()
      })
    }
    return true
  }

  get #isBulk(): boolean {
    // What is followed may be TLS that was opened, and of such a socket the connection cannot be moved.
    if (this.#toll.follow !== null) return false
    return this.#bytes >= BULK_BYTES_MIN && !this.#from.reusesBuffer && !this.#waiting && !this.#ended
  }

  #flushed(): void {
    if (!this.#unwritten || this.#to.socket.writableLength > 0) return
    this.#unwritten = false
    if (!this.#isBulk || !this.#from.move()) this.#goOn()
  }

  #goOn(): void {
    if (this.#ended) this.#to.socket.end()
    else this.#from.socket.resume()
  }

  #end(): void {
    this.#ended = true
    if (!this.#waiting && !this.#unwritten) this.#to.socket.end()
  }
}

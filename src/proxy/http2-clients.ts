/** Client connections that speak HTTP/2: each stream is a request, and the connection is watched as a whole (RFC 9113). */
import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { createFlow } from '../flow/flow.ts'
import type { Connection } from './connection.ts'
import { createEventId } from './event-id.ts'
import { exchange } from './exchange.ts'
import { Http2Reply, incomingOfStream, isAnswered } from './http2-client.ts'
import { connectionWindowBytes, heaviest, Http2Watch, sessionOptions } from './http2-limits.ts'
import { denyByGuard } from './judge.ts'
import type { Runtime } from './runtime.ts'

/** How often every connection is looked at. */
const WATCH_INTERVAL_MS = 250
/** From the last that is said on a connection to its end, whatever the client does. */
const GOODBYE_MS_MAX = 2_000
/** Of one connection, at one turn of the event loop. */
const REQUESTS_PER_TURN_MAX = 8
/** A connection is looked at between two of these looks, too. */
const RESETS_PER_CHECK = 32
const { NGHTTP2_ENHANCE_YOUR_CALM } = constants
/** A name and a value are told with their lengths. */
const FIELD_OVERHEAD_BYTES = 8

export class Http2Clients {
  readonly #weir: Runtime
  readonly #open = new Set<Http2Connection>()
  #watching: NodeJS.Timeout | null = null

  constructor(weir: Runtime) {
    this.#weir = weir
  }

  /** Serves a decrypted socket that has agreed on `h2`. */
  serve(socket: TLSSocket, connection: Connection): void {
    const open = new Http2Connection(this.#weir, socket, connection, () => this.#leave(open))
    this.#open.add(open)
    this.#watching ??= setInterval(() => this.#watch(), WATCH_INTERVAL_MS)
  }

  /** Takes no more streams; each connection ends with the last it has. */
  drain(): void {
    for (const open of this.#open) open.drain()
  }

  #leave(open: Http2Connection): void {
    this.#open.delete(open)
    if (this.#open.size > 0 || this.#watching === null) return
    clearInterval(this.#watching)
    this.#watching = null
  }

  #watch(): void {
    const now = this.#weir.now()
    for (const open of this.#open) open.check(now)
    const holdings = [...this.#open].map((open) => ({ whose: open, bytes: open.waitingBytes }))
    for (const open of heaviest(holdings, this.#weir.settings.limits.http2WaitingTotalBytesMax)) open.unburden()
  }
}

class Http2Connection {
  readonly #weir: Runtime
  readonly #socket: TLSSocket
  readonly #connection: Connection
  readonly #session: ServerHttp2Session
  readonly #watch: Http2Watch
  readonly #streams = new Set<ServerHttp2Stream>()
  /** Requests whose turn has not come: what is taken back until then was never anybody's. */
  readonly #waiting = new Map<ServerHttp2Stream, readonly string[]>()
  readonly #traffic = { contentIn: 0, fieldsIn: 0, heads: 0, answered: 0, resets: 0 }
  /** Since when no request is open. */
  #idleSince: number | null
  /** Since when it takes no new requests. */
  #leavingSince: number | null = null
  /** Requests that are not answered yet. */
  #serving = 0
  /** All that came and went when it was last looked at while it left, and since when it is as much. */
  #moved = { bytes: 0, at: 0 }
  #isDenied = false

  constructor(weir: Runtime, socket: TLSSocket, connection: Connection, left: () => void) {
    const { limits } = weir.settings
    this.#weir = weir
    this.#socket = socket
    this.#connection = connection
    this.#idleSince = weir.now()
    this.#watch = new Http2Watch(limits, weir.now())
    // Only a server of Node's own sets it back, and until then a session waits for an event that no server's socket has.
    Object.assign(socket, { secureConnecting: false })
    this.#session = performServerHandshake(socket, sessionOptions(limits))
    this.#session.once('connect', () => this.#session.setLocalWindowSize(connectionWindowBytes(limits)))
    this.#session.on('stream', (stream, _headers, _flags, pairs) => this.#welcome(stream, pairs))
    this.#session.on('error', (error: NodeJS.ErrnoException) => this.#broken(error))
    this.#session.once('close', () => {
      left()
      socket.destroy()
    })
    // The listener lets half of a connection live on, as HTTP/1.1 can: a session would stay, and its upstreams with it.
    socket.once('end', () => socket.destroy())
  }

  drain(): void {
    this.#leavingSince ??= this.#weir.now()
    if (!this.#session.destroyed) this.#session.close()
  }

  /** Ends a connection that asks for too much, or that has asked for nothing for too long. */
  check(now: number): void {
    // At a client's own GOAWAY Node closes the session, and tells nobody of an error or an end behind it.
    if (this.#session.closed) this.#leavingSince ??= now
    if (this.#leavingSince !== null) {
      // A client that takes nothing any more, or does not end its side, would keep the socket for ever.
      const since = Math.max(this.#leavingSince, this.#idleSince ?? now)
      if (now - since > GOODBYE_MS_MAX || this.#isStuck(now)) this.#socket.destroy()
    }
    if (this.#session.destroyed) return
    const { contentIn, ...counted } = this.#traffic
    let unread = 0
    for (const stream of this.#streams) unread += stream.readableLength
    const traffic = {
      ...counted,
      contentIn: contentIn + unread,
      bytesIn: this.#socket.bytesRead,
      bytesOut: this.#socket.bytesWritten,
    }
    const fault = this.#watch.check(traffic, now)
    if (fault !== null) this.#deny('client-flood', `this connection is closed: ${fault}`)
    else if (this.#idleSince !== null && now - this.#idleSince > this.#weir.settings.limits.keepAliveTimeoutMs)
      this.drain()
  }

  /** Answered all that it was asked, and of that nothing goes out: so ends what is wrong behind a GOAWAY, of which nobody hears. */
  #isStuck(now: number): boolean {
    const moved = this.#socket.bytesRead + this.#socket.bytesWritten
    if (moved !== this.#moved.bytes) this.#moved = { bytes: moved, at: now }
    return this.#serving === 0 && now - this.#moved.at > this.#weir.settings.limits.idleTimeoutMs
  }

  /** What is in memory for it: of requests that nobody reads, and of answers that it does not take. */
  get waitingBytes(): number {
    let bytes = this.#connection.upstreams.waitingBytes
    for (const stream of this.#streams) bytes += stream.readableLength + stream.writableLength
    return bytes
  }

  unburden(): void {
    this.#deny('client-flood', 'this connection is closed: it leaves too much to wait in memory')
  }

  #welcome(stream: ServerHttp2Stream, pairs: readonly string[]): void {
    // Node goes on telling of streams that came in one piece with what ended the connection.
    if (this.#session.destroyed) return
    this.#streams.add(stream)
    this.#idleSince = null
    this.#traffic.heads += 1
    this.#countFields(pairs)
    if (this.#traffic.heads >= this.#weir.settings.limits.requestsPerConnectionMax) this.drain()
    stream.on('error', () => undefined)
    stream.once('close', () => this.#closed(stream))
    stream.on('trailers', (_headers, _flags, trailers) => this.#countFields(trailers))
    this.#waiting.set(stream, pairs)
    if (this.#waiting.size === 1) setImmediate(() => this.#serveSome())
  }

  /** The rest waits until all other connections had their turn. */
  #serveSome(): void {
    let served = 0
    for (const [stream, pairs] of this.#waiting) {
      if (++served > REQUESTS_PER_TURN_MAX) {
        setImmediate(() => this.#serveSome())
        return
      }
      this.#waiting.delete(stream)
      if (!stream.closed) this.#serve(stream, pairs).catch(() => stream.destroy(new Error('not served')))
    }
  }

  async #serve(stream: ServerHttp2Stream, pairs: readonly string[]): Promise<void> {
    const { client, upstreams, tunnel } = this.#connection
    const incoming = incomingOfStream(stream, pairs, (bytes) => {
      this.#traffic.contentIn += bytes
    })
    const own = { client, upstreams, tunnel, concluded: false, heard: true }
    this.#serving += 1
    await exchange(this.#weir, own, incoming, new Http2Reply(stream)).finally(() => {
      this.#serving -= 1
    })
  }

  #countFields(pairs: readonly string[]): void {
    for (const part of pairs) this.#traffic.fieldsIn += part.length + FIELD_OVERHEAD_BYTES / 2
  }

  #closed(stream: ServerHttp2Stream): void {
    this.#streams.delete(stream)
    this.#waiting.delete(stream)
    if (isAnswered(stream)) this.#traffic.answered += 1
    // Who has waited for an answer to begin, and wants no more of it, has paid for the work.
    else if (!stream.headersSent) this.#reset()
    if (this.#streams.size === 0) this.#idleSince = this.#weir.now()
  }

  #reset(): void {
    this.#traffic.resets += 1
    // What one read brings may be thousands of them, long before the next look.
    if (this.#traffic.resets % RESETS_PER_CHECK === 0) this.check(this.#weir.now())
  }

  /** Node and nghttp2 have said so to the client already (RFC 9113 section 5.4.1). */
  #broken(error: NodeJS.ErrnoException): void {
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return
    this.#deny('malformed', `this connection breaks HTTP/2: ${error.message}`)
  }

  #deny(code: 'client-flood' | 'malformed', message: string): void {
    if (this.#isDenied) return
    this.#isDenied = true
    this.#leavingSince ??= this.#weir.now()
    const { now, sink, policy } = this.#weir
    const { client, tunnel } = this.#connection
    const flow = createFlow({ id: createEventId(), kind: 'request', startedAt: now(), client })
    flow.destination = tunnel?.destination ?? null
    flow.user = tunnel?.user ?? null
    flow.tls = tunnel?.tls ?? null
    flow.checkpoint = 'request'
    flow.verdict = denyByGuard(code, message)
    sink.write(flow, 'denied', now(), policy.hash)
    if (!this.#session.destroyed) this.#session.destroy(undefined, NGHTTP2_ENHANCE_YOUR_CALM)
  }
}

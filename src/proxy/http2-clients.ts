/** Client connections that speak HTTP/2: each stream is a request, and the connection is watched as a whole (RFC 9113). */
import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { createFlow } from '../flow/flow.ts'
import type { Connection } from './connection.ts'
import { createEventId } from './event-id.ts'
import { exchange } from './exchange.ts'
import { Http2Reply, incomingOfStream, isAnswered } from './http2-client.ts'
import { connectionWindowBytes, Http2Watch, sessionOptions } from './http2-limits.ts'
import { denyByGuard } from './judge.ts'
import type { Runtime } from './runtime.ts'

/** How often every connection is looked at. */
const WATCH_INTERVAL_MS = 250
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
  }
}

class Http2Connection {
  readonly #weir: Runtime
  readonly #socket: TLSSocket
  readonly #connection: Connection
  readonly #session: ServerHttp2Session
  readonly #watch: Http2Watch
  readonly #streams = new Set<ServerHttp2Stream>()
  readonly #traffic = { contentIn: 0, fieldsIn: 0, heads: 0, answered: 0, resets: 0 }
  /** Since when no request is open. */
  #idleSince: number | null
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
    this.#session.on('stream', (stream, _headers, _flags, pairs) => {
      this.#serve(stream, pairs).catch(() => stream.destroy(new Error('not served')))
    })
    this.#session.on('error', (error: NodeJS.ErrnoException) => this.#broken(error))
    this.#session.once('close', () => {
      left()
      socket.destroy()
    })
  }

  drain(): void {
    if (!this.#session.destroyed) this.#session.close()
  }

  /** Ends a connection that asks for too much, or that has asked for nothing for too long. */
  check(now: number): void {
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

  async #serve(stream: ServerHttp2Stream, pairs: readonly string[]): Promise<void> {
    const { client, upstreams, tunnel } = this.#connection
    this.#streams.add(stream)
    this.#idleSince = null
    this.#count(pairs)
    stream.on('error', () => undefined)
    stream.once('close', () => this.#closed(stream))
    const incoming = incomingOfStream(stream, pairs, (bytes) => {
      this.#traffic.contentIn += bytes
    })
    stream.on('trailers', (_headers, _flags, trailers) => this.#count(trailers))
    const own = { client, upstreams, tunnel, concluded: false, heard: true }
    await exchange(this.#weir, own, incoming, new Http2Reply(stream))
  }

  #count(pairs: readonly string[]): void {
    this.#traffic.heads += 1
    for (const part of pairs) this.#traffic.fieldsIn += part.length + FIELD_OVERHEAD_BYTES / 2
    if (this.#traffic.heads >= this.#weir.settings.limits.requestsPerConnectionMax) this.drain()
  }

  #closed(stream: ServerHttp2Stream): void {
    this.#streams.delete(stream)
    if (isAnswered(stream)) this.#traffic.answered += 1
    else this.#traffic.resets += 1
    if (this.#streams.size === 0) this.#idleSince = this.#weir.now()
  }

  /** Node and nghttp2 have said so to the client already (RFC 9113 section 5.4.1). */
  #broken(error: NodeJS.ErrnoException): void {
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return
    this.#deny('malformed', `this connection breaks HTTP/2: ${error.message}`)
  }

  #deny(code: 'client-flood' | 'malformed', message: string): void {
    if (this.#isDenied) return
    this.#isDenied = true
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

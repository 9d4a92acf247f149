/** Reads what is in a tunnel: ends its TLS, by a verified upstream and a leaf of our CA, or finds it in the clear. */
import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import { createFlow, type Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import { type Destination, nameOf } from '../net/destination.ts'
import { type ClientEnd, clientFault } from '../tls/client-fault.ts'
import { openUpstream } from '../tls/upstream.ts'
import type { Connection, OpenedTunnel } from './connection.ts'
import type { Endpoint } from './dial.ts'
import { createEventId } from './event-id.ts'
import type { Runtime } from './runtime.ts'
import { BOTH, HTTP1_ALONE, offerFor, speechOf } from './speech.ts'
import { Upstreams } from './upstreams.ts'

/** Whoever closes this soon after the handshake did not open the connection ahead of need. */
const SILENT_CLOSE_MS_MAX = 1_000

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

export class Inspector {
  readonly #weir: Runtime
  readonly #serve: (socket: Socket, connection: Connection) => void
  readonly #owned = new WeakSet<Socket>()

  /** `serve` reads HTTP from the decrypted side, or from the client's socket where nothing is encrypted. */
  constructor(weir: Runtime, serve: (socket: Socket, connection: Connection) => void) {
    this.#weir = weir
    this.#serve = serve
  }

  /** Whether this socket is carried on by a tunnel that is read. */
  owns(socket: Socket): boolean {
    return this.#owned.has(socket)
  }

  /**
   * TLS to the upstream, verified against the CONNECT name, `offered` being the protocols that the client offers; the failure as a
   * value, for the client is told of it inside.
   */
  async secure(
    destination: Destination,
    upstream: Socket,
    offered: readonly string[],
  ): Promise<TLSSocket | ProxyError> {
    const { trust, sessions, settings, clientCertificates } = this.#weir
    const { host } = destination
    try {
      const socket = await openUpstream(upstream, destination, trust, sessions, {
        timeoutMs: settings.limits.tlsHandshakeTimeoutMs,
        alpn: offerFor(settings.http2, offered),
        identity: host === null ? null : clientCertificates.certificateFor(host),
      })
      this.#owned.add(upstream)
      return socket
    } catch (error) {
      if (error instanceof ProxyError) return error
      throw error
    }
  }

  /** Shows the client a leaf for the CONNECT name and serves what it asks inside. The client's socket is taken over. */
  open(
    client: Socket,
    from: Flow['client'],
    tunnel: OpenedTunnel,
    upstream: { readonly endpoint: Endpoint; readonly socket: TLSSocket } | null,
  ): void {
    const secureContext = this.#leafFor(tunnel.destination, upstream?.socket ?? null)
    const agreed = upstream === null ? null : upstream.socket.alpnProtocol || ''
    const speech = speechOf(this.#weir.settings.http2, tunnel.tls?.alpn ?? [], agreed)
    const upstreams = new Upstreams(this.#weir, 'https', { speech })
    if (upstream !== null) upstreams.adopt(tunnel.destination, upstream.endpoint, upstream.socket)
    const secure = new TLSSocket(client, {
      isServer: true,
      secureContext,
      ALPNProtocols: [...(speech.isMultiplexed ? BOTH : HTTP1_ALONE)],
    })
    const { tlsHandshakeTimeoutMs } = this.#weir.settings.limits
    const end: Mutable<ClientEnd> = { error: null, stage: client.destroyed ? 'before' : 'handshake', waitedMs: null }
    let establishedAt = Number.POSITIVE_INFINITY
    const timer = setTimeout(() => {
      end.waitedMs = tlsHandshakeTimeoutMs
      secure.destroy()
    }, tlsHandshakeTimeoutMs)
    secure.on('error', (error) => {
      end.error ??= error
    })
    secure.once('close', () => {
      clearTimeout(timer)
      upstreams.close()
      client.destroy()
      // In TLS 1.2, and of clients that look at the certificate late, the refusal comes after the handshake.
      const isRefusal = this.#weir.now() - establishedAt <= SILENT_CLOSE_MS_MAX && secure.bytesRead === 0
      if (end.stage !== 'after' || isRefusal) this.#recordClientEnd(from, tunnel, end)
      else if (secure.bytesRead > 0) this.#weir.distrust.takeBack(from.address, nameOf(tunnel.destination))
    })
    secure.once('secure', () => {
      end.stage = 'after'
      establishedAt = this.#weir.now()
      clearTimeout(timer)
      this.#serve(secure, { client: from, upstreams, tunnel, concluded: false, heard: false })
    })
    // A client that left while the upstream was made ready closes no more: what was opened for it is ended here.
    if (client.destroyed) secure.destroy()
  }

  /** Serves what the client asks in the clear. Its socket, in which all of it still is, is taken over. */
  serveClear(
    client: Socket,
    from: Flow['client'],
    tunnel: OpenedTunnel,
    upstream: { readonly endpoint: Endpoint; readonly socket: Socket } | null,
  ): void {
    const upstreams = new Upstreams(this.#weir, 'http', { carries: 'tunnel' })
    if (upstream !== null) {
      this.#owned.add(upstream.socket)
      upstreams.adopt(tunnel.destination, upstream.endpoint, upstream.socket)
    }
    const connection: Connection = { client: from, upstreams, tunnel, concluded: false, heard: false }
    const onClose = (): void => {
      upstreams.close()
      if (connection.heard) return
      const message = 'the client went away before its request was whole'
      this.#recordFailure(from, tunnel, { code: 'client-aborted', message })
    }
    if (client.destroyed) {
      onClose()
      return
    }
    client.once('close', onClose)
    this.#serve(client, connection)
    // The peek has paused it.
    client.resume()
  }

  /** Throws a ProxyError where there can be no leaf, and ends the upstream that was opened in vain. */
  #leafFor(destination: Destination, upstream: Socket | null): SecureContext {
    const { contexts } = this.#weir
    try {
      if (contexts === null) throw new ProxyError('weir-fault', 'there is no inspection CA to open TLS with')
      return contexts.contextFor(nameOf(destination))
    } catch (error) {
      upstream?.destroy()
      throw error
    }
  }

  /** A client that ends the handshake most often does not trust the CA: that is for the admin to see, with the name. */
  #recordClientEnd(client: Flow['client'], tunnel: OpenedTunnel, end: ClientEnd): void {
    const host = nameOf(tunnel.destination)
    const { message, sign, certain } = clientFault(host, end)
    if (sign !== null) {
      this.#weir.distrust.note({ client: client.address, host, sign, certain, at: this.#weir.now() })
    }
    this.#recordFailure(client, tunnel, { code: 'client-tls-failed', message })
  }

  /** A tunnel in which no request was made has a line of its own. */
  #recordFailure(client: Flow['client'], tunnel: OpenedTunnel, failure: NonNullable<Flow['failure']>): void {
    const { destination, tls, openedFor, address, user, closed } = tunnel
    const at = this.#weir.now()
    const flow = createFlow({ id: createEventId(), kind: 'tunnel', startedAt: at, client, destination, tls })
    if (tls !== null) flow.operation = 'tunnel'
    flow.openedFor = openedFor
    flow.address = address
    flow.user = user
    flow.failure = failure
    if (closed?.state === 'denied') {
      flow.verdict = closed.verdict
      flow.checkpoint = closed.checkpoint
    }
    const moment = closed?.state === 'denied' ? 'denied' : 'end'
    this.#weir.sink.write(flow, moment, at, this.#weir.policy.hash)
  }
}

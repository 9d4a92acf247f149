/** Ends TLS on both sides of an opened tunnel: a verified upstream, and a leaf of our CA towards the client. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { createFlow, type Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import { type Destination, nameOf } from '../net/destination.ts'
import { openUpstream } from '../tls/upstream.ts'
import type { Connection, OpenedTunnel } from './connection.ts'
import type { Endpoint } from './dial.ts'
import { createEventId } from './event-id.ts'
import type { Runtime } from './runtime.ts'
import { Upstreams } from './upstreams.ts'

export class Inspector {
  readonly #weir: Runtime
  readonly #serve: (socket: TLSSocket, connection: Connection) => void
  readonly #owned = new WeakSet<Socket>()

  /** `serve` reads HTTP from the decrypted side. */
  constructor(weir: Runtime, serve: (socket: TLSSocket, connection: Connection) => void) {
    this.#weir = weir
    this.#serve = serve
  }

  /** Whether this socket is carried on by an opened tunnel. */
  owns(socket: Socket): boolean {
    return this.#owned.has(socket)
  }

  /** TLS to the upstream, verified against the CONNECT name; the failure as a value, for the client is told of it inside. */
  async secure(destination: Destination, upstream: Socket): Promise<TLSSocket | ProxyError> {
    const { trust, sessions, settings } = this.#weir
    try {
      const socket = await openUpstream(upstream, destination, trust, sessions, {
        timeoutMs: settings.limits.tlsHandshakeTimeoutMs,
        alpn: ['http/1.1'],
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
    upstream: { readonly endpoint: Endpoint; readonly socket: Socket } | null,
  ): void {
    const { contexts, settings } = this.#weir
    if (contexts === null) throw new ProxyError('weir-fault', 'there is no inspection CA to open TLS with')
    const upstreams = new Upstreams(this.#weir, 'https')
    if (upstream !== null) upstreams.adopt(tunnel.destination, upstream.endpoint, upstream.socket)
    const secure = new TLSSocket(client, {
      isServer: true,
      secureContext: contexts.contextFor(nameOf(tunnel.destination)),
      ALPNProtocols: ['http/1.1'],
    })
    let established = false
    const timer = setTimeout(() => secure.destroy(), settings.limits.tlsHandshakeTimeoutMs)
    secure.on('error', () => undefined)
    secure.once('close', () => {
      clearTimeout(timer)
      upstreams.close()
      client.destroy()
      if (!established) this.#recordFailure(from, tunnel)
    })
    secure.once('secure', () => {
      established = true
      clearTimeout(timer)
      this.#serve(secure, { client: from, upstreams, tunnel })
    })
    // A client that left while the upstream was made ready closes no more: what was opened for it is ended here.
    if (client.destroyed) secure.destroy()
  }

  /** A client that ends the handshake most often does not trust the CA: that is for the admin to see, with the name. */
  #recordFailure(client: Flow['client'], tunnel: OpenedTunnel): void {
    const { destination, tls, openedFor, address, closed } = tunnel
    const flow = createFlow({
      id: createEventId(),
      kind: 'tunnel',
      startedAt: this.#weir.now(),
      client,
      destination,
      tls,
    })
    flow.operation = 'tunnel'
    flow.openedFor = openedFor
    flow.address = address
    flow.failure = {
      code: 'client-tls-failed',
      message: `the client broke off TLS to ${nameOf(destination)}: it may not trust the inspection CA`,
    }
    if (closed?.state === 'denied') {
      flow.verdict = closed.verdict
      flow.checkpoint = closed.checkpoint
    }
    const moment = closed?.state === 'denied' ? 'denied' : 'end'
    this.#weir.sink.write(flow, moment, this.#weir.now(), this.#weir.policy.hash)
  }
}

/** The upstream connections of one client connection: nobody else's requests ever travel on them. */
import type { Socket } from 'node:net'
import { LRUCache } from 'lru-cache'
import { Client, Pool } from 'undici'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Verdict } from '../flow/verdict.ts'
import type { Address } from '../net/address.ts'
import { authorityOf, type Destination, nameOf } from '../net/destination.ts'
import { openUpstream } from '../tls/upstream.ts'
import { certificateDemand } from '../tls/upstream-fault.ts'
import { type Carries, type Dialled, dial, dialEndpoint, type Endpoint, judgedAddress } from './dial.ts'
import { http1Sender } from './http1-upstream.ts'
import { type Http2Upstream, http2Upstream } from './http2-upstream.ts'
import type { DenyVerdict } from './judge.ts'
import type { Sender } from './outgoing.ts'
import type { Runtime } from './runtime.ts'
import { HTTP1, HTTP1_ALONE, type Speech } from './speech.ts'

/** Upstreams that one plain client connection keeps open at a time. */
const UPSTREAMS_PER_CONNECTION_MAX = 8

export interface Upstream {
  readonly send: Sender
  readonly endpoint: Endpoint
  /** Carries requests in the clear, which a parent proxy there reads. */
  readonly plain: boolean
}

interface Kept extends Upstream {
  /** False once it takes no more requests. */
  readonly usable: boolean
  /** What waits in memory, in either direction; of HTTP/1.1 it is no more than one piece of a body each. */
  readonly waitingBytes: number
  end(when: 'now' | 'when-idle'): void
  /** The socket that no request was sent on yet; it is the caller's from now on. Null where there is none. */
  take(): Socket | null
}

export type Opened =
  | { readonly state: 'open'; readonly upstream: Upstream; readonly reused: boolean }
  | { readonly state: 'denied'; readonly verdict: DenyVerdict }

export class Upstreams {
  readonly #weir: Runtime
  readonly #scheme: 'http' | 'https'
  readonly #carries: Carries
  readonly #speech: Speech
  readonly #open: LRUCache<string, Kept>
  readonly #opening = new Map<string, Promise<Opened>>()
  #closed = false

  /** What comes out of a client's tunnel goes on in one. */
  constructor(weir: Runtime, scheme: 'http' | 'https', options: { carries?: Carries; speech?: Speech } = {}) {
    const { carries = scheme === 'http' ? 'plain-http' : 'tunnel', speech = HTTP1 } = options
    this.#weir = weir
    this.#scheme = scheme
    this.#carries = carries
    this.#speech = speech
    this.#open = new LRUCache({
      max: UPSTREAMS_PER_CONNECTION_MAX,
      // One that makes room may still be answering: it takes no more requests and ends when it has.
      dispose: (kept, _key, reason) => {
        if (reason === 'evict') kept.end('when-idle')
      },
    })
  }

  /** Takes a socket that is open already, judged and, for https, verified. */
  adopt(destination: Destination, endpoint: Endpoint, socket: Socket): void {
    this.#open.set(authorityOf(destination), this.#create(destination, endpoint, socket))
  }

  /** The upstream for a destination: the one at hand, or a new one to an address that `judgeAddress` lets through. */
  async open(destination: Destination, judgeAddress: (address: Address | null) => Verdict): Promise<Opened> {
    const key = authorityOf(destination)
    for (;;) {
      const present = this.#open.get(key)
      if (present?.usable === false) this.#retire(key)
      else if (present !== undefined) {
        const verdict = judgeAddress(judgedAddress(destination, present.endpoint))
        if (verdict.action === 'deny') return { state: 'denied', verdict }
        return { state: 'open', upstream: present, reused: true }
      }
      const opening = this.#opening.get(key)
      if (opening === undefined) break
      // A request behind another on the same connection waits for its upstream; where that failed it tries for itself.
      await Promise.allSettled([opening])
    }
    const opening = this.#openNew(key, destination, judgeAddress).finally(() => this.#opening.delete(key))
    this.#opening.set(key, opening)
    return opening
  }

  async #openNew(
    key: string,
    destination: Destination,
    judgeAddress: (address: Address | null) => Verdict,
  ): Promise<Opened> {
    const dialled: Dialled = await dial(this.#weir, destination, this.#carries, judgeAddress)
    if (dialled.state === 'denied') return dialled
    const socket = await this.#secure(destination, dialled.socket, this.#speech.alpn)
    if (this.#closed) {
      socket.destroy()
      throw new ProxyError('client-aborted', 'the client went away before its request was sent')
    }
    const upstream = this.#create(destination, dialled.endpoint, socket)
    this.#open.set(key, upstream)
    return { state: 'open', upstream, reused: false }
  }

  /**
   * A connection that only the caller has, verified for https: the one at hand that nothing was sent on, or a new one. A parent
   * proxy is asked for a tunnel, in the clear too: what it carries will be no request (RFC 6455 section 4.1).
   */
  async openAlone(destination: Destination, judgeAddress: (address: Address | null) => Verdict): Promise<Dialled> {
    const key = authorityOf(destination)
    const present = this.#carries === 'tunnel' ? this.#open.get(key) : undefined
    const verdict = present === undefined ? null : judgeAddress(judgedAddress(destination, present.endpoint))
    if (verdict?.action === 'deny') return { state: 'denied', verdict }
    const taken = present?.take() ?? null
    this.#retire(key)
    if (present !== undefined && taken !== null) return { state: 'open', socket: taken, endpoint: present.endpoint }
    const dialled = await dial(this.#weir, destination, 'tunnel', judgeAddress)
    if (dialled.state === 'denied') return dialled
    // A socket may end before whoever asked listens; its error is then nobody's, and would end the process.
    dialled.socket.on('error', () => undefined)
    return { ...dialled, socket: await this.#secure(destination, dialled.socket, HTTP1_ALONE) }
  }

  /** The address that an upstream at hand was dialled at; null where there is none. */
  addressOf(destination: Destination): Address | null {
    const present = this.#open.get(authorityOf(destination))
    return present === undefined ? null : judgedAddress(destination, present.endpoint)
  }

  /** Of all upstreams at hand. */
  get waitingBytes(): number {
    let bytes = 0
    for (const kept of this.#open.values()) bytes += kept.waitingBytes
    return bytes
  }

  /** Leaves the upstream of a destination to the requests that it still serves: the next one opens a new one. */
  drop(destination: Destination): void {
    this.#retire(authorityOf(destination))
  }

  #retire(key: string): void {
    this.#open.peek(key)?.end(this.#speech.isMultiplexed ? 'when-idle' : 'now')
    this.#open.delete(key)
  }

  close(): void {
    this.#closed = true
    for (const kept of this.#open.values()) kept.end('now')
    this.#open.clear()
  }

  #create(destination: Destination, endpoint: Endpoint, first: Socket): Kept {
    const { limits } = this.#weir.settings
    if (this.#scheme === 'https' && 'alpnProtocol' in first && first.alpnProtocol === 'h2') {
      return http2Kept(http2Upstream(first, authorityOf(destination), limits), endpoint)
    }
    return this.#createHttp1(destination, endpoint, first)
  }

  #createHttp1(destination: Destination, endpoint: Endpoint, first: Socket): Kept {
    const { limits } = this.#weir.settings
    let prepared: Socket | null = first
    // A socket may end before undici takes it; its error is then nobody's, and would end the process.
    first.on('error', () => undefined)
    const connect = async (): Promise<Socket> => {
      const socket = prepared
      prepared = null
      if (socket !== null && !socket.destroyed && socket.readable) return socket
      // The address was judged when this upstream was made; a new name look-up could bring another.
      const next = await dialEndpoint(this.#weir, endpoint, destination, this.#carries)
      return this.#secure(destination, next, HTTP1_ALONE)
    }
    const options: Client.Options = {
      connect: (_options, callback) => {
        connect().then(
          (socket) => callback(null, tellingOfResets(socket)),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        )
      },
      allowH2: false,
      pipelining: 1,
      headersTimeout: limits.responseTimeoutMs,
      bodyTimeout: limits.idleTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      maxHeaderSize: limits.headBytesMax,
    }
    const origin = `${this.#scheme}://${nameOf(destination)}:${destination.port}`
    const client = this.#speech.isMultiplexed
      ? // No stream waits behind another.
        new Pool(origin, { ...options, connections: limits.http2StreamsMax })
      : new Client(origin, options)
    const end = (when: 'now' | 'when-idle'): void => {
      // What no request has taken yet is not the client's to end.
      prepared?.destroy()
      prepared = null
      const ended = when === 'now' ? client.destroy() : client.close()
      ended.catch(() => undefined)
    }
    const take = (): Socket | null => {
      const socket = prepared
      prepared = null
      return socket !== null && !socket.destroyed && socket.readable ? socket : null
    }
    return {
      send: http1Sender(client),
      endpoint,
      plain: this.#carries === 'plain-http',
      usable: true,
      waitingBytes: 0,
      end,
      take,
    }
  }

  async #secure(destination: Destination, socket: Socket, alpn: readonly string[]): Promise<Socket> {
    if (this.#scheme === 'http') return socket
    return openUpstream(socket, destination, this.#weir.trust, this.#weir.sessions, {
      timeoutMs: this.#weir.settings.limits.tlsHandshakeTimeoutMs,
      alpn,
      identity: destination.host === null ? null : this.#weir.clientCertificates.certificateFor(destination.host),
    })
  }
}

function http2Kept(upstream: Http2Upstream, endpoint: Endpoint): Kept {
  return {
    send: upstream.send,
    endpoint,
    plain: false,
    get usable() {
      return upstream.usable
    },
    get waitingBytes() {
      return upstream.waitingBytes
    },
    end: upstream.end,
    // Nothing but HTTP/2 goes over it.
    take: () => null,
  }
}

/**
 * undici takes ECONNRESET for the end of an answer that has no length, and half of it would be passed on as the whole
 * (RFC 9112 section 8); under another code it is the error that it is.
 */
function tellingOfResets(socket: Socket): Socket {
  return socket.prependListener('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') error.code = 'UPSTREAM_RESET'
  })
}

/** What undici or a connection threw, as the one error of the shells. */
export function toProxyError(error: unknown): ProxyError {
  if (error instanceof ProxyError) return error
  const demand = certificateDemand(error)
  if (demand !== null) return demand
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/TIMEOUT/.test(code)) return new ProxyError('upstream-timeout', 'the site did not answer in time', error)
  const what = error instanceof Error ? error.message : String(error)
  return new ProxyError('upstream-broken', `the connection to the site broke: ${what}`, error)
}

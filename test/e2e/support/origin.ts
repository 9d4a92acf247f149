/** What all origins of the tests share: one server on loopback, its log, and the ways in which an upstream may misbehave. */
import { once } from 'node:events'
import { createServer as createPlainServer, type RequestListener, type Server as PlainServer } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { countReceived, Exchange, type ServedRequest } from '../../../src/cli/demo/exchange.ts'

export type Behaviour =
  | { readonly kind: 'normal' }
  /** Answers when the head is in, and reads the body only then. */
  | { readonly kind: 'early'; readonly status: number }
  /** Answers rightly, but so much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Breaks the connection once so many bytes of a request's body are in. */
  | { readonly kind: 'cut-request'; readonly afterBytes: number }
  /** Announces 1,000 bytes, sends half of them and breaks the connection. */
  | { readonly kind: 'cut-answer' }

export interface Origin {
  readonly port: number
  readonly log: readonly ServedRequest[]
  /** Bytes received on all connections so far (above TLS where there is TLS), request lines included. */
  receivedBytes(): number
  /** From the next request on. */
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

interface OriginOptions {
  /** PEM; without them the origin speaks plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Reads what it needs of the request and answers it. */
  readonly serve: (exchange: Exchange) => Promise<void>
}

const REQUESTS_MAX = 10_000

export async function startOrigin({ tls, serve }: OriginOptions): Promise<Origin> {
  const log: ServedRequest[] = []
  let behaviour: Behaviour = { kind: 'normal' }
  const listener: RequestListener = (request, response) => {
    const exchange = new Exchange(request, response)
    if (log.push(exchange.record) > REQUESTS_MAX) throw new Error('more requests than a test should make')
    // The client left midway; the log shows how far it came.
    perform(behaviour, exchange, serve).catch(() => response.destroy())
  }
  const server: PlainServer | TlsServer =
    tls === undefined ? createPlainServer(listener) : createTlsServer(tls, listener)
  const receivedBytes = countReceived(server, tls === undefined ? 'connection' : 'secureConnection')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    log,
    receivedBytes,
    behave: (next) => {
      behaviour = next
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function perform(behaviour: Behaviour, exchange: Exchange, serve: OriginOptions['serve']): Promise<void> {
  switch (behaviour.kind) {
    case 'normal':
      return serve(exchange)
    case 'early':
      exchange.answer(behaviour.status, { 'content-type': 'application/json' }, '{"message":"answered early"}')
      return exchange.discard()
    case 'slow':
      await sleep(behaviour.delayMs)
      return serve(exchange)
    case 'cut-request':
      return cutRequest(exchange, behaviour.afterBytes)
    case 'cut-answer':
      await exchange.discard()
      exchange.begin(200, { 'content-length': 1_000 }).write(Buffer.alloc(500))
      await sleep(20)
      exchange.request.socket.destroy()
  }
}

async function cutRequest(exchange: Exchange, afterBytes: number): Promise<void> {
  for await (const _ of exchange.body()) {
    if (exchange.record.bodyBytes >= afterBytes) break
  }
  exchange.request.socket.destroy()
}

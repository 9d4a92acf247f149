/** Starts the data plane: listens, gives each connection its place, and drains when told to. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { createFlow } from '../flow/flow.ts'
import { parseAddress } from '../net/address.ts'
import { Answers } from './answers.ts'
import type { Connection } from './connection.ts'
import { createRuntime, type ProxyOptions, type Renewal } from './create-runtime.ts'
import { DetachedReply } from './detached-reply.ts'
import { createEventId } from './event-id.ts'
import { exchange } from './exchange.ts'
import { answerHealth, isHealthCheck } from './health.ts'
import { Http1Reply, incomingOf } from './http1-client.ts'
import { Http2Clients } from './http2-clients.ts'
import { Inspector } from './inspector.ts'
import { denyByGuard } from './judge.ts'
import { startRejudging } from './rejudge.ts'
import type { Runtime } from './runtime.ts'
import { type ProxyStatus, statusOf } from './status.ts'
import { tunnel } from './tunnel.ts'
import { Upstreams } from './upstreams.ts'

export type { ProxyOptions, Renewal } from './create-runtime.ts'

export interface RunningProxy {
  readonly addresses: readonly { readonly address: string; readonly port: number }[]
  /** Takes over what a reload brings: for every flow that begins from now on, and for open tunnels within moments. */
  renew(changes: Renewal): void
  status(): ProxyStatus
  /** Takes no more connections, waits for what is under way up to the drain timeout, then cuts the rest. */
  drain(): Promise<void>
}

/** How often a draining proxy looks for connections that have become idle. */
const DRAIN_CHECK_INTERVAL_MS = 100
/** How often the parser looks for heads that do not come in time. */
const HEAD_CHECK_INTERVAL_MS = 5_000

/** Rejects with the listener's error (EADDRINUSE, EACCES, …) where the address cannot be taken. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { settings } = options
  let bound: AddressInfo | null = null
  const { weir, renew } = createRuntime(options, () => bound)
  const http2 = new Http2Clients(weir)
  const server = createListener(weir, http2)
  const rejudging = startRejudging(weir)
  server.listen(settings.listen.port, settings.listen.address.text)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the listener has no address')
  bound = address
  return {
    addresses: [{ address: address.address, port: address.port }],
    renew: (changes) => {
      renew(changes)
      rejudging.now()
    },
    status: () => statusOf(weir),
    drain: async () => {
      await drain(weir, server, http2)
      rejudging.stop()
      await weir.scanners?.close()
    },
  }
}

function createListener(weir: Runtime, http2: Http2Clients): Server {
  const { limits } = weir.settings
  // The inside of an opened tunnel is served by the same parser, under the same limits, as what comes in by the port.
  const connections = new WeakMap<Socket, Connection>()
  const server = createServer({
    maxHeaderSize: limits.headBytesMax,
    headersTimeout: limits.headTimeoutMs,
    // An upload may last as long as bytes keep coming: the body's own reader keeps the time.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: HEAD_CHECK_INTERVAL_MS,
    // Whatever the command line of Node says.
    insecureHTTPParser: false,
    // The guard over the raw fields says more, and says it in the record.
    requireHostHeader: false,
    noDelay: true,
    // Of every other request the parser goes on to read, and the offer is declined, or refused, in its answer.
    shouldUpgradeCallback: mayBeCarried,
  })
  server.maxConnections = limits.connectionsMax
  server.maxRequestsPerSocket = limits.requestsPerConnectionMax
  const inspector = new Inspector(weir, (socket, connection) => {
    if (socket instanceof TLSSocket && socket.alpnProtocol === 'h2') {
      http2.serve(socket, connection)
      return
    }
    connections.set(socket, connection)
    server.emit('connection', socket)
  })

  server.prependListener('connection', (socket: Socket) => {
    if (!connections.has(socket)) welcome(weir, connections, socket)
  })
  const answers = new Answers(weir)
  const serve = (message: IncomingMessage, reply: ServerResponse): void => {
    const { socket } = message
    const connection = connections.get(socket)
    if (connection === undefined) socket.destroy()
    else
      answers
        .inTurn(connection, socket, reply, () => answer(weir, connection, message, reply))
        .catch(() => socket.destroy())
  }
  server.on('request', serve)
  server.on('checkContinue', serve)
  server.on('checkExpectation', serve)
  server.on('connect', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    const connection = connections.get(socket)
    if (connection === undefined) {
      socket.destroy()
      return
    }
    // The parser is gone with the CONNECT, and an error that nobody hears would end the process.
    socket.on('error', () => undefined)
    if (connection.concluded) return
    // A tunnel in an opened tunnel would carry what no checkpoint has seen; and what answers the requests before a CONNECT
    // would be read as bytes of its tunnel.
    if (connection.tunnel !== null) answers.refuseRest(connection, socket, new Error('CONNECT inside a tunnel'))
    else if (answers.isOwed(socket)) answers.refuseRest(connection, socket, new Error('CONNECT before an answer'))
    else tunnel(weir, inspector, connection.client, message, socket, head).catch(() => socket.destroy())
  })
  listenForUpgrades(weir, server, connections, answers)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    answers.refuseRest(connections.get(socket), socket, error),
  )
  return server
}

function listenForUpgrades(
  weir: Runtime,
  server: Server,
  connections: WeakMap<Socket, Connection>,
  answers: Answers,
): void {
  const serve = (connection: Connection, message: IncomingMessage, socket: Socket): void => {
    if (connection.concluded || socket.destroyed) return
    const reply = new DetachedReply(message, socket)
    answers
      .inTurn(connection, socket, reply, () => answer(weir, connection, message, reply))
      .catch(() => socket.destroy())
  }
  server.on('upgrade', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    const connection = connections.get(socket)
    if (connection === undefined) {
      socket.destroy()
      return
    }
    // The parser is gone with the request, and an error that nobody hears would end the process.
    socket.on('error', () => undefined)
    if (connection.concluded) return
    // Before the upgrade is answered nothing may follow it (RFC 6455 section 4.1): where it is not made, that is a request.
    if (head.length > 0)
      answers.refuseRest(connection, socket, new Error('bytes behind an upgrade that is not answered'))
    else answers.whenServed(socket, () => serve(connection, message, socket))
  })
}

/** Whether a request that wants an upgrade may get it. One with a body is read by the parser, to its end. */
function mayBeCarried({ method, headers }: IncomingMessage): boolean {
  const isBare = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
  return method === 'GET' && isBare && headers.upgrade?.toLowerCase() === 'websocket'
}

async function answer(
  weir: Runtime,
  connection: Connection,
  message: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  connection.heard = true
  // The parser loses what comes in one piece with an upgrade that is not made; the client is told not to wait for it.
  if (message.headers.upgrade !== undefined) {
    connection.concluded = true
    reply.shouldKeepAlive = false
  }
  if (connection.tunnel === null && isHealthCheck(message)) answerHealth(weir, reply)
  else await exchange(weir, connection, incomingOf(message), new Http1Reply(reply))
}

/** Gives a new connection its place, or ends it. */
function welcome(weir: Runtime, connections: WeakMap<Socket, Connection>, socket: Socket): void {
  const address = parseAddress(socket.remoteAddress ?? '')
  if (address === null) {
    socket.destroy()
    return
  }
  const client = { address, port: socket.remotePort ?? 0 }
  const upstreams = new Upstreams(weir, 'http')
  weir.sockets.add(socket)
  socket.once('close', () => {
    weir.sockets.delete(socket)
    upstreams.close()
  })
  connections.set(socket, { client, upstreams, tunnel: null, concluded: false, heard: false })
  const unwelcome = weir.clients.admit(socket, address)
  if (unwelcome === null) return
  const flow = createFlow({ id: createEventId(), kind: 'request', startedAt: weir.now(), client })
  flow.verdict = denyByGuard('client-refused', unwelcome)
  flow.checkpoint = 'connect'
  weir.sink.write(flow, 'denied', weir.now(), weir.policy.hash)
  socket.destroy()
}

async function drain(weir: Runtime, server: Server, http2: Http2Clients): Promise<void> {
  server.close()
  http2.drain()
  const idle = setInterval(() => server.closeIdleConnections(), DRAIN_CHECK_INTERVAL_MS)
  const deadline = weir.now() + weir.settings.limits.drainTimeoutMs
  while (weir.sockets.size > 0 && weir.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_INTERVAL_MS))
  }
  clearInterval(idle)
  for (const socket of weir.sockets) socket.destroy()
  weir.sink.flush()
}

/** Starts the data plane: listens, gives each connection its place, and drains when told to. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createFlow } from '../flow/flow.ts'
import { parseAddress } from '../net/address.ts'
import { Clients } from './clients.ts'
import type { Connection } from './connection.ts'
import { createRuntime, type ProxyOptions } from './create-runtime.ts'
import { createEventId } from './event-id.ts'
import { exchange } from './exchange.ts'
import { answerHealth, isHealthCheck } from './health.ts'
import { Inspector } from './inspector.ts'
import { denyByGuard } from './judge.ts'
import { refuseConnect } from './connect-reply.ts'
import { refusalOf } from './respond.ts'
import type { Runtime } from './runtime.ts'
import { tunnel } from './tunnel.ts'
import { Upstreams } from './upstreams.ts'

export type { ProxyOptions } from './create-runtime.ts'

export interface RunningProxy {
  readonly addresses: readonly { readonly address: string; readonly port: number }[]
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
  const weir = createRuntime(options, () => bound)
  const server = createListener(weir)
  server.listen(settings.listen.port, settings.listen.address.text)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the listener has no address')
  bound = address
  return {
    addresses: [{ address: address.address, port: address.port }],
    drain: () => drain(weir, server),
  }
}

function createListener(weir: Runtime): Server {
  const { limits } = weir.settings
  const clients = new Clients(weir.settings)
  // The inside of an opened tunnel is served by the same parser, under the same limits, as what comes in by the port.
  const connections = new WeakMap<Socket, Connection>()
  const server = createServer({
    maxHeaderSize: limits.headBytesMax,
    headersTimeout: limits.headTimeoutMs,
    // An upload may last as long as bytes keep coming: the body's own reader keeps the time.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: HEAD_CHECK_INTERVAL_MS,
    // The guard over the raw fields says more, and says it in the record.
    requireHostHeader: false,
    noDelay: true,
  })
  server.maxConnections = limits.connectionsMax
  server.maxRequestsPerSocket = limits.requestsPerConnectionMax
  const inspector = new Inspector(weir, (socket, connection) => {
    connections.set(socket, connection)
    server.emit('connection', socket)
  })

  server.prependListener('connection', (socket: Socket) => {
    if (!connections.has(socket)) welcome(weir, clients, connections, socket)
  })
  const replies = new WeakMap<Socket, Set<ServerResponse>>()
  const serve = (message: IncomingMessage, reply: ServerResponse): void => {
    const { socket } = message
    const connection = connections.get(socket)
    track(replies, socket, reply)
    if (connection === undefined) socket.destroy()
    else if (connection.tunnel === null && isHealthCheck(message)) answerHealth(weir, reply)
    else exchange(weir, connection, message, reply).catch(() => socket.destroy())
  }
  server.on('request', serve)
  server.on('checkContinue', serve)
  server.on('checkExpectation', serve)
  server.on('connect', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    const connection = connections.get(socket)
    // A tunnel in an opened tunnel would carry what no checkpoint has seen.
    if (connection === undefined || connection.tunnel !== null) socket.destroy()
    else tunnel(weir, inspector, connection.client, message, socket, head).catch(() => socket.destroy())
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    refuseUnreadable(weir, connections.get(socket), error, socket, isAnswering(replies, socket)),
  )
  return server
}

/** Gives a new connection its place, or ends it. */
function welcome(weir: Runtime, clients: Clients, connections: WeakMap<Socket, Connection>, socket: Socket): void {
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
  connections.set(socket, { client, upstreams, tunnel: null })
  const unwelcome = clients.admit(socket, address)
  if (unwelcome === null) return
  const flow = createFlow({ id: createEventId(), kind: 'request', startedAt: weir.now(), client })
  flow.verdict = denyByGuard('client-refused', unwelcome)
  flow.checkpoint = 'connect'
  weir.sink.write(flow, 'denied', weir.now(), weir.policy.hash)
  socket.destroy()
}

/** What the parser could not read: answered where it can be, and written down. */
function refuseUnreadable(
  weir: Runtime,
  connection: Connection | undefined,
  error: NodeJS.ErrnoException,
  socket: Socket,
  answering: boolean,
): void {
  const quiet = error.code === 'ECONNRESET' || error.code === 'EPIPE' || socket.destroyed || connection === undefined
  if (quiet || !socket.writable) {
    socket.destroy()
    return
  }
  const flow = createFlow({ id: createEventId(), kind: 'request', startedAt: weir.now(), client: connection.client })
  flow.destination = connection.tunnel?.destination ?? null
  flow.checkpoint = 'request'
  const verdict = denyByGuard('malformed', `this request cannot be read: ${parserFault(error)}`)
  flow.verdict = verdict
  const refusal = { ...refusalOf(flow, verdict.denial), status: UNREADABLE_STATUS[error.code ?? ''] ?? 400 }
  flow.status = refusal.status
  weir.sink.write(flow, 'denied', weir.now(), weir.policy.hash)
  // In the middle of an answer a refusal would be taken for a part of it.
  if (answering) socket.destroy()
  else refuseConnect(socket, refusal)
}

/** Keeps the answers under way on each connection: a pipelining client may wait for several. */
function track(replies: WeakMap<Socket, Set<ServerResponse>>, socket: Socket, reply: ServerResponse): void {
  const open = replies.get(socket) ?? new Set()
  replies.set(socket, open.add(reply))
  reply.once('close', () => open.delete(reply))
}

function isAnswering(replies: WeakMap<Socket, Set<ServerResponse>>, socket: Socket): boolean {
  return [...(replies.get(socket) ?? [])].some((reply) => reply.headersSent)
}

const UNREADABLE_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

function parserFault(error: NodeJS.ErrnoException): string {
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
  return reason.replace(/^Parse Error:\s*/, '')
}

async function drain(weir: Runtime, server: Server): Promise<void> {
  server.close()
  const idle = setInterval(() => server.closeIdleConnections(), DRAIN_CHECK_INTERVAL_MS)
  const deadline = weir.now() + weir.settings.limits.drainTimeoutMs
  while (weir.sockets.size > 0 && weir.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_INTERVAL_MS))
  }
  clearInterval(idle)
  for (const socket of weir.sockets) socket.destroy()
  weir.sink.flush()
}

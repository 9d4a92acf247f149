/** The sites of the leak tests: one over plain HTTP, one over TLS, and one that echoes bytes; each also misbehaves when asked to. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createTestCa } from '../../tls/pki.ts'

export interface Origins extends AsyncDisposable {
  readonly plain: number
  readonly tls: number
  readonly echo: number
  /** PEM. */
  readonly anchor: string
}

export async function startOrigins(names: readonly string[]): Promise<Origins> {
  const ca = createTestCa({ name: 'Leak test CA' })
  const plain = createServer(serve)
  const tls = createTlsServer(ca.issue({ names }), serve)
  const echo = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  const servers = [plain, tls, echo]
  const ends = await Promise.all(servers.map(listen))
  const [plainEnd, tlsEnd, echoEnd] = ends
  return {
    plain: plainEnd?.port ?? 0,
    tls: tlsEnd?.port ?? 0,
    echo: echoEnd?.port ?? 0,
    anchor: ca.certificatePem,
    async [Symbol.asyncDispose]() {
      for (const end of ends) await end.close()
    },
  }
}

async function listen(server: Server): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const serve: RequestListener = (request, reply) => {
  answer(request, reply).catch(() => reply.destroy())
}

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
  const { url = '/' } = request
  if (url.startsWith('/early')) {
    reply.end('early')
    return
  }
  for await (const chunk of request) void chunk
  if (url.startsWith('/slow')) await wait(20)
  if (url.startsWith('/cut')) {
    reply.writeHead(200, { 'content-length': '1000' })
    reply.write('half')
    await wait(1)
    reply.destroy()
    return
  }
  reply.end('x'.repeat(url.startsWith('/large') ? 300_000 : 100))
}

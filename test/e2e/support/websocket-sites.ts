/** Sites that speak WebSocket, in the clear and behind TLS, and clients of them that go out by a Weir. */
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws'
import { certificates } from './certificates.ts'
import { openRaw, openTls, openTunnel, type RawClient } from './raw-client.ts'
import type { TestWeir } from './weir.ts'

export interface WebSocketSite {
  readonly port: number
  /** What asked for an upgrade, in order. */
  readonly asked: readonly IncomingMessage[]
  /** Connections that are open. */
  open(): number
  close(): Promise<void>
}

/** Echoes every message. By its path it also speaks first (`/hello`), or closes with a code (`/close/4001`). What is no upgrade gets 426. */
export async function startWebSocketSite(
  options: { readonly tls?: boolean } & Pick<ServerOptions, 'perMessageDeflate' | 'handleProtocols'> = {},
): Promise<WebSocketSite> {
  const { tls = false, ...others } = options
  const { key, cert } = certificates()
  const server: Server = tls ? createHttpsServer({ key, cert }) : createHttpServer()
  const asked: IncomingMessage[] = []
  const sockets = watchSockets(server)
  server.on('request', (_, reply) => reply.writeHead(426).end())
  const sites = new WebSocketServer({ server, maxPayload: 2 ** 31, ...others })
  sites.on('connection', (socket, request) => {
    asked.push(request)
    const [, word, code] = (request.url ?? '').split('/')
    socket.on('error', () => undefined)
    socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }))
    if (word === 'hello') socket.send('hello')
    if (word === 'close') socket.close(Number(code), 'by the site')
  })
  await listen(server)
  return {
    port: portOf(server),
    asked,
    open: () => sockets.size,
    async close() {
      for (const socket of sites.clients) socket.terminate()
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export interface RawSite {
  readonly port: number
  /** All that came, of all connections. */
  received(): Buffer
  open(): number
  /** Ends every connection. */
  end(): void
  close(): Promise<void>
}

/** A site that answers a head with exactly these bytes, in which `{accept}` is that of the key. Later bytes go to `then`. */
export async function startRawSite(
  answer: string,
  then: (socket: Socket, bytes: Buffer) => void = () => undefined,
): Promise<RawSite> {
  const pieces: Buffer[] = []
  const server = createTcpServer((socket) => {
    let head: Buffer | null = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      pieces.push(bytes)
      if (head === null) {
        then(socket, bytes)
        return
      }
      head = Buffer.concat([head, bytes])
      if (!head.includes('\r\n\r\n')) return
      const [, key = ''] = /sec-websocket-key: (\S+)/i.exec(head.toString('latin1')) ?? []
      head = null
      if (answer === 'RESET') socket.resetAndDestroy()
      else if (answer === 'CLOSE') socket.end()
      else socket.write(Buffer.from(answer.replace('{accept}', acceptOf(key)), 'latin1'))
    })
  })
  const sockets = watchSockets(server)
  await listen(server)
  return {
    port: portOf(server),
    received: () => Buffer.concat(pieces),
    open: () => sockets.size,
    end() {
      for (const socket of sockets) socket.end()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export const SWITCHING =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n'

/** The head of a request for a WebSocket; each of `fields` is a whole line, and stands for one of the same name. */
export function upgradeHead(target: string, host: string, fields: readonly string[] = []): string {
  const nameOf = (line: string): string => line.slice(0, line.indexOf(':')).toLowerCase()
  const own = [
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
  ].filter((line) => !fields.some((field) => nameOf(field) === nameOf(line)))
  return `${[`GET ${target} HTTP/1.1`, ...own, ...fields].join('\r\n')}\r\n\r\n`
}

/** A frame of a client, masked. */
export function clientFrame(payload: Buffer | string, first = 0x82): Buffer {
  const bytes = Buffer.from(payload)
  const mask = randomBytes(4)
  const long = Buffer.alloc(bytes.length < 126 ? 0 : bytes.length < 0x10000 ? 2 : 8)
  if (long.length === 2) long.writeUInt16BE(bytes.length)
  if (long.length === 8) long.writeBigUInt64BE(BigInt(bytes.length))
  const short = long.length === 0 ? bytes.length : long.length === 2 ? 126 : 127
  const masked = bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0))
  return Buffer.concat([Buffer.from([first, 0x80 | short]), long, mask, masked])
}

/** Asks for a WebSocket in the clear, by the whole URL. */
export async function askRaw(
  weir: TestWeir,
  host: string,
  path = '/',
  fields: readonly string[] = [],
): Promise<RawClient> {
  const client = await openRaw(weir.port)
  client.send(upgradeHead(`http://${host}${path}`, host, fields))
  return client
}

/** A connection in which bytes to the site go: in the clear as it is, behind TLS inside a tunnel that Weir opens. */
export async function connectBy(weir: TestWeir, host: string, tls: boolean): Promise<Socket> {
  if (!tls) return (await openRaw(weir.port)).release()
  const { client, status, reply } = await openTunnel(weir.port, `${host}:443`)
  if (status !== 200) throw new Error(`no tunnel: ${reply}`)
  return (await openTls(client, { servername: host, ca: weir.caPem })).client.release()
}

/** The client of `ws` behind Weir: in the clear it asks for the whole URL, as RFC 9112 section 3.2.2 has it. */
export async function connectWebSocket(
  weir: TestWeir,
  url: string,
  protocols: readonly string[] = [],
  options: WebSocket.ClientOptions = {},
): Promise<WebSocket> {
  const { protocol, host } = new URL(url)
  const tls = protocol === 'wss:'
  // It was read until here, and who listens next does not ask it to go on.
  const socket = (await connectBy(weir, host, tls)).resume()
  const client = new WebSocket(url.replace('wss:', 'ws:'), [...protocols], {
    createConnection: () => socket,
    maxPayload: 2 ** 31,
    perMessageDeflate: false,
    ...(tls
      ? {}
      : {
          finishRequest: (request) => {
            request.path = url.replace('ws:', 'http:')
            request.end()
          },
        }),
    ...options,
  })
  client.on('error', () => undefined)
  return client
}

/** The next message of a socket. */
export async function messageOf(socket: WebSocket): Promise<{ readonly bytes: Buffer; readonly isBinary: boolean }> {
  const [bytes, isBinary] = (await once(socket, 'message')) as [Buffer, boolean]
  return { bytes, isBinary }
}

function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

function watchSockets(server: Server | TcpServer): Set<Duplex> {
  const sockets = new Set<Duplex>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

async function listen(server: Server | TcpServer): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

function portOf(server: Server | TcpServer): number {
  return (server.address() as AddressInfo).port
}

/** Loopback servers for the tests of this folder, on ports of the system's choosing, closed after each test. */
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import tls, { type TLSSocket, type TlsOptions } from 'node:tls'
import { afterEach } from 'vitest'
import { type Address, parseAddress } from '../../src/net/address.ts'
import { type Destination, parseAuthority } from '../../src/net/destination.ts'

export interface Listener {
  readonly port: number
  /** How many connections came in. */
  readonly connections: () => number
}

/** For TLS 1.0 and 1.1, OpenSSL wants its lowest security level. */
export const OLD_CIPHERS = 'ALL@SECLEVEL=0'

const open = new Set<Server>()
const sockets = new Set<Socket>()

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of open) server.close()
  sockets.clear()
  open.clear()
})

/** A TLS server that echoes; the handshakes that clients break off are no concern of it. */
export function startTls(options: TlsOptions, onSecure: (socket: TLSSocket) => void = echo): Promise<Listener> {
  const server = tls.createServer(options, (socket) => {
    socket.on('error', () => socket.destroy())
    onSecure(socket)
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return listen(server)
}

/** A server below TLS. */
export function startTcp(onConnection: (socket: Socket) => void): Promise<Listener> {
  return listen(createTcpServer(onConnection))
}

/** A connected socket, as a dialler hands it over. */
export function dial(port: number, host = '127.0.0.1'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host })
    sockets.add(socket)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

export function destinationOf(authority: string): Destination {
  const destination = parseAuthority(authority, 443)
  if (destination === null) throw new Error(`not an authority: ${authority}`)
  return destination
}

export function addressOf(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new Error(`not an address: ${text}`)
  return address
}

/** Runs `act` where TLS 1.0 and 1.1 are allowed by default, as a flag of the runtime would have it. */
export function allowingOldTls<T>(act: () => T): T {
  const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls
  Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: OLD_CIPHERS })
  try {
    return act()
  } finally {
    Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS })
  }
}

/** Timers that run in this process. */
export function runningTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

function listen(server: Server): Promise<Listener> {
  let count = 0
  server.on('connection', (socket: Socket) => {
    count += 1
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  open.add(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({ port: (server.address() as AddressInfo).port, connections: () => count }),
    )
  })
}

function echo(socket: TLSSocket): void {
  socket.pipe(socket)
}

/** A wire tap before an origin: passes bytes both ways, and keeps all that went towards it. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

export interface Tap {
  readonly port: number
  /** All bytes since the last call, one buffer a connection that carried any, in the order of their opening. */
  take(): readonly Buffer[]
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  close(): void
}

const IDLE_WITHIN_MS = 5_000
const POLL_MS = 2

/** Before the origin at `port`. With a certificate it ends the TLS that an inspecting Weir speaks, and sees what is in it. */
export async function startTap(
  port: number,
  tls: { readonly key: string; readonly cert: string } | null,
): Promise<Tap> {
  const open = new Set<Socket>()
  let taken: Buffer[][] = []
  const join = (socket: Socket): void => {
    const chunks: Buffer[] = []
    taken.push(chunks)
    open.add(socket)
    const origin = connect({ port, host: '127.0.0.1' })
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (!origin.destroyed) origin.write(chunk)
    })
    origin.on('data', (chunk) => socket.write(chunk))
    socket.on('end', () => origin.end())
    origin.on('end', () => socket.end())
    socket.on('error', () => origin.destroy())
    origin.on('error', () => socket.destroy())
    socket.on('close', () => {
      origin.destroy()
      open.delete(socket)
    })
    origin.on('close', () => socket.end())
  }
  const server: Server = tls === null ? createTcpServer(join) : createTlsServer({ key: tls.key, cert: tls.cert }, join)
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const all = taken.map((chunks) => Buffer.concat(chunks)).filter((bytes) => bytes.length > 0)
      taken = []
      return all
    },
    idle: async () => {
      const deadline = Date.now() + IDLE_WITHIN_MS
      while (open.size > 0) {
        if (Date.now() > deadline) throw new Error('a connection to the origin was left open')
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
    },
    close: () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

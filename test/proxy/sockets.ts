/** Pairs of connected sockets over loopback, for what only a real socket does: half-close, resets, backpressure. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach } from 'vitest'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

export interface Pair {
  /** What a test does with it is what the peer of Weir does. */
  readonly outer: Socket
  /** Weir's end: half-open, and not read yet. */
  readonly inner: Socket
}

export async function connectPair(): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const outer = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  outer.on('error', () => undefined)
  await once(outer, 'connect')
  const [inner] = (await accepted) as [Socket]
  inner.on('error', () => undefined)
  ended.push(() => {
    outer.destroy()
    inner.destroy()
    server.close()
  })
  return { outer, inner }
}

/** All that comes until the other side ends or resets. */
export async function readToEnd(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  await Promise.race([once(socket, 'end'), once(socket, 'close')])
  return Buffer.concat(pieces)
}

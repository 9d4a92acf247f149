/** A port of its own for clients that know no proxy: each connection to it goes on in a tunnel of Weir's. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { TestWeir } from '../support/weir.ts'
import { openTunnel } from './tunnel.ts'

export interface Forwarder {
  /** `127.0.0.1:PORT` */
  readonly address: string
  close(): Promise<void>
}

/** `authority` is what the CONNECT names. */
export async function startForwarder(weir: TestWeir, authority: string): Promise<Forwarder> {
  const sockets = new Set<Socket>()
  const forward = async (near: Socket): Promise<void> => {
    const far = await openTunnel(weir.port, authority)
    far.setNoDelay(true)
    sockets.add(far)
    // Either end may be broken off: the client's own report tells of it.
    await Promise.allSettled([pipeline(near, far), pipeline(far, near)])
    sockets.delete(far)
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    sockets.add(near)
    near.once('close', () => sockets.delete(near))
    forward(near).catch((error: unknown) => near.destroy(error instanceof Error ? error : undefined))
    near.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

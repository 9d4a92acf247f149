/** Strikes with an attack on connections of its own, each made anew as soon as it ended. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { AttackLine } from './attack.ts'
import { attackOf } from './attacks.ts'
import type { Behind, Order, Toll } from './order.ts'

/** So that what counts by address does not count honest clients. */
export const ATTACKER_ADDRESS = '127.0.0.2'
const CONNECT_TIMEOUT_MS = 5_000

export async function strikeUntil(order: Order): Promise<Toll> {
  const attack = attackOf(order.attack)
  const toll = { connections: 0, refused: 0, unended: 0, longestMs: 0, megabytes: 0 }
  const stopAt = performance.now() + order.forMs
  const work = async (): Promise<void> => {
    while (performance.now() < stopAt) {
      const socket = await securedBy(order, ATTACKER_ADDRESS).catch(() => null)
      if (socket === null) {
        toll.refused += 1
        await new Promise((resolve) => setImmediate(resolve))
        continue
      }
      toll.connections += 1
      const startedAt = performance.now()
      const line = new AttackLine(socket, order.host)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, order.endsWithinMs)
      })
      await Promise.race([attack.strike(line), late])
      clearTimeout(timer)
      if (!line.ended) toll.unended += 1
      toll.longestMs = Math.max(toll.longestMs, Math.round(performance.now() - startedAt))
      toll.megabytes += socket.bytesWritten / 1_000_000
      socket.destroy()
    }
  }
  await Promise.all(Array.from({ length: attack.together }, work))
  return { ...toll, megabytes: Math.round(toll.megabytes) }
}

/** TLS in a tunnel of Weir's, with HTTP/2 agreed on. */
export async function securedBy({ weirPort, host, ca }: Behind, localAddress: string): Promise<TLSSocket> {
  const socket = connect({ port: weirPort, host: '127.0.0.1', localAddress, noDelay: true })
  socket.on('error', () => undefined)
  const late = setTimeout(() => socket.destroy(), CONNECT_TIMEOUT_MS)
  try {
    await established(socket, `${host}:443`)
    const secure = connectTls({ socket, servername: host, ca, ALPNProtocols: ['h2'] })
    secure.on('error', () => undefined)
    await orClosed(secure, 'secureConnect')
    if (secure.alpnProtocol !== 'h2') throw new Error('HTTP/2 was not agreed on')
    return secure
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(late)
  }
}

async function established(socket: Socket, authority: string): Promise<void> {
  await orClosed(socket, 'connect')
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
  const [head] = await orClosed(socket, 'data')
  if (!String(head).startsWith('HTTP/1.1 200 ')) throw new Error(String(head))
}

async function orClosed(socket: Socket, event: string): Promise<unknown[]> {
  const ended = new AbortController()
  const gone = (): void => ended.abort()
  socket.once('close', gone)
  try {
    return await once(socket, event, { signal: ended.signal })
  } finally {
    socket.off('close', gone)
  }
}

/** Tunnels that end before they are one: nothing is left open, and the record says so. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../src/proxy/connection.ts'
import { Inspector } from '../../src/proxy/inspector.ts'
import { tunnel } from '../../src/proxy/tunnel.ts'
import { connectPair, type Pair } from './sockets.ts'
import { makeFlow, makeWorld, type World, type WorldOptions } from './world.ts'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

interface Tunnelling extends Pair {
  readonly weir: World
  /** The site's end, once it is dialled. */
  readonly site: Promise<Socket>
  readonly over: Promise<void>
  /** What was handed to the parser, and the socket that it reads. */
  readonly served: readonly { readonly socket: Socket; readonly connection: Connection }[]
}

async function connectThrough(options: WorldOptions = {}): Promise<Tunnelling> {
  const server = createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ended.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const site = once(server, 'connection').then(([socket]) => {
    const accepted = socket as Socket
    accepted.on('error', () => undefined)
    ended.push(() => accepted.destroy())
    return accepted
  })
  const weir = makeWorld({ allowPrivate: ['127.0.0.0/8'], answers: [['127.0.0.1']], ...options })
  const pair = await connectPair()
  const authority = `site.example:${port}`
  const rawHeaders = ['Host', authority]
  // What a tunnel reads of a message: no more is there.
  const message = { method: 'CONNECT', url: authority, httpVersion: '1.1', rawHeaders } as unknown as IncomingMessage
  const served: { socket: Socket; connection: Connection }[] = []
  const inspector = new Inspector(weir, (socket, connection) => served.push({ socket, connection }))
  const over = tunnel(weir, inspector, makeFlow().client, message, pair.inner, Buffer.alloc(0))
  return { ...pair, weir, site, over, served }
}

/** However it ends: `once` would take its error for the end. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

describe('a client', () => {
  it('that ends its side without a word leaves nothing open', async () => {
    const { outer, inner, site, over, weir } = await connectThrough()
    const [answer] = (await once(outer, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
    const upstream = await site
    upstream.resume()
    const closed = Promise.all([once(inner, 'close'), once(upstream, 'end')])
    outer.end()
    await Promise.all([over, closed])
    expect(weir.sink.lines).toMatchObject([{ moment: 'end' }])
  })

  it('that speaks what the policy does not name is cut off, and nothing reaches the site', async () => {
    const { outer, inner, site, over, weir } = await connectThrough()
    await once(outer, 'data')
    const upstream = await site
    let received = 0
    upstream.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    outer.write('SSH-2.0-OpenSSH_10.0\r\n')
    await Promise.all([over, once(inner, 'close'), once(upstream, 'end')])
    expect([received, weir.sink.lines]).toEqual([0, [{ id: expect.any(String), moment: 'denied' }]])
  })

  it('that is refused at its CONNECT hears so, and nothing is asked or dialled', async () => {
    const { outer, over, weir } = await connectThrough({ policy: 'version: 1\ndefault: deny\n' })
    const [answer] = (await once(outer, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 403 /)
    await over
    expect([weir.asked, weir.sink.lines]).toEqual([[], [{ id: expect.any(String), moment: 'denied' }]])
  })

  it('that speaks HTTP is read, and all that it said is there', async () => {
    const { outer, inner, site, over, weir, served } = await connectThrough()
    await once(outer, 'data')
    const upstream = await site
    outer.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await over
    expect(served).toMatchObject([
      {
        socket: inner,
        connection: {
          client: { address: { text: '10.1.2.3' } },
          tunnel: { destination: { host: 'site.example' }, tls: null, address: { text: '127.0.0.1' }, closed: null },
          concluded: false,
          heard: false,
        },
      },
    ])
    const [bytes] = (await once(inner, 'data')) as [Buffer]
    expect(bytes.toString()).toBe('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect([upstream.destroyed, weir.sink.lines]).toEqual([false, []])
    upstream.resume()
    const ends = Promise.all([closeOf(inner), once(upstream, 'end')])
    outer.resetAndDestroy()
    await ends
    // Nobody read a request on it.
    expect(weir.sink.lines).toMatchObject([{ moment: 'end' }])
  })

  it.each([true, false])(
    'that speaks HTTP has a line of its own only where no request had one: %s',
    async (isHeard) => {
      const { outer, inner, over, weir, served } = await connectThrough()
      await once(outer, 'data')
      outer.write('GET / HTTP/1.1\r\n')
      await over
      for (const { connection } of served) connection.heard = isHeard
      const closed = closeOf(inner)
      outer.resetAndDestroy()
      await closed
      expect(weir.sink.lines.length).toBe(isHeard ? 0 : 1)
    },
  )
})

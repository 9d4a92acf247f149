/** The raw client's TLS and tunnels, tried without any proxy but one that only relays. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificates } from './support/certificates.ts'
import type { Origin } from './support/origin.ts'
import { openRaw, openTls, openTunnel } from './support/raw-client.ts'
import { startRestOrigin } from './support/rest-origin.ts'

const { key, cert, ca } = certificates()

describe('TLS of the raw client', () => {
  let origin: Origin

  beforeAll(async () => {
    origin = await startRestOrigin({ key, cert })
  })
  afterAll(() => origin.close())

  it('sends the SNI it is told, or none, and trusts one authority only', async () => {
    const named = await openTls(await openRaw(origin.port), { servername: 'api.github.com', ca })
    expect(named.tls).toMatchObject({ authorized: true, servername: 'api.github.com' })
    named.client.destroy()
    const options = { servername: null, expectedName: 'github.com', ca }
    const unnamed = await openTls(await openRaw(origin.port), options)
    expect(unnamed.tls.authorized).toBe(true)
    unnamed.client.destroy()
    const wrong = openTls(await openRaw(origin.port), { servername: 'elsewhere.example', ca })
    await expect(wrong).rejects.toThrow('does not match')
  })

  it('goes through a tunnel, and loses no byte that came with the answer to CONNECT', async () => {
    const asked: string[] = []
    const relay = createServer((socket) => {
      socket.once('data', (head) => {
        asked.push(head.toString('latin1'))
        const upstream = connect({ port: origin.port, host: '127.0.0.1' })
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(upstream).pipe(socket)
        socket.on('error', () => upstream.destroy())
        upstream.on('error', () => socket.destroy())
      })
    }).listen(0, '127.0.0.1')
    await once(relay, 'listening')
    const { port } = relay.address() as AddressInfo
    const tunnel = await openTunnel(port, 'api.github.com:443', ['Proxy-Authorization: Basic eDp5'])
    expect(tunnel).toMatchObject({ status: 200, reply: 'HTTP/1.1 200 Connection established\r\n\r\n' })
    expect(asked).toEqual([
      'CONNECT api.github.com:443 HTTP/1.1\r\nHost: api.github.com:443\r\nProxy-Authorization: Basic eDp5\r\n\r\n',
    ])
    const { client } = await openTls(tunnel.client, { servername: 'api.github.com', ca, alpn: ['http/1.1'] })
    client.send('GET /repos/a/b/contents/none HTTP/1.1\r\nHost: api.github.com\r\n\r\n')
    expect((await client.read('Not Found')).toString('latin1')).toContain('HTTP/1.1 404 ')
    client.destroy()
    relay.close()
    await once(relay, 'close')
  })

  it('gives back to the socket what was received and not read', async () => {
    const server = createServer((socket) => socket.write('early bytes')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = await openRaw((server.address() as AddressInfo).port)
    await expect(client.read('more', 200)).rejects.toThrow('early bytes')
    const socket = client.release()
    expect(String(socket.read())).toBe('early bytes')
    client.destroy()
    server.close()
    await once(server, 'close')
  })
})

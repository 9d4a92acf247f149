/** What an attacker, or a client that dies at the wrong moment, may try: nothing leaves, nothing stays open, the record is true. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCa } from '../tls/pki.ts'
import { captureHello } from '../wire/hello.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openRaw, openTunnel } from './support/raw-client.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const POLICY = `
version: 1
default: deny
rules:
  - name: read
    operations: [read]
    action: allow
  - name: small-writes
    to: { hosts: [drop.example], ports: [80] }
    limits: [{ per: request, size: 1 kB }]
    action: allow
`
const SETTLED_WITHIN_MS = 6_000

/** An upstream that keeps what is opened to it, and answers nothing by itself. */
interface Mute {
  readonly server: Server
  readonly port: number
  readonly open: Set<Socket>
  received: number
}

async function startMute(onConnection: (socket: Socket) => void = () => undefined): Promise<Mute> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      mute.received += chunk.length
    })
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const mute: Mute = { server, port: (server.address() as AddressInfo).port, open, received: 0 }
  return mute
}

async function until(holds: () => boolean): Promise<boolean> {
  const deadline = Date.now() + SETTLED_WITHIN_MS
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
  return holds()
}

let origin: Origin
let mute: Mute
let weir: TestWeir

beforeAll(async () => {
  origin = await startPlainOrigin()
  mute = await startMute()
  weir = await startWeir({
    policy: POLICY,
    resolve: [
      `evil.example:80:127.0.0.1:${origin.port}`,
      `drop.example:80:127.0.0.1:${origin.port}`,
      `mute.example:80:127.0.0.1:${mute.port}`,
      `drop.example:81:127.0.0.1:${mute.port}`,
    ],
    limits: { idleTimeoutMs: 1_000, keepAliveTimeoutMs: 60_000, helloTimeoutMs: 1_500, tlsHandshakeTimeoutMs: 1_500 },
  })
})

afterAll(async () => {
  await weir?.close()
  await origin?.close()
  for (const socket of mute?.open ?? []) socket.destroy()
  mute?.server.close()
})

function post(host: string, path: string, body: Uint8Array, fields: readonly string[]): Buffer {
  const head = [`POST http://${host}${path} HTTP/1.1`, `Host: ${host}`, `Content-Length: ${body.length}`, ...fields]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
}

function commented(text: string, commentBytes: number): Buffer {
  const plain = gzipSync(text)
  const head = Buffer.from(plain.subarray(0, 10))
  head[3] = 0x10
  return Buffer.concat([head, Buffer.alloc(commentBytes, 'c'), Buffer.from([0]), plain.subarray(10)])
}

describe('bytes hidden in a coding', () => {
  it.each([
    ['behind a probe', 'evil.example', '/a/b/git-receive-pack', '0000'],
    ['under a limit', 'drop.example', '/upload', 'hi'],
  ])('do not leave %s', async (_, host, path, text) => {
    const before = origin.receivedBytes()
    const client = await openRaw(weir.port)
    client.send(post(host, path, commented(text, 300_000), ['Content-Encoding: gzip']))
    const status = Number((await client.read('\r\n\r\n')).toString().split(' ')[1])
    expect([400, 403, 413]).toContain(status)
    expect(origin.receivedBytes()).toBe(before)
    client.destroy()
  })
})

describe('what was opened for a client', () => {
  it('is closed with the client when its upload was refused at the gate', async () => {
    for (let n = 0; n < 3; n++) {
      const client = await openRaw(weir.port)
      client.send(post('drop.example', '/upload', Buffer.alloc(5_000), []))
      expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 413 /)
      client.destroy()
    }
    const gone = await startMute()
    const other = await startWeir({
      policy: POLICY,
      resolve: [`drop.example:80:127.0.0.1:${gone.port}`],
      limits: { keepAliveTimeoutMs: 60_000 },
    })
    for (let n = 0; n < 3; n++) {
      const client = await openRaw(other.port)
      client.send(post('drop.example', '/upload', Buffer.alloc(5_000), []))
      expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 413 /)
      client.destroy()
    }
    expect(gone.received).toBe(0)
    expect(await until(() => gone.open.size === 0)).toBe(true)
    await other.close()
    gone.server.close()
  })

  it('is closed when the client resets during the upstream’s TLS, and the record says so', async () => {
    // Never answers the hello: the client is gone long before the handshake's deadline.
    const slow = await startMute()
    const opening = await startWeir({
      policy: 'version: 1\ndefault: allow\ninspection: { mode: always }\n',
      resolve: [`slow.example:443:127.0.0.1:${slow.port}`],
      upstreamCa: createTestCa().certificatePem,
      limits: { tlsHandshakeTimeoutMs: 1_000 },
    })
    const { client, status } = await openTunnel(opening.port, 'slow.example:443')
    expect(status).toBe(200)
    client.send(Buffer.from(await captureHello({ servername: 'slow.example' })))
    expect(await until(() => slow.received > 0)).toBe(true)
    client.socket.resetAndDestroy()
    const record = await opening.record((each) => each['destination.domain'] === 'slow.example')
    expect(record).toMatchObject({ 'error.code': 'client-tls-failed' })
    expect(await until(() => slow.open.size === 0)).toBe(true)
    await opening.close()
    slow.server.close()
  })

  it('is closed when the client reads no more of its answer', async () => {
    const client = await openRaw(weir.port)
    client.send('GET http://evil.example/bytes/200000000 HTTP/1.1\r\nHost: evil.example\r\n\r\n')
    client.socket.pause()
    const record = await weir.record((each) => each['url.path'] === '/bytes/200000000')
    expect(record).toMatchObject({ 'error.code': 'client-timeout' })
    client.destroy()
  })
})

describe('an answer under way', () => {
  it('is cut, and not followed by a refusal, when the client sends what cannot be read', async () => {
    const half = await startMute((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n${'x'.repeat(1_500)}`))
    })
    const other = await startWeir({ policy: POLICY, resolve: [`half.example:80:127.0.0.1:${half.port}`] })
    const client = await openRaw(other.port)
    client.send('GET http://half.example/ HTTP/1.1\r\nHost: half.example\r\n\r\n')
    const got = [await client.read((received) => received.length > 1_500)]
    client.send('\0garbage\r\n\r\n')
    got.push(await client.readToEnd())
    expect(Buffer.concat(got).toString()).not.toContain('400 Bad Request')
    expect(await until(() => half.open.size === 0)).toBe(true)
    await other.close()
    half.server.close()
  })

  it('of two pipelined requests comes for both', async () => {
    const client = await openRaw(weir.port)
    const request = 'GET http://evil.example/echo HTTP/1.1\r\nHost: evil.example\r\n\r\n'
    client.send(request + request)
    const answers = await client.read((received) => received.toString().split('HTTP/1.1 200 ').length === 3)
    expect(answers.toString()).not.toContain(' 502 ')
    client.destroy()
  })
})

describe('the record of a client that leaves', () => {
  it('does not speak of an unknown protocol', async () => {
    const client = await openRaw(weir.port)
    client.send('CONNECT drop.example:81 HTTP/1.1\r\nHost: drop.example:81\r\n\r\n')
    client.socket.resetAndDestroy()
    const record = await weir.record((each) => each['destination.port'] === 81)
    expect(record['weir.operation']).toBeUndefined()
  })
})

describe('OPTIONS *', () => {
  it('is refused, and not blamed on the site', async () => {
    const client = await openRaw(weir.port)
    client.send('OPTIONS http://evil.example HTTP/1.1\r\nHost: evil.example\r\n\r\n')
    expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 400 /)
    client.destroy()
  })
})

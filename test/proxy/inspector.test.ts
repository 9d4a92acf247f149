/** What a client that does not take the inspection CA leaves in the record, with real clients. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { Flow } from '../../src/flow/flow.ts'
import { type Host, parseHost } from '../../src/net/host.ts'
import { DistrustLog } from '../../src/proxy/distrust.ts'
import { Inspector } from '../../src/proxy/inspector.ts'
import type { Limits } from '../../src/settings/schema.ts'
import { generateAuthority } from '../../src/tls/authority-creation.ts'
import { parseAuthorityPem } from '../../src/tls/authority-pem.ts'
import { createContexts } from '../../src/tls/contexts.ts'
import { createTestCa } from '../tls/pki.ts'
import { destinationOf, makeWorld } from './world.ts'

const ca = createTestCa({ name: 'Inspection CA' })
const servers: Server[] = []
const sockets = new Set<Socket>()

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers.splice(0)) server.close()
  sockets.clear()
})

interface Inside {
  readonly port: number
  readonly distrust: DistrustLog
  readonly requests: string[]
  /** The failures written into the record so far. */
  readonly failures: string[]
  /** Connections that ended on Weir's side. */
  readonly ended: () => number
  /** Moves Weir's clock. */
  advance(ms: number): void
  /** The next failure. */
  failure(): Promise<string>
}

/** The client's side of opened tunnels to github.com, every connection one. */
async function startInside(limits: Partial<Limits> = {}): Promise<Inside> {
  const failures: string[] = []
  const waiting: (() => void)[] = []
  const distrust = new DistrustLog()
  const requests: string[] = []
  const sink = {
    writable: true,
    flush: () => undefined,
    write: (flow: Flow) => {
      failures.push(flow.failure?.message ?? '')
      for (const wake of waiting.splice(0)) wake()
    },
  }
  let [ahead, ended] = [0, 0]
  const startedAt = Date.now()
  const now = (): number => startedAt + ahead
  const weir = { ...makeWorld({ limits }), contexts: createContexts(ca.authority, { now }), now, distrust, sink }
  const http = createHttpServer((request, reply) => {
    requests.push(request.url ?? '')
    reply.end('hello')
  })
  const inspector = new Inspector(weir, (socket) => http.emit('connection', socket))
  const server = createServer((socket) => {
    sockets.add(socket)
    socket
      .on('error', () => undefined)
      .once('close', () => {
        ended += 1
      })
    const [destination, client] = [destinationOf('github.com:443'), { address: CLIENT, port: socket.remotePort ?? 0 }]
    const tls = { serverName: 'github.com', alpn: [] }
    inspector.open(socket, client, { destination, tls, openedFor: null, user: null, address: null, closed: null }, null)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    distrust,
    requests,
    failures,
    ended: () => ended,
    advance: (ms) => {
      ahead += ms
    },
    failure: async () => {
      while (failures.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return failures[0] ?? ''
    },
  }
}

const CLIENT = destinationOf('10.1.2.3:1').literal ?? neverNull()

function neverNull(): never {
  throw new Error('the text is an address or a host')
}

/** Runs a client to its end, in an environment that names no trust anchors. */
async function run(command: string, ...args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: 'ignore', env: { PATH: process.env['PATH'] ?? '', HOME: '/nowhere' } })
  await once(child, 'close')
}

const WHAT_TO_DO = 'install it there (`weir ca trust`), or name the host under inspection.bypass'

describe('a client without the inspection CA is recognised', () => {
  it.each(['1.2', '1.3'])('curl, by its alert (TLS %s)', async (version) => {
    const inside = await startInside()
    const resolve = `github.com:${inside.port}:127.0.0.1`
    await run(
      'curl',
      '-s',
      '--noproxy',
      '*',
      '--tls-max',
      version,
      '--resolve',
      resolve,
      `https://github.com:${inside.port}/`,
    )
    const message = `the client does not trust the inspection CA for github.com (alert unknown_ca): ${WHAT_TO_DO}`
    expect(await inside.failure()).toBe(message)
    expect(inside.distrust.recent(10)).toMatchObject([
      { host: 'github.com', clients: 1, count: 1, certain: true, sign: 'alert unknown_ca', lastClient: '10.1.2.3' },
    ])
  })

  it('openssl s_client, by its alert', async () => {
    const inside = await startInside()
    await run(
      'openssl',
      's_client',
      '-verify_return_error',
      '-servername',
      'github.com',
      '-connect',
      `127.0.0.1:${inside.port}`,
    )
    expect(await inside.failure()).toContain('(alert unknown_ca)')
  })

  it('git, which looks at the certificate after the handshake or sends an alert, as its library has it', async () => {
    const inside = await startInside()
    const url = `https://github.com:${inside.port}/acme/widgets`
    await run('git', '-c', `http.curloptResolve=github.com:${inside.port}:127.0.0.1`, 'ls-remote', url)
    expect(await inside.failure()).toMatch(
      /^the client (closed TLS to github.com right after the handshake, without a request: it may not|does not) trust the inspection CA/,
    )
    expect(inside.distrust.recent(1)).toMatchObject([{ host: 'github.com' }])
  })

  it('Node, which closes without an alert (TLS 1.3)', async () => {
    const inside = await startInside()
    const client = connectTls({ port: inside.port, host: '127.0.0.1', servername: 'github.com' })
    client.on('error', () => undefined)
    expect(await inside.failure()).toMatch(
      /^the client (broke off|closed) TLS to github.com .*it may not trust the inspection CA/,
    )
    expect(inside.distrust.recent(1)).toMatchObject([{ certain: false }])
  })

  it('Node, which closes after the handshake (TLS 1.2)', async () => {
    const inside = await startInside()
    const client = connectTls({ port: inside.port, host: '127.0.0.1', servername: 'github.com', maxVersion: 'TLSv1.2' })
    client.on('error', () => undefined)
    expect(await inside.failure()).toBe(
      `the client closed TLS to github.com right after the handshake, without a request: it may not trust the inspection CA: ${WHAT_TO_DO}`,
    )
  })

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)('a pinned one, that says nothing (%s)', async (how) => {
    const inside = await startInside()
    await sendHello(inside.port, (client) => client[how]())
    expect(await inside.failure()).toContain('broke off TLS to github.com in the handshake, without an alert')
    expect(inside.distrust.recent(1)).toMatchObject([{ sign: 'closed in the handshake', certain: false }])
  })

  it.each([
    [42, 'bad_certificate', true],
    [46, 'certificate_unknown', true],
    [48, 'unknown_ca', true],
    [43, 'unsupported_certificate', true],
    [45, 'certificate_expired', false],
    [40, 'handshake_failure', false],
    [80, 'internal_error', false],
  ])('by alert %d (%s) as far as it says so: %s', async (number, name, distrusts) => {
    const inside = await startInside()
    await sendHello(inside.port, (client) => client.end(Buffer.from([0x15, 3, 3, 0, 2, 2, number])), 'TLSv1.2')
    const message = await inside.failure()
    expect(message).toContain(`(alert ${name})`)
    expect(message.includes('does not trust')).toBe(distrusts)
    expect(inside.distrust.recent(1)).toHaveLength(distrusts ? 1 : 0)
  })
})

describe('a client that fails for another reason is told apart', () => {
  it('one that shares no cipher', async () => {
    const inside = await startInside()
    const old = ['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256']
    await run('openssl', 's_client', ...old, '-servername', 'github.com', '-connect', `127.0.0.1:${inside.port}`)
    expect(await inside.failure()).toBe('the client for github.com and this proxy have no way to encrypt in common')
    expect(inside.distrust.recent(1)).toEqual([])
  })

  it('one of old TLS', async () => {
    const inside = await startInside()
    const old = ['-tls1_1', '-cipher', 'ALL@SECLEVEL=0']
    await run('openssl', 's_client', ...old, '-servername', 'github.com', '-connect', `127.0.0.1:${inside.port}`)
    expect(await inside.failure()).toContain('speaks no TLS version that is still safe')
  })

  it('one that stalls', async () => {
    const inside = await startInside({ tlsHandshakeTimeoutMs: 50 })
    sockets.add(connect(inside.port, '127.0.0.1'))
    expect(await inside.failure()).toBe('the client did not finish the TLS handshake for github.com within 0.05 s')
    expect(inside.distrust.recent(1)).toEqual([])
  })
})

describe('a client that trusts it', () => {
  it('leaves nothing, and takes back what was only likely', async () => {
    const inside = await startInside()
    await sendHello(inside.port, (client) => client.end())
    await inside.failure()
    expect(inside.distrust.recent(1)).toHaveLength(1)
    const client = connectTls({ port: inside.port, host: '127.0.0.1', servername: 'github.com', ca: ca.certificatePem })
    client.end('GET / HTTP/1.1\r\nhost: github.com\r\nconnection: close\r\n\r\n')
    client.resume()
    await once(client, 'close')
    await expect.poll(() => inside.distrust.recent(1)).toEqual([])
    expect(inside.requests).toEqual(['/'])
    expect(inside.failures).toHaveLength(1)
  })

  it('leaves nothing by a connection that it kept for a while and did not use', async () => {
    const inside = await startInside()
    const client = connectTls({ port: inside.port, host: '127.0.0.1', servername: 'github.com', ca: ca.certificatePem })
    await once(client, 'session')
    inside.advance(1_001)
    client.destroy()
    await expect.poll(() => inside.ended()).toBe(1)
    expect(inside.failures).toEqual([])
  })

  it('leaves a line by one that it closes within a second', async () => {
    const inside = await startInside()
    const client = connectTls({ port: inside.port, host: '127.0.0.1', servername: 'github.com', ca: ca.certificatePem })
    await once(client, 'session')
    inside.advance(1_000)
    client.destroy()
    expect(await inside.failure()).toContain('right after the handshake, without a request')
  })
})

describe('what cannot be opened', () => {
  const authority = parseAuthorityPem(
    generateAuthority({ only: [hostOf('acme.example')], now: Date.now() }),
    { certificate: 'ca.pem', key: 'ca-key.pem' },
    Date.now(),
  )
  const tls = { serverName: 'github.com', alpn: [] }
  const tunnel = {
    destination: destinationOf('github.com:443'),
    tls,
    openedFor: null,
    user: null,
    address: null,
    closed: null,
  }

  it.each([
    ['without a CA', null, /no inspection CA/],
    [
      'with a CA that may not sign for the name',
      createContexts(authority, { now: Date.now }),
      /may not sign for this name/,
    ],
  ])('%s is told, and ends its upstream', (_name, contexts, message) => {
    const inspector = new Inspector({ ...makeWorld(), contexts }, () => undefined)
    const [client, upstream] = [new Socket(), new TLSSocket(new Socket())]
    const endpoint = { address: CLIENT, port: 443, parent: null }
    expect(() => inspector.open(client, { address: CLIENT, port: 1 }, tunnel, { endpoint, socket: upstream })).toThrow(
      message,
    )
    expect(upstream.destroyed).toBe(true)
  })

  it('for a client that has left is no sign of distrust', async () => {
    const [distrust, contexts] = [new DistrustLog(), createContexts(ca.authority, { now: Date.now })]
    const failed = Promise.withResolvers<string>()
    const sink = {
      writable: true,
      flush: () => undefined,
      write: (flow: Flow) => failed.resolve(flow.failure?.message ?? ''),
    }
    const inspector = new Inspector({ ...makeWorld(), contexts, distrust, sink }, () => undefined)
    const client = new Socket().destroy()
    inspector.open(client, { address: CLIENT, port: 1 }, tunnel, null)
    expect(await failed.promise).toBe('the client went away before TLS to github.com began')
    expect(distrust.recent(1)).toEqual([])
  })
})

function hostOf(text: string): Host {
  return parseHost(text) ?? neverNull()
}

/** Sends a ClientHello of Node's and, when the server has answered, does as it is told. */
async function sendHello(port: number, then: (client: Socket) => void, maxVersion?: 'TLSv1.2'): Promise<void> {
  const hello = await recordHello(maxVersion)
  const client = connect(port, '127.0.0.1')
  sockets.add(client)
  client.on('error', () => undefined)
  client.write(hello)
  await once(client, 'data')
  then(client)
}

async function recordHello(maxVersion?: 'TLSv1.2'): Promise<Buffer> {
  const server = createServer()
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connectTls({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    servername: 'github.com',
    ...(maxVersion === undefined ? {} : { maxVersion }),
  })
  client.on('error', () => undefined)
  const [socket] = (await once(server, 'connection')) as [Socket]
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  return bytes
}

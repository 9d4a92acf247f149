import type { Socket } from 'node:net'
import { type SecureVersion, TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { peerCertificate } from '../../src/tls/peer-certificate.ts'
import { openUpstream } from '../../src/tls/upstream.ts'
import { ca, exchange, open, refusal, TIMEOUT_MS, trust, trusting } from './attempts.ts'
import { allowingOldTls, destinationOf, dial, OLD_CIPHERS, runningTimers, startTcp, startTls } from './servers.ts'

const good = ca.issue({ names: ['github.com'] })

const unhandled: unknown[] = []
const note = (error: unknown): void => void unhandled.push(error)
beforeEach(() => {
  unhandled.length = 0
  process.on('uncaughtExceptionMonitor', note)
})
afterEach(() => {
  process.off('uncaughtExceptionMonitor', note)
  expect(unhandled).toEqual([])
})

describe('a good certificate', () => {
  it.each([
    ['github.com', ['github.com']],
    ['github.com', ['example.com', 'GitHub.com']],
    ['api.github.com', ['*.github.com']],
    ['a_b.github.com', ['*.github.com']],
    ['127.0.0.1', ['127.0.0.1']],
    ['[::1]', ['::1']],
  ])('opens %s with names %j', async (name, names) => {
    const { port } = await startTls(ca.issue({ names }))
    const socket = await open(port, `${name}:443`)
    expect(await exchange(socket, 'hello')).toBe('hello')
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })

  it.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('opens with %s', async (version) => {
    const { port } = await startTls({ ...good, minVersion: version, maxVersion: version })
    const socket = await open(port)
    expect(socket.getProtocol()).toBe(version)
    socket.destroy()
  })

  it('opens below an intermediate authority', async () => {
    const { port } = await startTls(ca.intermediate().issue({ names: ['github.com'] }))
    const socket = await open(port)
    // Node's own way to ask would take the leaf out of the chain, and answer with the intermediate from then on.
    const subjects = [peerCertificate(socket), peerCertificate(socket)].map((certificate) => certificate?.subject)
    expect(subjects).toEqual(['CN=github.com', 'CN=github.com'])
    socket.destroy()
  })

  it('leaves no timer and one error listener, which keeps a late error from ending the process', async () => {
    const { port } = await startTls(good)
    const connected = await dial(port)
    const timers = runningTimers()
    const socket = await openUpstream(connected, destinationOf('github.com:443'), trust, null, { timeoutMs: 60_000 })
    // The server's own handshake timer may have ended by now.
    expect(runningTimers()).toBeLessThanOrEqual(timers)
    expect(['error', 'secureConnect', 'session'].map((name) => socket.listenerCount(name))).toEqual([1, 0, 0])
    socket.destroy(new Error('late'))
    await new Promise((resolve) => socket.once('close', resolve))
  })

  it('settles on a protocol that was offered', async () => {
    const { port } = await startTls({ ...good, ALPNProtocols: ['http/1.1', 'h2'] })
    const socket = await open(port, 'github.com:443', { alpn: ['h2'] })
    expect(socket.alpnProtocol).toBe('h2')
    const error = await refusal(port, 'github.com:443', { alpn: ['spdy/1'] })
    expect([error.code, error.message]).toEqual([
      'upstream-tls-failed',
      'The TLS handshake with github.com:443 failed (alert no_application_protocol).',
    ])
  })

  it.each([
    ['github.com', 'github.com'],
    ['127.0.0.1', false],
    ['[::1]', false],
  ])('is asked for by name and never by address: %s', async (name, servername) => {
    const seen: unknown[] = []
    const { port } = await startTls(ca.issue({ names: ['github.com', '127.0.0.1', '::1'] }), (socket) => {
      seen.push(socket.servername)
      socket.write('x')
    })
    const socket = await open(port, `${name}:443`)
    await new Promise((resolve) => socket.once('data', resolve))
    expect(seen).toEqual([servername])
  })
})

describe('a failing handshake is refused in words', () => {
  const failures: readonly (readonly [string, (socket: Socket) => void, string])[] = [
    [
      'a peer that resets',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      'github.com:443 closed the connection during the TLS handshake.',
    ],
    [
      'a peer that closes',
      (socket) => socket.once('data', () => socket.end()),
      'github.com:443 closed the connection during the TLS handshake.',
    ],
    [
      'a peer that speaks something else',
      (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
      'github.com:443 does not answer in TLS.',
    ],
    [
      'a peer that sends an alert',
      (socket) => socket.once('data', () => socket.end(Buffer.from('15030300020228', 'hex'))),
      '(alert handshake_failure)',
    ],
    [
      'a record cut short',
      (socket) => socket.once('data', () => socket.end(Buffer.from('1603030100', 'hex'))),
      'closed the connection during',
    ],
  ]

  it.each(failures)('%s', async (_case, behave, message) => {
    const { port } = await startTcp(behave)
    const error = await refusal(port)
    expect(error.code).toBe('upstream-tls-failed')
    expect(error.message).toContain(message)
  })

  it('a peer that knows only old versions, whatever the runtime allows', async () => {
    const { port } = await startTls({ ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: OLD_CIPHERS })
    const error = await refusal(port, 'github.com:443', { trust: allowingOldTls(() => trusting(ca.certificatePem)) })
    expect(error.code).toBe('upstream-tls-failed')
    expect(error.message).toContain('offers no TLS version that is still safe')
  })

  it('a peer that stalls, at the deadline', async () => {
    const { port } = await startTcp((socket) => socket.resume())
    const startedAt = performance.now()
    const error = await refusal(port, 'github.com:443', { timeoutMs: 150 })
    expect([error.code, error.message]).toEqual([
      'upstream-timeout',
      'github.com:443 did not finish the TLS handshake within 0.15 s.',
    ])
    const elapsedMs = performance.now() - startedAt
    expect(elapsedMs).toBeGreaterThan(140)
    expect(elapsedMs).toBeLessThan(3_000)
  })

  it('a peer that drips, at the same deadline', async () => {
    const { port } = await startTcp((socket) => {
      const timer = setInterval(() => socket.write(Buffer.from('16', 'hex')), 20)
      socket.once('close', () => clearInterval(timer))
    })
    const started = openUpstream(await dial(port), destinationOf('github.com:443'), trust, null, { timeoutMs: 100 })
    await expect(started).rejects.toMatchObject({ name: 'ProxyError' })
  })

  it('a socket that is closed before, and one that is closed meanwhile', async () => {
    const { port } = await startTcp((socket) => socket.resume())
    const before = await dial(port)
    before.destroy()
    const options = { timeoutMs: TIMEOUT_MS }
    const late = openUpstream(before, destinationOf('github.com:443'), trust, null, options)
    await expect(late).rejects.toMatchObject({ code: 'upstream-tls-failed' })
    const meanwhile = await dial(port)
    const cut = openUpstream(meanwhile, destinationOf('github.com:443'), trust, null, options)
    meanwhile.destroy()
    await expect(cut).rejects.toMatchObject({ code: 'upstream-tls-failed' })
  })

  it('an alert in the very bytes that end a handshake does not end the process', async () => {
    const { port } = await startTls({ ...good, maxVersion: 'TLSv1.2' })
    // Between them, a proxy that adds a forged alert to whatever the server's last flight is.
    const front = await startTcp((client) => {
      void dial(port).then((server) => {
        let flights = 0
        client.on('data', (bytes) => server.write(bytes))
        server.on('data', (bytes) => {
          flights += 1
          client.write(flights === 1 ? bytes : Buffer.concat([bytes, Buffer.from('15030300020228', 'hex')]))
        })
        server.on('error', () => client.destroy())
      })
    })
    const opened = await open(front.port).then(
      (socket) => socket,
      (error: unknown) => error,
    )
    expect(opened).toBeInstanceOf(TLSSocket)
    if (opened instanceof TLSSocket) await expect.poll(() => opened.destroyed).toBe(true)
  })
})

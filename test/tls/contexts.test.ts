import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/tls/authority-creation.ts'
import { createContexts } from '../../src/tls/contexts.ts'
import { createTestCa } from './pki.ts'
import { allowingOldTls, dial, OLD_CIPHERS, startTcp } from './servers.ts'

const ca = createTestCa({ days: 30 })
const { authority } = ca
const HOUR_MS = 3_600_000

function clock(at = Date.now()): { now: () => number; advance: (ms: number) => void } {
  let current = at
  return {
    now: () => current,
    advance: (ms) => {
      current += ms
    },
  }
}

describe('contexts', () => {
  it('are minted once a name, however it is written', () => {
    const contexts = createContexts(authority, { now: Date.now })
    const made = ['github.com', 'GitHub.com', 'github.com.', 'gitlab.com', '2001:DB8::1', '[2001:db8:0::1]'].map(
      (name) => contexts.contextFor(name),
    )
    expect(new Set(made.slice(0, 3)).size).toBe(1)
    expect(new Set(made).size).toBe(3)
    expect(contexts.size).toBe(3)
  })

  it('are minted once a name under many calls at once', async () => {
    const contexts = createContexts(authority, { now: Date.now })
    const made = await Promise.all(Array.from({ length: 50 }, async () => contexts.contextFor('github.com')))
    expect(new Set(made).size).toBe(1)
  })

  it.each(['', 'a b', '0177.0.0.1', '../x', '*.example.com', 'x'.repeat(64)])('are not for the name %j', (name) => {
    const contexts = createContexts(authority, { now: Date.now })
    expect(() => contexts.contextFor(name)).toThrow(/neither a host nor an address/)
    expect(contexts.size).toBe(0)
  })

  it('are as many as the limit, and the one least used goes first', () => {
    const contexts = createContexts(authority, { now: Date.now, contextsMax: 2 })
    const first = contexts.contextFor('a.example')
    const second = contexts.contextFor('b.example')
    expect([contexts.contextFor('a.example'), contexts.size]).toEqual([first, 2])
    contexts.contextFor('c.example')
    expect(contexts.size).toBe(2)
    expect(contexts.contextFor('a.example')).toBe(first)
    expect(contexts.contextFor('b.example')).not.toBe(second)
  })

  it('are minted anew after their lifetime', () => {
    const { now, advance } = clock()
    const contexts = createContexts(authority, { now, contextLifetimeMs: HOUR_MS })
    const first = contexts.contextFor('github.com')
    advance(HOUR_MS)
    expect(contexts.contextFor('github.com')).toBe(first)
    advance(1)
    expect(contexts.contextFor('github.com')).not.toBe(first)
  })

  it('end well before their leaf, whether its days or its CA end it', () => {
    const { now, advance } = clock()
    const contexts = createContexts(authority, { now, contextLifetimeMs: 90 * DAY_MS, leafDays: 2 })
    const first = contexts.contextFor('github.com')
    advance(DAY_MS + 1)
    expect(contexts.contextFor('github.com')).not.toBe(first)

    const late = clock(authority.notAfter - 10_000)
    const lateContexts = createContexts(authority, { now: late.now })
    const last = lateContexts.contextFor('github.com')
    late.advance(5_001)
    expect(lateContexts.contextFor('github.com')).not.toBe(last)
  })

  it('end with the CA', () => {
    const { now, advance } = clock(authority.notAfter - 1)
    const contexts = createContexts(authority, { now })
    expect(contexts.contextFor('github.com')).toBeDefined()
    advance(2)
    expect(() => contexts.contextFor('github.com')).toThrow(/has expired/)
  })
})

/** One handshake with a server that shows `context`; the client's session, taken after an exchange of bytes. */
async function shake(context: SecureContext, session?: Buffer, version: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3') {
  const { port } = await startTcp((socket) => {
    const secure = new TLSSocket(socket, { isServer: true, secureContext: context })
    secure.on('error', () => secure.destroy())
    secure.end('hello')
  })
  const secureContext = createSecureContext({ ca: authority.certificatePem, minVersion: version, maxVersion: version })
  const client = connect({
    socket: await dial(port),
    servername: 'github.com',
    secureContext,
    ...(session === undefined ? {} : { session }),
  })
  let kept: Buffer | undefined
  client.on('session', (next) => {
    kept = next
  })
  let reused: boolean | undefined
  client.once('secureConnect', () => {
    reused = client.isSessionReused()
  })
  client.resume()
  await new Promise((resolve, reject) => client.once('end', resolve).once('error', reject))
  client.destroy()
  return { session: kept, reused, authorized: client.authorized }
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('clients of a context, in %s', (version) => {
  it('trust it for its name and resume their sessions in it', async () => {
    const context = createContexts(authority, { now: Date.now }).contextFor('github.com')
    const first = await shake(context, undefined, version)
    expect(first).toMatchObject({ authorized: true, reused: false })
    expect(first.session).toBeDefined()
    expect(await shake(context, first.session, version)).toMatchObject({ reused: true })
  })

  it('resume nothing in the contexts of a new cache', async () => {
    const first = await shake(createContexts(authority, { now: Date.now }).contextFor('github.com'), undefined, version)
    const other = createContexts(authority, { now: Date.now }).contextFor('github.com')
    expect(await shake(other, first.session, version)).toMatchObject({ authorized: true, reused: false })
  })
})

it('a context speaks nothing older than TLS 1.2, whatever the runtime allows', async () => {
  const context = allowingOldTls(() => createContexts(authority, { now: Date.now }).contextFor('github.com'))
  const { port } = await startTcp((socket) => {
    new TLSSocket(socket, { isServer: true, secureContext: context }).on('error', () => socket.destroy())
  })
  const old = connect({
    socket: await dial(port),
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: OLD_CIPHERS,
  })
  const error = await new Promise<Error>((resolve) => old.once('error', resolve))
  expect(error.message).toMatch(/protocol version/)
})

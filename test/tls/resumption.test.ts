import { X509Certificate } from 'node:crypto'
import type { SecureVersion } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { createSessions, type Sessions, sessionKey } from '../../src/tls/sessions.ts'
import { type Attempt, ca, exchange, open, refusal, trust, trusting } from './attempts.ts'
import { createTestCa } from './pki.ts'
import { destinationOf, dial, startTls } from './servers.ts'

const good = ca.issue({ names: ['github.com'] })
const stranger = createTestCa({ name: 'Strange Root' })

/** Opens, exchanges a few bytes (tickets come with them), closes. */
async function visit(port: number, name: string, attempt: Attempt): Promise<boolean> {
  const socket = await open(port, `${name}:443`, attempt)
  const reused = socket.isSessionReused()
  await exchange(socket, 'hello')
  socket.destroy()
  return reused
}

describe.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('resumption in %s', (version) => {
  const versions = { minVersion: version, maxVersion: version }

  it('happens at the same peer under the same name and trust', async () => {
    const { port } = await startTls({ ...good, ...versions })
    const sessions = createSessions({ now: Date.now })
    expect(await visit(port, 'github.com', { sessions })).toBe(false)
    expect(await visit(port, 'github.com', { sessions })).toBe(true)
    expect(sessions.size).toBe(1)
  })

  it('does not happen without sessions', async () => {
    const { port } = await startTls({ ...good, ...versions })
    const sessions = createSessions({ now: Date.now })
    await visit(port, 'github.com', { sessions })
    expect(await visit(port, 'github.com', { sessions: null })).toBe(false)
  })

  it('does not happen under a new trust, which judges the certificate again', async () => {
    const { port } = await startTls({ ...good, ...versions })
    const sessions = createSessions({ now: Date.now })
    await visit(port, 'github.com', { sessions })
    expect(await visit(port, 'github.com', { sessions, trust: trusting(ca.certificatePem) })).toBe(false)
    const error = await refusal(port, 'github.com:443', { sessions, trust: trusting(stranger.certificatePem) })
    expect(error.message).toContain('unknown authority "Known Root"')
  })

  it('does not happen under another name, even one the server would serve', async () => {
    const { port } = await startTls({ ...ca.issue({ names: ['github.com', 'gitlab.com'] }), ...versions })
    const sessions = createSessions({ now: Date.now })
    await visit(port, 'github.com', { sessions })
    expect(await visit(port, 'gitlab.com', { sessions })).toBe(false)
  })

  it('is judged by the certificate that the session began with', async () => {
    const { port } = await startTls({ ...good, ...versions })
    const other = new X509Certificate(ca.issue({ names: ['example.net'] }).cert)
    const sessions = createSessions({ now: Date.now })
    await visit(port, 'github.com', { sessions })
    let offered = 0
    let forgotten = 0
    const lying: Sessions = {
      ...sessions,
      find(key) {
        const kept = sessions.find(key)
        if (kept === undefined) return undefined
        offered += 1
        return { session: kept.session, certificate: other }
      },
      forget: () => {
        forgotten += 1
      },
    }
    const error = await refusal(port, 'github.com:443', { sessions: lying })
    expect(error.message).toBe('The certificate of github.com is for example.net.')
    expect([offered, forgotten]).toEqual([1, 1])
  })

  it('is given up for a session of another name, however it got there', async () => {
    const { port } = await startTls({ ...good, ...versions })
    const sessions = createSessions({ now: Date.now })
    await visit(port, 'github.com', { sessions })
    const key = sessionKey(destinationOf('github.com:443'), await dial(port), trust)
    const lying: Sessions = { ...sessions, find: () => sessions.find(key) }
    const error = await refusal(port, 'evil.example:443', { sessions: lying })
    expect(error.message).toBe('The certificate of evil.example is for github.com.')
  })

  it('keeps nothing of a peer that was refused', async () => {
    const { port } = await startTls({ ...stranger.issue({ names: ['github.com'] }), ...versions })
    const sessions = createSessions({ now: Date.now })
    await refusal(port, 'github.com:443', { sessions })
    expect(sessions.size).toBe(0)
  })

  it('keeps a session no longer than its certificate', async () => {
    const { port } = await startTls({ ...ca.issue({ names: ['github.com'], days: 1 }), ...versions })
    let now = Date.now()
    const sessions = createSessions({ now: () => now, sessionLifetimeMs: 30 * 86_400_000 })
    await visit(port, 'github.com', { sessions })
    now += 86_400_000
    const socket = await dial(port)
    expect(sessions.find(sessionKey(destinationOf('github.com:443'), socket, trust))).toBeUndefined()
  })
})

import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSessions, SESSION_BYTES_MAX, sessionKey, type VerifiedSession } from '../../src/tls/sessions.ts'
import { createTrust } from '../../src/tls/trust.ts'
import { createTestCa } from './pki.ts'
import { destinationOf } from './servers.ts'

const DAY_MS = 86_400_000
const certificate = new X509Certificate(createTestCa().issue({ names: ['github.com'] }).cert)

function session(bytes: string | number): VerifiedSession {
  return { session: typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.alloc(bytes), certificate }
}

describe('sessions', () => {
  it('are found under their key, the latest one, until forgotten', () => {
    const sessions = createSessions({ now: Date.now })
    sessions.store('a', session('1'))
    sessions.store('a', session('2'))
    expect([sessions.find('a')?.session.toString(), sessions.find('b'), sessions.size]).toEqual(['2', undefined, 1])
    sessions.forget('a')
    expect([sessions.find('a'), sessions.size]).toEqual([undefined, 0])
  })

  it('are as many as the limit, and the one least used goes first', () => {
    const sessions = createSessions({ now: Date.now, sessionsMax: 2 })
    for (const key of ['a', 'b']) sessions.store(key, session(key))
    expect([sessions.find('a')?.session.toString(), sessions.size]).toEqual(['a', 2])
    sessions.store('c', session('c'))
    expect([sessions.find('b'), sessions.find('a')?.session.toString(), sessions.size]).toEqual([undefined, 'a', 2])
  })

  it('live for their lifetime', () => {
    let now = Date.now()
    const sessions = createSessions({ now: () => now, sessionLifetimeMs: 1_000 })
    sessions.store('a', session('x'))
    now += 1_000
    expect(sessions.find('a')).toBeDefined()
    now += 1
    expect(sessions.find('a')).toBeUndefined()
  })

  it('live no longer than their certificate', () => {
    const end = certificate.validToDate.getTime()
    let now = end - 1
    const sessions = createSessions({ now: () => now, sessionLifetimeMs: 90 * DAY_MS })
    sessions.store('a', session('x'))
    expect(sessions.find('a')).toBeDefined()
    now = end + 1
    expect(sessions.find('a')).toBeUndefined()
    now = end
    sessions.store('b', session('x'))
    expect(sessions.size).toBe(0)
  })

  it('are kept at their size limit and not one byte past it', () => {
    const sessions = createSessions({ now: Date.now })
    sessions.store('at', session(SESSION_BYTES_MAX))
    sessions.store('past', session(SESSION_BYTES_MAX + 1))
    expect([sessions.find('at')?.session.length, sessions.find('past')]).toEqual([SESSION_BYTES_MAX, undefined])
  })
})

describe('the key of a session', () => {
  const github = destinationOf('github.com:443')
  const peer = { remoteAddress: '192.0.2.1', remotePort: 443 }
  const trust = createTrust({ extraPem: [] })
  const key = sessionKey(github, peer, trust)

  it('is the same for the same', () => {
    expect(sessionKey(destinationOf('GitHub.com:443'), { ...peer }, trust)).toBe(key)
  })

  it.each([
    ['name', destinationOf('gitlab.com:443'), peer, trust],
    ['address', github, { ...peer, remoteAddress: '192.0.2.2' }, trust],
    ['port', github, { ...peer, remotePort: 8443 }, trust],
    ['trust', github, peer, createTrust({ extraPem: [] })],
  ])('is another one for another %s', (_what, destination, otherPeer, otherTrust) => {
    expect(sessionKey(destination, otherPeer, otherTrust)).not.toBe(key)
  })
})

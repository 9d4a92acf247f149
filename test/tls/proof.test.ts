import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ProxyError } from '../../src/flow/proxy-error.ts'
import type { Address } from '../../src/net/address.ts'
import { createProofs, type ProofsOptions } from '../../src/tls/proof.ts'
import { createTrust, type Trust } from '../../src/tls/trust.ts'
import { createTestCa } from './pki.ts'
import { addressOf, destinationOf, dial, type Listener, startTcp, startTls } from './servers.ts'

const ca = createTestCa()
const trust = trusting(ca.certificatePem)
const github = destinationOf('github.com:443')
const here = addressOf('127.0.0.1')
const HOUR_MS = 3_600_000

afterEach(() => {
  vi.useRealTimers()
})

function trusting(text: string): Trust {
  return createTrust({ extraPem: [{ file: 'ca.pem', text }] })
}

/** Proofs whose every dial goes to `server`; what was asked for is noted. */
function proofsAt(server: Listener, options: Partial<ProofsOptions> = {}) {
  const dialled: string[] = []
  const dialler = (address: Address, port: number): Promise<Socket> => {
    dialled.push(`${address.text}:${port}`)
    return dial(server.port)
  }
  const proofs = createProofs({ trust: () => trust, dial: dialler, now: Date.now, ...options })
  return { proofs, dialled }
}

function startGithub(): Promise<Listener> {
  return startTls(ca.issue({ names: ['github.com', 'api.github.com', '127.0.0.1'] }))
}

describe('a proof', () => {
  it('is a valid certificate at that address and port, seen once', async () => {
    const server = await startGithub()
    const { proofs, dialled } = proofsAt(server)
    await proofs.prove(github, here)
    await proofs.prove(github, here)
    expect(dialled).toEqual(['127.0.0.1:443'])
    expect(server.connections()).toBe(1)
  })

  it('is another one for each name, address, port and trust', async () => {
    const server = await startGithub()
    let current = trust
    const { proofs, dialled } = proofsAt(server, { trust: () => current })
    await proofs.prove(github, here)
    await proofs.prove(destinationOf('api.github.com:443'), here)
    await proofs.prove(github, addressOf('192.0.2.1'))
    await proofs.prove(destinationOf('github.com:8443'), here)
    await proofs.prove(github, here, 9443)
    // These two are told apart only by where one part ends and the next begins.
    await proofs.prove(destinationOf('github.com:4'), addressOf('43.0.2.1'), 443)
    await proofs.prove(destinationOf('github.com:44'), addressOf('3.0.2.1'), 443)
    current = trusting(ca.certificatePem)
    await proofs.prove(github, here)
    expect(dialled).toEqual([
      '127.0.0.1:443',
      '127.0.0.1:443',
      '192.0.2.1:443',
      '127.0.0.1:8443',
      '127.0.0.1:9443',
      '43.0.2.1:443',
      '3.0.2.1:443',
      '127.0.0.1:443',
    ])
  })

  it('does not outlive a trust that no longer has the authority', async () => {
    let current = trust
    const { proofs } = proofsAt(await startGithub(), { trust: () => current })
    await proofs.prove(github, here)
    current = createTrust({ extraPem: [] })
    await expect(proofs.prove(github, here)).rejects.toMatchObject({ code: 'upstream-certificate' })
  })

  it('is asked for under the name, and for a literal under none', async () => {
    const seen: unknown[] = []
    const issued = ca.issue({ names: ['github.com', '127.0.0.1'] })
    const server = await startTls(issued, (socket) => {
      seen.push(socket.servername)
      socket.resume()
    })
    const { proofs } = proofsAt(server)
    await proofs.prove(github, here)
    await proofs.prove(destinationOf('127.0.0.1:443'), here)
    await expect.poll(() => seen).toEqual(['github.com', false])
  })

  it('is looked for once by all who ask at the same time', async () => {
    const server = await startGithub()
    const { proofs } = proofsAt(server)
    await Promise.all(Array.from({ length: 40 }, () => proofs.prove(github, here)))
    expect(server.connections()).toBe(1)
  })

  it('holds for its lifetime', async () => {
    let now = Date.now()
    const { proofs, dialled } = proofsAt(await startGithub(), { now: () => now, proofLifetimeMs: HOUR_MS })
    await proofs.prove(github, here)
    now += HOUR_MS
    await proofs.prove(github, here)
    expect(dialled).toHaveLength(1)
    now += 1
    await proofs.prove(github, here)
    expect(dialled).toHaveLength(2)
  })

  it('holds no longer than its certificate', async () => {
    let now = Date.now()
    const server = await startTls(ca.issue({ names: ['github.com'], days: 1 }))
    const { proofs, dialled } = proofsAt(server, { now: () => now, proofLifetimeMs: 10 * 24 * HOUR_MS })
    await proofs.prove(github, here)
    now += 24 * HOUR_MS + 1
    await proofs.prove(github, here)
    expect(dialled).toHaveLength(2)
  })

  it.each([
    ['kept for the last millisecond of its certificate', 1, 1],
    ['not kept where that is over', 0, 2],
  ])('is %s', async (_name, leftMs, times) => {
    const issued = ca.issue({ names: ['github.com'] })
    const now = new X509Certificate(issued.cert).validToDate.getTime() - leftMs
    const { proofs, dialled } = proofsAt(await startTls(issued), { now: () => now })
    await proofs.prove(github, here)
    await proofs.prove(github, here)
    expect(dialled).toHaveLength(times)
  })

  it('closes its connection, read to the end, and leaves no timer', async () => {
    // A connection that only the timer closes stays open here.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const server = await startTls(ca.issue({ names: ['github.com'] }), (socket) => {
      socket.write('hello')
      socket.resume()
    })
    const socket = await dial(server.port)
    // Not polled for: that would move the timers on.
    const closed = once(socket, 'close')
    await proofsAt(server, { dial: () => Promise.resolve(socket) }).proofs.prove(github, here)
    await closed
    await setImmediate()
    expect(vi.getTimerCount()).toBe(0)
  }, 5_000)

  it('says goodbye: the server hears an end, and no reset', async () => {
    let ended: unknown
    const server = await startTls(ca.issue({ names: ['github.com'] }), (socket) => {
      socket.once('error', (error) => {
        ended = error
      })
      socket.once('end', () => {
        ended = 'end'
        socket.end()
      })
      socket.resume()
    })
    await proofsAt(server).proofs.prove(github, here)
    await expect.poll(() => ended).toBe('end')
  })

  it('closes even where the peer never stops', async () => {
    let closed = false
    const deaf = { ...ca.issue({ names: ['github.com'] }), allowHalfOpen: true }
    const server = await startTls(deaf, (socket) => {
      const timer = setInterval(() => socket.write('x'), 10)
      socket.once('close', () => {
        clearInterval(timer)
        closed = true
      })
    })
    await proofsAt(server).proofs.prove(github, here)
    await expect.poll(() => closed, { timeout: 5_000 }).toBe(true)
  })

  it('is kept as often as the limit says, and the one least used goes first', async () => {
    const { proofs, dialled } = proofsAt(await startGithub(), { proofsMax: 2 })
    for (const address of ['192.0.2.1', '192.0.2.2']) await proofs.prove(github, addressOf(address))
    await proofs.prove(github, addressOf('192.0.2.1'))
    expect([proofs.size, dialled.length]).toEqual([2, 2])
    await proofs.prove(github, addressOf('192.0.2.3'))
    expect(proofs.size).toBe(2)
    await proofs.prove(github, addressOf('192.0.2.1'))
    expect(dialled).toHaveLength(3)
    await proofs.prove(github, addressOf('192.0.2.2'))
    expect(dialled).toHaveLength(4)
  })
})

describe('a failure', () => {
  it('is told to all who ask at the same time and for a while after', async () => {
    let now = Date.now()
    const server = await startTls(ca.issue({ names: ['gitlab.com'] }))
    const { proofs, dialled } = proofsAt(server, { now: () => now, failureLifetimeMs: 5_000 })
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => proofs.prove(github, here)))
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'upstream-certificate' } })
    }
    now += 5_000
    await expect(proofs.prove(github, here)).rejects.toMatchObject({
      code: 'upstream-certificate',
      message: 'The certificate of github.com is for gitlab.com.',
    })
    expect(dialled).toHaveLength(1)
    now += 1
    await expect(proofs.prove(github, here)).rejects.toBeInstanceOf(ProxyError)
    expect(dialled).toHaveLength(2)
  })

  it('is forgotten once the site is well again', async () => {
    let now = Date.now()
    let server = await startTls(ca.issue({ names: ['gitlab.com'] }))
    const dialler = (): Promise<Socket> => dial(server.port)
    const proofs = createProofs({ trust: () => trust, dial: dialler, now: () => now, failureLifetimeMs: 5_000 })
    await expect(proofs.prove(github, here)).rejects.toBeInstanceOf(ProxyError)
    server = await startGithub()
    now += 5_001
    await expect(proofs.prove(github, here)).resolves.toBeUndefined()
  })

  it('of the dialler is passed on as it is', async () => {
    const refused = new ProxyError('upstream-refused', 'github.com refused the connection.')
    const { proofs } = proofsAt(await startGithub(), { dial: () => Promise.reject(refused) })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await expect(proofs.prove(github, here)).rejects.toBe(refused)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that nobody foresaw is a fault of Weir', async () => {
    const { proofs } = proofsAt(await startGithub(), { dial: () => Promise.reject(new TypeError('bug')) })
    await expect(proofs.prove(github, here)).rejects.toMatchObject({ code: 'weir-fault', cause: new TypeError('bug') })
  })

  it('is a dialler that never answers, and what it brings too late is closed', async () => {
    const server = await startTcp((socket) => socket.resume())
    const { promise, resolve } = Promise.withResolvers<Socket>()
    const { proofs } = proofsAt(server, { dial: () => promise, timeoutMs: 50 })
    await expect(proofs.prove(github, here)).rejects.toMatchObject({ code: 'upstream-timeout' })
    const late = await dial(server.port)
    resolve(late)
    await expect.poll(() => late.destroyed).toBe(true)
  })

  it('is a server that stalls', async () => {
    const server = await startTcp((socket) => socket.resume())
    const { proofs } = proofsAt(server, { timeoutMs: 80 })
    await expect(proofs.prove(github, here)).rejects.toMatchObject({ code: 'upstream-timeout' })
  })

  it('is a handshake that takes more than the dial has left', async () => {
    let now = Date.now()
    const server = await startTcp((socket) => socket.resume())
    const slow = (): Promise<Socket> => {
      now += 59_950
      return dial(server.port)
    }
    const { proofs } = proofsAt(server, { dial: slow, now: () => now, timeoutMs: 60_000 })
    await expect(proofs.prove(github, here)).rejects.toMatchObject({ code: 'upstream-timeout' })
  }, 5_000)

  it('is more checks at once than the limit, and not at it', async () => {
    const server = await startGithub()
    const gate = Promise.withResolvers<void>()
    const slow = async (): Promise<Socket> => {
      await gate.promise
      return dial(server.port)
    }
    const { proofs } = proofsAt(server, { pendingMax: 2, dial: slow })
    const running = ['192.0.2.1', '192.0.2.2', '192.0.2.2'].map((address) => proofs.prove(github, addressOf(address)))
    await expect(proofs.prove(github, addressOf('192.0.2.3'))).rejects.toMatchObject({ code: 'weir-limit' })
    gate.resolve()
    await Promise.all(running)
    await expect(proofs.prove(github, addressOf('192.0.2.3'))).resolves.toBeUndefined()
  })
})

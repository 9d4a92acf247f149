/** Dialling: the guards, the judged address and no other, one after the other, in time. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Verdict } from '../../src/flow/verdict.ts'
import type { Address } from '../../src/net/address.ts'
import { type Dialled, dial, dialEndpoint } from '../../src/proxy/dial.ts'
import { denyByGuard } from '../../src/proxy/judge.ts'
import { addressOf, destinationOf, makeWorld, type World } from './world.ts'

/** What is dialled, and which addresses never answer: no address on every machine is sure not to. */
const net = vi.hoisted(() => ({ dialled: [] as string[], silent: new Set<string>() }))

vi.mock('node:net', async (importActual) => {
  const actual = await importActual<typeof import('node:net')>()
  const connect = (options: NetConnectOpts): Socket => {
    const { host = '', port } = 'path' in options ? { port: 0 } : options
    net.dialled.push(`${host} ${port}`)
    return net.silent.has(host) ? new actual.Socket() : actual.connect(options)
  }
  return { ...actual, connect }
})

const ended: (() => void)[] = []
afterEach(() => {
  net.dialled.length = 0
  net.silent.clear()
  for (const end of ended.splice(0)) end()
})

const ALLOW: Verdict = { action: 'allow', rule: null, limits: [], wouldDeny: [] }

/** A port of this machine that answers. */
async function listen(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    ended.push(() => socket.destroy())
  })
  ended.push(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A port of this machine that refuses. */
async function closedPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function dialTo(
  weir: World,
  authority: string,
  judgeAddress: (address: Address | null) => Verdict = () => ALLOW,
): Promise<Dialled> {
  const dialled = await dial(weir, destinationOf(authority), 'tunnel', judgeAddress)
  if (dialled.state === 'open') ended.push(() => dialled.socket.destroy())
  return dialled
}

const LOOPBACK = { allowPrivate: ['127.0.0.0/8'] } as const

describe('the guard', () => {
  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '240.0.0.1',
    '192.0.0.1',
    '198.18.0.1',
    '::1',
    '::',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::7f00:1',
    '2001:0:1::1',
  ])('refuses %s, by name or as it is, without dialling or judging it', async (text) => {
    const weir = makeWorld({ answers: [[text]] })
    let judged = 0
    const judgeAddress = (): Verdict => {
      judged++
      return ALLOW
    }
    const literal = text.includes(':') ? `[${text}]:443` : `${text}:443`
    for (const authority of ['rebound.example:443', literal]) {
      const dialled = await dialTo(weir, authority, judgeAddress)
      expect(dialled).toMatchObject({ state: 'denied', verdict: { denial: { code: 'address-refused', rule: null } } })
    }
    expect([judged, net.dialled]).toEqual([0, []])
  })

  it('lets through what the operator named, and nothing beside it', async () => {
    const port = await listen()
    const weir = makeWorld({ ...LOOPBACK, answers: [['127.0.0.1']] })
    expect(await dialTo(weir, `site.example:${port}`)).toMatchObject({ state: 'open', endpoint: { port } })
    const beside = makeWorld({ ...LOOPBACK, answers: [['10.0.0.1', '::1', '64:ff9b::7f00:1']] })
    expect(await dialTo(beside, `site.example:${port}`)).toMatchObject({ state: 'denied' })
    expect(net.dialled).toEqual([`127.0.0.1 ${port}`])
  })

  it('refuses Weir itself, though it is allowed', async () => {
    const port = await listen()
    const isOwn = (address: Address, at: number): boolean => address.text === '127.0.0.1' && at === port
    const weir = makeWorld({ ...LOOPBACK, answers: [['127.0.0.1']], isOwn })
    for (const authority of [`site.example:${port}`, `127.0.0.1:${port}`, `[::ffff:127.0.0.1]:${port}`]) {
      expect(await dialTo(weir, authority)).toMatchObject({ verdict: { denial: { code: 'address-refused' } } })
    }
    const resolved = makeWorld({ ...LOOPBACK, isOwn, resolve: [`site.example:443:127.0.0.1:${port}`] })
    expect(await dialTo(resolved, 'site.example:443')).toMatchObject({
      verdict: { denial: { code: 'address-refused' } },
    })
    expect(net.dialled).toEqual([])
  })

  it('judges a static answer like any other', async () => {
    const weir = makeWorld({ resolve: ['site.example:443:10.0.0.1:443'] })
    expect(await dialTo(weir, 'site.example:443')).toMatchObject({ verdict: { denial: { code: 'address-refused' } } })
    expect([weir.asked, net.dialled]).toEqual([[], []])
  })
})

describe('the address', () => {
  it('that was judged is the one that is dialled: a name is asked for once', async () => {
    const port = await listen()
    // Rebinding: the second answer would be another machine.
    const weir = makeWorld({ allowPrivate: ['127.0.0.1/32'], answers: [['127.0.0.1'], ['127.0.0.2']] })
    const judged: string[] = []
    const dialled = await dialTo(weir, `site.example:${port}`, (address) => {
      judged.push(address?.text ?? 'none')
      return ALLOW
    })
    expect(dialled).toMatchObject({ state: 'open', endpoint: { address: { text: '127.0.0.1' }, port } })
    if (dialled.state === 'open') expect(dialled.socket.remoteAddress).toBe('127.0.0.1')
    expect([weir.asked, judged, net.dialled]).toEqual([['site.example'], ['127.0.0.1'], [`127.0.0.1 ${port}`]])
  })

  it('of a literal is not asked for', async () => {
    const port = await listen()
    const weir = makeWorld(LOOPBACK)
    expect(await dialTo(weir, `127.0.0.1:${port}`)).toMatchObject({ state: 'open' })
    expect(weir.asked).toEqual([])
  })

  it('of a static answer has its own port', async () => {
    const port = await listen()
    const weir = makeWorld({ ...LOOPBACK, resolve: [`site.example:443:127.0.0.1:${port}`] })
    expect(await dialTo(weir, 'site.example:443')).toMatchObject({ state: 'open', endpoint: { port } })
    expect(weir.asked).toEqual([])
  })

  it('that is denied is passed over for one that is not', async () => {
    const port = await listen()
    const weir = makeWorld({ ...LOOPBACK, answers: [['10.0.0.1', '127.0.0.9', '127.0.0.1']] })
    const judgeAddress = (address: Address | null): Verdict =>
      address?.text === '127.0.0.9' ? denyByGuard('doubt', 'no') : ALLOW
    expect(await dialTo(weir, `site.example:${port}`, judgeAddress)).toMatchObject({ state: 'open' })
    expect(net.dialled).toEqual([`127.0.0.1 ${port}`])
  })

  it('that does not answer is passed over for one that does', async () => {
    const port = await listen()
    const weir = makeWorld({ ...LOOPBACK, answers: [['127.0.0.2', '127.0.0.1']], limits: { dialTimeoutMs: 20 } })
    net.silent.add('127.0.0.2')
    expect(await dialTo(weir, `site.example:${port}`)).toMatchObject({ endpoint: { address: { text: '127.0.0.1' } } })
  })
})

describe('a failure', () => {
  it('is a refusal to connect', async () => {
    const port = await closedPort()
    const weir = makeWorld({ ...LOOPBACK, answers: [['127.0.0.1']] })
    await expect(dialTo(weir, `site.example:${port}`)).rejects.toMatchObject({
      name: 'ProxyError',
      code: 'upstream-refused',
      message: expect.stringContaining('connection refused'),
    })
  })

  it('is silence, after so long', async () => {
    const weir = makeWorld({ ...LOOPBACK, answers: [['127.0.0.1']], limits: { dialTimeoutMs: 20 } })
    net.silent.add('127.0.0.1')
    await expect(dialTo(weir, 'site.example:443')).rejects.toMatchObject({ code: 'upstream-timeout' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(weir.sockets.size).toBe(0)
  })

  it('tells more than a denial beside it', async () => {
    const port = await closedPort()
    const weir = makeWorld({ ...LOOPBACK, answers: [['127.0.0.1', '10.0.0.1']] })
    await expect(dialTo(weir, `site.example:${port}`)).rejects.toMatchObject({ code: 'upstream-refused' })
  })

  it('is a name without an address', async () => {
    await expect(dialTo(makeWorld(), 'site.example:443')).rejects.toMatchObject({ code: 'upstream-unresolvable' })
  })

  it.each([
    ['at the limit', 2, 2],
    ['past it', 3, 2],
  ])('of so many addresses is the end of it: %s', async (_, addresses, attempts) => {
    const port = await closedPort()
    const answer = Array.from({ length: addresses }, (_each, at) => `127.0.0.${at + 1}`)
    const weir = makeWorld({ ...LOOPBACK, answers: [answer], limits: { dialAttemptsMax: 2 } })
    await expect(dialTo(weir, `site.example:${port}`)).rejects.toMatchObject({ code: 'upstream-refused' })
    expect(net.dialled).toHaveLength(attempts)
  })
})

describe('a socket', () => {
  it('is kept among all sockets until it closes, and has no listener of ours left', async () => {
    const weir = makeWorld(LOOPBACK)
    const socket = await dialEndpoint(
      weir,
      { address: addressOf('127.0.0.1'), port: await listen(), parent: null },
      destinationOf('git.example:443'),
      'tunnel',
    )
    expect([...weir.sockets]).toEqual([socket])
    expect(socket.allowHalfOpen).toBe(true)
    expect([socket.listenerCount('error'), socket.listenerCount('connect')]).toEqual([0, 0])
    const closed = once(socket, 'close')
    socket.destroy()
    await closed
    expect(weir.sockets.size).toBe(0)
  })
})

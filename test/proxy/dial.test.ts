/** Dialling: the guards, the judged address and no other, one after the other, in time. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Verdict } from '../../src/flow/verdict.ts'
import type { Address } from '../../src/net/address.ts'
import { type Carries, type Dialled, dial, dialEndpoint } from '../../src/proxy/dial.ts'
import { denyByGuard } from '../../src/proxy/judge.ts'
import { parseParentProxy } from '../../src/settings/parent-proxy.ts'
import { addressOf, destinationOf, makeWorld, type World, type WorldOptions } from './world.ts'

/** What is dialled, and which addresses never answer or fail in a set way: no address on every machine is sure to. */
const net = vi.hoisted(() => ({
  dialled: [] as string[],
  silent: new Set<string>(),
  failing: new Map<string, Error>(),
  /** Where it is a fault of ours to dial at all. */
  broken: new Set<string>(),
  noDelay: [] as unknown[],
}))

vi.mock('node:net', async (importActual) => {
  const actual = await importActual<typeof import('node:net')>()
  const connect = (options: NetConnectOpts): Socket => {
    const { host = '', port } = 'path' in options ? { port: 0 } : options
    net.dialled.push(`${host} ${port}`)
    net.noDelay.push(options.noDelay)
    if (net.broken.has(host)) throw new TypeError('a fault of ours')
    const failure = net.failing.get(host)
    if (failure !== undefined) return new actual.Socket().destroy(failure)
    return net.silent.has(host) ? new actual.Socket() : actual.connect(options)
  }
  return { ...actual, connect }
})

const ended: (() => void)[] = []
afterEach(() => {
  vi.useRealTimers()
  net.dialled.length = 0
  net.noDelay.length = 0
  net.silent.clear()
  net.failing.clear()
  net.broken.clear()
  for (const end of ended.splice(0)) end()
})

const ALLOW: Verdict = { action: 'allow', rule: null, limits: [], wouldDeny: [] }

/** A port of this machine that answers. */
async function listen(onSocket: (socket: Socket) => void = () => undefined): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    ended.push(() => socket.destroy())
    onSocket(socket)
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
  carries: Carries = 'tunnel',
): Promise<Dialled> {
  const dialled = await dial(weir, destinationOf(authority), carries, judgeAddress)
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

  it.each([
    ['site.example:443', 'site.example (10.0.0.1) is a private address'],
    ['10.0.0.1:443', '10.0.0.1 is a private address'],
  ])('tells which address of %s it refuses', async (authority, text) => {
    expect(await dialTo(makeWorld({ answers: [['10.0.0.1']] }), authority)).toMatchObject({
      verdict: { denial: { message: expect.stringContaining(text) } },
    })
  })

  it('lets through a public address', async () => {
    net.silent.add('8.8.8.8')
    const weir = makeWorld({ answers: [['8.8.8.8']], limits: { dialTimeoutMs: 20 } })
    await expect(dialTo(weir, 'site.example:443')).rejects.toMatchObject({ code: 'upstream-timeout' })
    expect(net.dialled).toEqual(['8.8.8.8 443'])
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

  it('of a literal is not that of a static answer for every name', async () => {
    const port = await listen()
    const weir = makeWorld({ ...LOOPBACK, resolve: [`*:${port}:127.0.0.2:${port}`] })
    expect(await dialTo(weir, `127.0.0.1:${port}`)).toMatchObject({ state: 'open' })
    expect(net.dialled).toEqual([`127.0.0.1 ${port}`])
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

describe('a parent proxy', () => {
  /** A world that reaches all through a parent, which opens each tunnel that it is asked for; and what it heard. */
  async function behindParent(
    optionsOf: (port: number) => { url: string } & WorldOptions,
  ): Promise<{ weir: World; port: number; heard: string[] }> {
    const heard: string[] = []
    const port = await listen((socket) =>
      socket.on('data', (chunk) => {
        heard.push(chunk.toString())
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
      }),
    )
    const { url, ...options } = optionsOf(port)
    const world = makeWorld(options)
    const upstreamProxy = parseParentProxy(url)
    if (upstreamProxy === null) throw new Error(`not a parent proxy: ${url}`)
    return { weir: { ...world, settings: { ...world.settings, upstreamProxy } }, port, heard }
  }

  const byLiteral = (port: number): { url: string } => ({ url: `http://127.0.0.1:${port}` })

  it.each<[string, (port: number) => { url: string } & WorldOptions, readonly string[]]>([
    ['a literal', byLiteral, []],
    [
      'a name',
      (port) => ({ url: `http://proxy.example:${port}`, answers: [['127.0.0.1'], ['127.0.0.2']] }),
      ['proxy.example'],
    ],
    [
      'a static answer',
      (port) => ({ url: 'http://proxy.example', resolve: [`proxy.example:3128:127.0.0.1:${port}`] }),
      [],
    ],
  ])('that is %s opens the tunnel, at an address that is not judged', async (_, optionsOf, asked) => {
    const { weir, port, heard } = await behindParent(optionsOf)
    const judged: (Address | null)[] = []
    const dialled = await dialTo(weir, 'site.example:443', (address) => {
      judged.push(address)
      return ALLOW
    })
    const parent = weir.settings.upstreamProxy
    expect(dialled).toMatchObject({ state: 'open', endpoint: { address: { text: '127.0.0.1' }, port, parent } })
    expect(heard).toEqual(['CONNECT site.example:443 HTTP/1.1\r\nHost: site.example:443\r\n\r\n'])
    expect([judged, weir.asked, net.dialled]).toEqual([[null], asked, [`127.0.0.1 ${port}`]])
  })

  it('is asked for no tunnel by what carries plain requests', async () => {
    const { weir, heard } = await behindParent(byLiteral)
    const dialled = await dialTo(weir, 'site.example:80', undefined, 'plain-http')
    if (dialled.state !== 'open') throw new Error('denied')
    dialled.socket.write('GET')
    await once(dialled.socket, 'data')
    expect(heard).toEqual(['GET'])
  })

  it('is not asked for a literal that the guard refuses', async () => {
    const { weir, port } = await behindParent(byLiteral)
    expect(await dialTo(weir, '10.0.0.1:443')).toMatchObject({ verdict: { denial: { code: 'address-refused' } } })
    expect(net.dialled).toEqual([])
    const judged: (string | undefined)[] = []
    await dialTo(weir, '8.8.8.8:443', (address) => {
      judged.push(address?.text)
      return ALLOW
    })
    expect([judged, net.dialled]).toEqual([['8.8.8.8'], [`127.0.0.1 ${port}`]])
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

  it.each([
    ['ECONNRESET', 'connection reset'],
    ['EACCES', 'EACCES'],
    [undefined, 'connection failed'],
  ])('has a reason: %s', async (code, words) => {
    net.failing.set('127.0.0.1', Object.assign(new Error('no'), code === undefined ? {} : { code }))
    await expect(dialTo(makeWorld(LOOPBACK), '127.0.0.1:443')).rejects.toMatchObject({
      code: 'upstream-refused',
      message: `cannot connect to 127.0.0.1 port 443: ${words}`,
    })
  })

  it('of Weir itself is not hidden by an address that answers', async () => {
    const port = await listen()
    net.broken.add('127.0.0.2')
    const weir = makeWorld({ ...LOOPBACK, answers: [['127.0.0.2', '127.0.0.1']] })
    await expect(dialTo(weir, `site.example:${port}`)).rejects.toThrow(TypeError)
    expect(net.dialled).toEqual([`127.0.0.2 ${port}`])
  })

  it('leaves no timer and no listener for a connection, and hears whatever error is still to come', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    net.failing.set('127.0.0.1', new Error('no'))
    const weir = makeWorld(LOOPBACK)
    const endpoint = { address: addressOf('127.0.0.1'), port: 443, parent: null }
    const dialling = dialEndpoint(weir, endpoint, destinationOf('git.example:443'), 'tunnel')
    const [socket] = weir.sockets
    await expect(dialling).rejects.toMatchObject({ code: 'upstream-refused' })
    expect([vi.getTimerCount(), socket?.listenerCount('connect')]).toEqual([0, 0])
    // An error that nobody hears is thrown where it is emitted.
    expect(socket?.emit('error', new Error('late'))).toBe(true)
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
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const weir = makeWorld(LOOPBACK)
    const socket = await dialEndpoint(
      weir,
      { address: addressOf('127.0.0.1'), port: await listen(), parent: null },
      destinationOf('git.example:443'),
      'tunnel',
    )
    expect([...weir.sockets]).toEqual([socket])
    expect([socket.allowHalfOpen, net.noDelay]).toEqual([true, [true]])
    // A timer that is left would end the connection in the middle of its use.
    expect(vi.getTimerCount()).toBe(0)
    expect([socket.listenerCount('error'), socket.listenerCount('connect')]).toEqual([0, 0])
    const closed = once(socket, 'close')
    socket.destroy()
    await closed
    expect(weir.sockets.size).toBe(0)
  })
})

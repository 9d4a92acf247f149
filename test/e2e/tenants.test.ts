/** Tenant headers: set once in each request of whom they are for, whatever the client says; and what cannot carry one is denied. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { hashSync } from 'bcryptjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestCa } from '../tls/pki.ts'
import { captureHello } from '../wire/hello.ts'
import { type Origin, startOrigin } from './support/origin.ts'
import { openRaw, openTls, openTunnel, type RawClient } from './support/raw-client.ts'
import { requestOf } from './support/ways-round.ts'
import { startWeir, type TestWeir, type WeirOptions } from './support/weir.ts'

const NAME = 'sec-GitHub-allowed-enterprise'
const HOSTS = ['github.com', 'api.github.com', 'gist.github.com', 'login.live.com', 'login.microsoftonline.com']
const TENANTS = `
tenants:
  github: { enterprises: [acme, "42"], for: [engineering] }
  microsoft: { tenants: [acme.example], context: 550e8400-e29b-41d4-a716-446655440000 }
`
const RULES = `
version: 1
default: allow
groups:
  engineering: { users: [ada] }
rules:
  - { name: no-gists, to: { hosts: [gist.github.com] }, operations: [write, admin], action: deny }
  - { name: opaque, operations: [ssh, unknown-protocol], action: allow }
`
const BYPASS = 'inspection: { bypass: [login.live.com] }\n'

const upstreamCa = createTestCa({ name: 'Upstream CA of tenants' })
const started: TestWeir[] = []
const clients: RawClient[] = []
let secure: Origin
let plain: Origin
/** What comes to ports on which no HTTP is spoken. */
let sink: Server
let sunk = 0
let seen: readonly string[] = []
let weir: TestWeir

beforeAll(async () => {
  const serve: Parameters<typeof startOrigin>[0]['serve'] = async (exchange) => {
    seen = exchange.request.rawHeaders
    await exchange.discard()
    exchange.answer(200, { 'content-type': 'text/plain' }, 'here')
  }
  secure = await startOrigin({ tls: upstreamCa.issue({ names: HOSTS }), serve })
  plain = await startOrigin({ serve })
  sink = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        sunk += bytes.length
      })
  })
  sink.listen(0, '127.0.0.1')
  await once(sink, 'listening')
  weir = await start({ policy: RULES + TENANTS + BYPASS })
})
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})
afterAll(async () => {
  for (const each of started) await each.close()
  await secure?.close()
  await plain?.close()
  sink?.close()
})

async function start(options: Partial<WeirOptions> & { readonly policy: string }): Promise<TestWeir> {
  const { port } = sink.address() as AddressInfo
  const made = await startWeir({
    users: ['ada', 'grace'].map((user) => `${user}:${hashSync(user, 4)}`).join('\n'),
    resolve: [
      ...HOSTS.map((host) => `${host}:443:127.0.0.1:${secure.port}`),
      ...HOSTS.map((host) => `${host}:80:127.0.0.1:${plain.port}`),
      ...['github.com:22', 'github.com:9418', 'ssh.github.com:443'].map((place) => `${place}:127.0.0.1:${port}`),
    ],
    upstreamCa: upstreamCa.certificatePem,
    limits: { helloTimeoutMs: 400 },
    ...options,
  })
  started.push(made)
  return made
}

const as = (user: string | null): readonly string[] =>
  user === null ? [] : [`Proxy-Authorization: Basic ${Buffer.from(`${user}:${user}`).toString('base64')}`]

/** Each value that the origin saw under that name, in whatever case. */
function sawOf(name: string): readonly string[] {
  return seen.filter((_, at) => at % 2 === 1 && seen[at - 1]?.toLowerCase() === name.toLowerCase())
}

async function statusOf(client: RawClient): Promise<number> {
  clients.push(client)
  const answer = await client.read((got) => got.includes('\r\n\r\n') || client.ended)
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer.toString('latin1'))?.[1] ?? 0)
}

type Ask = (host: string, user: string | null, fields: readonly string[], to?: TestWeir) => Promise<number>

const WAYS: readonly (readonly [string, Ask])[] = [
  [
    'in the clear',
    async (host, user, fields, to = weir) => {
      const client = await openRaw(to.port)
      client.send(requestOf({ host, method: 'GET', target: `http://${host}/x`, fields: [...as(user), ...fields] }))
      return statusOf(client)
    },
  ],
  [
    'in the clear, in a tunnel',
    async (host, user, fields, to = weir) => {
      const { client, status } = await openTunnel(to.port, `${host}:80`, as(user))
      clients.push(client)
      if (status !== 200) return status
      client.send(requestOf({ host, method: 'GET', target: '/x', fields }))
      return statusOf(client)
    },
  ],
  [
    'in a tunnel that is opened',
    async (host, user, fields, to = weir) => {
      const { client, status } = await openTunnel(to.port, `${host}:443`, as(user))
      clients.push(client)
      if (status !== 200) return status
      const inner = (await openTls(client, { servername: host, ca: to.caPem })).client
      inner.send(requestOf({ host, method: 'GET', target: '/x', fields }))
      return statusOf(inner)
    },
  ],
]

describe.each(WAYS)('a request %s', (_way, ask) => {
  it.each([
    ['does not say it', []],
    ['says it', [`${NAME}: mallory`]],
    ['says it three times', [`${NAME}: mallory`, `${NAME}: acme`, `${NAME}:`]],
    ['says it in other cases', [`${NAME.toUpperCase()}: mallory`, `${NAME.toLowerCase()}: mallory`]],
    ['says it with white space around', [`${NAME}:\t mallory \t `]],
    ['says it with underscores', [`${NAME.replaceAll('-', '_')}: mallory`]],
    ['names it in Connection', [`Connection: ${NAME}`, `${NAME}: mallory`]],
    ['only names it in Connection', [`Connection: close, ${NAME}`]],
    ['says ours', [`${NAME}: acme,42`]],
  ])('has it once and with our value, where the client %s', async (_, fields) => {
    expect(await ask('github.com', 'ada', fields)).toBe(200)
    expect(sawOf(NAME)).toEqual(['acme,42'])
    expect(seen.join('\n')).not.toContain('mallory')
    expect(sawOf('connection').join(',')).not.toContain('sec-')
  })

  it.each([
    ['with white space before the colon', [`${NAME} : mallory`]],
    ['folded over two lines', [`${NAME}: mal`, ' lory']],
  ])('that says it %s is refused whole', async (_, fields) => {
    const before = secure.receivedBytes() + plain.receivedBytes()
    expect(await ask('github.com', 'ada', fields)).toBe(400)
    expect(secure.receivedBytes() + plain.receivedBytes()).toBe(before)
  })

  it('of somebody else says nothing of it', async () => {
    expect(await ask('api.github.com', 'ada', [])).toBe(200)
    expect(sawOf(NAME)).toEqual(['acme,42'])
  })

  it('of one who gave no name is asked for it, and does not arrive', async () => {
    const before = secure.receivedBytes() + plain.receivedBytes()
    expect(await ask('github.com', null, [])).toBe(407)
    expect(secure.receivedBytes() + plain.receivedBytes()).toBe(before)
  })

  it('to a provider whose header is for everyone has all its fields, name or no name', async () => {
    const said = ['Restrict-Access-Context: mallory', 'sec-Restrict-Tenant-Access-Policy: mallory:policy']
    expect(await ask('login.microsoftonline.com', null, said)).toBe(200)
    expect(sawOf('Restrict-Access-To-Tenants')).toEqual(['acme.example'])
    expect(sawOf('Restrict-Access-Context')).toEqual(['550e8400-e29b-41d4-a716-446655440000'])
    expect(sawOf('sec-Restrict-Tenant-Access-Policy')).toEqual([])
  })

  it('does not become another protocol', async () => {
    const before = secure.receivedBytes() + plain.receivedBytes()
    expect(await ask('github.com', 'ada', ['Connection: Upgrade', 'Upgrade: websocket'])).toBe(403)
    expect(secure.receivedBytes() + plain.receivedBytes()).toBe(before)
    expect(weir.records.at(-1)).toMatchObject({ 'weir.reason': 'tenant-unset', 'weir.operation': 'upgrade' })
  })
})

describe('whoever it is not for', () => {
  it('is not looked into, and in the clear says nothing in our place', async () => {
    const { client, status } = await openTunnel(weir.port, 'github.com:443', as('grace'))
    expect(status).toBe(200)
    // The site's own certificate: nothing was opened.
    const inner = (await openTls(client, { servername: 'github.com', ca: upstreamCa.certificatePem })).client
    inner.send(requestOf({ host: 'github.com', method: 'GET', target: '/', fields: [`${NAME}: mallory`] }))
    expect(await statusOf(inner)).toBe(200)
    expect(await WAYS[0]?.[1]('github.com', 'grace', [`${NAME}: mallory`])).toBe(200)
    expect(sawOf(NAME)).toEqual([])
  })
})

describe('a host near by', () => {
  it('is opened, so that no other host is asked for in its TLS', async () => {
    const { client } = await openTunnel(weir.port, 'gist.github.com:443', as('ada'))
    const inner = (await openTls(client, { servername: 'gist.github.com', ca: weir.caPem })).client
    inner.send(requestOf({ host: 'api.github.com', method: 'GET', target: '/user' }))
    expect(await statusOf(inner)).toBe(421)
  })

  it('goes by the rules, without the header', async () => {
    const [, opened] = WAYS[2] ?? []
    expect(await opened?.('gist.github.com', 'ada', [`${NAME}: mallory`])).toBe(200)
    expect(sawOf(NAME)).toEqual([])
  })
})

describe('what cannot carry it is denied', () => {
  async function refusedAtConnect(authority: string, user: string, to = weir): Promise<string> {
    const before = [secure.receivedBytes(), sunk]
    const { client, status, reply } = await openTunnel(to.port, authority, as(user))
    const body = reply + (await client.readToEnd()).toString()
    client.destroy()
    expect([status, [secure.receivedBytes(), sunk]]).toEqual([403, before])
    expect(to.records.at(-1)).toMatchObject({ 'weir.reason': 'tenant-unset', 'event.action': 'denied' })
    return body
  }

  it.each(['github.com:22', 'ssh.github.com:443'])('SSH to %s, although a rule allows it', async (authority) => {
    expect(await refusedAtConnect(authority, 'ada')).toMatch(/only certain GitHub accounts may be used/)
    const { client, status } = await openTunnel(weir.port, authority, as('grace'))
    clients.push(client)
    expect(status).toBe(200)
  })

  it.each([
    ['SSH', 'SSH-2.0-OpenSSH_10.0\r\n'],
    ['the git protocol', '0033git-upload-pack /acme/app\0host=github.com\0'],
    ['silence', ''],
  ])('%s on another port of it', async (_, bytes) => {
    const before = sunk
    const { client, status } = await openTunnel(weir.port, 'github.com:9418', as('ada'))
    expect(status).toBe(200)
    client.send(bytes)
    expect((await client.readToEnd()).toString()).toBe('')
    expect(sunk).toBe(before)
    expect(weir.records.at(-1)).toMatchObject({ 'weir.reason': 'tenant-unset' })
  })

  it('TLS of a client that trusts nobody else: not a byte of it arrives', async () => {
    const before = secure.receivedBytes()
    const { client } = await openTunnel(weir.port, 'github.com:443', as('ada'))
    await expect(openTls(client, { servername: 'github.com', ca: upstreamCa.certificatePem })).rejects.toThrow()
    expect(secure.receivedBytes()).toBe(before)
  })

  it('TLS that is bypassed', async () => {
    expect(await refusedAtConnect('login.live.com:443', 'grace')).toContain('TLS that is not opened does not carry it')
  })

  it('TLS where inspection is never', async () => {
    const never = await start({ policy: `${RULES}${TENANTS}inspection: { mode: never }\n` })
    expect(await refusedAtConnect('github.com:443', 'ada', never)).toContain('TLS that is not opened')
    const { client, status } = await openTunnel(never.port, 'github.com:443', as('grace'))
    clients.push(client)
    expect(status).toBe(200)
  })

  it('TLS where there is no inspection CA', async () => {
    const bare = await start({ policy: RULES + TENANTS, authority: false })
    expect(await refusedAtConnect('github.com:443', 'ada', bare)).toContain('TLS that is not opened')
  })

  it('TLS on the port of HTTP, and not what is in the clear there, where TLS cannot be opened', async () => {
    const never = await start({ policy: `${RULES}${TENANTS}inspection: { mode: never }\n` })
    const [, inTheClear] = WAYS[1] ?? []
    expect(await inTheClear?.('github.com', 'ada', [`${NAME}: mallory`], never)).toBe(200)
    expect(sawOf(NAME)).toEqual(['acme,42'])
    const before = plain.receivedBytes()
    const { client } = await openTunnel(never.port, 'github.com:80', as('ada'))
    client.send(Buffer.from(await captureHello({ servername: 'github.com' })))
    expect((await client.readToEnd()).toString()).toBe('')
    expect(plain.receivedBytes()).toBe(before)
    expect(never.records.at(-1)).toMatchObject({ 'weir.reason': 'tenant-unset', 'weir.operation': 'tunnel' })
  })

  it('a tunnel that was spliced before the policy asked for a header', async () => {
    const changing = await start({ policy: RULES })
    const { client } = await openTunnel(changing.port, 'github.com:443', as('ada'))
    client.send(Buffer.from(await captureHello({ servername: 'github.com' })))
    await client.read((got) => got.length > 0)
    changing.renew(RULES + TENANTS)
    await client.readToEnd()
    clients.push(client)
    expect(await changing.record((line) => line['weir.reason'] === 'tenant-unset')).toBeDefined()
  })

  it('an open connection of one without a name, once the policy asks who it is', async () => {
    const changing = await start({ policy: `${RULES}inspection: { mode: always }\n` })
    const { client } = await openTunnel(changing.port, 'github.com:443')
    const inner = (await openTls(client, { servername: 'github.com', ca: changing.caPem })).client
    inner.send(requestOf({ host: 'github.com', method: 'GET', target: '/' }))
    expect(await statusOf(inner)).toBe(200)
    const before = secure.receivedBytes()
    changing.renew(`${RULES}${TENANTS}inspection: { mode: always }\n`)
    inner.send(requestOf({ host: 'github.com', method: 'GET', target: '/' }))
    expect(await statusOf(inner)).toBe(403)
    expect(secure.receivedBytes()).toBe(before)
  })
})

/** HTTP in the clear inside a CONNECT: read as a plain request is, whatever the port, and held to where the tunnel goes. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { hashSync } from 'bcryptjs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PACK, PUSH } from '../proxy/pushes.ts'
import { curl } from './support/curl.ts'
import { type Origin, startOrigin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openRaw, openTls, openTunnel, type RawClient } from './support/raw-client.ts'
import { askClearInside, expectNothingThrough, type Grounds, openGrounds } from './support/ways-round.ts'
import { startWeir, type TestWeir, type WeirOptions } from './support/weir.ts'

const POLICY = `
version: 1
default: deny
groups:
  staff: { users: [ada] }
rules:
  - name: nothing-unread
    operations: [tunnel, unknown-protocol, ssh]
    action: deny
  - name: by-name
    from: staff
    to: { hosts: [named.example] }
    action: allow
  - name: by-address
    to: { hosts: [far.example], networks: [192.0.2.0/24] }
    action: allow
  - name: small-uploads
    to: { hosts: [open.example] }
    operations: [write]
    limits: [{ per: request, size: 1 KB }]
    action: allow
  - name: reading
    to: { hosts: [open.example, other.example], ports: [80, 443, 8080] }
    operations: [read]
    action: allow
`

const started: TestWeir[] = []
const clients: RawClient[] = []
let origin: Origin
let weir: TestWeir

beforeAll(async () => {
  origin = await startPlainOrigin()
  weir = await start()
})
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})
afterAll(async () => {
  for (const each of started) await each.close()
  await origin?.close()
})

async function start(options: Partial<WeirOptions> = {}): Promise<TestWeir> {
  const places = ['open.example:80', 'open.example:443', 'open.example:8080', 'other.example:80', 'named.example:80']
  const made = await startWeir({
    policy: POLICY,
    users: `ada:${hashSync('x', 4)}`,
    resolve: [...places, 'far.example:80'].map((place) => `${place}:127.0.0.1:${origin.port}`),
    ...options,
  })
  started.push(made)
  return made
}

async function tunnelTo(authority: string, to = weir): Promise<RawClient> {
  const { client, status, reply } = await openTunnel(to.port, authority)
  expect(status, reply).toBe(200)
  clients.push(client)
  return client
}

const GET = 'GET /echo HTTP/1.1\r\nHost: open.example\r\n\r\n'

function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}

/** The statuses of so many answers. */
async function answers(client: RawClient, count: number): Promise<readonly number[]> {
  let text = ''
  while (statusesIn(text).length < count && !client.ended) {
    text += (await client.read((got) => got.length > 0 || client.ended)).toString('latin1')
  }
  return statusesIn(text)
}

function post(size: number, args: readonly string[] = []) {
  const content = ['--proxytunnel', '--data-binary', '@-', ...args, 'http://open.example/upload']
  return curl(content, { proxy: weir.proxy, input: Buffer.alloc(size) })
}

describe('curl with --proxytunnel', () => {
  it.each(['', ':443', ':8080'])('reads from open.example%s, and the record has the request alone', async (port) => {
    const at = weir.records.length
    const url = `http://open.example${port}/echo`
    const answer = await curl(['--proxytunnel', '-H', 'X-Mine: here', url], { proxy: weir.proxy })
    expect([answer.connectStatus, answer.status]).toEqual([200, 200])
    const { target, rawHeaders } = JSON.parse(answer.body.toString()) as { target: string; rawHeaders: string[] }
    expect([target, rawHeaders]).toEqual(['/echo', expect.arrayContaining([`open.example${port}`, 'X-Mine', 'here'])])
    await expect.poll(() => weir.records.length).toBe(at + 1)
    expect(weir.records.slice(at)).toMatchObject([
      {
        'event.action': 'allowed',
        'http.request.method': 'GET',
        'url.scheme': 'http',
        'url.domain': 'open.example',
        'url.port': port === '' ? 80 : Number(port.slice(1)),
        'destination.ip': '127.0.0.1',
        'rule.name': 'reading',
        'weir.operation': 'web-read',
        'weir.verdict': 'allow',
        'weir.bytes.down': answer.body.length,
      },
    ])
    expect(Object.keys(weir.records[at] ?? {}).filter((key) => key.startsWith('tls.'))).toEqual([])
  })

  it('is refused a write in its own words, of which not a byte goes on', async () => {
    const before = origin.receivedBytes()
    const url = 'http://other.example/upload'
    const answer = await curl(['--proxytunnel', '-d', 'secret', url], { proxy: weir.proxy })
    expect([answer.connectStatus, answer.status]).toEqual([200, 403])
    expect(JSON.parse(answer.body.toString())).toMatchObject({ title: 'Refused by Weir', status: 403 })
    expect(origin.receivedBytes()).toBe(before)
    expect(weir.records.at(-1)).toMatchObject({
      'event.action': 'denied',
      'event.id': (JSON.parse(answer.body.toString()) as { event: string }).event,
      'weir.operation': 'unknown-write',
      'weir.checkpoint': 'request',
      'weir.upstream.bodyBytes': 0,
    })
  })

  it.each([
    ['a declared length', []],
    ['chunks', ['-H', 'Transfer-Encoding: chunked']],
  ])('uploads up to the limit and not a byte more, by %s', async (_, args) => {
    const at = await post(1_000, args)
    expect([at.status, JSON.parse(at.body.toString())]).toEqual([200, expect.objectContaining({ bodyBytes: 1_000 })])
    expect(await weir.record((line) => line['weir.upload.size'] === 1_000)).toMatchObject({
      'rule.name': 'small-uploads',
    })
    const before = origin.receivedBytes()
    expect((await post(1_001, args)).status).toBe(413)
    expect(origin.receivedBytes()).toBe(before)
    expect(weir.records.at(-1)).toMatchObject({ 'weir.reason': 'limit', 'weir.upstream.bodyBytes': 0 })
  })

  it('says at its CONNECT who it is, and needs to', async () => {
    const ask = (user: string) =>
      curl(['--proxytunnel', `http://named.example/echo`], { proxy: `http://${user}${weir.proxy.slice(7)}` })
    expect(await ask('')).toMatchObject({ connectStatus: 407 })
    const answer = await ask('ada:x@')
    expect(answer.status).toBe(200)
    expect(answer.body.toString()).not.toMatch(/proxy-auth/i)
    expect(await weir.record((line) => line['rule.name'] === 'by-name')).toMatchObject({ 'user.name': 'ada' })
  })
})

describe('the first bytes in a tunnel', () => {
  it('may come with the CONNECT', async () => {
    const client = await openRaw(weir.port)
    clients.push(client)
    client.send(`CONNECT open.example:80 HTTP/1.1\r\nHost: open.example:80\r\n\r\n${GET}`)
    expect(await answers(client, 2)).toEqual([200, 200])
  })

  it('may come slowly, cut anywhere', async () => {
    const client = await tunnelTo('open.example:80')
    client.socket.setNoDelay(true)
    for (const byte of GET) {
      client.send(byte)
      await sleep(2)
    }
    expect(await answers(client, 1)).toEqual([200])
  })

  it('may be more than one request, and each is answered in turn', async () => {
    const client = await tunnelTo('open.example:80')
    const upload = 'POST /upload HTTP/1.1\r\nHost: open.example\r\nContent-Length: 4\r\n\r\n'
    client.send(`${GET}${upload}ab`)
    await sleep(50)
    client.send(`cd${GET}${GET.replace('/echo', '/none')}`)
    expect(await answers(client, 4)).toEqual([200, 200, 200, 404])
    const paths = origin.log.slice(-4).map(({ path, bodyBytes }) => [path, bodyBytes])
    expect(paths).toEqual([
      ['/echo', 0],
      ['/upload', 4],
      ['/echo', 0],
      ['/none', 0],
    ])
  })

  it('that are half a request line are waited for, and then they are none', async () => {
    const hasty = await start({ limits: { helloTimeoutMs: 100 } })
    const client = await tunnelTo('open.example:80', hasty)
    client.send('GET /echo HT')
    expect((await client.readToEnd()).toString()).toBe('')
    expect(hasty.records.at(-1)).toMatchObject({ 'event.action': 'denied', 'weir.reason': 'malformed' })
  })

  it('that are a request line and no request are refused as HTTP', async () => {
    const client = await tunnelTo('open.example:80')
    client.send('GET / HTTP/1.1\r\nno field\r\n\r\n')
    expect(statusesIn((await client.readToEnd()).toString())).toEqual([400])
    expect(weir.records.at(-1)).toMatchObject({ 'destination.domain': 'open.example', 'weir.reason': 'malformed' })
  })

  it.each([
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['another protocol with a method of HTTP', 'OPTIONS rtsp://open.example/ RTSP/1.0\r\n\r\n'],
  ])('of %s are no HTTP that is read', async (_, bytes) => {
    const before = origin.receivedBytes()
    const client = await tunnelTo('open.example:80')
    client.send(bytes)
    expect((await client.readToEnd()).toString()).toBe('')
    expect(weir.records.at(-1)).toMatchObject({
      'weir.operation': 'unknown-protocol',
      'rule.name': 'nothing-unread',
      'event.action': 'denied',
    })
    expect(origin.receivedBytes()).toBe(before)
  })
})

describe('a tunnel of HTTP in the clear', () => {
  it('goes on behind a request that is refused', async () => {
    const client = await tunnelTo('other.example:80')
    const get = GET.replace('open.example', 'other.example')
    for (const [request, status] of [
      [get, 200],
      [get.replace('GET', 'DELETE'), 403],
      [get, 200],
    ] as const) {
      client.send(request)
      expect(await answers(client, 1)).toEqual([status])
    }
  })

  it('opens anew the connection that the site ends behind each answer', async () => {
    const closing = await startOrigin({
      serve: async (exchange) => exchange.answer(200, { connection: 'close', 'content-length': 0 }, ''),
    })
    const own = await start({ resolve: [`open.example:80:127.0.0.1:${closing.port}`] })
    const client = await tunnelTo('open.example:80', own)
    for (let count = 1; count <= 3; count++) {
      client.send(GET)
      expect(await answers(client, 1)).toEqual([200])
      await sleep(20)
    }
    expect(closing.log.length).toBe(3)
    await closing.close()
  })

  it('keeps no connection to the site when its client is gone, asked or not', async () => {
    let open = 0
    const site = createServer((socket) => {
      open++
      socket
        .on('error', () => undefined)
        .on('close', () => open--)
        .resume()
    })
    site.listen(0, '127.0.0.1')
    await once(site, 'listening')
    const { port } = site.address() as AddressInfo
    const own = await start({ resolve: [`open.example:80:127.0.0.1:${port}`] })
    for (const bytes of [GET, 'GET / HTTP/1.1\r\nHost: open.']) {
      const client = await tunnelTo('open.example:80', own)
      client.send(bytes)
      await expect.poll(() => open).toBe(1)
      await sleep(50)
      client.socket.resetAndDestroy()
      await expect.poll(() => open).toBe(0)
    }
    // The second asked for nothing, but its name was looked up and its address was dialled.
    await expect.poll(() => own.records.length).toBe(2)
    expect(own.records).toMatchObject([
      { 'url.path': '/echo', 'error.code': 'client-aborted' },
      { 'destination.domain': 'open.example', 'destination.ip': '127.0.0.1', 'error.code': 'client-aborted' },
    ])
    site.close()
  })

  it('is judged by the address that was dialled', async () => {
    const { status } = await openTunnel(weir.port, 'far.example:80')
    expect(status).toBe(403)
    expect(weir.records.at(-1)).toMatchObject({ 'destination.domain': 'far.example', 'weir.checkpoint': 'dial' })
  })

  it.each([
    ['where inspection is never', { policy: `${POLICY}inspection: { mode: never }\n` }],
    ['where there is no inspection CA', { authority: false }],
    ['where inspection is bypassed', { policy: `${POLICY}inspection: { bypass: [other.example] }\n` }],
  ])('is read %s', async (_, options) => {
    const own = await start(options)
    const client = await tunnelTo('other.example:80', own)
    client.send(GET.replace('open.example', 'other.example'))
    expect(await answers(client, 1)).toEqual([200])
    client.send(GET.replace('GET', 'DELETE').replace('open.example', 'other.example'))
    expect(await answers(client, 1)).toEqual([403])
  })

  it('is told in it why it goes nowhere, where it would be told so in TLS', async () => {
    const before = origin.receivedBytes()
    const shut = await start({ policy: 'version: 1\ndefault: deny\ninspection: { mode: always }\n' })
    const answer = await curl(['--proxytunnel', 'http://open.example/echo'], { proxy: shut.proxy })
    expect([answer.connectStatus, answer.status]).toEqual([200, 403])
    expect(JSON.parse(answer.body.toString())).toMatchObject({ detail: 'no rule allows this' })
    expect(origin.receivedBytes()).toBe(before)
    expect(shut.records).toMatchObject([
      { 'event.action': 'denied', 'weir.checkpoint': 'connect', 'url.scheme': 'http' },
    ])
  })

  it('takes the rules of now for each request', async () => {
    const own = await start()
    const client = await tunnelTo('open.example:80', own)
    client.send(GET)
    expect(await answers(client, 1)).toEqual([200])
    own.renew('version: 1\ndefault: deny\n')
    client.send(GET)
    expect(await answers(client, 1)).toEqual([403])
  })

  it('is drained with all others', async () => {
    const own = await start()
    const client = await tunnelTo('open.example:80', own)
    client.send(GET)
    expect(await answers(client, 1)).toEqual([200])
    await own.close()
    await expect.poll(() => client.ended).toBe(true)
  })
})

describe('ways round by HTTP in the clear', () => {
  let grounds: Grounds
  beforeAll(async () => {
    grounds = await openGrounds()
  })
  afterAll(() => grounds?.close())

  const TO_OURS = { host: 'github.com', target: '/acme/app.git/git-receive-pack', body: Buffer.concat([PUSH, PACK]) }
  const READ = { host: 'github.com', method: 'GET', target: '/acme/app' }

  it('a push is refused in git’s own words', async () => {
    const { status, answer } = await expectNothingThrough(grounds, () => askClearInside(grounds.weir, TO_OURS))
    expect([status, answer]).toEqual([200, expect.stringContaining('application/x-git-receive-pack-result')])
    expect(grounds.weir.records.at(-1)).toMatchObject({
      'weir.operation': 'git-push',
      'weir.repository': 'github.com/acme/app',
      'url.scheme': 'http',
    })
  })

  it.each([
    ['another name', 'gitlab.com', 421],
    ['the name with another port', 'github.com:8080', 421],
    ['the name with the port of TLS', 'github.com:443', 421],
    ['the name with a port of nothing', 'github.com:', 400],
    ['two names', 'github.com, gitlab.com', 400],
    ['an address', '127.0.0.1', 421],
    ['a name behind a user', 'ada@github.com', 400],
  ])('a Host of %s is refused', async (_, host, status) => {
    const asked = { ...READ, fields: [`Host: ${host}`] }
    expect((await expectNothingThrough(grounds, () => askClearInside(grounds.weir, asked))).status).toBe(status)
  })

  it.each(['github.com', 'github.com:80', 'GITHUB.COM', 'github.com.'])('Host: %s is what it says', async (host) => {
    expect((await askClearInside(grounds.weir, { ...READ, fields: [`Host: ${host}`] })).status).toBe(200)
  })

  it('a Host without a port is that of the tunnel, and one with the default port is not', async () => {
    const own = await start()
    const asked = { host: 'open.example', method: 'GET', target: '/echo' }
    const to = 'open.example:8080'
    expect((await askClearInside(own, asked, to)).status).toBe(200)
    expect((await askClearInside(own, { ...asked, fields: ['Host: open.example:8080'] }, to)).status).toBe(200)
    expect((await askClearInside(own, { ...asked, fields: ['Host: open.example:80'] }, to)).status).toBe(421)
  })

  it.each([
    ['a URL of another place', 'http://gitlab.com/acme/app'],
    ['a URL of the same place', 'http://github.com/acme/app'],
    ['a fragment', '/acme/app#/mallory'],
    ['everything', '*'],
  ])('%s is no target', async (_, target) => {
    const { status } = await expectNothingThrough(grounds, () => askClearInside(grounds.weir, { ...READ, target }))
    expect(status).toBe(400)
  })

  it.each(['github.com:443', 'gitlab.com:80'])('there is no tunnel to %s in it', async (target) => {
    const asked = { host: 'github.com', method: 'CONNECT', target, fields: [`Host: ${target}`] }
    expect((await expectNothingThrough(grounds, () => askClearInside(grounds.weir, asked))).status).toBe(400)
  })

  it('there is none behind a request in it', async () => {
    const { client } = await openTunnel(grounds.weir.port, 'github.com:80')
    clients.push(client)
    client.send('GET /acme/app HTTP/1.1\r\nHost: github.com\r\n\r\n')
    expect(await answers(client, 1)).toEqual([200])
    client.send('CONNECT gitlab.com:80 HTTP/1.1\r\nHost: gitlab.com:80\r\n\r\n')
    expect(statusesIn((await client.readToEnd()).toString())).toEqual([400])
  })

  it('TLS on the port of HTTP is TLS, and is opened where a rule needs it', async () => {
    const secure = await startWeir({
      policy:
        'version: 1\ndefault: deny\nrules: [{ name: r, to: { hosts: [github.com] }, operations: [read], action: allow }]\n',
      resolve: [`github.com:80:127.0.0.1:${grounds.secure.port}`],
      limits: { helloTimeoutMs: 400 },
    })
    started.push(secure)
    const { client } = await openTunnel(secure.port, 'github.com:80')
    const { client: inner } = await openTls(client, { servername: 'github.com', ca: secure.caPem })
    clients.push(inner)
    inner.send('GET /acme/app HTTP/1.1\r\nHost: github.com:80\r\n\r\n')
    await inner.read('\r\n\r\n')
    expect(await secure.record((line) => line['url.path'] === '/acme/app')).toMatchObject({
      'url.scheme': 'https',
      'url.port': 80,
      'tls.client.server_name': 'github.com',
    })
  })
})

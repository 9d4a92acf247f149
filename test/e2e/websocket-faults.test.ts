/** WebSockets that are refused, answered otherwise, or broken by either side: no half a handshake, and nothing left behind. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import type { Limits } from '../../src/settings/schema.ts'
import { openRaw } from './support/raw-client.ts'
import { startWeir, type TestWeir } from './support/weir.ts'
import {
  askRaw,
  clientFrame,
  connectBy,
  connectWebSocket,
  type RawSite,
  startRawSite,
  startWebSocketSite,
  SWITCHING,
  upgradeHead,
} from './support/websocket-sites.ts'

const ALLOW = 'version: 1\ndefault: allow\n'

const things: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of things.splice(0).toReversed()) await thing.close()
})

async function start(
  site: { readonly port: number; close(): Promise<void> },
  policy = ALLOW,
  limits: Partial<Limits> = {},
): Promise<TestWeir> {
  things.push(site)
  const resolve = [`*:80:127.0.0.1:${site.port}`, `*:443:127.0.0.1:${site.port}`]
  const weir = await startWeir({ policy, resolve, limits })
  things.push(weir)
  return weir
}

async function startBefore(answer: string, limits: Partial<Limits> = {}): Promise<{ site: RawSite; weir: TestWeir }> {
  const site = await startRawSite(answer)
  return { site, weir: await start(site, ALLOW, limits) }
}

async function expectNothingOpen(weir: TestWeir, site: { open(): number }): Promise<void> {
  await expect
    .poll(() => [site.open(), weir.status().sockets, weir.status().openTunnels], { timeout: 8_000 })
    .toEqual([0, 0, 0])
}

describe('a WebSocket that may not be', () => {
  const RULES = `
version: 1
default: deny
rules:
  - { name: no-sockets, to: { hosts: [a.example] }, operations: [upgrade], action: deny, message: Poll instead. }
  - { name: no-writes, to: { hosts: [b.example] }, operations: [write], action: deny, message: Read only. }
  - { name: read, to: { hosts: [c.example, www.acme.example] }, operations: [read], action: allow }
`

  it.each<readonly [string, string, number, Record<string, unknown>, RegExp]>([
    ['by a rule that names it', 'a.example', 403, { 'rule.name': 'no-sockets', 'weir.reason': 'rule' }, /Poll instead/],
    [
      'by doubt, where writing is denied',
      'b.example',
      403,
      { 'rule.name': 'no-writes', 'weir.reason': 'doubt' },
      /403/,
    ],
    ['where only reading is allowed', 'c.example', 403, { 'weir.reason': 'default' }, /no rule allows this/],
  ])('is refused %s, as HTTP', async (_, host, status, record, said) => {
    const site = await startWebSocketSite()
    const weir = await start(site, RULES)
    const client = await askRaw(weir, host, '/x', ['Accept: text/html'])
    const answer = (await client.readToEnd()).toString()
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toMatch(said)
    expect(answer).toMatch(/connection: close/i)
    expect(answer).toContain('<!doctype html>')
    expect(weir.records).toEqual([
      expect.objectContaining({ ...record, 'event.action': 'denied', 'weir.operation': 'upgrade' }),
    ])
    expect(site.asked).toEqual([])
    await expectNothingOpen(weir, site)
  })

  it('is refused inside TLS too, as HTTP', async () => {
    const site = await startWebSocketSite({ tls: true })
    const weir = await start(site, RULES)
    const socket = await connectWebSocket(weir, 'wss://www.acme.example')
    const [, message] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
    expect(message.statusCode).toBe(403)
    socket.terminate()
    await expectNothingOpen(weir, site)
  })

  it('is allowed by the default alone, unlike what is never HTTP', async () => {
    const { site, weir } = await startBefore(SWITCHING)
    const client = await askRaw(weir, 'a.example')
    expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1.1 101 /)
    client.destroy()
    await expectNothingOpen(weir, site)
  })

  it.each([
    ['a body', ['Content-Length: 3'], 'abc'],
    ['chunks', ['Transfer-Encoding: chunked'], '3\r\nabc\r\n0\r\n\r\n'],
    ['another version', ['Sec-WebSocket-Version: 8'], ''],
    ['a protocol of its own', ['Upgrade: x-tunnel'], ''],
  ])('is refused with %s, whatever the policy says', async (_, fields, body) => {
    const site = await startWebSocketSite()
    const weir = await start(site)
    const client = await openRaw(weir.port)
    client.send(`${upgradeHead('http://a.example/', 'a.example', fields)}${body}`)
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1.1 403 weir: this upgrade is not carried/)
    expect(weir.records).toEqual([
      expect.objectContaining({ 'weir.reason': 'upgrade-refused', 'weir.operation': 'upgrade' }),
    ])
    expect(site.asked).toEqual([])
  })

  it('is refused while the record cannot be written', async () => {
    const { weir } = await startBefore(SWITCHING)
    weir.setWritable(false)
    const client = await askRaw(weir, 'a.example')
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1.1 503 /)
    weir.setWritable(true)
  })
})

describe('what stands around an upgrade on its connection', () => {
  const SMUGGLED = 'GET http://b.example/smuggled HTTP/1.1\r\nHost: b.example\r\n\r\n'

  it('may not be bytes behind it, in one piece', async () => {
    const { site, weir } = await startBefore(SWITCHING)
    const client = await openRaw(weir.port)
    client.send(`${upgradeHead('http://a.example/', 'a.example')}${SMUGGLED}`)
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1.1 400 /)
    expect(site.received()).toHaveLength(0)
    await expectNothingOpen(weir, site)
  })

  it('may not be bytes before its answer', async () => {
    const { site, weir } = await startBefore('')
    const client = await askRaw(weir, 'a.example')
    await expect.poll(() => site.received().length).toBeGreaterThan(0)
    client.send(clientFrame('early'))
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1.1 400 /)
    expect(site.received().toString('latin1')).not.toContain('early')
    expect(weir.records.at(-1)).toMatchObject({ 'error.code': 'client-malformed' })
    await expectNothingOpen(weir, site)
  })

  it('is heard in turn: a request that is served first', async () => {
    const site = await startWebSocketSite()
    const weir = await start(site)
    const client = await openRaw(weir.port)
    client.send(`${SMUGGLED.replace('smuggled', 'first')}${upgradeHead('http://a.example/', 'a.example')}`)
    const answer = (await client.read('Sec-WebSocket-Accept')).toString()
    expect(answer).toMatch(/^HTTP\/1.1 426 [\s\S]*HTTP\/1.1 101 /)
    client.send(clientFrame('later', 0x81))
    expect((await client.read('later')).toString()).toContain('later')
    client.destroy()
    await expectNothingOpen(weir, site)
  })

  it('is nothing behind a request that cannot be read', async () => {
    const site = await startWebSocketSite()
    const weir = await start(site)
    const client = await openRaw(weir.port)
    client.send(
      `GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nHost: b\r\n\r\n${upgradeHead('http://a.example/', 'a.example')}`,
    )
    expect((await client.readToEnd()).toString().match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 400'])
    expect(site.asked).toEqual([])
    await expectNothingOpen(weir, site)
  })
})

describe('a site that does not switch', () => {
  it.each([
    ['401', 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno', 'no'],
    [
      '404 in chunks',
      'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nnot\r\n0\r\n\r\n',
      '3\r\nnot\r\n0\r\n\r\n',
    ],
    ['302', 'HTTP/1.1 302 Found\r\nLocation: https://a.example/\r\nContent-Length: 0\r\n\r\n', ''],
    ['200 up to its end', 'HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nConnection: close, Upgrade\r\n\r\nrest', 'rest'],
    ['103 and 404', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx', 'x'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ])('passes on its %s, and the connection ends behind it', async (name, answer, body) => {
    const site = await startRawSite(answer, () => undefined)
    const weir = await start(site)
    const client = await askRaw(weir, 'a.example')
    if (name.startsWith('200')) await expect.poll(() => site.received().length).toBeGreaterThan(0)
    if (name.startsWith('200')) setTimeout(() => site.end(), 50)
    const heard = (await client.readToEnd()).toString('latin1')
    const [head = '', ...rest] = heard.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${name.match(/\d+/g)?.at(-1) ?? ''} `))
    expect(head).toMatch(/connection: close/i)
    expect(head).not.toMatch(/upgrade/i)
    const said = rest.join('\r\n\r\n')
    expect(/transfer-encoding: chunked/i.test(head) ? dechunk(said) : said).toBe(
      body.includes('\r\n') ? dechunk(body) : body,
    )
    expect(weir.records).toEqual([expect.objectContaining({ 'event.action': 'allowed', 'weir.operation': 'upgrade' })])
    await expectNothingOpen(weir, site)
  })

  function dechunk(text: string): string {
    return text.replace(/[0-9a-f]+\r\n([^\r]*)\r\n/gi, '$1').replace(/\r\n$/, '')
  }

  it.each([
    ['an Accept of another key', SWITCHING.replace('{accept}', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')],
    ['no Accept', SWITCHING.replace('Sec-WebSocket-Accept: {accept}\r\n', '')],
    ['another protocol', SWITCHING.replace('websocket', 'x-tunnel')],
    ['a subprotocol nobody offered', SWITCHING.replace('\r\n\r\n', '\r\nSec-WebSocket-Protocol: x\r\n\r\n')],
    [
      'an extension nobody offered',
      SWITCHING.replace('\r\n\r\n', '\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n'),
    ],
    ['nonsense', 'nonsense\r\n\r\n'],
    ['a head of a megabyte', `HTTP/1.1 101 X\r\n${`X: ${'x'.repeat(1000)}\r\n`.repeat(1000)}\r\n`],
    ['a reset', 'RESET'],
    ['an end', 'CLOSE'],
    ['interim answers without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(40)],
    ['a length in two readings', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
  ])('with %s is a failure that the client hears as HTTP', async (_, answer) => {
    const { site, weir } = await startBefore(answer)
    const client = await askRaw(weir, 'a.example')
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1.1 502 /)
    expect(weir.records).toEqual([
      expect.objectContaining({
        'error.code': 'upstream-broken',
        'event.action': 'failed',
        'http.response.status_code': 502,
      }),
    ])
    await expectNothingOpen(weir, site)
  })

  it('is not waited for beyond its time', async () => {
    const { site, weir } = await startBefore('', { responseTimeoutMs: 200 })
    const client = await askRaw(weir, 'a.example')
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1.1 504 /)
    await expectNothingOpen(weir, site)
  })

  it('breaks the connection of a client that has half of an answer', async () => {
    const { site, weir } = await startBefore('HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nhalf')
    const client = await askRaw(weir, 'a.example')
    await client.read('half')
    site.end()
    await client.readToEnd()
    expect(weir.records.at(-1)).toMatchObject({ 'event.action': 'failed' })
    await expectNothingOpen(weir, site)
  })
})

describe('a client that goes while its upgrade is not answered', () => {
  it.each([
    ['by a reset', (client: { resetAndDestroy(): unknown }) => client.resetAndDestroy()],
    ['by an end', (client: { end(): unknown }) => client.end()],
  ])('%s takes its upstream with it', async (_, leave) => {
    const { site, weir } = await startBefore('')
    const client = await askRaw(weir, 'a.example')
    await expect.poll(() => site.open()).toBe(1)
    leave(client.socket)
    await expect.poll(() => weir.records).toEqual([expect.objectContaining({ 'error.code': 'client-aborted' })])
    await expectNothingOpen(weir, site)
  })

  it('inside TLS as well', async () => {
    const site = await startWebSocketSite({ tls: true })
    const weir = await start(
      site,
      ALLOW.replace('allow', 'deny\nrules: [{ name: a, operations: [upgrade], action: allow }]'),
    )
    const socket = await connectBy(weir, 'www.acme.example', true)
    socket.write(upgradeHead('/', 'www.acme.example'))
    socket.destroy()
    await expectNothingOpen(weir, site)
  })
})

describe('bytes that are no frames', () => {
  it.each([
    ['a frame without a mask', Buffer.from([0x81, 1, 0x61]), /client without a mask/],
    ['a reserved opcode', clientFrame('x', 0x83), /opcode that is reserved/],
    ['a mark of compression', clientFrame('x', 0xc1), /not agreed on/],
    ['SSH', Buffer.from('SSH-2.0-x\r\n'), /reserved|fragments/],
    ['a request', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /compressed|agreed|reserved/],
  ])('%s of a client does not arrive, and ends it', async (_, bytes, fault) => {
    const { site, weir } = await startBefore(SWITCHING)
    const client = await askRaw(weir, 'a.example')
    await client.read('\r\n\r\n')
    const before = site.received().length
    client.send(clientFrame('good'))
    await expect.poll(() => site.received().length).toBe(before + 10)
    client.send(bytes)
    await client.readToEnd()
    expect(site.received()).toHaveLength(before + 10)
    expect(weir.records).toEqual([
      expect.objectContaining({
        'error.code': 'client-malformed',
        'error.message': expect.stringMatching(fault),
        'event.action': 'failed',
        'http.response.status_code': 101,
        'weir.bytes.up': 10,
      }),
    ])
    await expectNothingOpen(weir, site)
  })

  it.each([
    ['a frame with a mask', clientFrame('x')],
    ['a continuation of nothing', Buffer.from([0x80, 0])],
    ['text in the clear', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
  ])('%s of a site does not arrive, and ends it', async (_, bytes) => {
    const site = await startRawSite(SWITCHING, (socket) => void socket.write(bytes))
    const weir = await start(site)
    const client = await askRaw(weir, 'a.example')
    await client.read('\r\n\r\n')
    client.send(clientFrame('go'))
    expect(await client.readToEnd()).toHaveLength(0)
    expect(weir.records.at(-1)).toMatchObject({ 'error.code': 'upstream-broken', 'event.action': 'failed' })
    await expectNothingOpen(weir, site)
  })
})

it('what comes with the 101 goes on', async () => {
  const { site, weir } = await startBefore(`${SWITCHING}\x81\x05hello`)
  const client = await askRaw(weir, 'a.example')
  expect((await client.read('hello')).toString('latin1').endsWith('\r\n\r\n\x81\x05hello')).toBe(true)
  client.destroy()
  await expectNothingOpen(weir, site)
})

it('leaves nothing behind, wherever a connection breaks', async () => {
  const site = await startWebSocketSite()
  const weir = await start(site)
  await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      const client = await askRaw(weir, 'a.example', `/${at}`)
      if (at % 4 !== 0) await client.read('\r\n\r\n')
      for (let sent = randomInt(4); sent > 0; sent--) client.send(clientFrame('x'.repeat(randomInt(100_000))))
      await new Promise((resolve) => setTimeout(resolve, randomInt(60)))
      if (at % 2 === 0) client.socket.resetAndDestroy()
      else client.destroy()
    }),
  )
  await expectNothingOpen(weir, site)
  // Of who resets before its request was read there was none; who heard the 101 has a line.
  expect(weir.records.length).toBeGreaterThanOrEqual(30)
  const paths = weir.records.flatMap((line) => line['url.path'] ?? [])
  expect(new Set(paths).size).toBe(paths.length)
})

/** WebSockets held to limits and budgets at the byte, and judged again while they live. */
import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Limits } from '../../src/settings/schema.ts'
import { startWeir, type TestWeir } from './support/weir.ts'
import {
  askRaw,
  clientFrame,
  connectBy,
  type RawSite,
  startRawSite,
  startWebSocketSite,
  SWITCHING,
  upgradeHead,
} from './support/websocket-sites.ts'
import { RawClient } from './support/raw-client.ts'

const things: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of things.splice(0).toReversed()) await thing.close()
})

function rule(more: string, before = ''): string {
  return `version: 1\ndefault: deny\n${before}rules: [{ name: sockets, operations: [upgrade], ${more}action: allow }]\n`
}

async function start(
  policy: string,
  options: { limits?: Partial<Limits>; users?: string } = {},
): Promise<{ site: RawSite; weir: TestWeir }> {
  const site = await startRawSite(SWITCHING)
  const weir = await startWeir({ policy, resolve: [`*:80:127.0.0.1:${site.port}`], budgets: true, ...options })
  things.push(site, weir)
  return { site, weir }
}

async function open(weir: TestWeir, host = 'a.example', fields: readonly string[] = []): Promise<RawClient> {
  const client = await askRaw(weir, host, '/', fields)
  const answer = (await client.read('\r\n\r\n')).toString()
  if (!answer.startsWith('HTTP/1.1 101 ')) throw new Error(answer)
  return client
}

/** Bytes of the WebSocket that came to the site, of a single connection: all behind the head. */
function arrived(site: RawSite): number {
  const all = site.received()
  return all.length - all.indexOf('\r\n\r\n') - 4
}

describe('a WebSocket with a limit', () => {
  it('carries up to it, and not one byte more', async () => {
    const { site, weir } = await start(rule('limits: [{ per: request, size: 1000 }], '))
    const client = await open(weir)
    const frame = clientFrame('x'.repeat(992))
    expect(frame).toHaveLength(1000)
    client.send(frame)
    await expect.poll(() => arrived(site)).toBe(1000)
    client.send(clientFrame('').subarray(0, 1))
    await client.readToEnd()
    expect(arrived(site)).toBe(1000)
    expect(weir.records).toEqual([
      expect.objectContaining({
        'event.action': 'denied',
        'weir.reason': 'limit',
        'weir.checkpoint': 'body',
        'rule.name': 'sockets',
        'weir.bytes.up': 1000,
        'weir.upload.size': 992,
        'http.response.status_code': 101,
      }),
    ])
    await expect.poll(() => [site.open(), weir.status().sockets]).toEqual([0, 0])
  })

  it('counts in what is sent the line and the fields too', async () => {
    const head = upgradeHead('http://a.example/', 'a.example')
    // Of the line as it goes on: the path alone.
    const headBytes = head.length - 'http://a.example'.length - 2
    const { site, weir } = await start(rule(`limits: [{ per: request, sentBytes: ${headBytes + 20} }], `))
    const client = await askRaw(weir, 'a.example')
    await client.read('\r\n\r\n')
    client.send(clientFrame('x'.repeat(14)))
    await expect.poll(() => arrived(site)).toBe(20)
    client.send('\x82')
    await client.readToEnd()
    expect(arrived(site)).toBe(20)
  })

  it('is refused where its head is more than may be sent', async () => {
    const { site, weir } = await start(rule('limits: [{ per: request, sentBytes: 100 }], '))
    const client = await askRaw(weir, 'a.example')
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1.1 413 /)
    expect(site.received()).toHaveLength(0)
  })
})

describe('a WebSocket with a budget', () => {
  const DAILY = 'budgets:\n  daily: { per: client, window: 1 day, size: 1000 }\n'

  it('sends what is left of it, and gives nothing to the next', async () => {
    const { site, weir } = await start(rule('limits: [{ budget: daily }], ', DAILY))
    const first = await open(weir)
    first.send(clientFrame('x'.repeat(592)))
    await expect.poll(() => arrived(site)).toBe(600)
    first.destroy()
    await expect.poll(() => weir.records.length).toBe(1)
    const before = site.received().length
    const second = await open(weir)
    const headBytes = site.received().length - before
    second.send(clientFrame('x'.repeat(392)))
    await expect.poll(() => site.received().length).toBe(before + headBytes + 400)
    second.send(clientFrame(''))
    await second.readToEnd()
    expect(site.received()).toHaveLength(before + headBytes + 400)
    expect(weir.records.at(-1)).toMatchObject({ 'weir.reason': 'budget', 'weir.bytes.up': 400 })
  })

  it('has its head counted where all that is sent counts, even where the site refuses', async () => {
    const site = await startRawSite('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
    const policy = rule(
      'limits: [{ budget: daily }], ',
      'budgets:\n  daily: { per: client, window: 1 day, sentBytes: 1000 }\n',
    )
    const weir = await startWeir({ policy, resolve: [`*:80:127.0.0.1:${site.port}`], budgets: true })
    things.push(site, weir)
    const statuses: string[] = []
    for (let at = 0; at < 4; at++) {
      const client = await askRaw(weir, 'a.example', `/${'x'.repeat(300)}`)
      statuses.push((await client.readToEnd()).toString().slice(9, 12))
    }
    // Each head has more than 400 bytes.
    expect(statuses).toEqual(['404', '404', '413', '413'])
  })
})

describe('a WebSocket that is open', () => {
  it('is cut by a reload that denies it', async () => {
    const { site, weir } = await start(rule(''))
    const client = await open(weir)
    await expect.poll(() => weir.status().openTunnels).toBe(1)
    weir.renew('version: 1\ndefault: deny\nrules: [{ name: none, operations: [upgrade], action: deny }]\n')
    await client.readToEnd()
    expect(weir.records).toEqual([
      expect.objectContaining({
        'rule.name': 'none',
        'weir.checkpoint': 'request',
        'weir.policy': weir.status().policy,
      }),
    ])
    await expect.poll(() => [site.open(), weir.status().sockets, weir.status().openTunnels]).toEqual([0, 0, 0])
  })

  it.each([
    ['by its path', 'when: { paths: [/] }, '],
    ['by its host', 'to: { hosts: [a.example] }, '],
    ['by its address', 'from: { networks: [127.0.0.0/8] }, '],
    ['by its method', 'when: { methods: [GET] }, '],
  ])('stays open under a reload that allows it %s', async (_, more) => {
    const { site, weir } = await start(rule(''))
    const client = await open(weir)
    await expect.poll(() => weir.status().openTunnels).toBe(1)
    weir.renew(rule(more))
    client.send(clientFrame('still'))
    await expect.poll(() => arrived(site)).toBe(11)
    expect(weir.records).toEqual([])
    client.destroy()
  })

  it('is cut where it was silent for too long', async () => {
    const { site, weir } = await start(rule(''), { limits: { idleTimeoutMs: 200 } })
    const client = await open(weir)
    await client.readToEnd(3_000)
    await expect.poll(() => [site.open(), weir.status().sockets]).toEqual([0, 0])
    expect(weir.records).toEqual([expect.objectContaining({ 'event.action': 'allowed', 'weir.operation': 'upgrade' })])
  })

  it('outlives the time of a connection that waits for its next request', async () => {
    const site = await startWebSocketSite()
    const weir = await startWeir({
      policy: 'version: 1\ndefault: allow\n',
      resolve: [`*:80:127.0.0.1:${site.port}`],
      limits: { keepAliveTimeoutMs: 200 },
    })
    things.push(site, weir)
    const client = new RawClient((await connectBy(weir, 'a.example', false)).resume())
    client.send('GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n')
    await client.read('\r\n\r\n')
    client.send(upgradeHead('http://a.example/', 'a.example'))
    await client.read('Sec-WebSocket-Accept')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    client.send(clientFrame('late', 0x81))
    expect((await client.read('late')).toString()).toContain('late')
    client.destroy()
  })

  it('does not stay in the way of a drain', async () => {
    const { weir } = await start(rule(''))
    const client = await open(weir)
    things.pop()
    await weir.close()
    await client.readToEnd()
  })
})

describe('a WebSocket of one whom a rule asks for', () => {
  it('is asked for a name, and is then that user’s', async () => {
    const policy = rule('from: { users: [ada] }, ')
    const { site, weir } = await start(policy, { users: `ada:${hashSync('secret', 4)}` })
    const nobody = await askRaw(weir, 'a.example')
    expect((await nobody.readToEnd()).toString()).toMatch(/^HTTP\/1.1 407 /)
    expect(site.received()).toHaveLength(0)
    const ada = await open(weir, 'a.example', [
      `Proxy-Authorization: Basic ${Buffer.from('ada:secret').toString('base64')}`,
    ])
    expect(site.received().toString('latin1').toLowerCase()).not.toContain('proxy-authorization')
    ada.destroy()
    expect(await weir.record((line) => line['user.name'] === 'ada')).toMatchObject({ 'weir.operation': 'upgrade' })
  })
})

it('in the clear goes through a tunnel of a parent proxy, as browsers ask for one', async () => {
  const site = await startRawSite(SWITCHING)
  const parent = await startWeir({
    policy: 'version: 1\ndefault: deny\nrules: [{ name: opaque, operations: [opaque], action: allow }]\n',
    resolve: [`*:80:127.0.0.1:${site.port}`],
  })
  const weir = await startWeir({ policy: rule(''), upstreamProxy: `http://127.0.0.1:${parent.port}` })
  things.push(site, parent, weir)
  const client = await open(weir)
  client.send(clientFrame('through'))
  await expect.poll(() => arrived(site)).toBe(13)
  expect(site.received().toString('latin1')).toMatch(/^GET \/ HTTP\/1.1\r\nHost: a.example\r\n/)
  client.destroy()
  expect(await parent.record((line) => line['destination.domain'] === 'a.example')).toMatchObject({
    'weir.operation': 'upgrade',
  })
})

/** WebSockets of real clients and real sites: in the clear, and inside TLS that Weir opens. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { ProxyAgent, WebSocket as UndiciWebSocket } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebSocket as ClientSocket } from 'ws'
import { certificates } from './support/certificates.ts'
import { isBrowserMissing, openBrowser } from './support/browser.ts'
import { startWeir, type TestWeir } from './support/weir.ts'
import {
  connectBy,
  connectWebSocket,
  messageOf,
  startWebSocketSite,
  upgradeHead,
  type WebSocketSite,
} from './support/websocket-sites.ts'

const POLICY = `
version: 1
default: deny
rules:
  - name: sockets
    to: { hosts: [www.acme.example, api.openai.com, api.box.com, graph.microsoft.com] }
    operations: [upgrade]
    action: allow
`

let plain: WebSocketSite
let secure: WebSocketSite
let deflating: WebSocketSite
let choosing: WebSocketSite
let weir: TestWeir

beforeAll(async () => {
  plain = await startWebSocketSite()
  secure = await startWebSocketSite({ tls: true })
  deflating = await startWebSocketSite({ tls: true, perMessageDeflate: { threshold: 0 } })
  choosing = await startWebSocketSite({ tls: true, handleProtocols: (offered) => [...offered].at(-1) ?? false })
  weir = await startWeir({
    policy: POLICY,
    resolve: [
      `api.openai.com:443:127.0.0.1:${deflating.port}`,
      `api.box.com:443:127.0.0.1:${choosing.port}`,
      `*:443:127.0.0.1:${secure.port}`,
      `*:80:127.0.0.1:${plain.port}`,
    ],
  })
})
afterAll(async () => {
  await weir?.close()
  for (const site of [plain, secure, deflating, choosing]) await site?.close()
})

async function open(
  url: string,
  ...more: [protocols?: string[], options?: ClientSocket.ClientOptions]
): Promise<ClientSocket> {
  const socket = await connectWebSocket(weir, url, ...more)
  await once(socket, 'open')
  return socket
}

async function over(socket: ClientSocket): Promise<readonly [number, string]> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return [code, reason.toString()]
}

/** The record of the one flow with this path. */
function recordOf(path: string) {
  return weir.record((line) => line['url.path'] === path && line['event.type'] !== undefined)
}

describe.each([
  ['in the clear', 'ws://www.acme.example', () => plain],
  ['inside TLS', 'wss://www.acme.example', () => secure],
])('a WebSocket %s', (where, url, site) => {
  it('carries text and binary, whole and in fragments', async () => {
    const socket = await open(url)
    socket.send('text — and more')
    expect(await messageOf(socket)).toEqual({ bytes: Buffer.from('text — and more'), isBinary: false })
    socket.send(Buffer.from([0, 1, 2]))
    expect(await messageOf(socket)).toEqual({ bytes: Buffer.from([0, 1, 2]), isBinary: true })
    for (const [at, part] of ['one', 'two', 'three'].entries()) socket.send(part, { fin: at === 2 })
    expect((await messageOf(socket)).bytes.toString()).toBe('onetwothree')
    socket.close()
    await over(socket)
  })

  it('carries pings and pongs', async () => {
    const socket = await open(url)
    socket.ping('are you there')
    const [pong] = (await once(socket, 'pong')) as [Buffer]
    expect(pong.toString()).toBe('are you there')
    socket.close()
    await over(socket)
  })

  it('hears a site that speaks first', async () => {
    const socket = await connectWebSocket(weir, `${url}/hello`)
    expect((await messageOf(socket)).bytes.toString()).toBe('hello')
    socket.close()
    await over(socket)
  })

  it.each([1000, 1001, 3000, 4999])('ends with the code %i of either side', async (code) => {
    const ours = await open(`${url}/close/${code}`)
    expect(await over(ours)).toEqual([code, 'by the site'])
    const theirs = await open(url)
    theirs.close(code, 'by the client')
    expect(await over(theirs)).toEqual([code, 'by the client'])
  })

  it('carries what is large, both ways', async () => {
    const socket = await open(url)
    const large = randomBytes(20 * 1024 * 1024)
    socket.send(large)
    expect((await messageOf(socket)).bytes.equals(large)).toBe(true)
    socket.close()
    await over(socket)
  })

  it('is one line of the record, with all that went by', async () => {
    const path = `/recorded-${where.at(-1)}`
    const socket = await open(`${url}${path}?token=secret`)
    socket.send('x'.repeat(1000))
    await messageOf(socket)
    socket.close(1000)
    await over(socket)
    // A header of 4 bytes and a mask, and the close with its code.
    expect(await recordOf(path)).toMatchObject({
      'event.action': 'allowed',
      'rule.name': 'sockets',
      'weir.operation': 'upgrade',
      'weir.verdict': 'allow',
      'http.request.method': 'GET',
      'http.response.status_code': 101,
      'weir.bytes.up': 1000 + 8 + 8,
      'weir.bytes.down': 1000 + 4 + 4,
      'weir.upload.size': 1000,
      'weir.upstream.bodyBytes': 1016,
      'destination.ip': '127.0.0.1',
    })
    expect(JSON.stringify(weir.records)).not.toContain('secret')
    expect(weir.records.filter((line) => line['url.path'] === path)).toHaveLength(1)
  })

  it('leaves no connection behind', async () => {
    await expect.poll(() => [site().open(), weir.status().openTunnels, weir.status().sockets]).toEqual([0, 0, 0])
  })

  it('asks for the very path and fields that the client did', async () => {
    const fields = ['X-Twice: a', 'X-Twice: b', 'X-Cafe: \xe9', '__proto__: x', 'Proxy-Authorization: Basic YTpi']
    const target = '/a//b/../{c}"?d=http:/e//f'
    const client = await connectBy(weir, 'www.acme.example', url.startsWith('wss'))
    const whole = url.startsWith('wss') ? target : `http://www.acme.example${target}`
    client.resume().write(upgradeHead(whole, 'www.acme.example', fields), 'latin1')
    await once(client, 'data')
    client.destroy()
    const { url: path, rawHeaders } = site().asked.at(-1) ?? { rawHeaders: [] }
    expect(path).toBe(target)
    const names = rawHeaders.filter((_, at) => at % 2 === 0)
    expect(names).toEqual([
      'Host',
      'Sec-WebSocket-Key',
      'Sec-WebSocket-Version',
      'X-Twice',
      'X-Twice',
      'X-Cafe',
      '__proto__',
      'Connection',
      'Upgrade',
    ])
    expect(rawHeaders).toEqual(expect.arrayContaining(['a', 'b', '\xe9', 'x']))
  })
})

describe('a WebSocket that agrees on more', () => {
  it('speaks the subprotocol that the site chose', async () => {
    const socket = await open('wss://api.box.com', ['chat', 'superchat'])
    expect(socket.protocol).toBe('superchat')
    socket.close()
    await over(socket)
  })

  it('compresses, and its record says no size of what it sent', async () => {
    const socket = await open('wss://api.openai.com/deflated', [], { perMessageDeflate: { threshold: 0 } })
    expect(socket.extensions).toContain('permessage-deflate')
    for (const text of ['a'.repeat(100_000), 'short', 'b'.repeat(70_000)]) {
      socket.send(text)
      expect((await messageOf(socket)).bytes.toString()).toBe(text)
    }
    socket.close()
    await over(socket)
    const line = await recordOf('/deflated')
    expect(line).not.toHaveProperty(['weir.upload.size'])
    expect(line['weir.bytes.up']).toBeLessThan(10_000)
  })
})

it('is carried for the WebSocket of Node', async () => {
  const dispatcher = new ProxyAgent({
    uri: weir.proxy,
    requestTls: { ca: `${weir.caPem}\n${certificates().ca}` },
  })
  const socket = new UndiciWebSocket('wss://www.acme.example/node', { dispatcher })
  const said = new Promise<string>((resolve, reject) => {
    socket.addEventListener('open', () => socket.send('from Node'))
    socket.addEventListener('message', (event) => resolve(String(event.data)))
    socket.addEventListener('error', () => reject(new Error('it did not open')))
  })
  expect(await said).toBe('from Node')
  socket.close()
  expect(await recordOf('/node')).toMatchObject({ 'http.response.status_code': 101, 'weir.operation': 'upgrade' })
  await dispatcher.close()
})

it.skipIf(isBrowserMissing)('is carried for a browser', async () => {
  const browser = await openBrowser([certificates().ca, weir.caPem])
  try {
    const page = await browser.open({ proxy: weir.proxy })
    const said = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket('wss://www.acme.example/browser')
          socket.addEventListener('open', () => socket.send('from Chromium'))
          socket.addEventListener('message', (event) => resolve(String(event.data)))
          socket.addEventListener('close', (event) => resolve(`closed with ${event.code}`))
        }),
    )
    expect(said).toBe('from Chromium')
  } finally {
    await browser.close()
  }
  expect(await recordOf('/browser')).toMatchObject({ 'http.response.status_code': 101 })
})

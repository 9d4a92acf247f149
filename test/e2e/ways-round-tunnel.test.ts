/** Ways round in CONNECT, in the names of TLS, and in what is spoken inside a tunnel. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PACK, PUSH } from '../proxy/pushes.ts'
import { captureHello } from '../wire/hello.ts'
import { openRaw, openTls, openTunnel, type RawClient } from './support/raw-client.ts'
import {
  askInside,
  expectNothingThrough,
  type Grounds,
  type Heard,
  openGrounds,
  openInside,
  requestOf,
} from './support/ways-round.ts'
import { startWeir } from './support/weir.ts'

const TO_MALLORY = { host: 'github.com', target: '/mallory/x.git/git-receive-pack', body: Buffer.concat([PUSH, PACK]) }
const TO_OURS = { host: 'github.com', target: '/acme/app.git/git-receive-pack', body: Buffer.concat([PUSH, PACK]) }
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'

let grounds: Grounds
/** What comes to ports on which no HTTP is spoken. */
let sink: Server
let sunk = 0

beforeAll(async () => {
  sink = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        sunk += chunk.length
      })
  })
  sink.listen(0, '127.0.0.1')
  await once(sink, 'listening')
  const { port } = sink.address() as AddressInfo
  const sinking = [
    'github.com:22',
    'github.com:8443',
    'github.com:9418',
    'gitlab.com:22',
    'ssh.github.com:443',
    'altssh.bitbucket.org:443',
    'ssh.dev.azure.com:22',
    'altssh.gitlab.com:443',
    'gitee.com:443',
    'www.acme.example:22',
  ]
  grounds = await openGrounds({
    resolve: sinking.map((place) => `${place}:127.0.0.1:${port}`),
    limits: { helloTimeoutMs: 400 },
  })
})
afterAll(async () => {
  await grounds?.close()
  sink?.close()
})

/** Says something in a tunnel, and hears how the tunnel ends. */
async function speak(authority: string, bytes: string | Buffer): Promise<Heard> {
  const { client, status, reply } = await openTunnel(grounds.weir.port, authority)
  if (status !== 200) {
    client.destroy()
    return { status, answer: reply }
  }
  client.send(bytes)
  const answer = await client.readToEnd()
  client.destroy()
  expect(answer.toString('latin1')).not.toMatch(/^HTTP\/1\.1 2/)
  return { status: 0, answer: answer.toString('latin1') }
}

async function nothingThrough(act: () => Promise<Heard>): Promise<Heard> {
  const before = sunk
  const heard = await expectNothingThrough(grounds, act)
  expect(sunk).toBe(before)
  return heard
}

/** A push to somebody else, in TLS that is opened. */
async function pushInside(client: RawClient, servername: string | null, expectedName: string): Promise<Heard> {
  const { client: inner } = await openTls(client, { servername, ca: grounds.weir.caPem, expectedName })
  inner.send(requestOf(TO_MALLORY))
  const answer = (await inner.read('\r\n\r\n')).toString()
  inner.destroy()
  return { status: Number(answer.split(' ')[1]), answer }
}

describe('the name of a forge in another spelling', () => {
  it.each([
    ['other case', 'GitHub.COM:443'],
    ['a dot at the end', 'github.com.:443'],
    ['both', 'GITHUB.com.:443'],
  ])('%s is the same name', async (_, authority) => {
    await nothingThrough(async () => {
      const { client, status } = await openTunnel(grounds.weir.port, authority)
      expect(status).toBe(200)
      return pushInside(client, 'github.com', 'github.com')
    })
    const record = grounds.weir.records.at(-1)
    expect(record).toMatchObject({ 'destination.domain': 'github.com', 'weir.repository': 'github.com/mallory/x' })
  })

  it.each([
    'github.com..:443',
    '.github.com:443',
    'github..com:443',
    'github.com%2e:443',
    'github%2ecom:443',
    'git\u00adhub.com\u00ad:443',
    'github.com\u0000.acme.example:443',
    'github.com :443',
    'github.com:0443',
    'github.com:443:443',
    'github.com:+443',
    'github.com:65979',
    'github.com:',
    'https://github.com:443',
    '//github.com:443',
    'ada@github.com:443',
    'github.com:443/acme',
    'github.com:443#x',
    'github.com:443?x',
    '[github.com]:443',
  ])('%j is no name', async (authority) => {
    const heard = await nothingThrough(async () => {
      const { client, status, reply } = await openTunnel(grounds.weir.port, authority)
      client.destroy()
      return { status, answer: reply }
    })
    expect(heard.status).toBe(400)
  })

  it('letters that look alike are another name, to which nothing may be pushed', async () => {
    const body = TO_OURS.body
    await nothingThrough(() => askInside(grounds.weir, { ...TO_OURS, host: 'xn--gthub-n4a.com', body }))
  })
})

describe('TLS inside a tunnel', () => {
  it('without a name in it is judged by that of the CONNECT', async () => {
    await nothingThrough(async () => {
      const { client } = await openTunnel(grounds.weir.port, 'github.com:443')
      return pushInside(client, null, 'github.com')
    })
    expect(grounds.weir.records.at(-1)).toMatchObject({ 'weir.repository': 'github.com/mallory/x' })
  })

  it.each([
    ['another forge', 'github.com:443', 'gitlab.com'],
    ['a name below it', 'github.com:443', 'x.github.com'],
    ['a forge, to its address', null, 'github.com'],
    ['a forge, to a front', 'www.acme.example:443', 'github.com'],
  ])('that names %s ends', async (_, authority, servername) => {
    const hello = Buffer.from(await captureHello({ servername }))
    const { port } = sink.address() as AddressInfo
    await nothingThrough(() => speak(authority ?? `127.0.0.1:${port}`, hello))
    expect(grounds.weir.records.at(-1)).toMatchObject({ 'weir.reason': 'name-disagrees' })
  })

  it.each([
    ['another name', 'gitlab.com', 421],
    ['the name with another port', 'github.com:8443', 421],
    ['the name with a port of nothing', 'github.com:', 400],
    ['two names', 'github.com, gitlab.com', 400],
    ['an address', '127.0.0.1', 421],
    ['a name behind a user', 'ada@github.com', 400],
    ['a name in front of a path', 'github.com/acme', 400],
  ])('with a Host of %s is refused', async (_, host, status) => {
    const asked = { ...TO_OURS, fields: [`Host: ${host}`] }
    expect((await nothingThrough(() => askInside(grounds.weir, asked))).status).toBe(status)
  })

  it.each(['github.com:443', 'GITHUB.COM', 'github.com.'])('with Host: %s is what it says', async (host) => {
    const { status } = await askInside(grounds.weir, {
      host: 'github.com',
      method: 'GET',
      target: '/acme/app',
      fields: [`Host: ${host}`],
    })
    expect(status).toBe(200)
  })

  it.each([
    ['a URL of another place', 'http://gitlab.com/acme/app.git/git-receive-pack'],
    ['a URL of the same place', 'http://github.com/acme/app.git/git-receive-pack'],
    ['a URL of TLS', 'https://github.com/acme/app.git/git-receive-pack'],
    ['no path', 'acme/app.git/git-receive-pack'],
    ['a fragment', '/acme/app.git/git-receive-pack#/mallory'],
    ['everything', '*'],
  ])('does not take %s for a target', async (_, target) => {
    await nothingThrough(() => askInside(grounds.weir, { ...TO_OURS, target }))
  })

  it.each(['github.com:443', 'gitlab.com:443', `127.0.0.1:22`])(
    'carries no tunnel of its own to %s',
    async (authority) => {
      const { status } = await nothingThrough(async () => {
        const inner = await openInside(grounds.weir, 'github.com')
        inner.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
        const answer = (await inner.readToEnd()).toString()
        return { status: Number(answer.split(' ')[1]), answer }
      })
      expect(status).toBe(400)
    },
  )

  const WEBSOCKET = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  const KEY = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='
  const UPGRADES: readonly (readonly [string, readonly string[]])[] = [
    ['websocket without a key', [...WEBSOCKET, 'Sec-WebSocket-Key: AAAA']],
    ['websocket, unannounced', ['Upgrade: websocket']],
    ['websocket beside h2c', ['Connection: Upgrade', 'Upgrade: h2c, websocket']],
    ['websocket in a second field', ['Connection: Upgrade', 'Upgrade: h2c', 'Upgrade: websocket']],
    ['TLS', ['Connection: Upgrade', 'Upgrade: TLS/1.2']],
    ['HTTP/2 by version', ['Connection: Upgrade', 'Upgrade: HTTP/2.0']],
    ['a protocol of its own', ['Connection: Upgrade', 'Upgrade: x-tunnel']],
  ]
  it.each([['websocket', [...WEBSOCKET, KEY]] as const, ...UPGRADES])('does not become %s', async (_, fields) => {
    await nothingThrough(() => askInside(grounds.weir, { host: 'github.com', method: 'GET', target: '/', fields }))
    expect(grounds.weir.records.at(-1)).toMatchObject({ 'weir.reason': 'default', 'weir.operation': 'upgrade' })
  })

  // The policy allows every upgrade there: it is the guard above it that refuses.
  it.each(UPGRADES)('is not carried as %s where upgrades may be', async (_, fields) => {
    await nothingThrough(() => askInside(grounds.weir, { host: 'codeberg.org', method: 'GET', target: '/', fields }))
    expect(grounds.weir.records.at(-1)).toMatchObject({ 'weir.reason': 'upgrade-refused', 'weir.operation': 'upgrade' })
  })

  it.each([
    ['as it is made', ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']],
    ['without a word in Connection', ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']],
  ])('does not become HTTP/2: the offer is not passed on, %s', async (_, fields) => {
    const { status } = await askInside(grounds.weir, { host: 'github.com', method: 'GET', target: '/h2c', fields })
    expect(status).toBe(200)
    const { headers } = grounds.secure.log.findLast(({ path }) => path === '/h2c') ?? {}
    expect([headers?.upgrade, headers?.['http2-settings']]).toEqual([undefined, undefined])
  })

  it('does not understand the preface of HTTP/2', async () => {
    await nothingThrough(async () => {
      const inner = await openInside(grounds.weir, 'github.com')
      inner.send(PREFACE)
      const answer = (await inner.readToEnd()).toString()
      return { status: Number(answer.split(' ')[1]), answer }
    })
  })
})

describe('another protocol in a tunnel to a forge', () => {
  it.each<readonly [string, string, string | Buffer]>([
    ['SSH, on its port', 'github.com:22', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['SSH, on its port of any site', 'www.acme.example:22', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['SSH, on the port of TLS', 'ssh.github.com:443', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['SSH, on the port of TLS of another', 'altssh.bitbucket.org:443', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['SSH, at a host of SSH alone', 'ssh.dev.azure.com:22', 'SSH-2.0-x\r\n'],
    ['SSH, on the port of TLS of a third', 'altssh.gitlab.com:443', 'SSH-2.0-x\r\n'],
    ['SSH, where TLS is spoken', 'gitee.com:443', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['something, on the port of SSH', 'gitlab.com:22', 'something else'],
    ['something, where TLS is spoken', 'gitee.com:443', 'something else'],
    ['git’s own', 'github.com:9418', '003cgit-receive-pack /acme/app.git\0host=github.com\0'],
    ['HTTP/2, where TLS is spoken', 'gitee.com:443', PREFACE],
    ['HTTP/2, on the port of HTTP', 'github.com:80', PREFACE],
    ['HTTP of 1991', 'gitee.com:443', 'GET /acme/app\r\n'],
    ['HTTP with an empty line ahead of it', 'gitee.com:443', Buffer.concat([Buffer.from('\r\n'), requestOf(TO_OURS)])],
    ['HTTP with a method in small letters', 'gitee.com:443', 'post / HTTP/1.1\r\nHost: gitee.com\r\n\r\n'],
    ['HTTP with two spaces', 'gitee.com:443', 'POST  / HTTP/1.1\r\nHost: gitee.com\r\n\r\n'],
    ['RTSP', 'gitee.com:443', 'OPTIONS rtsp://gitee.com/ RTSP/1.0\r\n\r\n'],
    ['a record of TLS that is none', 'gitee.com:443', Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 200, 3])],
    ['TLS of 1995', 'gitee.com:443', Buffer.from([0x80, 0x2e, 1, 0, 2, 0, 0x15])],
    ['an alert', 'gitee.com:443', Buffer.from([0x15, 3, 1, 0, 2, 2, 40])],
    ['nothing', 'gitee.com:443', ''],
  ])('%s', async (_, authority, bytes) => {
    await nothingThrough(() => speak(authority, bytes))
  })
})

describe('a port or a host of SSH', () => {
  const NO_SSH = `
version: 1
default: deny
rules:
  - name: no-ssh
    operations: [ssh]
    action: deny
  - name: anything-else
    operations: [opaque]
    action: allow
`
  it.each(['github.com:22', 'ssh.github.com:443', 'www.acme.example:22'])(
    'is SSH before a byte is said, and no unknown protocol for saying none: %s',
    async (authority) => {
      const { port } = sink.address() as AddressInfo
      const weir = await startWeir({
        policy: NO_SSH,
        resolve: [`${authority}:127.0.0.1:${port}`],
        limits: { helloTimeoutMs: 100 },
      })
      let reached = false
      sink.once('connection', () => {
        reached = true
      })
      const { client, status } = await openTunnel(weir.port, authority)
      client.destroy()
      expect([status, reached]).toEqual([403, false])
      expect(weir.records.at(-1)).toMatchObject({ 'rule.name': 'no-ssh' })
      await weir.close()
    },
  )
})

describe('a plain request', () => {
  it.each([
    ['the preface of HTTP/2', PREFACE],
    ['a URL of TLS', 'GET https://github.com/ HTTP/1.1\r\nHost: github.com\r\n\r\n'],
    ['a URL of FTP', 'GET ftp://github.com/ HTTP/1.1\r\nHost: github.com\r\n\r\n'],
    ['a URL of HTTP in other letters', 'GET httpx://github.com/ HTTP/1.1\r\nHost: github.com\r\n\r\n'],
    ['a URL with a user', 'GET http://github.com@gitlab.com/ HTTP/1.1\r\nHost: gitlab.com\r\n\r\n'],
    ['a URL with a backslash', 'GET http://github.com\\@gitlab.com/ HTTP/1.1\r\nHost: gitlab.com\r\n\r\n'],
    ['no URL', 'GET / HTTP/1.1\r\nHost: github.com\r\n\r\n'],
    ['no URL and no Host', 'GET / HTTP/1.0\r\n\r\n'],
    [
      'an upgrade',
      'GET http://github.com/ HTTP/1.1\r\nHost: github.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    ['another Host', 'GET http://open.example/ HTTP/1.1\r\nHost: github.com\r\n\r\n'],
    ['another port in Host', 'GET http://open.example/ HTTP/1.1\r\nHost: open.example:8080\r\n\r\n'],
    ['a second Host', 'GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\nHost: github.com\r\n\r\n'],
  ])('with %s is refused', async (_, bytes) => {
    await nothingThrough(async () => {
      const client = await openRaw(grounds.weir.port)
      client.send(bytes)
      const answer = (await client.read('\r\n\r\n')).toString()
      client.destroy()
      return { status: Number(answer.split(' ')[1]), answer }
    })
  })
})

/** The guards above every rule, seen from outside: names that disagree, names that are not proven, addresses in disguise. */
import { once } from 'node:events'
import { createServer, type Server as TcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCa } from '../tls/pki.ts'
import { captureHello } from '../wire/hello.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openRaw, openTls, openTunnel } from './support/raw-client.ts'
import { startRestOrigin } from './support/rest-origin.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

/** Everything is allowed: what is refused below is refused by the guards. */
const OPEN = 'version: 1\ndefault: allow\n'
const READ_ONLY = `
version: 1
default: allow
rules:
  - name: read-only
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
`

const upstreamCa = createTestCa({ name: 'Upstream CA of the guards' })
const github = upstreamCa.issue({ names: ['github.com', 'api.github.com', 'browse.example'] })

let origin: Origin
let spliced: TestWeir
let opened: TestWeir

beforeAll(async () => {
  origin = await startRestOrigin(github)
  const resolve = ['github.com', 'api.github.com', 'browse.example', 'evil.example'].map(
    (name) => `${name}:443:127.0.0.1:${origin.port}`,
  )
  spliced = await startWeir({ policy: OPEN, resolve, upstreamCa: upstreamCa.certificatePem })
  opened = await startWeir({ policy: READ_ONLY, resolve, upstreamCa: upstreamCa.certificatePem })
})

afterAll(async () => {
  await Promise.all([spliced?.close(), opened?.close()])
  await origin?.close()
})

/** Says TLS in a tunnel and answers how the tunnel ended. */
async function speakTls(weir: TestWeir, authority: string, servername: string | null): Promise<'open' | 'closed'> {
  const { client, status } = await openTunnel(weir.port, authority)
  expect(status).toBe(200)
  client.send(Buffer.from(await captureHello(servername === null ? {} : { servername })))
  try {
    await client.read((received) => received.length > 0, 5_000)
    return 'open'
  } catch {
    return 'closed'
  } finally {
    client.destroy()
  }
}

describe('names', () => {
  it('lets a tunnel through whose names agree and are proven', async () => {
    expect(await speakTls(spliced, 'browse.example:443', 'browse.example')).toBe('open')
    expect(await speakTls(spliced, 'browse.example:443', null)).toBe('open')
  })

  it.each([
    ['splice', () => spliced],
    ['inspection', () => opened],
  ])('ends a tunnel whose SNI is not the CONNECT name (%s)', async (_, weir) => {
    const before = origin.receivedBytes()
    expect(await speakTls(weir(), 'browse.example:443', 'github.com')).toBe('closed')
    const record = await weir().record((each) => each['tls.client.server_name'] === 'github.com')
    expect(record).toMatchObject({ 'weir.reason': 'name-disagrees', 'destination.domain': 'browse.example' })
    expect(origin.receivedBytes()).toBe(before)
  })

  it('does not take an alias that points at another site’s address for that alias', async () => {
    expect(await speakTls(spliced, 'evil.example:443', 'evil.example')).toBe('closed')
    const record = await spliced.record((each) => each['destination.domain'] === 'evil.example')
    expect(record).toMatchObject({ 'weir.reason': 'name-unproven', 'error.code': 'upstream-certificate' })
  })

  it('does not splice TLS to an address whose certificate is not for the address', async () => {
    expect(await speakTls(spliced, `127.0.0.1:${origin.port}`, null)).toBe('closed')
    const record = await spliced.record((each) => each['destination.port'] === origin.port)
    expect(record).toMatchObject({ 'weir.reason': 'name-unproven' })
  })

  it('refuses a Host inside the tunnel that is not the CONNECT name', async () => {
    const before = origin.log.length
    const { client, status } = await openTunnel(opened.port, 'github.com:443')
    expect(status).toBe(200)
    const { client: inner } = await openTls(client, { servername: 'github.com', ca: opened.caPem })
    inner.send('GET / HTTP/1.1\r\nHost: api.github.com\r\n\r\n')
    const answer = (await inner.read('\r\n\r\n')).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 421 /)
    inner.destroy()
    expect(origin.log.length).toBe(before)
  })

  it('refuses a Host that is not the name in the URL', async () => {
    const client = await openRaw(spliced.port)
    client.send('GET http://browse.example/ HTTP/1.1\r\nHost: github.com\r\n\r\n')
    expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 421 /)
    client.destroy()
  })

  it('refuses a URL of another place inside the tunnel', async () => {
    const { client } = await openTunnel(opened.port, 'github.com:443')
    const { client: inner } = await openTls(client, { servername: 'github.com', ca: opened.caPem })
    inner.send('GET http://api.github.com/ HTTP/1.1\r\nHost: github.com\r\n\r\n')
    expect((await inner.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 400 /)
    inner.destroy()
  })

  it('shows no valid leaf over a site whose certificate is not valid, but for the refusal', async () => {
    const stranger = createTestCa({ name: 'Nobody knows me' })
    const elsewhere = await startRestOrigin(stranger.issue({ names: ['github.com'] }))
    const weir = await startWeir({
      policy: READ_ONLY,
      resolve: [`github.com:443:127.0.0.1:${elsewhere.port}`],
      upstreamCa: upstreamCa.certificatePem,
    })
    const { client } = await openTunnel(weir.port, 'github.com:443')
    const { client: inner } = await openTls(client, { servername: 'github.com', ca: weir.caPem })
    inner.send('GET / HTTP/1.1\r\nHost: github.com\r\n\r\n')
    const answer = (await inner.read('"event"')).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 502 /)
    expect(answer).toContain('github.com')
    expect(elsewhere.log).toEqual([])
    inner.destroy()
    await weir.close()
    await elsewhere.close()
  })
})

describe('a ClientHello cut into pieces', () => {
  it.each([1, 7, 200])('is the same hello in records of %i bytes, sent one segment each', async (size) => {
    const { client } = await openTunnel(spliced.port, 'browse.example:443')
    const whole = Buffer.from(await captureHello({ servername: 'github.com' }))
    client.socket.setNoDelay(true)
    for (let at = 5; at < whole.length; at += size) {
      const piece = whole.subarray(at, at + size)
      client.send(Buffer.concat([Buffer.from([0x16, 0x03, 0x01, piece.length >> 8, piece.length & 0xff]), piece]))
      if (at % 64 === 5) await new Promise((resolve) => setImmediate(resolve))
    }
    await client.readToEnd()
    const denied = spliced.records.filter((each) => each['weir.reason'] === 'name-disagrees')
    expect(denied.at(-1)).toMatchObject({ 'tls.client.server_name': 'github.com' })
  })
})

describe('addresses', () => {
  let closed: TestWeir
  let own: TestWeir
  beforeAll(async () => {
    closed = await startWeir({ policy: OPEN, allowPrivate: [], resolve: ['inside.example:80:10.0.0.1:80'] })
    own = await startWeir({ policy: OPEN })
  })
  afterAll(async () => {
    await Promise.all([closed?.close(), own?.close()])
  })

  it.each([
    '127.0.0.1:443',
    '10.0.0.1:443',
    '172.16.0.1:443',
    '192.168.1.1:443',
    '169.254.169.254:80',
    '100.64.0.1:443',
    '0.0.0.0:443',
    '[::1]:443',
    '[::]:443',
    '[::ffff:127.0.0.1]:443',
    '[::ffff:7f00:1]:443',
    '[::127.0.0.1]:443',
    '[64:ff9b::127.0.0.1]:443',
    '[2002:7f00:1::]:443',
    '[fe80::1]:443',
    '[fd00:ec2::254]:80',
    'inside.example:80',
    'localhost:443',
  ])('does not dial %s', async (authority) => {
    const { client, status, reply } = await openTunnel(closed.port, authority)
    expect(status).toBe(403)
    expect(reply).toMatch(/unless its operator allows it/)
    client.destroy()
  })

  it.each([
    '127.1:443',
    '2130706433:443',
    '0x7f000001:443',
    '0x7f.1:443',
    '0177.0.0.1:443',
    '127.0.0.1.:443',
    '127.000.000.001:443',
    '１２７.0.0.1:443',
    '[fe80::1%25eth0]:443',
    'user@127.0.0.1:443',
    '127.0.0.1:443/',
    '127.0.0.1',
    '/127.0.0.1:443',
    'http://127.0.0.1:443',
  ])('does not understand %s', async (authority) => {
    const { client, status } = await openTunnel(closed.port, Buffer.from(authority).toString('latin1'))
    expect(status).toBe(400)
    client.destroy()
  })

  it('never dials itself, whatever is allowed', async () => {
    const { client, status, reply } = await openTunnel(own.port, `127.0.0.1:${own.port}`)
    expect(status).toBe(403)
    expect(reply).toContain('is this proxy itself')
    client.destroy()
  })
})

describe('an answer of DNS that changes', () => {
  let page: Origin
  let hidden: TcpServer
  let touched = 0
  beforeAll(async () => {
    page = await startPlainOrigin()
    hidden = createServer((socket) => {
      touched++
      socket.destroy()
    })
    hidden.listen(page.port, '127.0.0.2')
    await once(hidden, 'listening')
  })
  afterAll(async () => {
    hidden?.close()
    await page?.close()
  })

  it('is judged anew and not dialled, and the address that was judged is the one that is dialled', async () => {
    const answers = ['127.0.0.1', '127.0.0.2']
    let asked = 0
    const weir = await startWeir({
      policy: OPEN,
      allowPrivate: ['127.0.0.1'],
      dns: {
        resolve4: async () => [{ address: answers[Math.min(asked++, 1)] ?? '', ttl: 0 }],
        resolve6: async () => [],
      },
    })
    const ask = async () => {
      const client = await openRaw(weir.port)
      client.send(`GET http://rebind.example:${page.port}/ HTTP/1.1\r\nHost: rebind.example:${page.port}\r\n\r\n`)
      const head = (await client.read('\r\n\r\n')).toString()
      client.destroy()
      return Number(head.split(' ')[1])
    }
    expect(await ask()).toBe(200)
    expect(asked).toBe(1)
    // The shortest time that an answer is kept.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect(await ask()).toBe(403)
    expect(asked).toBe(2)
    expect(touched).toBe(0)
    expect((hidden.address() as AddressInfo).address).toBe('127.0.0.2')
    await weir.close()
  })
})

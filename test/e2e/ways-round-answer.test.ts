/** Ways round that an upstream opens: a redirect to a private address, an answer of DNS, an invitation to another port. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { curl } from './support/curl.ts'
import { openRaw, openTunnel } from './support/raw-client.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const OPEN = 'version: 1\ndefault: allow\n'

let weir: TestWeir
/** Redirects to what the query says, and says what else it is told. */
const site = createServer((request, response) => {
  const query = new URL(request.url ?? '/', 'http://site.example').searchParams
  const to = query.get('to')
  const fields = {
    'Alt-Svc': 'h3=":443"; ma=86400, h2="github.com:443"',
    ...(to === null ? {} : { Location: to }),
  }
  if (query.has('early')) response.writeEarlyHints({ link: '</a>; rel=preload', 'alt-svc': 'h3=":443"' })
  response.writeHead(to === null ? 200 : 302, fields)
  response.end('a page')
})
let touched = 0
const inside = createServer((_, response) => {
  touched++
  response.end('a secret')
})

beforeAll(async () => {
  site.listen(0, '127.0.0.1')
  inside.listen(0, '127.0.0.2')
  await Promise.all([once(site, 'listening'), once(inside, 'listening')])
  const { port } = site.address() as AddressInfo
  const answers: Readonly<Record<string, readonly string[]>> = {
    'private.example': ['10.0.0.1'],
    'mixed.example': ['127.0.0.2', '10.0.0.1', '127.0.0.1'],
    'mapped.example': ['127.0.0.2'],
  }
  weir = await startWeir({
    policy: OPEN,
    // Of loopback only the site's own address: whatever else is reached was not meant to be.
    allowPrivate: ['127.0.0.1/32'],
    resolve: [`site.example:80:127.0.0.1:${port}`],
    dns: {
      resolve4: async (host) => (answers[host] ?? []).map((address) => ({ address, ttl: 60 })),
      resolve6: async (host) =>
        host === 'mapped.example'
          ? ['::ffff:127.0.0.2', '64:ff9b::7f00:2', '::7f00:2', 'fe80::1'].map((address) => ({ address, ttl: 60 }))
          : [],
    },
  })
})
afterAll(async () => {
  await weir?.close()
  site.close()
  inside.close()
})

describe('a redirect', () => {
  const port = (): number => (inside.address() as AddressInfo).port
  it.each([
    ['the address of a cloud’s metadata', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a private address', () => `http://10.0.0.1:${port()}/`],
    ['another address of loopback', () => `http://127.0.0.2:${port()}/`],
    ['the same, mapped into IPv6', () => `http://[::ffff:127.0.0.2]:${port()}/`],
    ['the same, in NAT64', () => `http://[64:ff9b::7f00:2]:${port()}/`],
    ['the unspecified address', () => `http://0.0.0.0:${port()}/`],
    ['a name of a private address', () => `http://private.example:${port()}/`],
    ['a name of mapped addresses', () => `http://mapped.example:${port()}/`],
    ['this proxy', () => `http://127.0.0.1:${weir.port}/`],
  ])('to %s is passed on, and where it leads is not reached', async (_, to) => {
    const url = `http://site.example/?to=${encodeURIComponent(to())}`
    const alone = await curl([url], { proxy: weir.proxy })
    expect([alone.status, alone.headers['location']]).toEqual([302, to()])
    const before = touched
    // curl would follow with a Host of its own making where the address has colons.
    const followed = await curl([alone.headers['location'] ?? ''], { proxy: weir.proxy })
    expect(followed.status).toBe(403)
    expect(touched).toBe(before)
  })

  it.each(['2130706434', '0x7f000002', '0177.0.0.2', '127.2', '127.0.0.2.', '[::ffff:127.0.0.2%25lo]', '127.0.0.2%2e'])(
    'to %s leads nowhere, however a client spells it',
    async (name) => {
      const before = touched
      const client = await openRaw(weir.port)
      client.send(`GET http://${name}:${port()}/ HTTP/1.1\r\nHost: ${name}:${port()}\r\n\r\n`)
      expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 400 /)
      client.destroy()
      const { client: tunnel, status } = await openTunnel(weir.port, `${name}:${port()}`)
      tunnel.destroy()
      expect(status).toBe(400)
      expect(touched).toBe(before)
    },
  )
})

describe('an answer of DNS', () => {
  it('that mixes addresses reaches those alone that may be reached', async () => {
    const { port } = site.address() as AddressInfo
    const before = touched
    const { status, body } = await curl([`http://mixed.example:${port}/`], { proxy: weir.proxy })
    expect([status, body.toString()]).toEqual([200, 'a page'])
    expect(touched).toBe(before)
    const record = await weir.record((each) => each['destination.domain'] === 'mixed.example')
    expect(record).toMatchObject({ 'destination.ip': '127.0.0.1' })
  })

  it('that mixes addresses reaches none on a port where only a private one answers', async () => {
    const { port } = inside.address() as AddressInfo
    const before = touched
    const { status } = await curl([`http://mixed.example:${port}/`], { proxy: weir.proxy })
    expect([403, 502]).toContain(status)
    expect(touched).toBe(before)
  })
})

describe('an invitation past the proxy', () => {
  it('is taken out of an answer', async () => {
    const { status, headers } = await curl(['http://site.example/'], { proxy: weir.proxy })
    expect([status, headers['alt-svc']]).toEqual([200, undefined])
  })

  it('is not heard in an interim answer', async () => {
    const client = await openRaw(weir.port)
    client.send('GET http://site.example/?early HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\r\n')
    const answer = (await client.readToEnd()).toString().toLowerCase()
    expect(answer).toContain('a page')
    expect(answer).not.toMatch(/alt-svc| 103 /)
  })
})

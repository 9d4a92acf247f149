/** The limits of the data plane that only whole connections can reach: each at the limit, and one past it. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Limits } from '../../src/settings/schema.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openRaw, type RawClient } from './support/raw-client.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const POLICY = `
version: 1
default: allow
rules:
  - name: closed
    to: { hosts: [closed.example] }
    action: deny
`

let origin: Origin
beforeAll(async () => {
  origin = await startPlainOrigin()
})
afterAll(async () => {
  await origin?.close()
})

async function limited(limits: Partial<Limits>): Promise<TestWeir> {
  const names = ['open.example', ...Array.from({ length: 10 }, (_, at) => `n${at}.example`)]
  const resolve = names.map((name) => `${name}:80:127.0.0.1:${origin.port}`)
  const weir = await startWeir({ policy: POLICY, resolve, limits })
  onTestFinished(() => weir.close())
  return weir
}

function head(host: string, path = '/', method = 'GET', fields: readonly string[] = []): string {
  return `${[`${method} http://${host}${path} HTTP/1.1`, `Host: ${host}`, ...fields].join('\r\n')}\r\n\r\n`
}

async function statusOf(client: RawClient): Promise<number> {
  return Number((await client.read('\r\n\r\n')).toString().split(' ')[1])
}

describe('headBytesMax', () => {
  it.each([
    ['at it', 0, 200],
    ['past it', 1, 431],
  ])('%s', async (_, more, status) => {
    const headBytesMax = 4_096
    const weir = await limited({ headBytesMax })
    const client = await openRaw(weir.port)
    // The parser counts the target, names and values, without what stands between them.
    const target = 'http://open.example/'
    const counted = target.length + 'Host'.length + 'open.example'.length + 'X'.length
    client.send(head('open.example', '/', 'GET', [`X: ${'x'.repeat(headBytesMax - counted - 1 + more)}`]))
    expect(await statusOf(client)).toBe(status)
    client.destroy()
  })
})

describe('headTimeoutMs', () => {
  it('ends a head that does not come', async () => {
    const weir = await limited({ headTimeoutMs: 100 })
    const client = await openRaw(weir.port)
    client.send('GET http://open.example/ HTTP/1.1\r\nHost: op')
    expect(await statusOf(client)).toBe(408)
    const record = await weir.record((each) => each['weir.reason'] === 'malformed')
    expect(record['http.response.status_code'] ?? 408).toBe(408)
  })
})

describe('responseTimeoutMs', () => {
  it('answers 504 for a site that is silent', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined).resume())
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    onTestFinished(() => void mute.close())
    const { port } = mute.address() as AddressInfo
    const weir = await limited({ responseTimeoutMs: 300 })
    const client = await openRaw(weir.port)
    client.send(head(`127.0.0.1:${port}`))
    expect(await statusOf(client)).toBe(504)
    expect(await weir.record((each) => each['error.code'] === 'upstream-timeout')).toBeDefined()
    client.destroy()
  })
})

describe('connectionsMax', () => {
  it('closes one more connection at once', async () => {
    const weir = await limited({ connectionsMax: 2 })
    const kept = [await openRaw(weir.port), await openRaw(weir.port)]
    for (const client of kept) {
      client.send(head('open.example'))
      expect(await statusOf(client)).toBe(200)
    }
    const more = await openRaw(weir.port)
    expect((await more.readToEnd()).length).toBe(0)
    for (const client of kept) client.destroy()
  })
})

describe('requestsPerConnectionMax', () => {
  it('serves so many on one connection, tells the client to close it with the last, and serves no more', async () => {
    const weir = await limited({ requestsPerConnectionMax: 2 })
    const client = await openRaw(weir.port)
    client.send(head('open.example'))
    expect((await client.read('</p>')).toString()).toContain('Connection: keep-alive')
    client.send(head('open.example'))
    expect((await client.read('</p>')).toString()).toContain('Connection: close')
    const before = origin.log.length
    client.send(head('open.example'))
    expect(await statusOf(client)).toBe(503)
    expect(origin.log.length).toBe(before)
    client.destroy()
  })
})

describe('keepAliveTimeoutMs', () => {
  it('closes a connection that asks for nothing more', async () => {
    const weir = await limited({ keepAliveTimeoutMs: 200 })
    const client = await openRaw(weir.port)
    client.send(head('open.example'))
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('drainBytesMax', () => {
  const drainBytesMax = 100_000
  const refused = (bytes: number, fields: readonly string[]): string =>
    head('closed.example', '/', 'POST', fields.length === 0 ? [`Content-Length: ${bytes}`] : fields)

  it('reads a refused upload away up to it, and the connection goes on', async () => {
    const weir = await limited({ drainBytesMax })
    const client = await openRaw(weir.port)
    client.send(refused(drainBytesMax, []))
    client.send(Buffer.alloc(drainBytesMax))
    expect(await statusOf(client)).toBe(403)
    client.send(head('open.example'))
    expect(await statusOf(client)).toBe(200)
    client.destroy()
  })

  it('ends the connection for one byte more, announced', async () => {
    const weir = await limited({ drainBytesMax })
    const client = await openRaw(weir.port)
    client.send(refused(drainBytesMax + 1, []))
    const answer = (await client.readToEnd()).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).toContain('Connection: close')
  })

  it('ends the connection for one byte more, chunked', async () => {
    const weir = await limited({ drainBytesMax })
    const client = await openRaw(weir.port)
    client.send(refused(0, ['Transfer-Encoding: chunked']))
    client.send(`${(drainBytesMax + 1).toString(16)}\r\n`)
    client.send(Buffer.alloc(drainBytesMax + 1))
    const answer = (await client.readToEnd()).toString()
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).toContain('Connection: close')
  })

  it('lets the client send on behind the answer, which a reset would take from it', async () => {
    const weir = await limited({ drainBytesMax })
    const client = await openRaw(weir.port)
    client.send(refused(100 * drainBytesMax, []))
    expect(await statusOf(client)).toBe(403)
    for (let sent = 0; sent < 99; sent++) {
      client.send(Buffer.alloc(drainBytesMax))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(client.ended).toBe(false)
    client.send(Buffer.alloc(drainBytesMax))
    await client.readToEnd()
    expect(client.error).toBeNull()
  })
})

describe('upstreams of one connection', () => {
  it('serves a ninth site, and the first again', async () => {
    const weir = await limited({})
    const client = await openRaw(weir.port)
    for (const at of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]) {
      client.send(head(`n${at}.example`))
      expect((await client.read('</p>')).toString()).toMatch(/^HTTP\/1\.1 200 /)
    }
    client.destroy()
  })
})

/** A reload: the next request and the open tunnel are judged by the new policy, and no flow half by each. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { curl } from './support/curl.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openTunnel } from './support/raw-client.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const OPEN = 'version: 1\ndefault: deny\nrules: [{ name: all, operations: [opaque, read, write], action: allow }]\n'
const CLOSED = 'version: 1\ndefault: deny\nrules: [{ name: none, action: deny, message: Not any more. }]\n'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

async function start(policy: string): Promise<TestWeir> {
  const origin = await startPlainOrigin()
  open.push(origin)
  const listener = await startListener()
  const resolve = [`a.example:80:127.0.0.1:${origin.port}`, `b.example:7:127.0.0.1:${listener}`]
  const weir = await startWeir({ policy, resolve })
  open.push(weir)
  return weir
}

/** Takes what it is sent, and says nothing. */
async function startListener(): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).resume())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the listener has no port')
  return address.port
}

describe('a reload', () => {
  it('judges the next request by the new policy', async () => {
    const weir = await start(OPEN)
    expect((await curl(['http://a.example/'], { proxy: weir.proxy })).status).toBe(200)
    const before = weir.status().policy
    weir.renew(CLOSED)
    const refused = await curl(['http://a.example/'], { proxy: weir.proxy })
    expect([refused.status, refused.body.toString()]).toEqual([403, expect.stringContaining('Not any more.')])
    expect(weir.status().policy).not.toBe(before)
  })

  it('cuts an open tunnel that the new policy denies, and records it under that policy', async () => {
    const weir = await start(OPEN)
    const { client } = await openTunnel(weir.port, 'b.example:7')
    client.send('\x00\x01\x02')
    await expect.poll(() => weir.status().openTunnels).toBe(1)
    weir.renew(CLOSED)
    const record = await weir.record((line) => line['rule.name'] === 'none')
    expect(record).toMatchObject({ 'weir.verdict': 'deny', 'weir.policy': weir.status().policy, 'weir.bytes.up': 3 })
    await expect.poll(() => weir.status().openTunnels).toBe(0)
    client.socket.destroy()
  })

  it('leaves a tunnel open that the new policy allows, under its new limit', async () => {
    const weir = await start(OPEN)
    const { client } = await openTunnel(weir.port, 'b.example:7')
    client.send('\x00\x01\x02')
    await expect.poll(() => weir.status().openTunnels).toBe(1)
    weir.renew(OPEN.replace('action: allow', 'limits: [{ per: request, size: 10 }], action: allow'))
    client.send('four')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(weir.status().openTunnels).toBe(1)
    client.send('four more')
    expect(await weir.record((line) => line['weir.reason'] === 'limit')).toMatchObject({ 'weir.bytes.up': 7 })
    client.socket.destroy()
  })
})

it('an `until` ends an open tunnel by itself within 10 s', async () => {
  const until = new Date(Date.now() + 2_000).toISOString().replace(/\.\d+Z$/, 'Z')
  const weir = await start(OPEN.replace('action: allow', `until: "${until}", action: allow`))
  const { client } = await openTunnel(weir.port, 'b.example:7')
  client.send('\x00\x01\x02')
  await expect.poll(() => weir.status().openTunnels).toBe(1)
  const startedAt = Date.now()
  await expect.poll(() => weir.status().openTunnels, { timeout: 13_000 }).toBe(0)
  expect(Date.now() - startedAt).toBeLessThan(12_000)
  expect(weir.records.some((line) => line['weir.verdict'] === 'deny')).toBe(true)
  client.socket.destroy()
}, 20_000)

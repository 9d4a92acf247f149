/** Budgets over a window, on real connections: never passed by a byte, over channels and clients, and closed without a store. */
import { afterEach, describe, expect, it } from 'vitest'
import { curl } from './support/curl.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openTunnel } from './support/raw-client.ts'
import { startWeir, type TestWeir, type WeirOptions } from './support/weir.ts'

const SIZE = 1_000_000

function policyOf(per: string): string {
  return `
version: 1
default: deny
budgets:
  daily: { per: ${per}, window: 1 day, size: ${SIZE} }
rules:
  - name: a-little
    to: { hosts: ["*.example"] }
    operations: [opaque, read, write]
    limits: [{ budget: daily }]
    action: allow
`
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

async function start(options: Partial<WeirOptions> = {}): Promise<{ origin: Origin; weir: TestWeir }> {
  const origin = await startPlainOrigin()
  open.push(origin)
  const resolve = ['a.example', 'b.example'].map((host) => `${host}:80:127.0.0.1:${origin.port}`)
  const weir = await startWeir({ policy: policyOf('client'), budgets: true, resolve, ...options })
  open.push(weir)
  return { origin, weir }
}

function post(weir: TestWeir, bytes: number, host = 'a.example', fields: readonly string[] = []) {
  const args = ['--data-binary', '@-', '--expect100-timeout', '10', ...fields, `http://${host}/echo`]
  return curl(args, { proxy: weir.proxy, input: Buffer.alloc(bytes, 'x') })
}

function bodyBytes(origin: Origin): number {
  return origin.log.reduce((sum, { bodyBytes: bytes }) => sum + bytes, 0)
}

const FRAMINGS = [
  ['a declared length', []],
  ['chunks', ['--header', 'Transfer-Encoding: chunked']],
] as const

describe.each(FRAMINGS)('uploads of %s', (_name, fields) => {
  it('of 64 clients at once never pass it by a byte, and use it up', async () => {
    const { origin, weir } = await start()
    const sizes = Array.from({ length: 64 }, (_, at) => 20_000 + ((at * 7_919) % 9_973))
    const answers = await Promise.all(sizes.map((size) => post(weir, size, 'a.example', fields)))
    const allowed = answers.flatMap(({ status }, at) => (status === 200 ? (sizes[at] ?? 0) : []))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 413]))
    const sent = allowed.reduce((sum, size) => sum + size, 0)
    expect(sent).toBeLessThanOrEqual(SIZE)
    expect(sent).toBeGreaterThan(SIZE - 30_000)
    expect(bodyBytes(origin)).toBe(sent)
    expect(await weir.record((line) => line['weir.reason'] === 'budget')).toMatchObject({
      'rule.name': 'a-little',
      'weir.upstream.bodyBytes': 0,
    })
  }, 60_000)
})

describe('a budget', () => {
  it('of exactly its size lets that much through, and not a byte more', async () => {
    const { weir } = await start()
    expect((await post(weir, SIZE)).status).toBe(200)
    const refused = await post(weir, 1, 'b.example')
    expect(refused.status).toBe(413)
    expect(refused.body.toString()).toContain('budget daily')
  })

  it('per host counts each host alone', async () => {
    const { weir } = await start({ policy: policyOf('host') })
    expect((await post(weir, SIZE)).status).toBe(200)
    expect((await post(weir, 1)).status).toBe(413)
    expect((await post(weir, SIZE, 'b.example')).status).toBe(200)
  })

  it('gets back what a refused site did not take', async () => {
    const { origin, weir } = await start({ resolve: ['a.example:80:127.0.0.1:1', 'b.example:80:127.0.0.1:1'] })
    expect((await post(weir, SIZE)).status).toBe(502)
    expect((await post(weir, SIZE)).status).toBe(502)
    expect(bodyBytes(origin)).toBe(0)
    expect(weir.status().budgets.every(({ usedBytes }) => usedBytes === 0)).toBe(true)
  })

  it('cuts an opaque tunnel before the byte that would pass it', async () => {
    const { weir } = await start({ policy: policyOf('client') })
    expect((await post(weir, SIZE - 10)).status).toBe(200)
    const { client, status } = await openTunnel(weir.port, 'b.example:80')
    expect(status).toBe(200)
    client.send('\x00\x01\x02')
    client.send('0123456789')
    await weir.record((line) => line['weir.reason'] === 'budget' && line['weir.operation'] === 'unknown-protocol')
    client.socket.destroy()
  })

  it('denies what it limits where nothing keeps it, and nothing else', async () => {
    const { origin, weir } = await start({ budgets: false })
    const refused = await post(weir, 5)
    expect(refused.status).toBe(503)
    expect(bodyBytes(origin)).toBe(0)
  })
})

/** The health check: which request it is, and what it says. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { answerHealth, HEALTH_PATH, isHealthCheck } from '../../src/proxy/health.ts'
import { Hold } from '../../src/proxy/spool.ts'
import { makeWorld, type World } from './world.ts'

describe('isHealthCheck', () => {
  it.each([
    ['GET', HEALTH_PATH, true],
    ['HEAD', HEALTH_PATH, true],
    ['POST', HEALTH_PATH, false],
    ['OPTIONS', HEALTH_PATH, false],
    ['GET', `${HEALTH_PATH}/`, false],
    ['GET', `${HEALTH_PATH}?a`, false],
    ['GET', `http://a.example${HEALTH_PATH}`, false],
    ['GET', '/', false],
  ])('%s %s: %s', (method, url, expected) => {
    expect(isHealthCheck({ method, url } as IncomingMessage)).toBe(expected)
  })
})

describe('answerHealth', () => {
  async function ask(weir: World): Promise<{ status: number; cached: string | null; body: unknown }> {
    const server = createServer((_message, reply) => answerHealth(weir, reply))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${HEALTH_PATH}`)
    const body: unknown = await response.json()
    server.closeAllConnections()
    server.close()
    return { status: response.status, cached: response.headers.get('cache-control'), body }
  }

  it('is 200 while flows can be recorded, and tells of policy and held bytes', async () => {
    const weir = makeWorld({ limits: { heldMemoryBytesMax: 10 } })
    const [small, large] = [new Hold(weir.quota, 'a'), new Hold(weir.quota, 'a')]
    await small.add(Buffer.alloc(10))
    await large.add(Buffer.alloc(100))
    expect(await ask(weir)).toEqual({
      status: 200,
      cached: 'no-store',
      body: { status: 'ok', version: '0.0.0', policy: weir.policy.hash, heldBytes: 110 },
    })
    await Promise.all([small.discard(), large.discard()])
  })

  it('is 503 while they cannot', async () => {
    const weir = makeWorld()
    weir.sink.writable = false
    expect(await ask(weir)).toMatchObject({ status: 503, body: { status: 'record-unwritable' } })
  })
})

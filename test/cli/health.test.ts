import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { weir } from './weir-command.ts'

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

function answering(status: number, body: string): Promise<string> {
  return serve((request, response) => {
    response.writeHead(request.url === '/healthz' && request.method === 'GET' ? status : 404)
    response.end(body)
  })
}

describe('health', () => {
  it('is good when Weir says ok', async () => {
    const listen = await answering(200, '{"status":"ok","version":"1"}')
    expect(await weir(['health', '--listen', listen])).toEqual({ status: 0, out: `${listen}: ok\n`, err: '' })
    const { out } = await weir(['health', '--listen', listen, '--json'])
    expect(JSON.parse(out)).toEqual({ status: 'ok', address: listen })
  })

  it('asks on loopback a Weir that listens everywhere', async () => {
    const port = (await answering(200, '{"status":"ok"}')).split(':')[1]
    expect((await weir(['health', '--listen', `0.0.0.0:${port}`])).out).toBe(`127.0.0.1:${port}: ok\n`)
  })

  it.each<[name: string, status: number, body: string, reason: string]>([
    ['Weir says otherwise', 503, '{"status":"record-unwritable"}', 'record-unwritable'],
    ['it says ok with another status', 503, '{"status":"ok"}', 'ok'],
    ['another server answers', 200, '<html>', "the answer was 200, and not one of Weir's"],
    ['another server answers in JSON', 200, '{"status":1}', "the answer was 200, and not one of Weir's"],
    ['the answer has no end in sight', 200, 'x'.repeat(65_537), 'the answer is too long'],
  ])('is not good when %s', async (_, status, body, reason) => {
    const listen = await answering(status, body)
    expect(await weir(['health', '--listen', listen])).toEqual({
      status: 1,
      out: `${listen}: failing, ${reason}\n`,
      err: '',
    })
  })

  it('takes an answer as long as may be', async () => {
    const body = `{"status":"ok","x":"${'x'.repeat(65_536 - 22)}"}`
    expect(body).toHaveLength(65_536)
    expect((await weir(['health', '--listen', await answering(200, body)])).status).toBe(0)
  })

  it('is not good when the connection breaks', async () => {
    const listen = await serve((_, response) => response.destroy())
    const { status, out } = await weir(['health', '--listen', listen, '--json'])
    expect(JSON.parse(out)).toMatchObject({ status: 'failing' })
    expect(status).toBe(1)
  })

  it('is not good when nothing listens', async () => {
    const { status, out } = await weir(['health', '--listen', '127.0.0.1:1'])
    expect(out).toBe('127.0.0.1:1: failing, nothing listens there\n')
    expect(status).toBe(1)
  })

  it('wants a port that is one', async () => {
    const { status, err } = await weir(['health', '--listen', '127.0.0.1:0'])
    expect(err).toContain('port 0 is any port')
    expect(status).toBe(2)
  })
})

/** The handshake by http-proxy, and what is put right of it: over loopback, with a site that answers as it is told. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import util from 'node:util'
import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../src/flow/proxy-error.ts'
import { INTERIM_ANSWERS_MAX } from '../../src/proxy/forward.ts'
import { askUpgrade, type UpgradeAnswer } from '../../src/proxy/upgrade.ts'
import { connectPair } from './sockets.ts'
import { destinationOf } from './world.ts'

const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'

interface Asked {
  readonly site: Socket
  readonly head: string
  readonly answer: Promise<UpgradeAnswer>
  readonly abort: (reason: unknown) => void
}

async function ask(
  options: { path?: string; fields?: readonly string[]; timeoutMs?: number; headBytesMax?: number } = {},
): Promise<Asked> {
  const { path = '/', fields = ['Host', 'a.example'], timeoutMs = 5_000, headBytesMax = 16_384 } = options
  const { outer: site, inner } = await connectPair()
  const controller = new AbortController()
  const answer = askUpgrade(
    inner,
    { destination: destinationOf('a.example:80'), path, fields, protocol: 'websocket' },
    { timeoutMs, headBytesMax, signal: controller.signal },
  )
  // Where it fails before the test looks, that is no fault of the test.
  answer.catch(() => undefined)
  const [bytes] = (await once(site, 'data')) as [Buffer]
  return { site, head: bytes.toString('latin1'), answer, abort: (reason) => controller.abort(reason) }
}

function codeOf(answer: Promise<UpgradeAnswer>): Promise<string> {
  return answer.then(
    ({ state }) => state,
    (error: unknown) => (error instanceof ProxyError ? error.code : String(error)),
  )
}

describe('asking for an upgrade', () => {
  // The first of this file, for http-proxy is loaded once.
  it('loads http-proxy without a warning, and leaves Node as it was', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning)
    process.on('warning', onWarning)
    const own: unknown = Reflect.get(util, '_extend')
    const { site, answer } = await ask()
    site.write(`${SWITCHING}\r\n`)
    await answer
    // A warning is told in a later turn.
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
    expect(Reflect.get(util, '_extend')).toBe(own)
    expect(own).not.toBe(Object.assign)
  })

  it('sends the path and the fields as they are', async () => {
    const fields = ['host', 'a.example', 'X-B', '1', 'x-a', '2', 'X-b', '3', 'Cookie', 'a=\xe9', '__proto__', 'y']
    const { head } = await ask({ path: '/a//b/../http:/c?d=%2f?"{}', fields })
    expect(head).toBe(
      [
        'GET /a//b/../http:/c?d=%2f?"{} HTTP/1.1',
        'host: a.example',
        'X-B: 1',
        'X-B: 3',
        'x-a: 2',
        'Cookie: a=\xe9',
        '__proto__: y',
        'Connection: Upgrade',
        'Upgrade: websocket',
        '\r\n',
      ].join('\r\n'),
    )
  })

  it('hands over the socket with what came behind the head, and nothing else reads or writes it', async () => {
    const { site, answer } = await ask()
    site.write(`${SWITCHING}X-Two: a\r\nX-Two: b\r\n\r\nfirst`)
    const switched = await answer
    if (switched.state !== 'switched') throw new Error('it did not switch')
    expect(switched.rawHeaders.slice(-4)).toEqual(['X-Two', 'a', 'X-Two', 'b'])
    const { socket } = switched
    expect(socket.isPaused()).toBe(true)
    site.write(' second')
    await expect.poll(() => socket.readableLength).toBe('first second'.length)
    expect(socket.listenerCount('data')).toBe(0)
    socket.write('to the site')
    const [bytes] = (await once(site, 'data')) as [Buffer]
    expect(bytes.toString()).toBe('to the site')
    // A reset has nobody left to hear it but whoever took the socket over.
    site.resetAndDestroy()
    await expect.poll(() => socket.destroyed).toBe(true)
  })

  it('hands over an answer that does not switch, unread', async () => {
    const { site, answer } = await ask()
    site.end('HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone')
    const answered = await answer
    if (answered.state !== 'answered') throw new Error('it switched')
    expect(answered.message.statusCode).toBe(404)
    let body = ''
    for await (const chunk of answered.message) body += String(chunk)
    expect(body).toBe('none')
  })

  it.each([
    ['nothing but an end', (site: Socket) => site.end(), 'upstream-broken'],
    ['a reset', (site: Socket) => site.resetAndDestroy(), 'upstream-broken'],
    ['nonsense', (site: Socket) => site.write('nonsense\r\n\r\n'), 'upstream-broken'],
    ['half a head', (site: Socket) => site.end(SWITCHING), 'upstream-broken'],
  ])('fails at %s', async (_, act, code) => {
    const { site, answer } = await ask()
    act(site)
    expect(await codeOf(answer)).toBe(code)
  })

  it('hears so many interim answers, and not one more', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\n\r\n'
    const most = await ask()
    most.site.write(`${interim.repeat(INTERIM_ANSWERS_MAX)}${SWITCHING}\r\n`)
    expect(await codeOf(most.answer)).toBe('switched')
    const more = await ask()
    more.site.write(interim.repeat(INTERIM_ANSWERS_MAX + 1))
    expect(await codeOf(more.answer)).toBe('upstream-broken')
  })

  it('takes a head of so many bytes, and not one more', async () => {
    const headBytesMax = 4_096
    // Node counts what is behind the status line's protocol, and not the empty line.
    const answerOf = (size: number): string => `${SWITCHING}X: ${'x'.repeat(size)}\r\n\r\n`
    const outcomeOf = async (size: number): Promise<string> => {
      const { site, answer } = await ask({ headBytesMax })
      site.write(answerOf(size))
      return codeOf(answer)
    }
    let [fits, exceeds] = [1, headBytesMax]
    while (exceeds - fits > 1) {
      const size = (fits + exceeds) >> 1
      if ((await outcomeOf(size)) === 'switched') fits = size
      else exceeds = size
    }
    expect(await outcomeOf(exceeds)).toBe('upstream-broken')
    expect(Math.abs(answerOf(fits).length - headBytesMax)).toBeLessThan(64)
  })

  it('waits for so long, and no longer', async () => {
    const patient = await ask({ timeoutMs: 5_000 })
    setTimeout(() => patient.site.write(`${SWITCHING}\r\n`), 150)
    expect(await codeOf(patient.answer)).toBe('switched')
    const hasty = await ask({ timeoutMs: 100 })
    expect(await codeOf(hasty.answer)).toBe('upstream-timeout')
  })

  it('ends with its client, for the reason of its client', async () => {
    const { site, answer, abort } = await ask()
    const closed = once(site, 'close')
    site.on('end', () => site.end())
    abort(new ProxyError('client-aborted', 'gone'))
    expect(await codeOf(answer)).toBe('client-aborted')
    await closed
  })
})

/** What an exchange owes both ends: an early answer heard, half an answer never taken for a whole one, one verdict a request. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { EARLY_ANSWER_BYTES_MAX } from '../../src/proxy/forward.ts'
import { PACK, PUSH } from '../proxy/pushes.ts'
import { certificates } from './support/certificates.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openRaw, openTls, openTunnel } from './support/raw-client.ts'
import { startRestOrigin } from './support/rest-origin.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const POLICY = `
version: 1
default: allow
repositories:
  ours: [github.com/acme/*]
rules:
  - name: ours
    to: { repositories: ours }
    operations: [file-write]
    action: allow
  - name: no-writes-elsewhere
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
`

let origin: Origin
let api: Origin
let weir: TestWeir
beforeAll(async () => {
  origin = await startPlainOrigin()
  api = await startRestOrigin(certificates())
  weir = await startWeir({
    policy: POLICY,
    resolve: [`open.example:80:127.0.0.1:${origin.port}`, `api.github.com:443:127.0.0.1:${api.port}`],
  })
})
afterAll(async () => {
  await weir?.close()
  await origin?.close()
  await api?.close()
})
beforeEach(() => origin.behave({ kind: 'normal' }))

describe('an upstream that answers early', () => {
  it('is heard, and the client’s connection goes on when it has sent the rest', async () => {
    origin.behave({ kind: 'early', status: 413 })
    const client = await openRaw(weir.port)
    const size = 3_000_000
    client.send(`POST http://open.example/upload HTTP/1.1\r\nHost: open.example\r\nContent-Length: ${size}\r\n\r\n`)
    client.send(Buffer.alloc(1_000))
    expect((await client.read('answered early')).toString()).toMatch(/^HTTP\/1\.1 413 /)
    client.send(Buffer.alloc(size - 1_000))
    origin.behave({ kind: 'normal' })
    client.send('GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n')
    expect((await client.read('</p>')).toString()).toMatch(/HTTP\/1\.1 200 /)
    client.destroy()
  })
})

describe('an early answer to a push', () => {
  /** Answers as soon as it hears anything, with so many bytes, and goes on reading. */
  async function startHasty(bodyBytes: number): Promise<number> {
    const hasty = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        socket.write(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${bodyBytes}\r\n\r\n`)
        socket.write(Buffer.alloc(bodyBytes, 'n'))
      })
    })
    hasty.listen(0, '127.0.0.1')
    await once(hasty, 'listening')
    onTestFinished(() => void hasty.close())
    return (hasty.address() as AddressInfo).port
  }

  async function push(port: number) {
    const rest = Buffer.alloc(200_000, 'p')
    const length = PUSH.length + PACK.length + rest.length
    const client = await openRaw(weir.port)
    const host = `127.0.0.1:${port}`
    client.send(
      `POST http://${host}/a.git/git-receive-pack HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${length}\r\n\r\n`,
    )
    client.send(Buffer.concat([PUSH, PACK]))
    return { client, rest }
  }

  it('waits until git has sent all of its pack: before that git would begin again in the middle', async () => {
    const { client, rest } = await push(await startHasty(20))
    await expect(client.read((got) => got.length > 0, 400)).rejects.toThrow()
    client.send(rest)
    expect((await client.read('nnnnn')).toString()).toMatch(/^HTTP\/1\.1 403 /)
    client.destroy()
  })

  it.each([
    ['as long as is kept', EARLY_ANSWER_BYTES_MAX, 403],
    ['one byte longer', EARLY_ANSWER_BYTES_MAX + 1, 502],
  ])('%s', async (_, bodyBytes, status) => {
    const { client, rest } = await push(await startHasty(bodyBytes))
    await new Promise((resolve) => setTimeout(resolve, 300))
    client.send(rest)
    expect((await client.read('\r\n\r\n')).toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    client.destroy()
  })
})

describe('an upstream that breaks', () => {
  it('in its answer breaks the client’s connection too', async () => {
    origin.behave({ kind: 'cut-answer' })
    const client = await openRaw(weir.port)
    client.send('GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n')
    const answer = await client.readToEnd()
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer.length).toBeLessThan(1_000)
    const record = await weir.record((each) => each['error.code'] === 'upstream-broken')
    expect(record).toMatchObject({ 'event.action': 'failed' })
  })

  it('while it is sent to is told as 502', async () => {
    origin.behave({ kind: 'cut-request', afterBytes: 10_000 })
    const client = await openRaw(weir.port)
    client.send('POST http://open.example/upload HTTP/1.1\r\nHost: open.example\r\nContent-Length: 2000000\r\n\r\n')
    client.send(Buffer.alloc(2_000_000))
    expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 502 /)
    client.destroy()
  })
})

describe('a client that goes away', () => {
  it('in its upload ends the upstream’s request, and the record says so', async () => {
    const client = await openRaw(weir.port)
    client.send(
      'POST http://open.example/upload?gone HTTP/1.1\r\nHost: open.example\r\nContent-Length: 2000000\r\n\r\n',
    )
    client.send(Buffer.alloc(100_000))
    await new Promise((resolve) => setTimeout(resolve, 100))
    client.socket.resetAndDestroy()
    const record = await weir.record((each) => each['url.query'] === 'gone')
    expect(record).toMatchObject({ 'error.code': 'client-aborted' })
    expect(origin.log.at(-1)).toMatchObject({ complete: false })
  })
})

describe('one opened connection', () => {
  it('is judged request by request: one repository says nothing of the next', async () => {
    const { client } = await openTunnel(weir.port, 'api.github.com:443')
    const { client: inner } = await openTls(client, { servername: 'api.github.com', ca: weir.caPem })
    const put = (repository: string): string => {
      const body = JSON.stringify({ message: 'm', content: 'aGk=' })
      return [
        `PUT /repos/${repository}/contents/a.txt HTTP/1.1`,
        'Host: api.github.com',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n')
    }
    inner.send(put('acme/one'))
    expect((await inner.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 201 /)
    // Three at once, the middle one to somebody else: each gets its own verdict, in order.
    inner.send(put('acme/two') + put('mallory/stolen') + put('acme/three'))
    const answers = (await inner.read((got) => got.toString().split('HTTP/1.1 ').length === 4)).toString()
    expect([...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)).toEqual(['201', '403', '201'])
    expect(api.log.map(({ path }) => path)).not.toContain('/repos/mallory/stolen/contents/a.txt')
    inner.destroy()
  })
})

describe('half-close', () => {
  it('goes through a spliced tunnel: the upstream’s answer comes after the client’s end', async () => {
    const echo = createServer({ allowHalfOpen: true }, (socket) => {
      const got: Buffer[] = []
      socket.on('data', (chunk) => got.push(chunk))
      socket.on('end', () => socket.end(`heard ${Buffer.concat(got).toString()}`))
    })
    echo.listen(0, '127.0.0.1')
    await once(echo, 'listening')
    onTestFinished(() => void echo.close())
    const { port } = echo.address() as AddressInfo
    const open = await startWeir({
      policy: 'version: 1\ndefault: deny\nrules: [{ name: any, operations: [unknown-protocol], action: allow }]\n',
    })
    onTestFinished(() => open.close())
    const client = await openRaw(open.port, { allowHalfOpen: true })
    client.send(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
    await client.read('\r\n\r\n')
    client.send('\u0001something of its own')
    client.socket.end()
    expect((await client.readToEnd()).toString()).toBe('heard \u0001something of its own')
    const record = await open.record((each) => each['weir.operation'] === 'unknown-protocol')
    expect(record).toMatchObject({ 'event.action': 'allowed', 'weir.bytes.up': 21, 'weir.bytes.down': 27 })
  })
})

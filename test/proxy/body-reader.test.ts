/** A request's body over a real connection: pulled chunk by chunk, whole, cut off, too slow, or asked for with an expectation. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { BodyReader } from '../../src/proxy/body-reader.ts'
import { incomingOf } from '../../src/proxy/http1-client.ts'
import { makeBody } from './body.ts'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

interface Served {
  readonly client: Socket
  readonly message: IncomingMessage
  readonly reply: ServerResponse
  readonly reader: BodyReader
}

/** Sends the head, and answers what the server sees; the body is up to the test. */
async function serve(head: string, options: { idleTimeoutMs?: number; mayCome?: boolean } = {}): Promise<Served> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<[IncomingMessage, ServerResponse]>()
  for (const event of ['request', 'checkContinue']) {
    server.on(event, (message: IncomingMessage, reply: ServerResponse) => resolve([message, reply]))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => undefined)
  ended.push(() => {
    client.destroy()
    server.closeAllConnections()
    server.close()
  })
  client.write(`POST / HTTP/1.1\r\nHost: a.example\r\n${head}\r\n`)
  const [message, reply] = await promise
  const { idleTimeoutMs = 5_000, mayCome = true } = options
  const reader = new BodyReader(incomingOf(message).body, {
    mayCome,
    idleTimeoutMs,
    onFirstRead: () => reply.writeContinue(),
  })
  return { client, message, reply, reader }
}

async function readAll(reader: BodyReader): Promise<string> {
  let text = ''
  for (let chunk = await reader.next(); chunk !== null; chunk = await reader.next()) text += chunk.toString()
  return text
}

describe('a body reader', () => {
  it('reads a body of known length that comes by and by', async () => {
    const { client, reader } = await serve('Content-Length: 10\r\n')
    const reading = readAll(reader)
    for (const piece of ['abc', 'defg', 'hij']) {
      client.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await reading).toBe('abcdefghij')
    expect([reader.bytesRead, reader.ended, await reader.next()]).toEqual([10, true, null])
  })

  it('reads a chunked body whose chunks are cut anywhere', async () => {
    const { client, reader } = await serve('Transfer-Encoding: chunked\r\n')
    const reading = readAll(reader)
    for (const byte of '5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n') {
      client.write(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect([await reading, reader.bytesRead]).toEqual(['hello world', 11])
  })

  it('reads what was there before it was asked', async () => {
    const { client, message, reader } = await serve('Content-Length: 5\r\n')
    client.write('hello')
    while (message.readableLength < 5) await new Promise((resolve) => setImmediate(resolve))
    expect(await readAll(reader)).toBe('hello')
  })

  it('leaves the rest, and the connection carries the answer and another request', async () => {
    const { client, reader, reply } = await serve('Content-Length: 5\r\n')
    client.write('hello')
    expect((await reader.next())?.toString()).toBe('hello')
    expect(await reader.next()).toBeNull()
    reply.end('thanks')
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect(answer.toString()).toContain('200 OK')
  })

  it('reads a large body under backpressure', async () => {
    const { client, reader } = await serve('Content-Length: 3000000\r\n')
    client.write(Buffer.alloc(3_000_000, 'x'))
    let size = 0
    for (let chunk = await reader.next(); chunk !== null; chunk = await reader.next()) size += chunk.length
    expect(size).toBe(3_000_000)
  })

  it('does not read where there is no content', async () => {
    const { reader } = await serve('', { mayCome: false })
    expect([reader.ended, await reader.next()]).toEqual([true, null])
  })

  it('says when the client went away, while it waits and after', async () => {
    const { client, reader } = await serve('Content-Length: 10\r\n')
    client.write('abc')
    expect((await reader.next())?.toString()).toBe('abc')
    const waiting = reader.next()
    client.resetAndDestroy()
    await expect(waiting).rejects.toMatchObject({ name: 'ProxyError', code: 'client-aborted' })
    await expect(reader.next()).rejects.toMatchObject({ code: 'client-aborted' })
    expect(reader.ended).toBe(false)
  })

  it('takes an early end for no end', async () => {
    const { client, reader } = await serve('Content-Length: 10\r\n')
    client.end('abc')
    await expect(readAll(reader)).rejects.toMatchObject({ code: 'client-aborted' })
  })

  it('waits so long for a byte and not longer', async () => {
    const { reader } = await serve('Content-Length: 10\r\n', { idleTimeoutMs: 30 })
    await expect(reader.next()).rejects.toMatchObject({ name: 'ProxyError', code: 'client-timeout' })
  })

  it('asks for the body of who waits to be asked, once, and not before it is wanted', async () => {
    const { client, reader } = await serve('Content-Length: 5\r\nExpect: 100-continue\r\n')
    expect(client.bytesRead).toBe(0)
    const reading = readAll(reader)
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect(answer.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    client.write('hello')
    expect(await reading).toBe('hello')
    expect(client.bytesRead).toBe(answer.length)
  })

  it('leaves no listener behind, however often it waited', async () => {
    const { client, message, reader } = await serve('Content-Length: 100\r\n')
    const names = ['readable', 'end', 'close', 'error'] as const
    const before = names.map((name) => message.listenerCount(name))
    for (let turn = 0; turn < 20; turn++) {
      const reading = reader.next()
      client.write('abcde')
      await reading
    }
    expect(names.map((name) => message.listenerCount(name))).toEqual(before)
  })
})

describe('a body without a socket', () => {
  it('is read alike', async () => {
    let asked = 0
    const reader = makeBody([Buffer.from('ab'), Buffer.from('c')], { onFirstRead: () => asked++ })
    expect(asked).toBe(0)
    expect([await readAll(reader), asked]).toEqual(['abc', 1])
    await expect(readAll(makeBody([Buffer.from('ab')], { end: 'abort' }))).rejects.toMatchObject({
      code: 'client-aborted',
    })
    await expect(readAll(makeBody([], { end: 'never', idleTimeoutMs: 5 }))).rejects.toMatchObject({
      code: 'client-timeout',
    })
  })
})

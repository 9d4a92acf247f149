/** Requests by HTTP/2 through opened TLS, to origins of HTTP/2 and of HTTP/1.1 (RFC 9113 section 8). */
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCa } from '../../tls/pki.ts'
import { startWeir, type TestWeir } from '../support/weir.ts'
import { askOn, connectClient, type Http2Client, secureTunnel } from './client.ts'
import { data as dataFrame, FLAG, frame, goaway, headers as headersFrame, TYPE } from './frames.ts'
import { block } from './hpack-encode.ts'
import { type Http2Origin, type Served, type Speaks, startHttp2Origin, fieldOf } from './origin.ts'
import { RawHttp2 } from './raw-http2.ts'
import { HOST, POLICY } from './site.ts'

describe.each<[Speaks]>([['h2'], ['http/1.1']])('an origin that speaks %s', (speaks) => {
  let origin: Http2Origin
  let weir: TestWeir
  let client: Http2Client

  beforeAll(async () => {
    origin = await startHttp2Origin(speaks)
    weir = await startWeir({ policy: POLICY, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
    client = await connectClient(weir, HOST)
  })

  afterAll(async () => {
    client.close()
    await weir.close()
    await origin.close()
  })

  const last = (): Served => {
    const served = origin.log.at(-1)
    if (served === undefined) throw new Error('the origin was asked nothing')
    return served
  }

  it('answers a GET', async () => {
    const heard = await client.ask({ path: '/hello?a=1' })
    expect([heard.status, heard.body.toString(), heard.broken]).toEqual([200, 'GET /hello?a=1', null])
    expect(fieldOf(heard.fields, 'x-served-by')).toBe(speaks === 'h2' ? 'h2' : 'h1')
    expect(fieldOf(last().fields, speaks === 'h2' ? ':authority' : 'host')).toBe(HOST)
  })

  it('refuses what a rule denies, and serves its siblings', async () => {
    const [denied, allowed] = await Promise.all([client.ask({ path: '/forbidden/x' }), client.ask({ path: '/fine' })])
    expect([denied.status, allowed.status]).toEqual([403, 200])
    expect(denied.body.toString()).toContain('Not that one.')
    expect(origin.log.map(({ path }) => path)).not.toContain('/forbidden/x')
  })

  it.each([0, 1, 16_384, 300_000])('carries a body of %i bytes there and back', async (length) => {
    const body = Buffer.alloc(length, 'b')
    const heard = await client.ask({ method: 'POST', path: '/echo', body })
    expect([heard.status, heard.broken, heard.body.equals(body)]).toEqual([200, null, true])
    expect(last().whole).toBe(true)
  })

  it('holds both to what a length says', async () => {
    const heard = await client.ask({ method: 'POST', path: '/count', body: 'abc', fields: ['content-length', '3'] })
    expect(heard.body.toString()).toBe('3')
    const before = origin.log.length
    const short = await client.ask({ method: 'POST', path: '/count', body: 'abc', fields: ['content-length', '4'] })
    expect(short.status).not.toBe(200)
    expect(origin.log.slice(before).filter(({ whole }) => whole)).toEqual([])
  })

  it('sends much, and is sent much', async () => {
    const down = await client.ask({ path: '/bytes/20000000' })
    expect([down.body.length, down.broken]).toEqual([20_000_000, null])
    const up = await client.ask({ method: 'PUT', path: '/count', body: Buffer.alloc(20_000_000) })
    expect(up.body.toString()).toBe('20000000')
  })

  it('serves requests side by side', async () => {
    const paths = Array.from({ length: 150 }, (_, at) => `/many?${at}`)
    const heard = await Promise.all(paths.map((path) => client.ask({ path })))
    expect(heard.map(({ body }) => body.toString())).toEqual(paths.map((path) => `GET ${path}`))
  })

  it('does not wait behind one that is silent', async () => {
    const silent = client.session.request({ ':path': '/never' })
    silent.on('error', () => undefined)
    const heard = await client.ask({ path: '/beside' })
    expect(heard.body.toString()).toBe('GET /beside')
    silent.close(8)
  })

  it.each(['HEAD', 'OPTIONS', 'DELETE', 'PATCH'])('hears %s', async (method) => {
    const heard = await client.ask({ method, path: '/hear' })
    expect([heard.status, heard.body.toString()]).toEqual([200, method === 'HEAD' ? '' : `${method} /hear`])
  })

  it.each(['get', 'FOO', 'GETS', 'X'])('is not asked by a method that HTTP/1.1 could not carry: %s', async (method) => {
    const before = origin.log.length
    const heard = await client.ask({ method, path: '/method' })
    expect([heard.status, origin.log.length]).toEqual([400, before])
  })

  it.each([204, 304, 404, 500])('answers %i', async (status) => {
    const heard = await client.ask({ path: `/status/${status}` })
    expect([heard.status, heard.body.length, heard.broken]).toEqual([status, 0, null])
  })

  it('has its half answer broken off', async () => {
    const heard = await client.ask({ path: '/half' })
    expect([heard.status, heard.body.toString(), heard.broken]).toEqual([200, 'half', 2])
  })

  it('has fields in order, and each as often as it stands', async () => {
    await client.ask({ path: '/f', fields: ['x-b', '1', 'x-a', '2', 'x-b', '3', 'cookie', 'c=1', 'cookie', 'd=2'] })
    const names = last().fields.flatMap((part, at) => (at % 2 === 0 && /^x-|^cookie/i.test(part) ? [part] : []))
    expect(names).toEqual(['x-b', 'x-a', 'x-b', 'cookie'])
    expect(fieldOf(last().fields, 'cookie')).toBe('c=1; d=2')
  })

  it.each<[string, string, number]>([
    ['another name', 'github.com', 421],
    ['another port', `${HOST}:8443`, 421],
    ['its own port', `${HOST}:443`, 200],
    // Which is no HTTP/2 at all (section 8.3.1).
    ['what is no name', 'a b', 0],
  ])('is asked under %s: %s', async (_name, authority, status) => {
    const before = origin.log.length
    const [odd, sibling] = await Promise.all([client.ask({ authority }), client.ask({ path: '/sibling' })])
    expect([odd.status, sibling.status]).toEqual([status, 200])
    expect(origin.log.length - before).toBe(status === 200 ? 2 : 1)
  })

  it('keeps what is refused from going on, and tells why', async () => {
    const before = origin.log.length
    const heard = await client.ask({ method: 'POST', path: '/forbidden/y', body: Buffer.alloc(500_000) })
    expect([heard.status, heard.broken, origin.log.length]).toEqual([403, null, before])
    const record = await weir.record((line) => line['url.path'] === '/forbidden/y')
    expect(record).toMatchObject({ 'http.version': '2', 'event.outcome': 'failure' })
  })

  it('is asked on one connection, or on as many as there were requests at one time', () => {
    expect(origin.connections).toBeLessThanOrEqual(speaks === 'h2' ? 1 : 150)
  })
})

describe('what only HTTP/2 has', () => {
  let origin: Http2Origin
  let weir: TestWeir
  let client: Http2Client

  beforeAll(async () => {
    origin = await startHttp2Origin('h2')
    weir = await startWeir({ policy: POLICY, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
    client = await connectClient(weir, HOST)
  })

  afterAll(async () => {
    client.close()
    await weir.close()
    await origin.close()
  })

  it('goes through: interim answers', async () => {
    const heard = await client.ask({ path: '/hints' })
    expect(heard.hints).toEqual([[':status', '103', 'link', '</style.css>; rel=preload']])
    expect(heard.body.toString()).toBe('hinted')
  })

  it('goes through: trailers', async () => {
    const heard = await client.ask({ path: '/trailers', fields: ['te', 'trailers'] })
    expect([heard.body.toString(), heard.broken]).toEqual(['body', null])
    expect(heard.trailers).toEqual(['grpc-status', '0', 'x-twice', 'a', 'x-twice', 'b'])
    expect(fieldOf(origin.log.at(-1)?.fields ?? [], 'te')).toBe('trailers')
  })

  it('goes through: an answer that is nothing but a head', async () => {
    const stream = client.session.request({ ':path': '/empty' })
    const flags = await new Promise<number>((resolve) => stream.on('response', (_headers, seen) => resolve(seen)))
    expect(flags & 1).toBe(1)
    stream.resume()
  })

  it('goes through: an answer ahead of the end of its request, which is then left', async () => {
    const stream = client.session.request({ ':method': 'POST', ':path': '/early' })
    stream.on('error', () => undefined)
    stream.write('begun')
    let body = ''
    stream.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    const status = await new Promise((resolve) => stream.on('response', (head) => resolve(head[':status'])))
    await new Promise((resolve) => stream.on('close', resolve))
    expect([status, body, stream.rstCode]).toEqual([413, 'too much', 0])
  })

  it('is told at once that a whole request is taken back while its answer comes', async () => {
    const stream = client.session.request({ ':path': '/begun' })
    stream.on('error', () => undefined)
    await once(stream, 'data')
    const before = performance.now()
    stream.close(8)
    await expect.poll(() => origin.log.at(-1)?.cancelled, { timeout: 2_000 }).toBe(true)
    expect(performance.now() - before).toBeLessThan(2_000)
    const record = await weir.record((line) => line['url.path'] === '/begun')
    expect(record['error.code']).toBe('client-aborted')
  })

  it('refuses a request at once that waits for its answer before it ends', async () => {
    const stream = client.session.request({ ':method': 'POST', ':path': '/forbidden/waiting' })
    stream.on('error', () => undefined)
    stream.write('begun')
    const [headers] = (await once(stream, 'response')) as [Readonly<Record<string, unknown>>]
    expect(headers[':status']).toBe(403)
    stream.resume()
    await once(stream, 'close')
    expect(origin.log.map(({ path }) => path)).not.toContain('/forbidden/waiting')
  })

  it.each([4, 200_000])(
    'never takes %i bytes of an answer that was reset for the whole, not even with NO_ERROR',
    async (length) => {
      const stream = client.session.request({ ':path': `/quiet/${length}` })
      stream.on('error', () => undefined)
      const closed = new Promise((resolve) => stream.on('close', resolve))
      await once(stream, 'response')
      // What is longer than the windows towards this client waits in Weir when the reset comes.
      await new Promise((resolve) => setTimeout(resolve, 400))
      let ended = false
      stream.on('end', () => {
        ended = stream.rstCode === 0
      })
      stream.resume()
      await closed
      expect([ended, stream.rstCode]).toEqual([false, 2])
    },
  )

  it('is told of an upstream that resets at once', async () => {
    const heard = await client.ask({ method: 'POST', path: '/refuse/2', body: 'x' })
    expect(heard.status).toBe(502)
    expect((await client.ask({ path: '/after' })).status).toBe(200)
  })

  it('takes back upstream what the client takes back', async () => {
    const stream = client.session.request({ ':method': 'POST', ':path': '/never' })
    stream.on('error', () => undefined)
    stream.write('half')
    await expect.poll(() => origin.log.at(-1)?.path).toBe('/never')
    stream.destroy(new Error('taken back'))
    const record = await weir.record((line) => line['url.path'] === '/never')
    expect(record['error.code']).toBe('client-aborted')
    expect(origin.log.at(-1)?.whole).toBe(false)
  })

  it('takes back upstream a HEAD that the client takes back', async () => {
    const stream = client.session.request({ ':method': 'HEAD', ':path': '/never?head' })
    stream.on('error', () => undefined)
    await expect.poll(() => origin.log.at(-1)?.path).toBe('/never?head')
    stream.close(8)
    const record = await weir.record((line) => line['url.path'] === '/never' && line['http.request.method'] === 'HEAD')
    expect(record['error.code']).toBe('client-aborted')
  })

  it('ends no stream that it breaks off', async () => {
    const raw = new RawHttp2(await secureTunnel(weir, HOST, ['h2']))
    await raw.open()
    const head = [
      [':method', 'GET'],
      [':scheme', 'https'],
      [':authority', HOST],
      [':path', '/half'],
    ] as const
    raw.send(headersFrame(1, block(head), FLAG.endHeaders | FLAG.endStream))
    await raw.until(() => raw.stream(1).reset !== null, 'a reset')
    expect([raw.stream(1).body.toString(), raw.stream(1).ended, raw.stream(1).reset]).toEqual([
      'half',
      false,
      'INTERNAL_ERROR',
    ])
    raw.socket.destroy()
  })

  it.each([
    ['nothing', '', true],
    ['a byte', 'x', false],
  ])('believes a length of 0 only at the end: %s comes behind it', async (_what, content, goesOn) => {
    const path = `/count?length-0-${content}`
    const raw = new RawHttp2(await secureTunnel(weir, HOST, ['h2']))
    await raw.open()
    const head = [
      [':method', 'POST'],
      [':scheme', 'https'],
      [':authority', HOST],
      [':path', path],
      ['content-length', '0'],
    ] as const
    raw.send(headersFrame(1, block(head), FLAG.endHeaders))
    // Long enough for a request that waits for nothing to arrive.
    await new Promise((resolve) => setTimeout(resolve, 200))
    const seenAhead = origin.log.some((served) => served.path === path)
    raw.send(dataFrame(1, content, FLAG.endStream))
    // Content past its length ends the connection in nghttp2.
    await raw.until(() => raw.ended || raw.stream(1).ended, 'an end')
    const seen = origin.log.some((served) => served.path === path)
    expect([seenAhead, seen, raw.stream(1).ended]).toEqual([false, goesOn, goesOn])
    raw.socket.destroy()
  })

  it.each(['POST', 'HEAD'])(
    'never takes a %s that was reset for a whole one, not even with NO_ERROR',
    async (method) => {
      const path = `/count?${method}`
      for (const error of [null, new Error('reset')]) {
        const stream = client.session.request({ ':method': method, ':path': path }, { endStream: false })
        stream.on('error', () => undefined)
        stream.write('half')
        await new Promise((resolve) => setTimeout(resolve, 50))
        // Without an error RST_STREAM says NO_ERROR.
        if (error === null) stream.destroy()
        else stream.destroy(error)
        await new Promise((resolve) => stream.on('close', resolve))
      }
      await expect.poll(() => origin.log.filter((served) => served.path === path).length).toBe(2)
      await client.ask({})
      expect(origin.log.filter((served) => served.path === path && served.whole)).toEqual([])
    },
  )

  it.each(['end', 'destroy'] as const)(
    'is let go of with its upstreams when its client is gone, by %s',
    async (how) => {
      const own = await startWeir({ policy: POLICY, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
      const secure = await secureTunnel(own, HOST, ['h2'])
      const session = connectHttp2('https://a', { createConnection: () => secure })
      session.on('error', () => undefined)
      await askOn(session, HOST, {})
      expect(own.status().sockets).toBe(2)
      // Not by GOAWAY: the connection is over, and nothing was said.
      secure[how]()
      await expect.poll(() => own.status().sockets).toBe(0)
      session.destroy()
      await own.close()
    },
  )

  it('is let go of when its client is gone behind GOAWAY and what breaks HTTP/2, of which Node tells nobody', async () => {
    const limits = { idleTimeoutMs: 300 }
    const own = await startWeir({ policy: POLICY, limits, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
    const raw = new RawHttp2(await secureTunnel(own, HOST, ['h2']))
    await raw.open()
    const head = [
      [':method', 'POST'],
      [':scheme', 'https'],
      [':authority', HOST],
      [':path', '/count'],
    ] as const
    raw.send(headersFrame(1, block(head)), goaway(0, 0), frame(TYPE.ping, FLAG.none, 1))
    await raw.until(() => raw.goaway?.code === 'FRAME_SIZE_ERROR', 'GOAWAY')
    raw.socket.destroy()
    await expect.poll(() => own.status().sockets, { timeout: 5_000 }).toBe(0)
    await own.close()
  })

  it('refuses gRPC in its own words', async () => {
    const fields = ['content-type', 'application/grpc', 'te', 'trailers']
    const heard = await client.ask({ method: 'POST', path: '/forbidden/Call', fields, body: 'x' })
    expect([heard.status, fieldOf(heard.fields, 'grpc-status')]).toEqual([200, '7'])
    expect(fieldOf(heard.fields, 'grpc-message')).toMatch(/^weir: Not that one\. \(event /)
  })

  it('does not stand in the way of a client that speaks HTTP/1.1', async () => {
    const secure = await secureTunnel(weir, HOST, [])
    secure.write(`GET /old HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)
    let text = ''
    for await (const chunk of secure as AsyncIterable<Buffer>) text += chunk.toString()
    // This origin speaks nothing else, and a client that did not ask for it hears so.
    expect(text).toMatch(/^HTTP\/1\.1 502 /)
  })
})

describe('requests that are taken back', () => {
  const RESETS_MAX = 20

  /** Takes back so many requests, each as soon as its origin has it, or its answer has begun; answers what the record says of it. */
  const takeBack = async (path: '/never' | '/begun', count: number): Promise<readonly unknown[]> => {
    const origin = await startHttp2Origin('h2')
    const weir = await startWeir({
      policy: POLICY,
      limits: { http2ResetsMax: RESETS_MAX },
      resolve: [`${HOST}:443:127.0.0.1:${origin.port}`],
    })
    const { session, close } = await connectClient(weir, HOST)
    const streams = Array.from({ length: count }, () => session.request({ ':path': path }))
    for (const stream of streams) stream.on('error', () => undefined)
    await expect.poll(() => origin.log.length).toBe(count)
    if (path === '/begun') await Promise.all(streams.map((stream) => once(stream, 'data')))
    for (const stream of streams) stream.close(8)
    // The connection is looked at every 250 ms.
    await new Promise((resolve) => setTimeout(resolve, 600))
    const reasons = weir.records.flatMap((record) => record['weir.reason'] ?? [])
    close()
    await weir.close()
    await origin.close()
    return reasons
  }

  it.each<[string, '/never' | '/begun', number, readonly string[]]>([
    ['as many as may be, before they are answered', '/never', RESETS_MAX, []],
    // Beyond those of the second in which they came.
    ['too many, before they are answered', '/never', 3 * RESETS_MAX, ['client-flood']],
    ['many whose answer has begun', '/begun', 3 * RESETS_MAX, []],
  ])('%s', async (_name, path, count, reasons) => {
    expect(await takeBack(path, count)).toEqual(reasons)
  })
})

describe('who speaks HTTP/2', () => {
  const agreed = async (
    http2: 'auto' | 'always' | 'never',
    speaks: Speaks,
    alpn: readonly string[],
  ): Promise<string> => {
    const origin = await startHttp2Origin(speaks)
    const weir = await startWeir({ policy: POLICY, http2, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
    try {
      const secure = await secureTunnel(weir, HOST, alpn)
      const client =
        secure.alpnProtocol === 'h2'
          ? askOn(connectHttp2('https://a', { createConnection: () => secure }), HOST, {})
          : askHttp1(secure)
      const status = (await client).status
      return `${secure.alpnProtocol || 'none'} → ${origin.log.at(-1)?.httpVersion ?? 'nothing'}: ${status}`
    } finally {
      await weir.close()
      await origin.close()
    }
  }

  it.each<[string, 'auto' | 'always' | 'never', Speaks, readonly string[], string]>([
    ['both', 'auto', 'both', ['h2', 'http/1.1'], 'h2 → 2: 200'],
    ['not the upstream', 'auto', 'http/1.1', ['h2', 'http/1.1'], 'http/1.1 → 1.1: 200'],
    ['not the client', 'auto', 'both', ['http/1.1'], 'http/1.1 → 1.1: 200'],
    ['a client that says nothing', 'auto', 'both', [], 'none → 1.1: 200'],
    ['a client that speaks nothing else', 'auto', 'http/1.1', ['h2'], 'h2 → 1.1: 200'],
    ['the client, as it may always', 'always', 'http/1.1', ['h2', 'http/1.1'], 'h2 → 1.1: 200'],
    ['the upstream, as it may always', 'always', 'both', ['http/1.1'], 'http/1.1 → 2: 200'],
    ['nobody', 'never', 'both', ['h2', 'http/1.1'], 'http/1.1 → 1.1: 200'],
  ])('%s', async (_name, http2, speaks, alpn, outcome) => {
    expect(await agreed(http2, speaks, alpn)).toBe(outcome)
  })
})

describe('a site that nothing goes to', () => {
  it('is refused in HTTP/2, whose clients may speak nothing else', async () => {
    const policy = `
version: 1
default: allow
rules:
  - { name: closed, to: { hosts: [${HOST}] }, action: deny, message: Not there. }
inspection: { open: [${HOST}] }
`
    const weir = await startWeir({ policy })
    const client = await connectClient(weir, HOST)
    const heard = await client.ask({ method: 'POST', path: '/x', body: 'y' })
    expect([heard.status, heard.body.toString()]).toEqual([403, expect.stringContaining('Not there.')])
    client.close()
    await weir.close()
  })

  it('is told of in HTTP/2 where its certificate does not verify', async () => {
    const origin = await startHttp2Origin('h2')
    const upstreamCa = createTestCa({ name: 'Another CA' }).certificatePem
    const weir = await startWeir({ policy: POLICY, upstreamCa, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
    const client = await connectClient(weir, HOST)
    const heard = await client.ask({ path: '/x' })
    expect([heard.status, heard.body.toString()]).toEqual([502, expect.stringContaining('certificate')])
    client.close()
    await weir.close()
    await origin.close()
  })
})

async function askHttp1(secure: TLSSocket): Promise<{ status: number }> {
  secure.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)
  const [head] = (await once(secure, 'data')) as [Buffer]
  return { status: Number(head.toString('latin1').slice(9, 12)) }
}

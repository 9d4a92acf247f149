/** The answer to one request over HTTP/2, by what stands together in one piece (RFC 9113 section 8.1). */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { connect } from 'node:net'
import { once } from 'node:events'
import { duplexPair, type Duplex } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { http2Upstream } from '../../src/proxy/http2-upstream.ts'
import { FrameReader } from '../e2e/http2/frame-reader.ts'
import { data, FLAG, headers, PREFACE, rstStream, settings, settingsAck, TYPE } from '../e2e/http2/frames.ts'
import { block } from '../e2e/http2/hpack-encode.ts'
import { makeWorld } from './world.ts'

const { limits } = makeWorld().settings
const ENDS = FLAG.endHeaders | FLAG.endStream
const HEAD = headers(1, block([[':status', '200']]))
const CANCEL = 8
const NO_ERROR = 0

const open: Duplex[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy()
})

/** What the ear of a GET hears where the site sends these pieces. */
async function heard(ends: readonly [Duplex, Duplex], pieces: readonly Uint8Array[]): Promise<string[]> {
  const [near, far] = ends
  open.push(near, far)
  const upstream = http2Upstream(near as Socket, 'www.acme.example', limits)
  far.on('error', () => undefined)
  far.write(Buffer.concat([settings([]), settingsAck()]))
  const said: string[] = []
  const over = new Promise<void>((resolve) => {
    const outgoing = {
      method: 'GET',
      path: '/',
      fields: ['Host', 'www.acme.example'],
      body: null,
      takesTrailers: false,
    }
    upstream.send(outgoing, {
      begin: () => undefined,
      hint: (status) => said.push(`hint ${status}`),
      head: ({ status, isEmpty }) => said.push(`head ${status}${isEmpty ? ' and no more' : ''}`),
      data: (chunk) => said.push(`data ${chunk.toString()}`),
      end: (trailers) => {
        said.push(`end ${trailers.join(': ')}`)
        resolve()
      },
      fail: () => {
        said.push('fail')
        resolve()
      },
    })
  })
  await once(far, 'data')
  // Until the request itself was read too.
  await new Promise((resolve) => setTimeout(resolve, 20))
  for (const piece of pieces) {
    far.write(piece)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await over
  return said
}

async function tcpPair(): Promise<readonly [Duplex, Duplex]> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  server.close()
  return [near, far]
}

const TRANSPORTS: readonly [string, () => Promise<readonly [Duplex, Duplex]>][] = [
  ['a socket', tcpPair],
  ['a stream', async () => duplexPair()],
]

describe.each(TRANSPORTS)('over %s', (_, pair) => {
  it.each<[string, readonly Uint8Array[], readonly string[]]>([
    [
      'a head and its content',
      [HEAD, data(1, 'a'), data(1, 'b', FLAG.endStream)],
      ['head 200', 'data a', 'data b', 'end '],
    ],
    ['no content', [headers(1, block([[':status', '200']]), ENDS)], ['head 200 and no more', 'end ']],
    [
      'trailers',
      [HEAD, data(1, 'a'), headers(1, block([['x-sum', '1']]), ENDS)],
      ['head 200', 'data a', 'end x-sum: 1'],
    ],
    ['an end that is empty', [HEAD, data(1, 'a'), data(1, '', FLAG.endStream)], ['head 200', 'data a', 'end ']],
    [
      'fields whose values are names of others',
      [
        headers(
          1,
          block([
            [':status', '200'],
            ['access-control-expose-headers', 'content-length'],
            ['content-length', '1'],
          ]),
        ),
        data(1, 'a', FLAG.endStream),
      ],
      ['head 200', 'data a', 'end '],
    ],
    [
      'less than was announced',
      [
        headers(
          1,
          block([
            [':status', '200'],
            ['content-length', '2'],
          ]),
        ),
        data(1, 'a', FLAG.endStream),
      ],
      ['head 200', 'data a', 'fail'],
    ],
    ['a reset', [HEAD, data(1, 'a'), rstStream(1, CANCEL)], ['head 200', 'data a', 'fail']],
    ['a reset that names no error', [HEAD, data(1, 'a'), rstStream(1, NO_ERROR)], ['head 200', 'data a', 'fail']],
    ['a reset in place of an answer', [rstStream(1, NO_ERROR)], ['fail']],
    [
      'a reset behind the end',
      [HEAD, data(1, 'a', FLAG.endStream), rstStream(1, NO_ERROR)],
      ['head 200', 'data a', 'end '],
    ],
  ])('hears %s, in one piece and in several', async (_name, frames, said) => {
    expect(await heard(await pair(), frames)).toEqual(said)
    expect(await heard(await pair(), [Buffer.concat(frames)])).toEqual(
      // Of what is broken off at once only that need be heard.
      said.at(-1) === 'fail' ? expect.arrayContaining(['fail']) : said,
    )
  })
})

describe('a request that is given up half-way', () => {
  it('is reset, and never ended', async () => {
    const [near, far] = await tcpPair()
    open.push(near, far)
    const upstream = http2Upstream(near as Socket, 'www.acme.example', limits)
    const reader = new FrameReader()
    const seen: string[] = []
    let preface = PREFACE.length
    far.on('data', (chunk: Buffer) => {
      const behind = chunk.subarray(Math.min(preface, chunk.length))
      preface -= chunk.length - behind.length
      for (const { type, flags, stream } of reader.read(behind)) {
        if (stream === 1) seen.push(`${type} ${flags & FLAG.endStream}`)
      }
    })
    far.on('error', () => undefined)
    far.write(Buffer.concat([settings([]), settingsAck()]))
    const failed = Promise.withResolvers<void>()
    async function* half(): AsyncGenerator<Buffer> {
      yield Buffer.from('half')
      await new Promise((resolve) => setTimeout(resolve, 50))
      throw new Error('the client went away')
    }
    const outgoing = { method: 'PUT', path: '/', fields: ['Host', 'a'], body: half(), takesTrailers: false }
    const ear = { begin() {}, hint() {}, head() {}, data() {}, end() {}, fail: () => failed.resolve() }
    upstream.send(outgoing, ear)
    await failed.promise
    await expect.poll(() => seen.at(-1)).toBe(`${TYPE.rstStream} 0`)
    expect(seen).toEqual([`${TYPE.headers} 0`, `${TYPE.data} 0`, `${TYPE.rstStream} 0`])
  })
})

/** Cases of good requests of every kind, and of those that are good and too large (RFC 9113 sections 8.1 to 8.5, 10.5.1). */
import { expect } from 'vitest'
import { asking } from '../asking.ts'
import { ALIVE, type Case, MALFORMED, type Outcome, SERVED, streamError } from '../case.ts'
import { continuation, data, FLAG, headers, SETTING } from '../frames.ts'
import { block, literal } from '../hpack-encode.ts'
import type { Field } from '../hpack-static.ts'
import { fieldOf } from '../talk.ts'

const END = FLAG.endStream | FLAG.endHeaders
const GOOD: readonly Case[] = [
  {
    name: 'GET, and what it carries',
    clause: '8.3.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(
        talk.get(1, {
          path: '/a?b=c&d',
          fields: [
            ['x-a', 'b'],
            ['x-empty', ''],
          ],
        }),
      )
      const echo = await talk.echo(1)
      expect(echo).toMatchObject({ method: 'GET', path: '/a?b=c&d', bodyBytes: 0 })
      expect(echo.fields).toMatchObject({ 'x-a': 'b', 'x-empty': '' })
    },
  },
  {
    name: 'HEAD is answered without content',
    clause: '8.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.get(1, { method: 'HEAD' }))
      expect((await talk.answer(1)).body.length).toBe(0)
    },
  },
  asking(
    'OPTIONS with a :path of *',
    '8.3.1',
    [...SERVED, 'status 400', 'status 501'],
    (talk) => [talk.get(1, { method: 'OPTIONS', path: '*' })],
    { choice: 'a proxy need not know it' },
  ),
  asking('POST of an empty DATA frame', '8.1', SERVED, (talk) => [talk.post(1), data(1, '', FLAG.endStream)]),
  {
    name: 'GET with content',
    clause: '8.1',
    right: [...SERVED, 'status 400'],
    choice: 'content of GET has no meaning (RFC 9110 section 9.3.1)',
    stream: 1,
    act: (talk) => talk.send(talk.post(1, { method: 'GET' }), data(1, 'body', FLAG.endStream)),
  },
  asking(
    'an unknown method',
    '8.3.1',
    [...SERVED, 'status 405', 'status 501', 'status 400', 'status 403'],
    (talk) => [talk.get(1, { method: 'FROBNICATE' })],
    { choice: 'a server need not know it' },
  ),
  asking(
    'a method in lower case',
    '8.3.1',
    [...SERVED, 'status 405', 'status 501', 'status 400', 'status 403'],
    (talk) => [talk.get(1, { method: 'get' })],
    { choice: 'methods keep their case, and this one is unknown' },
  ),
  asking('te: trailers', '8.2.2', SERVED, (talk) => [talk.get(1, { fields: [['te', 'trailers']] })]),
  asking('a host that is the same as :authority', '8.3.1', SERVED, (talk) => [
    talk.get(1, { fields: [['host', talk.authority]] }),
  ]),
  asking('a host in place of :authority', '8.3.1', SERVED, (talk) => [
    headers(1, block(talk.head({ fields: [['host', talk.authority]] }).filter(([name]) => name !== ':authority')), END),
  ]),
  asking('pseudo-header fields in another order', '8.3', SERVED, (talk) => [
    headers(1, block(talk.head().toReversed()), END),
  ]),
  asking(
    ':scheme http inside of TLS',
    '8.3.1',
    [...SERVED, ...MALFORMED, 'status 421', 'status 403'],
    (talk) => [
      headers(1, block(talk.head().map(([name, value]) => [name, name === ':scheme' ? 'http' : value] as const)), END),
    ],
    { choice: 'a server may refuse it as misdirected (section 9.1.1)' },
  ),
  asking(
    'a field value with octets above 0x7f',
    '8.2.1',
    [...SERVED, 'status 400'],
    (talk) => [talk.get(1, { fields: [['x-a', 'caf\xe9']] })],
    { choice: 'they are obsolete, and allowed (RFC 9110 section 5.5)' },
  ),
  asking('a field that is never to be indexed', 'RFC 7541, 6.2.3', SERVED, (talk) => [
    headers(1, Buffer.concat([block(talk.head()), literal('authorization', 'secret', { form: 'never' })]), END),
  ]),
  {
    name: 'cookie crumbs come to the origin as one cookie',
    clause: '8.2.3',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      const crumbs: readonly Field[] = [
        ['cookie', 'a=b'],
        ['cookie', 'c=d'],
        ['x-a', 'b'],
        ['cookie', 'e=f'],
      ]
      talk.send(talk.get(1, { fields: crumbs }))
      expect((await talk.echo(1)).fields['cookie']).toBe('a=b; c=d; e=f')
    },
  },
  asking('Expect: 100-continue, and the content at once', '8.1', SERVED, (talk) => [
    talk.post(1, {
      fields: [
        ['expect', '100-continue'],
        ['content-length', '4'],
      ],
    }),
    data(1, 'body', FLAG.endStream),
  ]),
  {
    name: 'CONNECT to another host is refused',
    clause: '8.5',
    right: [
      ...streamError('PROTOCOL_ERROR', 'CONNECT_ERROR', 'REFUSED_STREAM', 'CANCEL'),
      'status 400',
      'status 403',
      'status 405',
      'status 501',
    ],
    choice: 'a server that is no proxy may refuse in any way',
    stream: 1,
    act: (talk) =>
      talk.send(
        headers(
          1,
          block([
            [':method', 'CONNECT'],
            [':authority', 'elsewhere.example:443'],
          ]),
          FLAG.endHeaders,
        ),
      ),
  },
  {
    name: 'the answer has one :status, first of all, and no connection fields',
    clause: '8.3.2',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.get(1))
      const { fields } = await talk.answer(1)
      const names = fields.map(([name]) => name)
      expect(names.indexOf(':status')).toBe(0)
      expect(names.filter((name) => name.startsWith(':'))).toHaveLength(1)
      expect(names.filter((name) => name !== name.toLowerCase())).toEqual([])
      const connectionFields = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']
      expect(names.filter((name) => connectionFields.includes(name))).toEqual([])
      expect(fieldOf(fields, 'content-type')).toBe('application/json')
    },
  },
  {
    name: 'many requests at once are each answered on their own stream',
    clause: '8.1',
    right: ALIVE,
    act: async (talk) => {
      const streams = [1, 3, 5, 7, 9]
      talk.send(...streams.map((stream) => talk.get(stream, { path: `/of-${stream}` })))
      for (const stream of streams.toReversed()) expect((await talk.echo(stream)).path).toBe(`/of-${stream}`)
    },
  },
  {
    name: 'content of two requests, frame by frame in turn',
    clause: '8.1',
    right: ALIVE,
    act: async (talk) => {
      talk.send(talk.post(1), talk.post(3), data(1, 'aa'), data(3, 'b'), data(1, 'aa', 1), data(3, 'b', 1))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: 4 })
      expect(await talk.echo(3)).toMatchObject({ bodyBytes: 2 })
    },
  },
]

const REFUSED: readonly Outcome[] = [
  'status 431',
  'status 400',
  ...streamError(
    'PROTOCOL_ERROR',
    'REFUSED_STREAM',
    'ENHANCE_YOUR_CALM',
    'CANCEL',
    'COMPRESSION_ERROR',
    'INTERNAL_ERROR',
  ),
]
const PIECE_BYTES = 16_000

const TOO_LARGE: readonly Case[] = [
  {
    name: 'fields twice as large as the server announces to take',
    clause: '10.5.1',
    right: REFUSED,
    choice: 'a server may refuse fields that are too large in any way',
    stream: 1,
    act: (talk) => {
      const announced = talk.client.announced.get(SETTING.maxHeaderListSize)
      expect(announced).toBeLessThanOrEqual(1_000_000)
      const count = Math.ceil((2 * (announced ?? 0)) / 1_000)
      talk.send(...inPieces(block(talk.head({ fields: filling(count, 960) }))))
    },
  },
  asking(
    '2,000 fields of one octet',
    '10.5.1',
    REFUSED,
    (talk) => inPieces(block(talk.head({ fields: filling(2_000, 1) }))),
    { choice: 'a server may refuse fields that are too many in any way' },
  ),
]

function filling(count: number, octets: number): readonly Field[] {
  return Array.from({ length: count }, () => ['x-fill', 'x'.repeat(octets)] as const)
}

/** One block, as HEADERS and CONTINUATION. */
function inPieces(whole: Buffer): readonly Buffer[] {
  const starts = Array.from({ length: Math.ceil(whole.length / PIECE_BYTES) }, (_, at) => at * PIECE_BYTES)
  return starts.map((start) => {
    const piece = whole.subarray(start, start + PIECE_BYTES)
    const flags = start + PIECE_BYTES >= whole.length ? FLAG.endHeaders : FLAG.none
    return start === 0 ? headers(1, piece, flags | FLAG.endStream) : continuation(1, piece, flags)
  })
}

export const MESSAGE_CASES: readonly Case[] = [...GOOD, ...TOO_LARGE]

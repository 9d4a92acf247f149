/** Cases of field blocks over several frames (RFC 9113 sections 4.3, 6.10, 10.5.1). */
import { expect } from 'vitest'
import { ALIVE, type Case, connectionError, SERVED } from '../case.ts'
import {
  continuation,
  data,
  FLAG,
  frame,
  goaway,
  headers,
  ping,
  priority,
  rstStream,
  settings,
  TYPE,
  windowUpdate,
} from '../frames.ts'
import { block } from '../hpack-encode.ts'
import type { Talk } from '../talk.ts'

const FATAL = connectionError('PROTOCOL_ERROR')
const CANCEL = 0x08
/** Of empty frames, in one block: far more than any client needs. */
const EMPTY_FRAMES = 10_000
/** Of field content, in one block that never ends. */
const ENDLESS_BYTES = 1024 * 1024

/** HEADERS with the first octets of a block whose end is still to come. */
function begin(talk: Talk, stream: number, flags: number = FLAG.endStream): Buffer {
  return headers(stream, block(talk.head()).subarray(0, 9), flags)
}

const AMID: readonly (readonly [what: string, bytes: (talk: Talk) => Buffer])[] = [
  ['DATA on its stream', () => data(1, 'x')],
  ['HEADERS on its stream', (talk) => talk.get(1)],
  ['HEADERS on another stream', (talk) => talk.get(3)],
  ['PRIORITY', () => priority(1, 0)],
  ['RST_STREAM on its stream', () => rstStream(1, CANCEL)],
  ['SETTINGS', () => settings([])],
  ['PUSH_PROMISE', () => frame(TYPE.pushPromise, FLAG.endHeaders, 1, Buffer.alloc(4))],
  ['PING', () => ping('12345678')],
  ['GOAWAY', () => goaway(0, 0)],
  ['WINDOW_UPDATE', () => windowUpdate(0, 1)],
  ['CONTINUATION of another stream', (talk) => continuation(3, block(talk.head()).subarray(9))],
]

const ORDER: readonly Case[] = [
  ...AMID.map(
    ([what, bytes]): Case => ({
      name: `${what} amid a field block`,
      clause: '6.10',
      right: FATAL,
      act: (talk) => talk.send(begin(talk, 1), bytes(talk)),
    }),
  ),
  {
    name: 'DATA of an open stream amid the field block of another',
    clause: '6.10',
    right: FATAL,
    act: (talk) => talk.send(talk.post(1), begin(talk, 3), data(1, 'x', FLAG.endStream)),
  },
  {
    name: 'PING between two CONTINUATION frames',
    clause: '6.10',
    right: FATAL,
    act: (talk) => talk.send(begin(talk, 1), continuation(1, Buffer.alloc(0), 0), ping('12345678')),
  },
  {
    name: 'CONTINUATION on stream 0',
    clause: '6.10',
    right: FATAL,
    act: (talk) => talk.send(begin(talk, 1), continuation(0, block(talk.head()).subarray(9))),
  },
  {
    name: 'CONTINUATION on stream 0 without HEADERS',
    clause: '6.10',
    right: FATAL,
    act: (talk) => talk.send(continuation(0, Buffer.alloc(0))),
  },
  {
    name: 'CONTINUATION after HEADERS that end their block',
    clause: '6.10',
    right: FATAL,
    act: (talk) => talk.send(talk.post(1), continuation(1, block([['x-late', '1']]))),
  },
  {
    name: 'CONTINUATION after CONTINUATION that ends the block',
    clause: '6.10',
    right: FATAL,
    act: (talk) => {
      const rest = block(talk.head()).subarray(9)
      talk.send(begin(talk, 1, 0), continuation(1, rest), continuation(1, block([['x-late', '1']])))
    },
  },
  {
    name: 'CONTINUATION after DATA',
    clause: '6.10',
    right: FATAL,
    act: (talk) => talk.send(talk.post(1), data(1, 'x'), continuation(1, block([['x-late', '1']]))),
  },
]

const WHOLE: readonly Case[] = [
  {
    name: 'a field block of HEADERS and one CONTINUATION, cut amid a literal',
    clause: '4.3',
    right: SERVED,
    stream: 1,
    act: (talk) => talk.send(begin(talk, 1), continuation(1, block(talk.head()).subarray(9))),
  },
  {
    name: 'a field block that begins with empty HEADERS, and has an empty CONTINUATION in it',
    clause: '6.10',
    right: SERVED,
    stream: 1,
    act: (talk) => {
      const whole = block(talk.head())
      const [first, second] = [whole.subarray(0, 20), whole.subarray(20)]
      talk.send(
        headers(1, Buffer.alloc(0), FLAG.endStream),
        continuation(1, first, 0),
        continuation(1, Buffer.alloc(0), 0),
        continuation(1, second),
      )
    },
  },
  {
    name: 'padded HEADERS with a priority, and CONTINUATION',
    clause: '6.10',
    right: SERVED,
    stream: 1,
    act: (talk) => {
      const whole = block(talk.head())
      const content = Buffer.concat([Buffer.from([3]), Buffer.alloc(5), whole.subarray(0, 9), Buffer.alloc(3)])
      talk.send(headers(1, content, FLAG.endStream | FLAG.padded | FLAG.priority), continuation(1, whole.subarray(9)))
    },
  },
  {
    name: 'END_STREAM on HEADERS ends the request though CONTINUATION follows',
    clause: '8.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(begin(talk, 1), continuation(1, block(talk.head()).subarray(9)))
      expect(await talk.echo(1)).toMatchObject({ method: 'GET', bodyBytes: 0 })
    },
  },
  {
    name: 'the flag of END_STREAM on CONTINUATION has no meaning there',
    clause: '6.10',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      const whole = block(talk.head({ method: 'POST' }))
      const flags = FLAG.endStream | FLAG.endHeaders
      talk.send(headers(1, whole.subarray(0, 9), 0), continuation(1, whole.subarray(9), flags))
      talk.send(data(1, 'body', FLAG.endStream))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: 4 })
    },
  },
  {
    name: 'trailers over HEADERS and CONTINUATION',
    clause: '8.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      const trailers = block([['x-checksum', 'weir']])
      talk.send(talk.post(1), data(1, 'body'))
      talk.send(headers(1, trailers.subarray(0, 4), FLAG.endStream), continuation(1, trailers.subarray(4)))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: 4 })
    },
  },
]

const ABUSE: readonly Case[] = [
  {
    name: `${EMPTY_FRAMES} empty CONTINUATION frames`,
    clause: '10.5',
    right: [...connectionError('ENHANCE_YOUR_CALM', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'NO_ERROR'), 'closed'],
    choice: 'a server may end a connection that means to cost it',
    act: (talk) => {
      const empty = continuation(1, Buffer.alloc(0), 0)
      talk.send(begin(talk, 1), ...Array.from({ length: EMPTY_FRAMES }, () => empty))
    },
  },
  {
    name: 'a field block without end',
    clause: '10.5.1',
    right: [
      ...connectionError('ENHANCE_YOUR_CALM', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'COMPRESSION_ERROR', 'NO_ERROR'),
      'closed',
      'stream ENHANCE_YOUR_CALM',
      'status 431',
    ],
    choice: 'a server may refuse fields that are too large in any way; it must not keep them',
    act: (talk) => {
      const piece = block(Array.from({ length: 150 }, () => ['x-fill', 'x'.repeat(90)] as const))
      const frames = Array.from({ length: ENDLESS_BYTES / piece.length }, () => continuation(1, piece, 0))
      talk.send(headers(1, block(talk.head()), FLAG.endStream), ...frames)
    },
  },
  {
    name: '1,000 PRIORITY frames on idle streams open none',
    clause: '10.5',
    right: [...ALIVE, ...connectionError('ENHANCE_YOUR_CALM')],
    choice: 'a server may call it too many',
    act: (talk) => talk.send(...Array.from({ length: 1_000 }, (_, at) => priority(1 + 2 * at, 0))),
  },
]

export const CONTINUATION_CASES: readonly Case[] = [...ORDER, ...WHOLE, ...ABUSE]

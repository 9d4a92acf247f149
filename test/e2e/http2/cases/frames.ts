/** Cases of each frame type by itself (RFC 9113 sections 6.1 to 6.8). */
import { expect } from 'vitest'
import { ALIVE, type Case, connectionError, SERVED, streamError } from '../case.ts'
import {
  data,
  FLAG,
  frame,
  goaway,
  headers,
  padded,
  ping,
  priority,
  priorityFields,
  rstStream,
  TYPE,
  uint32,
} from '../frames.ts'
import { block } from '../hpack-encode.ts'
import type { Talk } from '../talk.ts'

const CANCEL = 0x08
const UNKNOWN_CODE = 0xdead_beef
const END = FLAG.endStream | FLAG.endHeaders

/** A case that sends these bytes and needs nothing else. */
function sending(
  name: string,
  clause: string,
  right: Case['right'],
  bytes: (talk: Talk) => readonly Uint8Array[],
  more: Partial<Case> = {},
): Case {
  return { name, clause, right, act: (talk) => talk.send(...bytes(talk)), ...more }
}

const FATAL = connectionError('PROTOCOL_ERROR')
const WRONG_SIZE = connectionError('FRAME_SIZE_ERROR')
/** A frame too short for the fields that its flags announce is of a wrong size, or malformed. */
const TOO_SHORT = {
  right: connectionError('FRAME_SIZE_ERROR', 'PROTOCOL_ERROR'),
  choice: 'section 4.2 asks for FRAME_SIZE_ERROR, section 6 for PROTOCOL_ERROR where padding is too long',
}

const DATA: readonly Case[] = [
  sending('DATA on stream 0', '6.1', FATAL, () => [data(0, 'x')]),
  {
    name: 'padded DATA: the origin sees the content alone',
    clause: '6.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.post(1), data(1, padded('body', 200), FLAG.padded | FLAG.endStream))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: 4 })
    },
  },
  {
    name: 'DATA of padding alone',
    clause: '6.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.post(1), data(1, padded('', 255), FLAG.padded | FLAG.endStream))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: 0 })
    },
  },
  sending('padded DATA with a padding of 0', '6.1', SERVED, (talk) => [talk.post(1), data(1, padded('body', 0), 9)], {
    stream: 1,
  }),
  sending('DATA whose padding is as long as its payload', '6.1', FATAL, (talk) => [
    talk.post(1),
    frame(TYPE.data, FLAG.padded, 1, Buffer.from([5, 0, 0, 0, 0])),
  ]),
  sending('DATA whose padding is longer than its payload', '6.1', FATAL, (talk) => [
    talk.post(1),
    frame(TYPE.data, FLAG.padded, 1, Buffer.from([255, 0])),
  ]),
  sending(
    'padded DATA without a pad length',
    '6.1',
    TOO_SHORT.right,
    (talk) => [talk.post(1), data(1, '', FLAG.padded)],
    {
      choice: TOO_SHORT.choice,
    },
  ),
  sending(
    'DATA with padding that is not zero',
    '6.1',
    [...SERVED, ...FATAL],
    (talk) => [talk.post(1), data(1, padded('body', 10, 0xff), 9)],
    { stream: 1, choice: 'a receiver need not verify padding, and may' },
  ),
  {
    name: 'many empty DATA frames before the last',
    clause: '6.1',
    right: SERVED,
    stream: 1,
    act: (talk) => {
      const empty = Array.from({ length: 50 }, () => data(1, ''))
      talk.send(talk.post(1), ...empty, data(1, 'x', FLAG.endStream))
    },
  },
]

const HEADERS: readonly Case[] = [
  sending('HEADERS on stream 0', '6.2', FATAL, (talk) => [headers(0, block(talk.head()), END)]),
  sending('padded HEADERS', '6.2', SERVED, (talk) => [headers(1, padded(block(talk.head()), 100), END | FLAG.padded)], {
    stream: 1,
  }),
  sending(
    'HEADERS with a priority that is exclusive',
    '6.2',
    SERVED,
    (talk) => [headers(1, Buffer.concat([priorityFields(0, 255, true), block(talk.head())]), END | FLAG.priority)],
    { stream: 1 },
  ),
  sending(
    'HEADERS with padding and priority',
    '6.2',
    SERVED,
    (talk) => {
      const content = Buffer.concat([priorityFields(0), block(talk.head())])
      return [headers(1, padded(content, 7), END | FLAG.padded | FLAG.priority)]
    },
    { stream: 1 },
  ),
  sending('HEADERS whose padding is as long as its payload', '6.2', FATAL, () => [
    headers(1, Buffer.from([3, 0x82, 0x84]), END | FLAG.padded),
  ]),
  sending(
    'HEADERS whose padding reaches into the priority',
    '6.2',
    TOO_SHORT.right,
    (talk) => {
      const content = Buffer.concat([Buffer.from([4]), priorityFields(0), Buffer.alloc(2)])
      return [headers(1, content, END | FLAG.padded | FLAG.priority), talk.get(3)]
    },
    { choice: TOO_SHORT.choice },
  ),
  sending('padded HEADERS without a pad length', '6.2', TOO_SHORT.right, () => [headers(1, Buffer.alloc(0), END | 8)], {
    choice: TOO_SHORT.choice,
  }),
  sending(
    'HEADERS with a priority of four octets',
    '6.2',
    TOO_SHORT.right,
    () => [headers(1, Buffer.alloc(4), END | FLAG.priority)],
    { choice: TOO_SHORT.choice },
  ),
  sending(
    'HEADERS that depend on their own stream',
    '5.3.2',
    [...SERVED, ...streamError('PROTOCOL_ERROR')],
    (talk) => [headers(1, Buffer.concat([priorityFields(1), block(talk.head())]), END | FLAG.priority)],
    { stream: 1, choice: 'an error in RFC 7540 section 5.3.1; RFC 9113 takes no notice of priorities' },
  ),
]

const PRIORITY: readonly Case[] = [
  sending('PRIORITY on stream 0', '6.3', FATAL, () => [priority(0, 1)], {
    nodeDiffers: { outcome: 'alive', note: 'it takes no notice of any PRIORITY', hidden: true },
  }),
  sending(
    'PRIORITY of four octets',
    '6.3',
    streamError('FRAME_SIZE_ERROR'),
    (talk) => [talk.post(1), frame(TYPE.priority, 0, 1, Buffer.alloc(4))],
    { stream: 1 },
  ),
  sending(
    'PRIORITY of six octets',
    '6.3',
    streamError('FRAME_SIZE_ERROR'),
    (talk) => [talk.post(1), frame(TYPE.priority, 0, 1, Buffer.alloc(6))],
    { stream: 1 },
  ),
  sending(
    'PRIORITY that depends on its own stream',
    '5.3.2',
    [...ALIVE, ...streamError('PROTOCOL_ERROR')],
    () => [priority(1, 1)],
    { choice: 'an error in RFC 7540 section 5.3.1; RFC 9113 takes no notice of priorities' },
  ),
  sending('PRIORITY on an open stream', '6.3', SERVED, (talk) => [talk.post(1), priority(1, 0), data(1, 'x', 1)], {
    stream: 1,
  }),
]

const RST_STREAM: readonly Case[] = [
  sending('RST_STREAM on stream 0', '6.4', FATAL, () => [rstStream(0, CANCEL)]),
  sending('RST_STREAM of three octets', '6.4', WRONG_SIZE, (talk) => [
    talk.post(1),
    frame(TYPE.rstStream, 0, 1, Buffer.alloc(3)),
  ]),
  sending('RST_STREAM of five octets', '6.4', WRONG_SIZE, (talk) => [
    talk.post(1),
    frame(TYPE.rstStream, 0, 1, Buffer.alloc(5)),
  ]),
  sending('RST_STREAM with an unknown error code', '7', ALIVE, (talk) => [talk.post(1), rstStream(1, UNKNOWN_CODE)]),
  sending('RST_STREAM with NO_ERROR amid a request', '6.4', ALIVE, (talk) => [talk.post(1), rstStream(1, 0)]),
]

const PROMISES: readonly (readonly [where: string, bytes: (talk: Talk) => readonly Uint8Array[]])[] = [
  ['an open stream', (talk) => [talk.post(1), promise(talk, 1, 2)]],
  ['stream 0', (talk) => [promise(talk, 0, 2)]],
  ['an idle stream', (talk) => [promise(talk, 1, 2)]],
  ['an open stream, with an odd one promised', (talk) => [talk.post(1), promise(talk, 1, 3)]],
]

const PUSH_PROMISE: readonly Case[] = PROMISES.map(
  ([where, bytes]): Case => sending(`PUSH_PROMISE of a client on ${where}`, '8.4', FATAL, bytes),
)

function promise(talk: Talk, stream: number, promised: number): Buffer {
  return frame(TYPE.pushPromise, FLAG.endHeaders, stream, Buffer.concat([uint32(promised), block(talk.head())]))
}

const PING: readonly Case[] = [
  {
    name: 'PING is answered with the same octets',
    clause: '6.7',
    right: ALIVE,
    act: async ({ client }) => {
      const octets = Buffer.from('0001fe80ff0a0d7f', 'hex')
      client.send(ping(octets))
      await client.ping()
      expect(client.frames.find(({ type, payload }) => type === TYPE.ping && payload.equals(octets))).toMatchObject({
        flags: FLAG.ack,
        stream: 0,
      })
    },
  },
  {
    name: 'an ACK of a PING that was never sent is not answered',
    clause: '6.7',
    right: [...ALIVE, ...connectionError('PROTOCOL_ERROR', 'INTERNAL_ERROR')],
    choice: 'nothing is said of it',
    act: async ({ client }) => {
      client.send(ping('strange!', FLAG.ack))
      await client.ping()
      expect(client.frames.some(({ payload }) => payload.equals(Buffer.from('strange!')))).toBe(false)
    },
  },
  sending('PING on a stream', '6.7', FATAL, (talk) => [talk.post(1), frame(TYPE.ping, 0, 1, Buffer.alloc(8))]),
  sending('PING of seven octets', '6.7', WRONG_SIZE, () => [ping('1234567')]),
  sending('PING of nine octets', '6.7', WRONG_SIZE, () => [ping('123456789')]),
  sending('PING of none', '6.7', WRONG_SIZE, () => [ping('')]),
  sending('ACK of PING of seven octets', '6.7', WRONG_SIZE, () => [ping('1234567', FLAG.ack)]),
]

const GOAWAY: readonly Case[] = [
  sending('GOAWAY on a stream', '6.8', FATAL, (talk) => [talk.post(1), frame(TYPE.goaway, 0, 1, Buffer.alloc(8))]),
  sending('GOAWAY of seven octets', '6.8', WRONG_SIZE, () => [frame(TYPE.goaway, 0, 0, Buffer.alloc(7))]),
  {
    name: 'GOAWAY of the client lets its open streams finish',
    clause: '6.8',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.post(1), goaway(0, 0))
      await talk.client.ping()
      talk.send(data(1, 'the rest', FLAG.endStream))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: 8 })
    },
  },
  sending(
    'GOAWAY with an error code ends the connection or lets it be',
    '6.8',
    ['closed', 'alive', ...connectionError('NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR')],
    () => [goaway(0, 1)],
    { choice: 'the client says that it will close; what the server does until then is its own' },
  ),
]

export const FRAME_CASES: readonly Case[] = [
  ...DATA,
  ...HEADERS,
  ...PRIORITY,
  ...RST_STREAM,
  ...PUSH_PROMISE,
  ...PING,
  ...GOAWAY,
]

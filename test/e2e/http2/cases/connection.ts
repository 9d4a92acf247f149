/** Cases of the connection preface, the frame header and frame sizes (RFC 9113 sections 3.4, 4.1, 4.2, 5.5). */
import { expect } from 'vitest'
import { ALIVE, type Case, connectionError, SERVED, streamError } from '../case.ts'
import {
  data,
  FLAG,
  FRAME_BYTES_DEFAULT,
  FRAME_HEAD_BYTES,
  frame,
  goaway,
  headers,
  PREFACE,
  ping,
  rstStream,
  settings,
  settingsAck,
  TYPE,
  uint32,
  windowUpdate,
} from '../frames.ts'
import { block } from '../hpack-encode.ts'
import type { Talk } from '../talk.ts'

const UNKNOWN_TYPE = 0xbb
const END = FLAG.endStream | FLAG.endHeaders
const ALL_FLAGS = 0xff

function octetByOctet(talk: Talk, bytes: Uint8Array): void {
  for (const octet of bytes) talk.send(Buffer.from([octet]))
}

/** A head of exactly so many octets. */
function sizedBlock(talk: Talk, octets: number): Buffer {
  const without = block(talk.head({ fields: [['x-fill', '']] })).length
  // Two more octets tell a length of 127 and more.
  return block(talk.head({ fields: [['x-fill', 'x'.repeat(octets - without - 2)]] }))
}

const PREFACES: readonly Case[] = [
  {
    name: 'preface and SETTINGS: the server sends SETTINGS first, and acknowledges ours',
    clause: '3.4',
    right: ALIVE,
    unopened: true,
    act: async (talk) => {
      await talk.client.open()
      const [first] = talk.client.frames
      expect(first).toMatchObject({ type: TYPE.settings, flags: FLAG.none, stream: 0 })
    },
  },
  {
    name: 'a request in the same write as the preface, before any frame of the server',
    clause: '3.4',
    right: SERVED,
    stream: 1,
    unopened: true,
    act: (talk) => talk.send(PREFACE, settings([]), talk.get(1)),
  },
  {
    name: 'preface, SETTINGS and a request octet by octet',
    clause: '3.4',
    right: SERVED,
    stream: 1,
    unopened: true,
    act: (talk) => octetByOctet(talk, Buffer.concat([PREFACE, settings([]), talk.get(1)])),
  },
  ...(
    [
      ['an HTTP/1.1 request', (): Buffer => Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.padEnd(64))],
      ['a preface that is wrong in its last octet', () => Buffer.from(PREFACE).fill('x', PREFACE.length - 1)],
      ['a preface in lower case', () => Buffer.from(PREFACE.toString('latin1').toLowerCase())],
      ['SETTINGS without a preface', () => Buffer.concat([settings([]), settings([]), settings([])])],
    ] as const
  ).map(
    ([what, bytes]): Case => ({
      name: `${what} in place of the preface`,
      clause: '3.4',
      right: [...connectionError('PROTOCOL_ERROR'), 'closed'],
      choice: 'GOAWAY may be left out, as the peer does not speak HTTP/2',
      unopened: true,
      act: (talk) => talk.send(bytes()),
      nodeDiffers: {
        outcome: 'connection INTERNAL_ERROR',
        note: 'it ends the connection, with a code that blames itself',
        hidden: true,
      },
    }),
  ),
  ...(
    [
      ['PING', () => ping('12345678')],
      ['HEADERS', (talk: Talk) => talk.get(1)],
      ['WINDOW_UPDATE', () => windowUpdate(0, 1)],
      ['SETTINGS with ACK', () => settingsAck()],
      ['an unknown frame', () => frame(UNKNOWN_TYPE, 0, 0, 'x')],
    ] as const
  ).map(
    ([what, bytes]): Case => ({
      name: `${what} as the first frame`,
      clause: '3.4',
      right: connectionError('PROTOCOL_ERROR'),
      unopened: true,
      act: (talk) => talk.send(PREFACE, bytes(talk), settings([])),
    }),
  ),
  {
    name: 'the preface twice: the second is a frame of 5,263,945 octets',
    clause: '4.2',
    right: connectionError('FRAME_SIZE_ERROR'),
    act: (talk) => talk.send(PREFACE),
  },
]

const FRAME_HEADS: readonly Case[] = [
  {
    name: 'an unknown frame on stream 0',
    clause: '4.1',
    right: ALIVE,
    act: (talk) => talk.send(frame(UNKNOWN_TYPE, ALL_FLAGS, 0, 'unheard of')),
  },
  {
    name: 'an unknown frame on an idle stream, which stays idle',
    clause: '5.5',
    right: SERVED,
    stream: 1,
    act: (talk) => talk.send(frame(UNKNOWN_TYPE, 0, 1, 'unheard of'), talk.get(1)),
  },
  {
    name: 'an unknown frame on an open stream, between HEADERS and DATA',
    clause: '5.5',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.post(1), frame(UNKNOWN_TYPE, ALL_FLAGS, 1, 'unheard of'), data(1, 'body', FLAG.endStream))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: 4 })
    },
  },
  {
    name: 'an unknown frame amid a field block',
    clause: '5.5',
    right: connectionError('PROTOCOL_ERROR'),
    act: (talk) => talk.send(headers(1, block(talk.head()), FLAG.endStream), frame(UNKNOWN_TYPE, 0, 1, 'x')),
  },
  {
    name: 'PING with the reserved bit set',
    clause: '4.1',
    right: ALIVE,
    act: (talk) => talk.send(frame(TYPE.ping, 0, 0, '12345678', { reserved: true })),
  },
  {
    name: 'HEADERS and DATA with the reserved bit set',
    clause: '4.1',
    right: SERVED,
    stream: 1,
    act: (talk) =>
      talk.send(
        frame(TYPE.headers, FLAG.endHeaders, 1, block(talk.head({ method: 'POST' })), { reserved: true }),
        frame(TYPE.data, FLAG.endStream, 1, 'body', { reserved: true }),
      ),
  },
  {
    name: 'PING with undefined flags is answered',
    clause: '4.1',
    right: ALIVE,
    act: async (talk) => {
      talk.send(ping('undefind', 0xfe))
      await talk.client.ping()
      expect(talk.client.frames.some(({ payload }) => payload.equals(Buffer.from('undefind')))).toBe(true)
    },
  },
  {
    name: 'SETTINGS with undefined flags are acknowledged',
    clause: '4.1',
    right: ALIVE,
    act: async ({ client }) => {
      const acks = (): number => client.frames.filter((each) => each.type === TYPE.settings && each.flags === 1).length
      const before = acks()
      client.send(frame(TYPE.settings, 0xfe, 0))
      await client.until(() => acks() > before, 'the ACK')
    },
  },
  {
    name: 'HEADERS and DATA with undefined flags',
    clause: '4.1',
    right: SERVED,
    stream: 1,
    act: (talk) =>
      talk.send(headers(1, block(talk.head({ method: 'POST' })), 0xd2 | FLAG.endHeaders), data(1, 'body', 0xf7)),
  },
  {
    name: 'WINDOW_UPDATE and RST_STREAM with undefined flags',
    clause: '4.1',
    right: ALIVE,
    act: (talk) =>
      talk.send(
        frame(TYPE.windowUpdate, ALL_FLAGS, 0, uint32(1)),
        talk.post(1),
        frame(TYPE.rstStream, ALL_FLAGS, 1, uint32(8)),
      ),
  },
]

const SIZES: readonly Case[] = [
  {
    name: `DATA of ${FRAME_BYTES_DEFAULT} octets`,
    clause: '4.2',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.post(1), data(1, Buffer.alloc(FRAME_BYTES_DEFAULT), FLAG.endStream))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: FRAME_BYTES_DEFAULT })
    },
  },
  {
    name: 'DATA of one octet more',
    clause: '4.2',
    right: streamError('FRAME_SIZE_ERROR'),
    stream: 1,
    act: (talk) => talk.send(talk.post(1), data(1, Buffer.alloc(FRAME_BYTES_DEFAULT + 1), FLAG.endStream)),
  },
  {
    name: `HEADERS of ${FRAME_BYTES_DEFAULT} octets`,
    clause: '4.2',
    right: [...SERVED, 'status 431', ...streamError('ENHANCE_YOUR_CALM')],
    choice: 'a server may find the fields too large (RFC 6585 section 5)',
    stream: 1,
    act: (talk) => talk.send(headers(1, sizedBlock(talk, FRAME_BYTES_DEFAULT), END)),
  },
  {
    name: 'HEADERS of one octet more',
    clause: '4.2',
    right: connectionError('FRAME_SIZE_ERROR'),
    act: (talk) => talk.send(headers(1, sizedBlock(talk, FRAME_BYTES_DEFAULT + 1), END)),
  },
  {
    name: 'SETTINGS of one octet more than a frame may have, and of whole entries',
    clause: '4.2',
    right: connectionError('FRAME_SIZE_ERROR'),
    act: (talk) => talk.send(frame(TYPE.settings, 0, 0, Buffer.alloc(16_386))),
  },
  {
    name: 'an unknown frame that is too large',
    clause: '4.2',
    right: streamError('FRAME_SIZE_ERROR'),
    act: (talk) => talk.send(frame(UNKNOWN_TYPE, 0, 0, Buffer.alloc(FRAME_BYTES_DEFAULT + 1))),
  },
  {
    name: 'a frame head that announces 16,777,215 octets, without one of them',
    clause: '4.2',
    right: streamError('FRAME_SIZE_ERROR'),
    act: (talk) => talk.send(talk.post(1), frame(TYPE.data, 0, 1, '', { length: 0xff_ff_ff })),
  },
  {
    name: 'GOAWAY of a whole frame with debug data is no error',
    clause: '4.2',
    right: SERVED,
    stream: 1,
    act: (talk) => talk.send(talk.get(1), goaway(0, 0, Buffer.alloc(FRAME_BYTES_DEFAULT - 8))),
  },
  {
    name: 'a request and its content octet by octet',
    clause: '4.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      octetByOctet(talk, Buffer.concat([talk.post(1), data(1, 'body', FLAG.endStream)]))
      expect(await talk.echo(1)).toMatchObject({ method: 'POST', bodyBytes: 4 })
    },
  },
  {
    name: 'a frame head cut by the end of the connection',
    clause: '4.1',
    right: ['closed', ...connectionError('NO_ERROR', 'PROTOCOL_ERROR')],
    choice: 'nothing is said of it',
    act: (talk) => {
      talk.send(ping('12345678').subarray(0, FRAME_HEAD_BYTES - 1))
      talk.client.socket.end()
    },
  },
  {
    name: 'a reset stream, and others go on',
    clause: '5.4.2',
    right: SERVED,
    stream: 3,
    act: (talk) => talk.send(talk.post(1), rstStream(1, 8), talk.get(3)),
  },
]

export const CONNECTION_CASES: readonly Case[] = [...PREFACES, ...FRAME_HEADS, ...SIZES]

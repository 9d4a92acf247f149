/** Cases of stream states, stream identifiers and concurrency (RFC 9113 sections 5.1 to 5.1.2). */
import { expect } from 'vitest'
import { ALIVE, type Case, connectionError, type Outcome, SERVED, streamError } from '../case.ts'
import {
  continuation,
  data,
  FLAG,
  frame,
  headers,
  priority,
  rstStream,
  SETTING,
  settings,
  TYPE,
  uint32,
  windowUpdate,
} from '../frames.ts'
import { block } from '../hpack-encode.ts'
import type { Talk } from '../talk.ts'

const CANCEL = 0x08
const END = FLAG.endStream | FLAG.endHeaders

type FrameOn = (stream: number, talk: Talk) => Buffer

const DATA: FrameOn = (stream) => data(stream, 'late')
const HEADERS: FrameOn = (stream, talk) => talk.get(stream)
const TRAILERS: FrameOn = (stream) => headers(stream, block([['x-late', '1']]), END)
const WINDOW_UPDATE: FrameOn = (stream) => windowUpdate(stream, 1)
const RST_STREAM: FrameOn = (stream) => rstStream(stream, CANCEL)
const PRIORITY: FrameOn = (stream) => priority(stream, 0)
const CONTINUATION: FrameOn = (stream) => continuation(stream, block([['x-late', '1']]))

type Row = readonly [what: string, bytes: FrameOn, right: readonly Outcome[], choice?: string]

const onIdle: readonly Row[] = [
  ['DATA', DATA, connectionError('PROTOCOL_ERROR')],
  ['WINDOW_UPDATE', WINDOW_UPDATE, connectionError('PROTOCOL_ERROR')],
  ['RST_STREAM', RST_STREAM, connectionError('PROTOCOL_ERROR')],
  ['CONTINUATION', CONTINUATION, connectionError('PROTOCOL_ERROR')],
  ['PRIORITY', PRIORITY, ALIVE],
]

const IDLE: readonly Case[] = onIdle.map(
  ([what, bytes, right]): Case => ({
    name: `${what} on an idle stream`,
    clause: '5.1',
    right,
    act: (talk) => talk.send(bytes(1, talk)),
  }),
)

/** The request is whole, and its answer waits for a window. */
async function halfClose(talk: Talk): Promise<void> {
  talk.send(settings([[SETTING.initialWindowSize, 0]]), talk.get(1, { path: '/bytes/10' }))
  // A server need not send the head before there is a window.
  await talk.settle()
}

const onHalfClosed: readonly Row[] = [
  ['DATA', DATA, streamError('STREAM_CLOSED')],
  ['HEADERS', HEADERS, streamError('STREAM_CLOSED')],
  ['trailers', TRAILERS, streamError('STREAM_CLOSED')],
  ['CONTINUATION', CONTINUATION, connectionError('PROTOCOL_ERROR')],
]

const HALF_CLOSED: readonly Case[] = [
  ...onHalfClosed.map(
    ([what, bytes, right]): Case => ({
      name: `${what} after END_STREAM, while the answer is under way`,
      clause: '5.1',
      right,
      stream: 1,
      act: async (talk) => {
        await halfClose(talk)
        talk.send(bytes(1, talk))
      },
    }),
  ),
  {
    name: 'WINDOW_UPDATE and PRIORITY after END_STREAM let the answer go on',
    clause: '5.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      await halfClose(talk)
      talk.send(priority(1, 0), windowUpdate(1, 10))
    },
  },
  {
    name: 'RST_STREAM after END_STREAM ends the answer',
    clause: '5.1',
    right: ALIVE,
    act: async (talk) => {
      await halfClose(talk)
      talk.send(rstStream(1, CANCEL), settings([[SETTING.initialWindowSize, 65_535]]))
      await talk.settle()
      expect(talk.client.stream(1)).toMatchObject({ ended: false, reset: null })
      expect(talk.client.stream(1).body.length).toBe(0)
    },
  },
]

const onEnded: readonly Row[] = [
  ['DATA', DATA, [...streamError('STREAM_CLOSED'), ...ALIVE], 'it may be discarded, or end the connection'],
  [
    'HEADERS',
    HEADERS,
    [...streamError('STREAM_CLOSED'), ...connectionError('PROTOCOL_ERROR'), ...ALIVE],
    'as for DATA',
  ],
  ['CONTINUATION', CONTINUATION, connectionError('PROTOCOL_ERROR')],
  [
    'WINDOW_UPDATE',
    WINDOW_UPDATE,
    [...ALIVE, ...connectionError('STREAM_CLOSED')],
    'it may come late, and may be an error after that',
  ],
  ['RST_STREAM', RST_STREAM, [...ALIVE, ...connectionError('STREAM_CLOSED')], 'as for WINDOW_UPDATE'],
  ['PRIORITY', PRIORITY, ALIVE],
]

const ENDED: readonly Case[] = onEnded.map(
  ([what, bytes, right, choice]): Case => ({
    name: `${what} on a stream that both sides have ended`,
    clause: '5.1',
    right,
    ...(choice === undefined ? {} : { choice }),
    act: async (talk) => {
      talk.send(talk.get(1))
      await talk.answer(1)
      talk.send(bytes(1, talk))
    },
  }),
)

const onReset: readonly Row[] = [
  ['DATA', DATA, [...streamError('STREAM_CLOSED'), ...ALIVE], 'it may be discarded, or end the connection'],
  [
    'HEADERS',
    HEADERS,
    [...streamError('STREAM_CLOSED'), ...connectionError('PROTOCOL_ERROR'), ...ALIVE],
    'as for DATA',
  ],
  ['CONTINUATION', CONTINUATION, connectionError('PROTOCOL_ERROR')],
  ['PRIORITY', PRIORITY, ALIVE],
]

const RESET: readonly Case[] = [
  ...onReset.map(
    ([what, bytes, right, choice]): Case => ({
      name: `${what} after RST_STREAM of its sender`,
      clause: '5.1',
      right,
      ...(choice === undefined ? {} : { choice }),
      act: (talk) => talk.send(talk.post(1), rstStream(1, CANCEL), bytes(1, talk)),
    }),
  ),
  {
    name: 'DATA, HEADERS, WINDOW_UPDATE and RST_STREAM that crossed the server’s RST_STREAM',
    clause: '5.1',
    right: ['stream PROTOCOL_ERROR', 'status 400', ...connectionError('PROTOCOL_ERROR')],
    choice: 'the malformed request before it may be answered or end the connection',
    stream: 1,
    act: (talk) =>
      talk.send(
        talk.post(1, { fields: [['connection', 'close']] }),
        data(1, 'under way'),
        windowUpdate(1, 1),
        headers(1, block([['x-trailer', '1']]), END),
        rstStream(1, CANCEL),
      ),
  },
  {
    name: 'content for streams that the server has reset comes back as window of the connection',
    clause: '5.1',
    right: ['alive', 'stream PROTOCOL_ERROR', 'stream STREAM_CLOSED', ...connectionError('PROTOCOL_ERROR')],
    choice: 'the malformed requests before it may be answered, reset or end the connection',
    act: async (talk) => {
      const rounds = 8
      for (let round = 0; round < rounds; round += 1) {
        const stream = 1 + 2 * round
        const granted = connectionCredit(talk)
        talk.send(talk.post(stream, { fields: [['connection', 'close']] }), data(stream, Buffer.alloc(16_000)))
        await talk.client.ping()
        if (talk.client.goaway !== null) return
        // As much as half a window may be held back.
        if (round * 16_000 > 65_535) expect(granted).toBeGreaterThan(0)
      }
    },
  },
]

/** What the server has granted on the connection since it began. */
function connectionCredit(talk: Talk): number {
  const grants = talk.client.frames.filter(({ type, stream }) => type === TYPE.windowUpdate && stream === 0)
  return grants.reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 0)
}

const IDENTIFIERS: readonly Case[] = [
  {
    name: 'HEADERS on an even stream',
    clause: '5.1.1',
    right: connectionError('PROTOCOL_ERROR'),
    act: (talk) => talk.send(talk.get(2)),
  },
  {
    name: 'HEADERS on a lower stream than the last',
    clause: '5.1.1',
    right: connectionError('PROTOCOL_ERROR', 'STREAM_CLOSED'),
    choice: 'the stream that was skipped is closed, which is an error too',
    act: (talk) => talk.send(talk.get(5), talk.get(3)),
    nodeDiffers: {
      outcome: 'alive',
      note: 'it decodes the block and discards it, so that the request is never served',
      hidden: true,
    },
  },
  {
    name: 'DATA on a stream that was skipped',
    clause: '5.1.1',
    right: [...streamError('STREAM_CLOSED'), ...connectionError('PROTOCOL_ERROR'), ...ALIVE],
    choice: 'the stream is closed: what comes on it may be discarded',
    act: (talk) => talk.send(talk.get(5), data(3, 'x')),
  },
  {
    name: 'DATA on an even stream',
    clause: '5.1',
    right: connectionError('PROTOCOL_ERROR'),
    act: (talk) => talk.send(data(2, 'x')),
  },
  {
    name: 'WINDOW_UPDATE on an even stream',
    clause: '5.1',
    right: connectionError('PROTOCOL_ERROR'),
    act: (talk) => talk.send(windowUpdate(2, 1)),
  },
  {
    name: 'RST_STREAM on an even stream',
    clause: '5.1',
    right: connectionError('PROTOCOL_ERROR'),
    act: (talk) => talk.send(rstStream(2, CANCEL)),
  },
  {
    name: 'a stream number that skips many',
    clause: '5.1.1',
    right: SERVED,
    stream: 1_000_001,
    act: (talk) => talk.send(talk.get(1_000_001)),
  },
  {
    name: 'the highest stream number',
    clause: '5.1.1',
    right: SERVED,
    stream: 0x7fff_ffff,
    act: (talk) => talk.send(talk.get(0x7fff_ffff)),
  },
  {
    name: 'a second request on the same stream once it is answered',
    clause: '5.1.1',
    right: [...streamError('STREAM_CLOSED'), ...connectionError('PROTOCOL_ERROR'), ...ALIVE],
    choice: 'the stream is closed: what comes on it may be discarded, and must not be answered',
    act: async (talk) => {
      talk.send(talk.get(1))
      await talk.answer(1)
      talk.send(talk.get(1))
      await talk.settle()
      expect(talk.client.stream(1).sections).toHaveLength(1)
    },
  },
]

const CONCURRENCY: readonly Case[] = [
  {
    name: 'as many streams as the server allows, all open, and all served',
    clause: '5.1.2',
    right: ALIVE,
    act: async (talk) => {
      const streams = allowed(talk)
      talk.send(...streams.map((stream) => talk.post(stream)))
      await talk.client.ping()
      talk.send(...streams.map((stream) => data(stream, 'x', FLAG.endStream)))
      for (const stream of streams) expect(await talk.echo(stream)).toMatchObject({ bodyBytes: 1 })
    },
  },
  {
    name: 'one stream more than the server allows',
    clause: '5.1.2',
    right: [...streamError('PROTOCOL_ERROR', 'REFUSED_STREAM')],
    // Above each of those that are allowed.
    stream: 100_001,
    act: (talk) => talk.send(...allowed(talk).map((stream) => talk.post(stream)), talk.post(100_001)),
  },
  {
    name: 'more streams than are allowed at once, one after the other',
    clause: '5.1.2',
    right: ALIVE,
    act: async (talk) => {
      const streams = [...allowed(talk), 100_001, 100_003]
      for (const stream of streams) {
        talk.send(talk.post(stream), frame(TYPE.rstStream, 0, stream, uint32(CANCEL)))
        await talk.client.ping()
      }
    },
  },
]

/** As many streams as the server says; it must say a number that a test can open. */
function allowed({ client }: Talk): readonly number[] {
  const count = client.announced.get(SETTING.maxConcurrentStreams)
  expect(count).toBeLessThanOrEqual(1_000)
  return Array.from({ length: count ?? 0 }, (_, at) => 1 + 2 * at)
}

export const STREAM_CASES: readonly Case[] = [
  ...IDLE,
  ...HALF_CLOSED,
  ...ENDED,
  ...RESET,
  ...IDENTIFIERS,
  ...CONCURRENCY,
]

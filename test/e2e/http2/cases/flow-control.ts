/** Cases of WINDOW_UPDATE and of both sides' windows (RFC 9113 sections 5.2, 6.9 to 6.9.3). */
import { expect } from 'vitest'
import { ALIVE, type Case, connectionError, SERVED, streamError } from '../case.ts'
import {
  data,
  FLAG,
  frame,
  padded,
  SETTING,
  settings,
  TYPE,
  uint32,
  WINDOW_BYTES_DEFAULT,
  WINDOW_BYTES_MAX,
  windowUpdate,
} from '../frames.ts'
import type { Talk } from '../talk.ts'
import { UNREAD } from '../target.ts'

const FATAL = connectionError('PROTOCOL_ERROR')
const WRONG_SIZE = connectionError('FRAME_SIZE_ERROR')
/** Padding and its length. */
const PADDED_BYTES = 256
const OVERFLOW_BYTES = 4_000_000

function window(octets: number): Buffer {
  return settings([[SETTING.initialWindowSize, octets]])
}

const UPDATES: readonly Case[] = [
  {
    name: 'WINDOW_UPDATE of 0 on a stream',
    clause: '6.9',
    right: streamError('PROTOCOL_ERROR'),
    stream: 1,
    act: (talk) => talk.send(talk.post(1), windowUpdate(1, 0)),
  },
  {
    name: 'WINDOW_UPDATE of 0 on the connection',
    clause: '6.9',
    right: FATAL,
    act: (talk) => talk.send(windowUpdate(0, 0)),
  },
  {
    name: 'WINDOW_UPDATE of 0 with the reserved bit set',
    clause: '6.9',
    right: FATAL,
    act: (talk) => talk.send(windowUpdate(0, 0x8000_0000)),
  },
  {
    name: 'WINDOW_UPDATE with the reserved bit set',
    clause: '6.9',
    right: ALIVE,
    act: (talk) => talk.send(windowUpdate(0, 0x8000_0001)),
  },
  {
    name: 'WINDOW_UPDATE of three octets',
    clause: '6.9',
    right: WRONG_SIZE,
    act: (talk) => talk.send(frame(TYPE.windowUpdate, 0, 0, Buffer.alloc(3))),
  },
  {
    name: 'WINDOW_UPDATE of five octets on a stream',
    clause: '6.9',
    right: WRONG_SIZE,
    act: (talk) => talk.send(talk.post(1), frame(TYPE.windowUpdate, 0, 1, Buffer.alloc(5, 1))),
  },
  {
    name: 'WINDOW_UPDATE that brings the connection to 2³¹-1',
    clause: '6.9.1',
    right: ALIVE,
    act: (talk) => talk.send(windowUpdate(0, WINDOW_BYTES_MAX - WINDOW_BYTES_DEFAULT)),
  },
  {
    name: 'WINDOW_UPDATE that brings the connection to 2³¹',
    clause: '6.9.1',
    right: connectionError('FLOW_CONTROL_ERROR'),
    act: (talk) => talk.send(windowUpdate(0, WINDOW_BYTES_MAX - WINDOW_BYTES_DEFAULT + 1)),
  },
  {
    name: 'two WINDOW_UPDATE that bring the connection above 2³¹-1 together',
    clause: '6.9.1',
    right: connectionError('FLOW_CONTROL_ERROR'),
    act: (talk) => talk.send(windowUpdate(0, 0x4000_0000), windowUpdate(0, 0x4000_0000)),
  },
  {
    name: 'WINDOW_UPDATE that brings a stream to 2³¹-1',
    clause: '6.9.1',
    right: SERVED,
    stream: 1,
    act: (talk) => {
      const increment = WINDOW_BYTES_MAX - WINDOW_BYTES_DEFAULT
      talk.send(talk.post(1), windowUpdate(1, increment), data(1, 'x', FLAG.endStream))
    },
  },
  {
    name: 'WINDOW_UPDATE that brings a stream to 2³¹',
    clause: '6.9.1',
    right: streamError('FLOW_CONTROL_ERROR'),
    stream: 1,
    act: (talk) => talk.send(talk.post(1), windowUpdate(1, WINDOW_BYTES_MAX - WINDOW_BYTES_DEFAULT + 1)),
  },
]

const ANSWERS: readonly Case[] = [
  {
    name: 'an answer waits for a window, and comes octet by octet',
    clause: '6.9',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(window(0), talk.get(1, { path: '/bytes/3' }))
      await talk.expectContent(1, 0)
      talk.send(windowUpdate(1, 1))
      await talk.expectContent(1, 1)
      talk.send(windowUpdate(1, 2))
    },
  },
  {
    name: 'an answer stops at the window of its stream',
    clause: '6.9.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(windowUpdate(0, 1_000_000), talk.get(1, { path: '/bytes/100000' }))
      await talk.expectContent(1, WINDOW_BYTES_DEFAULT)
      talk.send(windowUpdate(1, 100_000))
    },
  },
  {
    name: 'an answer stops at the window of the connection, whatever its stream has',
    clause: '6.9.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(window(1_000_000), talk.get(1, { path: '/bytes/100000' }))
      await talk.expectContent(1, WINDOW_BYTES_DEFAULT)
      talk.send(windowUpdate(1, 100_000))
      await talk.expectContent(1, WINDOW_BYTES_DEFAULT)
      talk.send(windowUpdate(0, 100_000))
    },
  },
  {
    name: 'two answers share the window of the connection',
    clause: '5.2.1',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(talk.get(1, { path: '/bytes/60000' }), talk.get(3, { path: '/bytes/60000' }))
      const sum = (): number => talk.client.stream(1).body.length + talk.client.stream(3).body.length
      await talk.client.until(() => sum() >= WINDOW_BYTES_DEFAULT, 'the window')
      await talk.settle()
      expect(sum()).toBe(WINDOW_BYTES_DEFAULT)
      talk.send(windowUpdate(0, 100_000))
      await talk.answer(1)
    },
  },
  {
    name: 'a stream without a window does not stop another',
    clause: '5.2.2',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(window(0), talk.get(1, { path: '/bytes/10' }), talk.get(3, { path: '/bytes/10' }), windowUpdate(3, 10))
      await talk.answer(3)
      await talk.expectContent(1, 0)
    },
  },
  {
    name: 'a head without content needs no window',
    clause: '5.2.1',
    right: SERVED,
    stream: 1,
    act: (talk) => talk.send(window(0), talk.get(1, { method: 'HEAD' })),
  },
  {
    name: 'SETTINGS that raise the initial window let an open stream go on',
    clause: '6.9.2',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(window(0), talk.get(1, { path: '/bytes/10' }))
      await talk.expectContent(1, 0)
      talk.send(window(4))
      await talk.expectContent(1, 4)
      talk.send(window(10))
    },
  },
  {
    name: 'SETTINGS that lower the initial window make that of an open stream negative',
    clause: '6.9.2',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(window(10), talk.get(1, { path: '/bytes/20' }))
      await talk.expectContent(1, 10)
      talk.send(window(0), windowUpdate(1, 10))
      await talk.expectContent(1, 10)
      talk.send(windowUpdate(1, 1))
      await talk.expectContent(1, 11)
      talk.send(window(9))
    },
  },
  {
    name: 'SETTINGS do not change the window of the connection',
    clause: '6.9.2',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.get(1, { path: '/bytes/70000' }), windowUpdate(1, 10_000))
      await talk.expectContent(1, WINDOW_BYTES_DEFAULT)
      talk.send(window(1_000_000))
      await talk.expectContent(1, WINDOW_BYTES_DEFAULT)
      talk.send(windowUpdate(0, 10_000))
    },
  },
  {
    name: 'SETTINGS that bring an open stream above 2³¹-1',
    clause: '6.9.2',
    right: [...connectionError('FLOW_CONTROL_ERROR')],
    act: (talk) => {
      const increment = WINDOW_BYTES_MAX - WINDOW_BYTES_DEFAULT
      talk.send(talk.post(1), windowUpdate(1, increment), window(WINDOW_BYTES_DEFAULT + 1))
    },
  },
  {
    name: 'the window of a stream that was reset goes with it, not that of the connection',
    clause: '6.9',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(window(1_000_000), talk.get(1, { path: '/bytes/100000' }))
      await talk.expectContent(1, WINDOW_BYTES_DEFAULT)
      talk.send(frame(TYPE.rstStream, 0, 1, uint32(8)), talk.get(3, { path: '/bytes/5' }))
      await talk.expectContent(3, 0)
      talk.send(windowUpdate(0, 5))
    },
  },
]

/** What the server has granted on a stream, or on the connection, since it began. */
function credit(talk: Talk, stream: number): number {
  const grants = talk.client.frames.filter((each) => each.type === TYPE.windowUpdate && each.stream === stream)
  return grants.reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 0)
}

const UPLOADS: readonly Case[] = [
  {
    name: 'an upload of exactly the window of its stream, unread',
    clause: '6.9.1',
    right: ALIVE,
    act: async (talk) => {
      talk.send(talk.post(1, { path: UNREAD }))
      talk.pour(1, Math.min(talk.streamWindow, WINDOW_BYTES_DEFAULT + credit(talk, 0)))
      await talk.client.ping()
      talk.send(frame(TYPE.rstStream, 0, 1, uint32(8)))
    },
  },
  {
    name: 'an upload of 4 MB more than the window, unread',
    clause: '6.9.1',
    right: [...streamError('FLOW_CONTROL_ERROR'), ...ALIVE],
    choice: 'a server that takes it in all the same may grant more meanwhile, and then has granted all of it',
    act: async (talk) => {
      const { client } = talk
      talk.send(talk.post(1, { path: UNREAD }))
      talk.pour(1, talk.streamWindow + OVERFLOW_BYTES)
      const refused = (): boolean => client.stream(1).reset !== null || client.goaway !== null || client.ended
      await client.until(() => refused() || credit(talk, 1) >= OVERFLOW_BYTES, 'an error, or as much of a window')
    },
  },
  {
    name: 'uploads on all streams that pass the window of the connection, unread',
    clause: '6.9.1',
    right: [...connectionError('FLOW_CONTROL_ERROR'), ...ALIVE],
    choice: 'a server may grant the connection more while it takes what came, and each stream has its own window',
    act: async (talk) => {
      const streams = Array.from(
        { length: talk.client.announced.get(SETTING.maxConcurrentStreams) ?? 100 },
        (_, at) => 1 + 2 * at,
      )
      const shared = WINDOW_BYTES_DEFAULT + credit(talk, 0)
      // The windows of the streams may be the narrower bound; each has a case above.
      if (streams.length * talk.streamWindow <= shared) return
      let left = shared + 1
      for (const stream of streams) {
        if (left <= 0) break
        talk.send(talk.post(stream, { path: UNREAD }))
        talk.pour(stream, Math.min(left, talk.streamWindow))
        left -= talk.streamWindow
      }
      const goesOn = await talk.client.ping()
      if (goesOn && talk.client.goaway === null) expect(credit(talk, 0)).toBeGreaterThan(0)
    },
  },
  {
    name: 'an upload larger than the window is given windows while it is read',
    clause: '6.9.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      const octets = 300_000
      talk.send(talk.post(1))
      await upload(talk, octets, (take) => data(1, Buffer.alloc(take)), 1)
      talk.send(data(1, '', FLAG.endStream))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: octets })
    },
  },
  {
    name: 'padding counts, and comes back as window',
    clause: '6.9.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      const octets = 600 * PADDED_BYTES
      talk.send(talk.post(1))
      await upload(talk, octets, () => data(1, padded('', PADDED_BYTES - 1), FLAG.padded), PADDED_BYTES)
      talk.send(data(1, '', FLAG.endStream))
      expect(await talk.echo(1)).toMatchObject({ bodyBytes: 0 })
    },
  },
]

/** Sends so many octets in DATA frames on stream 1, as the windows allow; `unit` is the least that a frame can take. */
async function upload(talk: Talk, octets: number, make: (take: number) => Buffer, unit: number): Promise<void> {
  const frameBytes = unit === 1 ? 10_000 : unit
  const free = (sent: number): number =>
    Math.min(talk.streamWindow + credit(talk, 1), WINDOW_BYTES_DEFAULT + credit(talk, 0)) - sent
  for (let sent = 0; sent < octets; ) {
    await talk.client.until(() => free(sent) >= unit, `a window after ${sent} octets`)
    const take = Math.min(frameBytes, octets - sent, free(sent))
    talk.send(make(take))
    sent += take
  }
}

export const FLOW_CASES: readonly Case[] = [...UPDATES, ...ANSWERS, ...UPLOADS]

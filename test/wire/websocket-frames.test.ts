import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bad, MORE, type Parse } from '../../src/wire/parse.ts'
import {
  CONTROL_PAYLOAD_BYTES_MAX,
  FRAME_PAYLOAD_BYTES_MAX,
  FrameFollower,
  type FrameRules,
} from '../../src/wire/websocket-frames.ts'
import { feedReader } from './feed.ts'

const CLIENT: FrameRules = { from: 'client', deflate: false }
const SERVER: FrameRules = { from: 'server', deflate: false }
const DEFLATE: FrameRules = { from: 'server', deflate: true }

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10]

interface Frame {
  readonly opcode: number
  readonly fin?: boolean
  /** Reserved bits, in their place. */
  readonly rsv?: number
  readonly mask?: boolean
  readonly length?: number
  /** Bytes of the length, where another spelling than the shortest is wanted. */
  readonly spelled?: 0 | 2 | 8
}

function frame({ opcode, fin = true, rsv = 0, mask = false, length = 3, spelled }: Frame): Buffer {
  return Buffer.concat([
    headerOf({ opcode, fin, rsv, mask, length, ...(spelled === undefined ? {} : { spelled }) }),
    Buffer.alloc(length, 7),
  ])
}

function headerOf({ opcode, fin = true, rsv = 0, mask = false, length = 3, spelled }: Frame): Buffer {
  const bytes = spelled ?? (length < 126 ? 0 : length < 0x10000 ? 2 : 8)
  const long = Buffer.alloc(bytes)
  if (bytes === 2) long.writeUInt16BE(length)
  if (bytes === 8) long.writeBigUInt64BE(BigInt(length))
  const short = bytes === 0 ? length : bytes === 2 ? 126 : 127
  const head = [(fin ? 0x80 : 0) | rsv | opcode, (mask ? 0x80 : 0) | short]
  return Buffer.concat([Buffer.from(head), long, Buffer.from(mask ? [1, 2, 3, 4] : [])])
}

/** Followed whole, byte by byte and cut anywhere, with bytes behind it where there is a fault. */
function follow(rules: FrameRules, ...frames: readonly Uint8Array[]): string | null {
  const answer = feedReader((): ((bytes: Uint8Array) => Parse<never>) => {
    const follower = new FrameFollower(rules)
    return (bytes) => {
      const fault = follower.feed(bytes)
      return fault === null ? MORE : bad(fault)
    }
  }, Buffer.concat(frames))
  return answer.state === 'bad' ? answer.fault : null
}

describe('frames that may go on', () => {
  it.each<[string, FrameRules, Frame[]]>([
    ['text of a client', CLIENT, [{ opcode: TEXT, mask: true }]],
    ['binary of a server', SERVER, [{ opcode: BINARY }]],
    ['a message without content', SERVER, [{ opcode: TEXT, length: 0 }, { opcode: TEXT }]],
    [
      'fragments',
      SERVER,
      [{ opcode: TEXT, fin: false }, { opcode: CONTINUATION, fin: false }, { opcode: CONTINUATION }],
    ],
    [
      'a ping between fragments',
      CLIENT,
      [
        { opcode: BINARY, fin: false, mask: true },
        { opcode: PING, mask: true },
        { opcode: CONTINUATION, mask: true },
      ],
    ],
    [
      'a longer length',
      SERVER,
      [
        { opcode: TEXT, length: 126 },
        { opcode: TEXT, length: 200 },
      ],
    ],
    ['a close without a code', SERVER, [{ opcode: CLOSE, length: 0 }]],
    ['a close with a code', SERVER, [{ opcode: CLOSE, length: 2 }]],
    [
      'a pong behind a close',
      SERVER,
      [
        { opcode: CLOSE, length: 2 },
        { opcode: PONG, length: 0 },
      ],
    ],
    ['a ping at its limit', SERVER, [{ opcode: PING, length: CONTROL_PAYLOAD_BYTES_MAX }]],
    [
      'compressed messages that were agreed on',
      DEFLATE,
      [
        { opcode: TEXT, rsv: 0x40, fin: false },
        { opcode: CONTINUATION },
        { opcode: BINARY, rsv: 0x40 },
        { opcode: TEXT },
      ],
    ],
  ])('%s', (_, rules, frames) => {
    expect(follow(rules, ...frames.map(frame))).toBeNull()
  })
})

describe('frames that end the connection', () => {
  it.each<[string, FrameRules, Frame[], RegExp]>([
    ['no mask of a client', CLIENT, [{ opcode: TEXT }], /client without a mask/],
    ['a mask of a server', SERVER, [{ opcode: TEXT, mask: true }], /server with a mask/],
    ['a continuation of nothing', SERVER, [{ opcode: CONTINUATION }], /continuation of no message/],
    ['a second end', SERVER, [{ opcode: TEXT }, { opcode: CONTINUATION }], /continuation of no message/],
    ['a message in a message', SERVER, [{ opcode: TEXT, fin: false }, { opcode: TEXT }], /middle of another/],
    ['a ping in fragments', SERVER, [{ opcode: PING, fin: false }], /control frame in fragments/],
    ['a ping past its limit', SERVER, [{ opcode: PING, length: CONTROL_PAYLOAD_BYTES_MAX + 1 }], /more than 125/],
    ['a ping past its limit, spelled long', SERVER, [{ opcode: PING, length: 70_000 }], /more than 125/],
    ['a close past its limit', SERVER, [{ opcode: CLOSE, length: CONTROL_PAYLOAD_BYTES_MAX + 1 }], /more than 125/],
    ['half a code', SERVER, [{ opcode: CLOSE, length: 1 }], /half a code/],
    [
      'a second close',
      SERVER,
      [
        { opcode: CLOSE, length: 0 },
        { opcode: CLOSE, length: 0 },
      ],
      /second close/,
    ],
    ['a message behind a close', SERVER, [{ opcode: CLOSE, length: 0 }, { opcode: TEXT }], /behind a close/],
    ['a first reserved bit', SERVER, [{ opcode: TEXT, rsv: 0x40 }], /not agreed on/],
    ['a second reserved bit', DEFLATE, [{ opcode: TEXT, rsv: 0x20 }], /no extension uses/],
    ['a third reserved bit', DEFLATE, [{ opcode: TEXT, rsv: 0x10 }], /no extension uses/],
    [
      'a mark on a fragment',
      DEFLATE,
      [
        { opcode: TEXT, rsv: 0x40, fin: false },
        { opcode: CONTINUATION, rsv: 0x40 },
      ],
      /middle of a message/,
    ],
    ['a mark on a ping', DEFLATE, [{ opcode: PING, rsv: 0x40 }], /marked as compressed/],
    ['a short length in two bytes', SERVER, [{ opcode: TEXT, length: 125, spelled: 2 }], /more bytes than it needs/],
    [
      'a length of two bytes in eight',
      SERVER,
      [{ opcode: TEXT, length: 0xffff, spelled: 8 }],
      /more bytes than it needs/,
    ],
  ])('%s', (_, rules, frames, fault) => {
    // Long payloads say nothing that their header does not.
    const bytes = frames.map((each, at) => (at === frames.length - 1 ? headerOf(each) : frame(each)))
    expect(follow(rules, ...bytes)).toMatch(fault)
  })

  it.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])('the reserved opcode %i', (opcode) => {
    expect(follow(SERVER, frame({ opcode, length: 0 }))).toBe('an opcode that is reserved')
  })
})

describe('the limits of a length', () => {
  it('are those of an exact count', () => {
    expect(follow(SERVER, headerOf({ opcode: TEXT, length: FRAME_PAYLOAD_BYTES_MAX }))).toBeNull()
    expect(follow(SERVER, headerOf({ opcode: TEXT, length: FRAME_PAYLOAD_BYTES_MAX + 1 }))).toMatch(/can be counted/)
    expect(follow(SERVER, Buffer.from([0x81, 127, ...Buffer.alloc(8, 0xff)]))).toMatch(/can be counted/)
  })

  it('let the shortest spelling of each begin where the one before ends', () => {
    for (const length of [125, 126, 0xffff, 0x10000]) {
      expect(follow(SERVER, headerOf({ opcode: BINARY, length }))).toBeNull()
    }
  })
})

it('ends at a fault, and counts nothing behind it', () => {
  const follower = new FrameFollower(SERVER)
  const fault = follower.feed(Buffer.concat([frame({ opcode: TEXT }), frame({ opcode: 3 }), frame({ opcode: TEXT })]))
  expect(follower.feed(frame({ opcode: TEXT }))).toBe(fault)
  expect([follower.frames, follower.payloadBytes]).toEqual([1, 3])
})

it('counts no payload of what is no message', () => {
  const follower = new FrameFollower(SERVER)
  expect(follower.feed(Buffer.concat([PING, PONG, CLOSE].map((opcode) => frame({ opcode, length: 9 }))))).toBeNull()
  expect([follower.frames, follower.payloadBytes]).toEqual([3, 0])
})

it('lets no close in the middle of a message end it', () => {
  const frames: Frame[] = [{ opcode: TEXT, fin: false }, { opcode: CLOSE, length: 0 }, { opcode: CONTINUATION }]
  expect(follow(SERVER, ...frames.map(frame))).toBe('a message behind a close')
})

it('counts the frames and payloads of any stream, however it is cut', () => {
  const message = fc.record({
    opcode: fc.constantFrom(TEXT, BINARY),
    parts: fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 4 }),
    ping: fc.option(fc.nat({ max: CONTROL_PAYLOAD_BYTES_MAX }), { nil: null }),
    rsv: fc.constantFrom(0, 0x40),
  })
  const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 12 })
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), cuts, fc.boolean(), (messages, sizes, mask) => {
      const frames = messages.flatMap(({ opcode, parts, ping, rsv }) =>
        parts.flatMap((length, at): Frame[] => [
          {
            opcode: at === 0 ? opcode : CONTINUATION,
            fin: at === parts.length - 1,
            rsv: at === 0 ? rsv : 0,
            mask,
            length,
          },
          ...(ping === null ? [] : [{ opcode: PING, mask, length: ping }]),
        ]),
      )
      const bytes = Buffer.concat(frames.map(frame))
      const follower = new FrameFollower({ from: mask ? 'client' : 'server', deflate: true })
      let at = 0
      for (const size of [...sizes, bytes.length]) {
        expect(follower.feed(bytes.subarray(at, at + size))).toBeNull()
        at += size
      }
      const data = frames.filter(({ opcode }) => opcode < CLOSE)
      expect(follower.frames).toBe(frames.length)
      expect(follower.payloadBytes).toBe(data.reduce((sum, { length = 0 }) => sum + length, 0))
    }),
    { seed: 6455, numRuns: 300 },
  )
})

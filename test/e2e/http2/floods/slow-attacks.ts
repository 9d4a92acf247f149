/** Connections that hold on to something and let time go by. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Limits } from '../../../../src/settings/schema.ts'
import { FrameReader } from '../frame-reader.ts'
import {
  data,
  FLAG,
  ping,
  PREFACE,
  SETTING,
  settings,
  settingsAck,
  TYPE,
  windowUpdate,
  WINDOW_BYTES_MAX,
} from '../frames.ts'
import { literal } from '../hpack-encode.ts'
import type { Attack, AttackLine } from './attack.ts'

const SHORT = { keepAliveTimeoutMs: 1_000, idleTimeoutMs: 1_500, responseTimeoutMs: 1_500 }
/** What waits in memory is ended past this, before it is late. */
const TIGHT = { ...SHORT, http2WaitingTotalBytesMax: 8 * 1024 * 1024 }
/** So that what is filled before the next look is little. */
const NARROW = { ...TIGHT, http2WindowBytes: 64 * 1024, http2WaitingTotalBytesMax: 2 * 1024 * 1024 }
const STREAMS = 100
/** As many whose windows the window of the connection has room for. */
const UPLOADS = 60
const WINDOW_BYTES = 256 * 1024
const DOWNLOAD = '/bytes/20000000'
const ENDS = FLAG.endStream | FLAG.endHeaders

function slow(name: string, together: number, strike: (line: AttackLine) => Promise<void>): Attack {
  return { name, limits: SHORT, endedBy: 'weir-in-silence', together, strike }
}

/** Makes much wait in memory: ended before any time-out. */
function burden(name: string, limits: Partial<Limits>, strike: (line: AttackLine) => Promise<void>): Attack {
  return { name, limits, endedBy: 'weir', together: 2, strike }
}

/** The client goes away first, again and again. */
function drop(name: string, together: number): Attack {
  const strike = (line: AttackLine): Promise<void> => {
    line.begin()
    line.send(line.head(ENDS, '/never'))
    line.socket.destroy()
    return line.end
  }
  return { name, endedBy: 'attacker', together, strike }
}

function downloads(line: AttackLine): void {
  for (let count = 0; count < STREAMS; count++) line.send(line.head(ENDS, DOWNLOAD))
}

/** Grants each stream that content came on one byte more. */
function grantBytes(line: AttackLine): void {
  const reader = new FrameReader()
  line.socket.on('data', (chunk: Buffer) => {
    const grants = reader
      .read(chunk)
      .filter(({ type }) => type === TYPE.data)
      .map(({ stream }) => windowUpdate(stream, 1))
    if (grants.length > 0) line.send(...grants)
  })
}

export const slowAttacks: readonly Attack[] = [
  slow('no-preface', 20, (line) => {
    line.socket.resume()
    return line.end
  }),
  slow('slow-preface', 20, (line) => {
    line.socket.resume()
    let at = 0
    return line.trickle(200, () => PREFACE.subarray(at, ++at))
  }),
  slow('silence', 20, (line) => {
    line.begin()
    return line.end
  }),
  slow('pings-and-nothing-else', 20, (line) => {
    line.begin()
    return line.trickle(100, () => ping('12345678'))
  }),
  slow('slow-head', 20, (line) => {
    line.begin()
    const whole = line.head(ENDS, '/', [literal('x', 'y'.repeat(1_000))])
    let at = 0
    return line.trickle(100, () => whole.subarray(at, ++at))
  }),
  slow('slow-head-beside-a-request', 20, (line) => {
    line.begin()
    line.send(line.head(ENDS, '/never'))
    const whole = line.head(ENDS, '/', [literal('x', 'y'.repeat(1_000))])
    let at = 0
    return line.trickle(100, () => whole.subarray(at, ++at))
  }),
  slow('slow-continuation', 20, (line) => {
    line.begin()
    const stream = line.next()
    line.send(line.head(FLAG.endStream, '/', [], stream))
    return line.trickle(100, () => Buffer.from([0]))
  }),
  slow('silent-uploads', 4, (line) => {
    line.begin()
    for (let count = 0; count < STREAMS; count++) line.send(line.post([], '/count'))
    return line.end
  }),
  burden('uploads-that-nobody-takes', TIGHT, async (line) => {
    line.begin()
    // A window counts once its SETTINGS are acknowledged.
    await wait(200)
    line.send(settingsAck())
    const piece = Buffer.alloc(16_384)
    for (let count = 0; count < UPLOADS; count++) {
      const stream = line.next()
      line.send(line.post([], '/unread', stream))
      for (let size = 0; size < WINDOW_BYTES; size += piece.length) line.send(data(stream, piece))
    }
    await line.end
  }),
  slow('downloads-without-a-window', 2, (line) => {
    line.begin([[SETTING.initialWindowSize, 0]])
    downloads(line)
    return line.end
  }),
  burden('many-downloads-without-a-window', NARROW, (line) => {
    line.begin([[SETTING.initialWindowSize, 0]])
    downloads(line)
    return line.end
  }),
  burden('downloads-byte-by-byte', NARROW, (line) => {
    line.begin([[SETTING.initialWindowSize, 1]])
    grantBytes(line)
    downloads(line)
    return line.end
  }),
  burden('downloads-that-nobody-reads', NARROW, (line) => {
    line.begin([[SETTING.initialWindowSize, WINDOW_BYTES_MAX]])
    line.send(windowUpdate(0, WINDOW_BYTES_MAX - 65_535))
    line.socket.pause()
    downloads(line)
    // By what is written it shows that nobody is there any more.
    return line.trickle(500, () => ping('12345678'))
  }),
  slow('settings-never-acknowledged', 20, (line) => {
    line.send(PREFACE, settings([]))
    line.socket.resume()
    line.send(line.head(ENDS, '/'))
    return line.end
  }),
  drop('connections-dropped', 16),
  {
    ...slow('requests-past-the-most', 2, (line) => {
      line.begin()
      return line.trickle(2, () => Buffer.concat(Array.from({ length: 5 }, () => line.head(ENDS, '/forbidden/x'))))
    }),
    limits: { ...SHORT, requestsPerConnectionMax: 2_000 },
  },
]

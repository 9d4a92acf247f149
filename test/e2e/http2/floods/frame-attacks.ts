/** Frames that carry nothing, without end: each is cheap to send and has to be read, or even answered. */
import {
  data,
  FLAG,
  frame,
  goaway,
  padded,
  ping,
  priority,
  rstStream,
  SETTING,
  settings,
  TYPE,
  windowUpdate,
} from '../frames.ts'
import type { Attack, AttackLine } from './attack.ts'

const PING = ping('12345678')
const CANCEL = 8
const SETTINGS_MAX_OF_NGHTTP2 = 32
const UNKNOWN_TYPE = 0xfa

function flood(name: string, strike: (line: AttackLine) => Promise<void>): Attack {
  return {
    name,
    endedBy: 'weir',
    together: 2,
    strike: (line) => {
      line.begin()
      return strike(line)
    },
  }
}

/** The first says that the client leaves, and so it does. */
function farewell(name: string, strike: (line: AttackLine) => Promise<void>): Attack {
  return { ...flood(name, strike), endedBy: 'weir-in-silence' }
}

/** With a request under way, whose content does not come. */
function floodOnStream(name: string, bytes: (stream: number) => Uint8Array): Attack {
  return flood(name, (line) => {
    const stream = line.next()
    line.send(line.post([], '/count', stream))
    return line.repeat(bytes(stream))
  })
}

/** Values that differ from the last, so that each of them changes every stream there is. */
function changing(line: AttackLine): Promise<void> {
  for (let count = 0; count < 50; count++) line.send(line.post())
  let size = 0
  return line.pour(() => {
    size = (size + 1) % 65_536
    return settings([
      [SETTING.initialWindowSize, size],
      [SETTING.headerTableSize, size],
    ])
  })
}

const many = Array.from({ length: 2_000 }, (_, at) => [SETTING.maxFrameSize, 16_384 + at] as const)
const some = many.slice(0, SETTINGS_MAX_OF_NGHTTP2 - 2)

export const frameAttacks: readonly Attack[] = [
  flood('settings', (line) => line.repeat(settings([]))),
  flood('settings-that-change', changing),
  flood('settings-of-many-entries', (line) => line.repeat(settings(many))),
  flood('settings-of-some-entries', (line) => line.repeat(settings(some))),
  flood('ping', (line) => line.repeat(PING)),
  flood('ping-unheard', (line) => {
    line.socket.pause()
    return line.repeat(PING)
  }),
  flood('priority', (line) => line.pour(() => priority(line.next(), 0))),
  flood('priority-of-itself', (line) => line.repeat(priority(5, 5))),
  flood('window-update-of-1', (line) => line.repeat(windowUpdate(0, 1))),
  floodOnStream('window-update-of-1-on-a-stream', (stream) => windowUpdate(stream, 1)),
  floodOnStream('empty-data', (stream) => data(stream, '')),
  floodOnStream('padding-only', (stream) => data(stream, padded('', 255), FLAG.padded)),
  flood('unknown-frames', (line) => line.repeat(frame(UNKNOWN_TYPE, 0, 0))),
  flood('unknown-frames-that-are-long', (line) => line.repeat(frame(UNKNOWN_TYPE, 0, 0, Buffer.alloc(16_384)))),
  flood('rst-stream-on-idle-streams', (line) => line.repeat(rstStream(1_001, CANCEL))),
  flood('rst-stream-on-closed-streams', (line) => {
    const stream = line.next()
    line.send(line.head(undefined, '/never', [], stream))
    return line.repeat(rstStream(stream, CANCEL))
  }),
  farewell('goaway', (line) => line.repeat(goaway(0, 0))),
  farewell('goaway-with-words', (line) => line.repeat(goaway(0, 0, Buffer.alloc(16_000)))),
  flood('ping-acks', (line) => line.repeat(ping('12345678', FLAG.ack))),
  flood('settings-acks', (line) => line.repeat(frame(TYPE.settings, FLAG.ack, 0))),
]

/** Cases of SETTINGS (RFC 9113 sections 6.5 to 6.5.3). */
import { expect } from 'vitest'
import { ALIVE, type Case, connectionError, type Outcome, SERVED } from '../case.ts'
import {
  FLAG,
  FRAME_BYTES_DEFAULT,
  frame,
  PREFACE,
  SETTING,
  settings,
  settingsAck,
  settingsPayload,
  TYPE,
  WINDOW_BYTES_MAX,
} from '../frames.ts'

const UNKNOWN = 0xabcd
const NO_RFC7540_PRIORITIES = 0x09
const UINT32_MAX = 0xffff_ffff
const FRAME_BYTES_MAX = 0xff_ff_ff

const FATAL = connectionError('PROTOCOL_ERROR')
const WRONG_SIZE = connectionError('FRAME_SIZE_ERROR')

const FORMS: readonly (readonly [name: string, right: readonly Outcome[], bytes: Buffer])[] = [
  ['SETTINGS on a stream', FATAL, frame(TYPE.settings, 0, 1)],
  ['ACK of SETTINGS on a stream', FATAL, frame(TYPE.settings, FLAG.ack, 1)],
  ['ACK of SETTINGS with one entry', WRONG_SIZE, frame(TYPE.settings, FLAG.ack, 0, settingsPayload([[1, 1]]))],
  ['ACK of SETTINGS with one octet', WRONG_SIZE, frame(TYPE.settings, FLAG.ack, 0, 'x')],
  ['SETTINGS of five octets', WRONG_SIZE, frame(TYPE.settings, 0, 0, Buffer.alloc(5))],
  ['SETTINGS of seven octets', WRONG_SIZE, frame(TYPE.settings, 0, 0, Buffer.alloc(7))],
  ['empty SETTINGS', ALIVE, settings([])],
]

const FORM: readonly Case[] = FORMS.map(
  ([name, right, bytes]): Case => ({ name, clause: '6.5', right, act: (talk) => talk.send(bytes) }),
)

type ValueRow = readonly [
  name: string,
  entries: readonly (readonly [number, number])[],
  right: readonly Outcome[],
  more?: Partial<Case>,
]

const VALUE_ROWS: readonly ValueRow[] = [
  ['ENABLE_PUSH of 0', [[SETTING.enablePush, 0]], SERVED],
  ['ENABLE_PUSH of 1', [[SETTING.enablePush, 1]], SERVED],
  ['ENABLE_PUSH of 2', [[SETTING.enablePush, 2]], FATAL],
  ['INITIAL_WINDOW_SIZE of 2³¹-1', [[SETTING.initialWindowSize, WINDOW_BYTES_MAX]], SERVED],
  [
    'INITIAL_WINDOW_SIZE of 2³¹',
    [[SETTING.initialWindowSize, WINDOW_BYTES_MAX + 1]],
    connectionError('FLOW_CONTROL_ERROR'),
  ],
  ['INITIAL_WINDOW_SIZE of 2³²-1', [[SETTING.initialWindowSize, UINT32_MAX]], connectionError('FLOW_CONTROL_ERROR')],
  ['MAX_FRAME_SIZE of 16,384', [[SETTING.maxFrameSize, FRAME_BYTES_DEFAULT]], SERVED],
  ['MAX_FRAME_SIZE of 16,383', [[SETTING.maxFrameSize, FRAME_BYTES_DEFAULT - 1]], FATAL],
  ['MAX_FRAME_SIZE of 0', [[SETTING.maxFrameSize, 0]], FATAL],
  ['MAX_FRAME_SIZE of 16,777,215', [[SETTING.maxFrameSize, FRAME_BYTES_MAX]], SERVED],
  ['MAX_FRAME_SIZE of 16,777,216', [[SETTING.maxFrameSize, FRAME_BYTES_MAX + 1]], FATAL],
  ['MAX_CONCURRENT_STREAMS of 0', [[SETTING.maxConcurrentStreams, 0]], SERVED],
  ['HEADER_TABLE_SIZE of 0', [[SETTING.headerTableSize, 0]], SERVED],
  ['HEADER_TABLE_SIZE of 2³²-1', [[SETTING.headerTableSize, UINT32_MAX]], SERVED],
  ['MAX_HEADER_LIST_SIZE of 2³²-1', [[SETTING.maxHeaderListSize, UINT32_MAX]], SERVED],
  [
    'an unknown setting',
    [
      [UNKNOWN, UINT32_MAX],
      [0, 1],
    ],
    SERVED,
  ],
  [
    'one setting twice',
    [
      [SETTING.enablePush, 1],
      [SETTING.enablePush, 0],
    ],
    SERVED,
  ],
  [
    'a wrong value, corrected by the next entry',
    [
      [SETTING.enablePush, 7],
      [SETTING.enablePush, 0],
    ],
    FATAL,
    {
      nodeDiffers: { outcome: 'status 200', note: 'of entries for one setting it reads the last alone', hidden: true },
    },
  ],
  [
    'ENABLE_CONNECT_PROTOCOL of 2',
    [[SETTING.enableConnectProtocol, 2]],
    [...SERVED, ...FATAL],
    { choice: 'RFC 8441 section 3 speaks of the server’s own' },
  ],
  [
    'NO_RFC7540_PRIORITIES of 2',
    [[NO_RFC7540_PRIORITIES, 2]],
    [...SERVED, ...FATAL],
    { choice: 'an error in RFC 9218 section 2.1, unknown to RFC 9113' },
  ],
]

const VALUES: readonly Case[] = VALUE_ROWS.map(
  ([name, entries, right, more]): Case => ({
    name,
    clause: '6.5.2',
    right,
    ...more,
    stream: 1,
    act: (talk) => talk.send(settings(entries), talk.get(1)),
  }),
)

const SYNCHRONISED: readonly Case[] = [
  {
    name: 'each of three SETTINGS is acknowledged, in order with PING',
    clause: '6.5.3',
    right: ALIVE,
    act: async ({ client }) => {
      const acks = (): number => client.frames.filter(({ type, flags }) => type === TYPE.settings && flags === 1).length
      const before = acks()
      client.send(settings([]), settings([[SETTING.enablePush, 0]]), settings([[UNKNOWN, 1]]))
      await client.until(() => acks() >= before + 3, 'three ACKs')
      await client.ping()
      expect(acks()).toBe(before + 3)
    },
  },
  {
    name: 'an ACK of SETTINGS that were never sent',
    clause: '6.5.3',
    right: [...ALIVE, ...FATAL],
    choice: 'nothing is said of it',
    act: (talk) => talk.send(settingsAck(), settingsAck()),
  },
  {
    name: 'SETTINGS of a client that never acknowledges those of the server',
    clause: '6.5.3',
    right: SERVED,
    choice: 'the server may end the connection with SETTINGS_TIMEOUT, but not at once',
    stream: 1,
    unopened: true,
    act: (talk) => {
      talk.client.acknowledges = false
      talk.send(PREFACE, settings([]), talk.get(1))
    },
  },
  {
    name: 'MAX_FRAME_SIZE of 16,384 bounds each frame of the answer',
    clause: '6.5.2',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.get(1, { path: '/bytes/60000' }))
      const { body } = await talk.answer(1)
      expect(body.length).toBe(60_000)
      expect(Math.max(...talk.client.frames.map(({ payload }) => payload.length))).toBeLessThanOrEqual(
        FRAME_BYTES_DEFAULT,
      )
    },
  },
]

export const SETTINGS_CASES: readonly Case[] = [...FORM, ...VALUES, ...SYNCHRONISED]

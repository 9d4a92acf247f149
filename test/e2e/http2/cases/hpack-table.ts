/** Cases of the dynamic table, over blocks, streams and SETTINGS (RFC 7541 sections 2.3, 4.1 to 4.4). */
import { expect } from 'vitest'
import { ALIVE, type Case, connectionError, SERVED } from '../case.ts'
import { continuation, data, FLAG, headers, rstStream, SETTING, settings } from '../frames.ts'
import { block, indexed, literal, sizeUpdate } from '../hpack-encode.ts'
import type { Talk } from '../talk.ts'

const END = FLAG.endStream | FLAG.endHeaders
const BROKEN = connectionError('COMPRESSION_ERROR')
/** The newest entry. */
const NEWEST = 62
/** `x-a` and `b` make an entry of 36 octets. */
const ENTRY = literal('x-a', 'b', { form: 'indexing' })
const ENTRY_BYTES = 36

function ask(talk: Talk, stream: number, ...parts: readonly Uint8Array[]): Buffer {
  return headers(stream, Buffer.concat([block(talk.head()), ...parts]), END)
}

/** As `ask`, with parts before the fields. */
function askAfter(talk: Talk, stream: number, first: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  return headers(stream, Buffer.concat([first, block(talk.head()), ...parts]), END)
}

async function expectField(talk: Talk, stream: number, name: string, value: string): Promise<void> {
  expect((await talk.echo(stream)).fields).toMatchObject({ [name]: value })
}

const SHARED: readonly Case[] = [
  {
    name: 'an entry is there in the same block',
    clause: 'RFC 7541, 2.3.2',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(ask(talk, 1, ENTRY, literal(NEWEST, 'c', { form: 'plain' })))
      await expectField(talk, 1, 'x-a', 'b, c')
    },
  },
  {
    name: 'an entry is there in the next block, on another stream',
    clause: 'RFC 7541, 2.2',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(ask(talk, 1, ENTRY), ask(talk, 3, indexed(NEWEST)))
      await expectField(talk, 3, 'x-a', 'b')
    },
  },
  {
    name: 'the newest entry has the lowest index',
    clause: 'RFC 7541, 2.3.2',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(ask(talk, 1, ENTRY, literal('x-b', 'c', { form: 'indexing' })), ask(talk, 3, indexed(NEWEST + 1)))
      await expectField(talk, 3, 'x-a', 'b')
    },
  },
  {
    name: 'literals without indexing make no entry',
    clause: 'RFC 7541, 6.2.2',
    right: BROKEN,
    act: (talk) =>
      talk.send(
        ask(talk, 1, literal('x-a', 'b'), literal('x-b', 'c', { form: 'never' })),
        ask(talk, 3, indexed(NEWEST)),
      ),
  },
  {
    name: 'an indexed field makes no entry',
    clause: 'RFC 7541, 6.1',
    right: BROKEN,
    act: (talk) => talk.send(ask(talk, 1, ENTRY, indexed(NEWEST)), ask(talk, 3, indexed(NEWEST + 1))),
  },
  {
    name: 'the same field twice makes two entries',
    clause: 'RFC 7541, 2.3.2',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(ask(talk, 1, ENTRY, ENTRY), ask(talk, 3, indexed(NEWEST + 1)))
      await expectField(talk, 3, 'x-a', 'b')
    },
  },
  {
    name: 'an entry of HEADERS and CONTINUATION',
    clause: '4.3',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      const whole = Buffer.concat([block(talk.head()), ENTRY])
      talk.send(headers(1, whole.subarray(0, -3), FLAG.endStream), continuation(1, whole.subarray(-3)))
      talk.send(ask(talk, 3, indexed(NEWEST)))
      await expectField(talk, 3, 'x-a', 'b')
    },
  },
  {
    name: 'an entry of trailers',
    clause: '4.3',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(talk.post(1), data(1, 'body'), headers(1, ENTRY, END), ask(talk, 3, indexed(NEWEST)))
      await expectField(talk, 3, 'x-a', 'b')
    },
  },
  {
    name: 'an entry of a malformed request stays in the table',
    clause: '4.3',
    right: [...SERVED, ...connectionError('PROTOCOL_ERROR')],
    choice: 'the malformed request may end the connection',
    stream: 3,
    act: (talk) => talk.send(ask(talk, 1, block([['connection', 'close']]), ENTRY), ask(talk, 3, indexed(NEWEST))),
  },
  {
    name: 'an entry after a malformed field of the same block stays in the table, with its value',
    clause: '4.3',
    right: [...SERVED, ...connectionError('PROTOCOL_ERROR')],
    choice: 'the malformed request may end the connection',
    stream: 3,
    act: async (talk) => {
      const upper = literal('X-Upper', '1', { form: 'indexing' })
      talk.send(ask(talk, 1, upper, ENTRY), ask(talk, 3, indexed(NEWEST)))
      await talk.client.until(() => talk.client.stream(3).ended || talk.client.goaway !== null, 'an answer')
      if (talk.client.goaway === null) await expectField(talk, 3, 'x-a', 'b')
    },
  },
  {
    name: 'an entry of a stream that was reset at once',
    clause: '5.1',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(headers(1, Buffer.concat([block(talk.head()), ENTRY])), rstStream(1, 8), ask(talk, 3, indexed(NEWEST)))
      await expectField(talk, 3, 'x-a', 'b')
    },
  },
  {
    name: 'an entry of HEADERS on a stream that is closed, if that is no error of the connection',
    clause: '5.1',
    right: [...SERVED, ...connectionError('STREAM_CLOSED', 'PROTOCOL_ERROR')],
    choice: 'HEADERS on a closed stream may end the connection',
    stream: 3,
    act: async (talk) => {
      talk.send(talk.post(1), rstStream(1, 8))
      await talk.client.ping()
      talk.send(headers(1, Buffer.concat([block(talk.head()), ENTRY]), END), ask(talk, 3, indexed(NEWEST)))
    },
  },
  {
    name: 'an entry of a request over the limit of streams',
    clause: '5.1.2',
    right: [...SERVED, ...connectionError('PROTOCOL_ERROR', 'REFUSED_STREAM')],
    choice: 'the request over the limit may end the connection',
    stream: 100_001,
    act: async (talk) => {
      const count = talk.client.announced.get(SETTING.maxConcurrentStreams) ?? 0
      expect(count).toBeLessThanOrEqual(1_000)
      const streams = Array.from({ length: count }, (_, at) => 1 + 2 * at)
      talk.send(...streams.map((stream) => talk.post(stream)))
      talk.send(headers(99_999, Buffer.concat([block(talk.head()), ENTRY]), END))
      talk.send(...streams.map((stream) => rstStream(stream, 8)))
      if (!(await talk.client.ping())) return
      talk.send(ask(talk, 100_001, indexed(NEWEST)))
      if (talk.client.goaway === null) await expectField(talk, 100_001, 'x-a', 'b')
    },
  },
]

const EVICTION: readonly Case[] = [
  {
    name: 'a table size of 0 empties the table',
    clause: 'RFC 7541, 4.3',
    right: BROKEN,
    act: (talk) => talk.send(ask(talk, 1, ENTRY), askAfter(talk, 3, sizeUpdate(0), indexed(NEWEST))),
  },
  {
    name: 'a table size of 0 and then back empties the table',
    clause: 'RFC 7541, 4.3',
    right: BROKEN,
    act: (talk) => {
      const twice = Buffer.concat([sizeUpdate(0), sizeUpdate(4_096)])
      talk.send(ask(talk, 1, ENTRY), askAfter(talk, 3, twice, indexed(NEWEST)))
    },
  },
  {
    name: 'a table of just two entries holds both',
    clause: 'RFC 7541, 4.1',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(ask(talk, 1, ENTRY, literal('x-b', 'c', { form: 'indexing' })))
      talk.send(askAfter(talk, 3, sizeUpdate(2 * ENTRY_BYTES), indexed(NEWEST + 1)))
      await expectField(talk, 3, 'x-a', 'b')
    },
  },
  {
    name: 'a table of two entries less one octet holds the newest alone',
    clause: 'RFC 7541, 4.3',
    right: BROKEN,
    act: (talk) => {
      talk.send(ask(talk, 1, ENTRY, literal('x-b', 'c', { form: 'indexing' })))
      talk.send(askAfter(talk, 3, sizeUpdate(2 * ENTRY_BYTES - 1), indexed(NEWEST + 1)))
    },
  },
  {
    name: 'a new entry puts out the oldest',
    clause: 'RFC 7541, 4.4',
    right: BROKEN,
    act: (talk) => {
      talk.send(askAfter(talk, 1, sizeUpdate(ENTRY_BYTES), ENTRY, literal('x-b', 'c', { form: 'indexing' })))
      talk.send(ask(talk, 3, indexed(NEWEST + 1)))
    },
  },
  {
    name: 'a field larger than the table empties it, and is no error',
    clause: 'RFC 7541, 4.4',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(
        askAfter(talk, 1, sizeUpdate(ENTRY_BYTES), ENTRY, literal('x-large', 'd'.repeat(40), { form: 'indexing' })),
      )
      await expectField(talk, 1, 'x-large', 'd'.repeat(40))
    },
  },
  {
    name: 'an index after a field larger than the table',
    clause: 'RFC 7541, 4.4',
    right: BROKEN,
    act: (talk) => {
      talk.send(
        askAfter(talk, 1, sizeUpdate(ENTRY_BYTES), ENTRY, literal('x-large', 'd'.repeat(40), { form: 'indexing' })),
      )
      talk.send(ask(talk, 3, indexed(NEWEST)))
    },
  },
  {
    name: 'a new entry may take its name from the one that it puts out',
    clause: 'RFC 7541, 4.4',
    right: SERVED,
    stream: 3,
    act: async (talk) => {
      talk.send(askAfter(talk, 1, sizeUpdate(ENTRY_BYTES), ENTRY))
      talk.send(ask(talk, 3, literal(NEWEST, 'c', { form: 'indexing' }), indexed(NEWEST)))
      await expectField(talk, 3, 'x-a', 'c, c')
    },
  },
  {
    name: '1,000 entries that put each other out',
    clause: 'RFC 7541, 4.4',
    right: SERVED,
    stream: 2_003,
    act: async (talk) => {
      for (let at = 0; at < 10; at += 1) {
        const stream = 1 + 2 * at
        const entries = Array.from({ length: 100 }, (_, each) => literal(`x-${each}`, `${at}`, { form: 'indexing' }))
        talk.send(ask(talk, stream, ...entries))
        await talk.answer(stream)
      }
      talk.send(ask(talk, 2_003, indexed(NEWEST)))
      await expectField(talk, 2_003, 'x-99', '9')
    },
  },
]

/** The first octet of a table size update. */
const UPDATE_MASK = 0xe0
const UPDATE_BITS = 0x20

const ENCODER: readonly Case[] = [
  {
    name: 'after HEADER_TABLE_SIZE of 0 the server announces it in its next block, and uses no entry',
    clause: 'RFC 7541, 4.2',
    right: ALIVE,
    act: async (talk) => {
      const { client } = talk
      talk.send(talk.get(1))
      await talk.answer(1)
      client.decoder.tableBytesMax = 0
      talk.send(settings([[SETTING.headerTableSize, 0]]), talk.get(3))
      await talk.answer(3)
      expect((client.blocks[1]?.[0] ?? 0) & UPDATE_MASK).toBe(UPDATE_BITS)
      talk.send(talk.get(5), talk.get(7))
      expect((await talk.answer(5)).status).toBe(200)
      expect((await talk.answer(7)).status).toBe(200)
    },
  },
  {
    name: 'HEADER_TABLE_SIZE of 0 and then 4,096 at once: the server empties its table',
    clause: 'RFC 7541, 4.2',
    right: ALIVE,
    act: async (talk) => {
      const { client } = talk
      talk.send(talk.get(1))
      await talk.answer(1)
      talk.send(settings([[SETTING.headerTableSize, 0]]), settings([[SETTING.headerTableSize, 4_096]]), talk.get(3))
      await talk.answer(3)
      expect(client.blocks[1]?.[0]).toBe(UPDATE_BITS)
      talk.send(talk.get(5))
      expect((await talk.answer(5)).status).toBe(200)
    },
  },
  {
    name: 'the table of the server lasts over its answers',
    clause: 'RFC 7541, 2.2',
    right: ALIVE,
    act: async (talk) => {
      for (const stream of [1, 3, 5]) {
        talk.send(talk.get(stream))
        expect((await talk.answer(stream)).status).toBe(200)
      }
    },
  },
]

export const TABLE_CASES: readonly Case[] = [...SHARED, ...EVICTION, ...ENCODER]

/** The limits of one HTTP/2 connection, in real connections: each at the limit, and one past it. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Limits } from '../../../src/settings/schema.ts'
import { startWeir, type TestWeir } from '../support/weir.ts'
import { connectClient, secureTunnel } from './client.ts'
import { data, ping, rstStream, SETTING } from './frames.ts'
import { type Http2Origin, startHttp2Origin } from './origin.ts'
import { RawHttp2 } from './raw-http2.ts'
import { Talk } from './talk.ts'
import { HOST, POLICY } from './site.ts'

const CANCEL = 8
const PING_BYTES = 17
const RESETS_PER_SECOND = 20
const OVERHEAD_BYTES_PER_SECOND = 16 * 1024

let origin: Http2Origin
beforeAll(async () => {
  origin = await startHttp2Origin('h2')
})
afterAll(async () => {
  await origin?.close()
})

async function limited(limits: Partial<Limits>, site: Http2Origin = origin): Promise<TestWeir> {
  const weir = await startWeir({ policy: POLICY, resolve: [`${HOST}:443:127.0.0.1:${site.port}`], limits })
  onTestFinished(() => weir.close())
  return weir
}

async function talkTo(weir: TestWeir): Promise<Talk> {
  const client = new RawHttp2(await secureTunnel(weir, HOST, ['h2']))
  onTestFinished(() => client.destroy())
  return new Talk(client, HOST)
}

function denials({ records }: TestWeir): unknown[] {
  return records.flatMap((record) => (record['event.action'] === 'denied' ? [record['weir.reason']] : []))
}

/** What a bucket is filled with again while a test goes on. */
function refill(since: number, perSecond: number): number {
  return Math.ceil(((performance.now() - since) / 1_000 + 1) * perSecond)
}

describe('http2StreamsMax', () => {
  it('is told, and one more is refused', async () => {
    const talk = await talkTo(await limited({ http2StreamsMax: 3 }))
    // A server may count only once its SETTINGS are acknowledged; until then one more is refused and nothing else.
    talk.client.acknowledges = false
    await talk.client.open()
    expect(talk.client.announced.get(SETTING.maxConcurrentStreams)).toBe(3)
    talk.send(talk.get(1, { path: '/never' }), talk.get(3, { path: '/never' }), talk.get(5))
    expect((await talk.answer(5)).status).toBe(200)
    talk.send(talk.get(7, { path: '/never' }), talk.get(9))
    await talk.client.until(() => talk.client.stream(9).reset !== null, 'the refusal')
    expect(talk.client.stream(9).reset).toBe('REFUSED_STREAM')
    talk.send(rstStream(7, CANCEL), talk.get(11))
    expect((await talk.answer(11)).status).toBe(200)
  })

  it('is kept by a client that knows of it, and passed by none', async () => {
    const weir = await limited({ http2StreamsMax: 3 })
    const talk = await talkTo(weir)
    await talk.client.open()
    const held = [1, 3, 5].map((stream) => talk.get(stream, { path: '/never' }))
    talk.send(...held)
    expect(await talk.client.ping()).toBe(true)
    talk.send(talk.get(7))
    await talk.client.until(() => talk.client.ended, 'the end')
    await expect.poll(() => denials(weir)).toEqual(['malformed'])
  })
})

describe('http2WindowBytes', () => {
  it.each([
    ['at it', 0, false],
    ['past it', 1, true],
  ])('%s', async (_, more, isBroken) => {
    const http2WindowBytes = 1_024
    const weir = await limited({ http2WindowBytes })
    const talk = await talkTo(weir)
    await talk.client.open()
    expect(talk.streamWindow).toBe(http2WindowBytes)
    await talk.client.ping()
    talk.send(talk.post(1, { path: '/count' }), data(1, Buffer.alloc(http2WindowBytes + more)), data(1, '', 1))
    if (isBroken) await talk.client.until(() => talk.client.ended, 'the end')
    else expect((await talk.answer(1)).body.toString()).toBe(String(http2WindowBytes))
    await expect.poll(() => denials(weir)).toEqual(isBroken ? ['malformed'] : [])
  })
})

describe('http2ResetsMax', () => {
  it.each([
    ['that were begun', 'GET', (talk: Talk) => talk.client.ping()],
    ['in one piece', 'GET', () => Promise.resolve()],
    // Whose answer Node ends before it is begun.
    ['for nothing but heads', 'HEAD', (talk: Talk) => talk.client.ping()],
  ])('bounds requests that are taken back: %s', async (_, method, between) => {
    const http2ResetsMax = 40
    const weir = await limited({ http2ResetsMax })
    const talk = await talkTo(weir)
    await talk.client.open()
    const startedAt = performance.now()
    let stream = -1
    const takeBack = async (count: number): Promise<void> => {
      const streams = Array.from({ length: count }, () => (stream += 2))
      talk.send(...streams.map((each) => talk.get(each, { method, path: '/never' })))
      await between(talk)
      talk.send(...streams.map((each) => rstStream(each, CANCEL)))
    }
    await takeBack(http2ResetsMax)
    await wait(300)
    expect(await talk.client.ping()).toBe(true)
    await takeBack(1 + refill(startedAt, RESETS_PER_SECOND))
    await talk.client.until(() => talk.client.ended, 'the end')
    await expect.poll(() => denials(weir)).toEqual(['client-flood'])
  })

  it('begins nothing of a request that came in one piece with its reset', async () => {
    const weir = await limited({})
    const talk = await talkTo(weir)
    await talk.client.open()
    const before = origin.log.length
    for (let stream = 1; stream < 40; stream += 2) {
      talk.send(Buffer.concat([talk.get(stream, { path: '/never' }), rstStream(stream, CANCEL)]))
    }
    talk.send(talk.get(41))
    expect((await talk.answer(41)).status).toBe(200)
    expect(origin.log.length).toBe(before + 1)
  })
})

describe('http2OverheadBytesMax', () => {
  it('bounds frames that carry nothing', async () => {
    const http2OverheadBytesMax = 64 * 1024
    const weir = await limited({ http2OverheadBytesMax })
    const talk = await talkTo(weir)
    await talk.client.open()
    const startedAt = performance.now()
    // What came ahead is small, and the bucket was filled again for a part of a second.
    const pings = (bytes: number): Buffer => Buffer.alloc(Math.ceil(bytes / PING_BYTES) * PING_BYTES, ping('12345678'))
    talk.send(pings(http2OverheadBytesMax - 1_024))
    await wait(300)
    expect(await talk.client.ping()).toBe(true)
    talk.send(pings(1_024 + refill(startedAt, OVERHEAD_BYTES_PER_SECOND)))
    await talk.client.until(() => talk.client.ended, 'the end')
    await expect.poll(() => denials(weir)).toEqual(['client-flood'])
  })
})

describe('requestsPerConnectionMax', () => {
  it('leaves the connection to those that were made, and ends it', async () => {
    const weir = await limited({ requestsPerConnectionMax: 3 })
    const client = await connectClient(weir, HOST)
    onTestFinished(() => client.close())
    const answers = [await client.ask({}), await client.ask({})]
    expect(client.session.closed).toBe(false)
    answers.push(await client.ask({}))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    await expect.poll(() => client.session.destroyed, { timeout: 5_000 }).toBe(true)
    expect(denials(weir)).toEqual([])
  })

  it('serves not one past it', async () => {
    const talk = await talkTo(await limited({ requestsPerConnectionMax: 2 }))
    await talk.client.open()
    const before = origin.log.length
    talk.send(talk.get(1, { path: '/status/204' }))
    await talk.answer(1)
    talk.send(talk.get(3, { path: '/hints' }))
    await talk.answer(3)
    talk.send(talk.get(5))
    await talk.client.until(() => talk.client.ended, 'the end')
    expect(talk.client.goaway).toEqual({ lastStream: 3, code: 'NO_ERROR' })
    expect(origin.log.length).toBe(before + 2)
  })
})

describe('keepAliveTimeoutMs', () => {
  it('bounds the time without a request, and no other', async () => {
    const keepAliveTimeoutMs = 600
    const weir = await limited({ keepAliveTimeoutMs })
    const talk = await talkTo(weir)
    await talk.client.open()
    for (let stream = 1; stream < 9; stream += 2) {
      talk.send(talk.get(stream))
      expect((await talk.answer(stream)).status).toBe(200)
      await wait(keepAliveTimeoutMs / 2)
    }
    talk.send(talk.get(9, { path: '/never' }))
    await wait(keepAliveTimeoutMs * 2)
    expect(talk.client.goaway).toBeNull()
    const idleAt = performance.now()
    talk.send(rstStream(9, CANCEL))
    await talk.client.until(() => talk.client.ended, 'the end')
    expect(performance.now() - idleAt).toBeGreaterThanOrEqual(keepAliveTimeoutMs - 50)
    expect(talk.client.goaway?.code).toBe('NO_ERROR')
    expect(denials(weir)).toEqual([])
  })

  it('ends the socket of a client that does not end its own side', async () => {
    const weir = await limited({ keepAliveTimeoutMs: 100 })
    const talk = await talkTo(weir)
    await talk.client.open()
    // It takes nothing any more, and so hears no end.
    talk.client.socket.pause()
    await expect.poll(() => weir.status().sockets, { timeout: 10_000 }).toBe(0)
  })
})

describe('an upload that the site does not take', () => {
  const upload = async (limits: Partial<Limits>): Promise<{ weir: TestWeir; talk: Talk }> => {
    const deaf = await startHttp2Origin('h2', () => undefined)
    onTestFinished(() => deaf.close())
    const weir = await limited(limits, deaf)
    const talk = await talkTo(weir)
    await talk.client.open()
    for (let stream = 1; stream < 20; stream += 2) {
      talk.send(talk.post(stream))
      talk.pour(stream, talk.streamWindow)
    }
    return { weir, talk }
  }

  it('is given up after idleTimeoutMs', async () => {
    const { talk } = await upload({ idleTimeoutMs: 300 })
    expect((await talk.answer(1)).status).toBe(504)
    expect((await talk.answer(19)).status).toBe(504)
  })

  it('counts for http2WaitingTotalBytesMax, wherever it waits', async () => {
    // Of ten windows of 256 KiB the site's own ten of 64 KiB have gone.
    const { weir, talk } = await upload({ http2WaitingTotalBytesMax: 1_600_000 })
    await talk.client.until(() => talk.client.ended, 'the end')
    await expect.poll(() => denials(weir)).toEqual(['client-flood'])
  })
})

describe('http2WaitingTotalBytesMax', () => {
  it('ends the connections that leave the most in memory', async () => {
    const weir = await limited({ http2WaitingTotalBytesMax: 1_000_000 })
    const open = async (): Promise<Talk> => {
      const talk = await talkTo(weir)
      await talk.client.open([[SETTING.initialWindowSize, 0]])
      return talk
    }
    const [greedy, modest] = [await open(), await open()]
    modest.send(modest.get(1, { path: '/bytes/20000000' }))
    for (let stream = 1; stream < 20; stream += 2) greedy.send(greedy.get(stream, { path: '/bytes/20000000' }))
    await greedy.client.until(() => greedy.client.ended, 'the end')
    await expect.poll(() => denials(weir)).toEqual(['client-flood'])
    expect(await modest.client.ping()).toBe(true)
  })
})

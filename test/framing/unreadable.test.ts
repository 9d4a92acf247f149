/** What cannot be read behind a request that still waits for its answer: written down once, and said behind that answer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRaw, type RawClient } from '../e2e/support/raw-client.ts'
import { startWeir, type TestWeir } from '../e2e/support/weir.ts'
import { type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts'
import { readResponses } from './support/strict-reader.ts'

const HOST = 'scripted.framing.example'
const PAUSE_MS = 40
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc'

let origin: ScriptedOrigin
let weir: TestWeir
beforeAll(async () => {
  origin = await startScriptedOrigin()
  weir = await startWeir({
    policy: 'version: 1\ndefault: allow\n',
    resolve: [`${HOST}:80:127.0.0.1:${origin.port}`],
  })
})
afterAll(async () => {
  await weir?.close()
  await origin?.close()
})

/** Asks, and sends nonsense in pieces while the answer is not there yet. */
async function askAndRave(): Promise<{ client: RawClient; denied: () => number }> {
  const before = weir.records.length
  const client = await openRaw(weir.port)
  client.send(`GET http://${HOST}/a HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
  for (let piece = 0; piece < 3; piece++) {
    await sleep(PAUSE_MS)
    client.send('nonsense\r\n\r\n')
  }
  const denied = (): number => weir.records.slice(before).filter((record) => record['event.action'] === 'denied').length
  return { client, denied }
}

describe('nonsense behind a request that waits for its answer', () => {
  it('is written down once, however often it comes', async () => {
    origin.play({ segments: [], after: 'stay' })
    const { client, denied } = await askAndRave()
    await sleep(PAUSE_MS)
    expect(denied()).toBe(1)
    expect(client.ended).toBe(false)
    client.destroy()
  })

  it('is refused behind the answer', async () => {
    // The empty segments are pauses: the answer comes when all of the nonsense is there.
    origin.play({ segments: [...Array.from({ length: 30 }, () => ''), ANSWER], after: 'stay' })
    const { client, denied } = await askAndRave()
    const heard = readResponses(await client.readToEnd(), ['GET'])
    expect(heard).toMatchObject([
      { status: 200, body: 'abc', complete: true },
      { status: 400, complete: true },
    ])
    expect(denied()).toBe(1)
    client.destroy()
  })
})

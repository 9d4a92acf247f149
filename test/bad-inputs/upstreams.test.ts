/** Answers of an origin that are none: the client hears that the origin failed, nothing of them, and the record says how. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRaw } from '../e2e/support/raw-client.ts'
import { type ScriptedOrigin, startScriptedOrigin } from '../framing/support/scripted-origin.ts'
import { type BadInputStage, expectAlive, expectRecord, startStage } from './stage.ts'
import { BAD_UPSTREAMS } from './tables/upstreams.ts'

const HOST = 'scripted.example'
const ENDS_WITHIN_MS = 5_000

let origin: ScriptedOrigin
let stage: BadInputStage
beforeAll(async () => {
  origin = await startScriptedOrigin()
  stage = await startStage({
    policy: 'version: 1\ndefault: allow\n',
    resolve: [`${HOST}:80:127.0.0.1:${origin.port}`],
    limits: { responseTimeoutMs: 400 },
  })
})
afterAll(async () => {
  await stage?.close()
  await origin?.close()
})

describe('an origin that answers', () => {
  it.each(BAD_UPSTREAMS)('$name', async ({ answer, after, message }) => {
    origin.play({ segments: [answer], after })
    const before = stage.weir.records.length
    const client = await openRaw(stage.weir.port)
    client.send(`GET http://${HOST}/a HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)
    const heard = (await client.readToEnd(ENDS_WITHIN_MS)).toString('latin1')
    client.destroy()
    expect(heard).toMatch(/^HTTP\/1\.1 50[24] /)
    expect(heard).not.toContain('abc')
    await expectRecord(stage.weir, before, message)
    await expectAlive(stage.weir.port)
  })
})

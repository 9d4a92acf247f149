/** Request heads that cannot be served: the client hears so, the record says why, and the origin hears nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRaw } from '../e2e/support/raw-client.ts'
import { type BadInputStage, expectAlive, expectRecord, startStage } from './stage.ts'
import { BAD_HEADS } from './tables/heads.ts'

const ENDS_WITHIN_MS = 5_000

let stage: BadInputStage
beforeAll(async () => {
  const limits = { headTimeoutMs: 300, idleTimeoutMs: 1_000 }
  stage = await startStage({ policy: 'version: 1\ndefault: allow\n', limits })
})
afterAll(async () => {
  await stage?.close()
})

describe('a bad head', () => {
  it.each(BAD_HEADS)('$name', async ({ bytes, message }) => {
    const { weir, origin } = stage
    const [records, received] = [weir.records.length, origin.receivedBytes()]
    const client = await openRaw(weir.port)
    client.send(bytes)
    const answer = (await client.readToEnd(ENDS_WITHIN_MS)).toString('latin1')
    client.destroy()
    expect(answer).toMatch(/^HTTP\/1\.1 (?:4\d\d|505|502) /)
    await expectRecord(weir, records, message)
    expect(origin.receivedBytes()).toBe(received)
    await expectAlive(weir.port)
  })
})

/** First bytes in a tunnel that nobody could judge: nothing is dialled for them, and the record says why. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTunnel } from '../e2e/support/raw-client.ts'
import { type BadInputStage, expectAlive, expectRecord, startStage, TLS_HOST } from './stage.ts'
import { BAD_HELLOS } from './tables/hellos.ts'

const ENDS_WITHIN_MS = 5_000
const POLICY = `
version: 1
default: deny
rules:
  - name: the-web
    operations: [read, write, tunnel]
    action: allow
`

let stage: BadInputStage
beforeAll(async () => {
  stage = await startStage({ policy: POLICY, limits: { helloTimeoutMs: 300 } })
})
afterAll(async () => {
  await stage?.close()
})

describe('a bad ClientHello', () => {
  it.each(BAD_HELLOS)('$name', async ({ bytes, message }) => {
    const { weir, origin } = stage
    const [records, received] = [weir.records.length, origin.receivedBytes()]
    const { client, status } = await openTunnel(weir.port, `${TLS_HOST}:443`)
    expect(status).toBe(200)
    client.send(Buffer.from(bytes))
    const answer = await client.readToEnd(ENDS_WITHIN_MS)
    client.destroy()
    // Nothing at all, or a fatal alert.
    expect(answer.length === 0 || (answer[0] === 0x15 && answer[5] === 2)).toBe(true)
    await expectRecord(weir, records, message)
    expect(origin.receivedBytes()).toBe(received)
    await expectAlive(weir.port)
  })
})

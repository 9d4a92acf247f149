/** What the tests of bad inputs play on: a Weir before an origin that counts, and the proof that both are as they were. */
import { expect } from 'vitest'
import type { EcsRecord } from '../../src/audit/ecs.ts'
import type { Origin } from '../e2e/support/origin.ts'
import { startPlainOrigin } from '../e2e/support/plain-origin.ts'
import { openRaw } from '../e2e/support/raw-client.ts'
import { startWeir, type TestWeir, type WeirOptions } from '../e2e/support/weir.ts'

export const PLAIN_HOST = 'plain.example'
export const TLS_HOST = 'tls.example'
const ENDS_WITHIN_MS = 5_000

export interface BadInputStage {
  readonly weir: TestWeir
  readonly origin: Origin
  close(): Promise<void>
}

/** The origin speaks plain HTTP, at port 80 of one name and at port 443 of another. */
export async function startStage(options: WeirOptions): Promise<BadInputStage> {
  const origin = await startPlainOrigin()
  const own = [`${PLAIN_HOST}:80:127.0.0.1:${origin.port}`, `${TLS_HOST}:443:127.0.0.1:${origin.port}`]
  const weir = await startWeir({
    dns: { resolve4: unresolvable, resolve6: unresolvable },
    ...options,
    resolve: [...own, ...(options.resolve ?? [])],
  })
  return {
    weir,
    origin,
    close: async () => {
      await weir.close()
      await origin.close()
    },
  }
}

/** No name but those of the test is anywhere. */
function unresolvable(): Promise<never> {
  return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
}

/** Weir answers the next client as ever. */
export async function expectAlive(port: number): Promise<void> {
  const client = await openRaw(port)
  client.send(`GET http://${PLAIN_HOST}/ HTTP/1.1\r\nHost: ${PLAIN_HOST}\r\nConnection: close\r\n\r\n`)
  const answer = await client.readToEnd(ENDS_WITHIN_MS)
  expect(answer.toString('latin1'), 'a good request behind it').toMatch(/^HTTP\/1\.1 200 /)
  client.destroy()
}

/** The record of what was refused or failed since `before`; it says why, in one clear line. */
export async function expectRecord(weir: TestWeir, before: number, message: RegExp): Promise<EcsRecord> {
  const isRefusal = (record: EcsRecord): boolean => record['event.action'] !== 'allowed'
  const record = await weir.record((each) => weir.records.indexOf(each) >= before && isRefusal(each))
  const said = String(record['message'] ?? record['error.message'])
  expect(said, 'the record').toMatch(message)
  expect(said, 'one line').not.toMatch(/\p{Cc}/u)
  expectClear(said)
  return record
}

/** A message names what is wrong, in words: no error of a library, no path of a source, no `undefined`. */
export function expectClear(message: string): void {
  expect(message).not.toMatch(/\bundefined\b|\[object |\bat .*\.[jt]s\b|node:|TypeError|ERR_/)
}

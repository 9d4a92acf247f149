/** Answers of DNS that lead nowhere: nothing is dialled, and the record says what was answered. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRaw } from '../e2e/support/raw-client.ts'
import { startWeir, type TestWeir } from '../e2e/support/weir.ts'
import { expectRecord } from './stage.ts'
import { BAD_DNS, SILENCE } from './tables/dns.ts'

const ENDS_WITHIN_MS = 5_000

interface DnsRecord {
  readonly address: string
  readonly ttl: number
}

let answers: (typeof BAD_DNS)[number]['answers'] = { four: 'ENOTFOUND', six: 'ENOTFOUND' }
let dialled = 0
let here: Server
let weir: TestWeir
beforeAll(async () => {
  here = createServer((socket) => {
    dialled += 1
    socket.destroy()
  })
  here.listen(0, '127.0.0.1')
  await once(here, 'listening')
  weir = await startWeir({
    policy: 'version: 1\ndefault: allow\n',
    allowPrivate: [],
    limits: { resolveTimeoutMs: 300, dialTimeoutMs: 300 },
    dns: { resolve4: () => answer(answers.four), resolve6: () => answer(answers.six) },
  })
})
afterAll(async () => {
  await weir?.close()
  here?.close()
})

function answer(said: unknown): Promise<DnsRecord[]> {
  if (said === SILENCE) return new Promise(() => undefined)
  if (typeof said === 'string') return Promise.reject(Object.assign(new Error(said), { code: said }))
  return Promise.resolve(said as DnsRecord[])
}

describe('DNS that answers', () => {
  it.each(BAD_DNS.map((each, index) => ({ ...each, index })))('$name', async ({ index, message, ...each }) => {
    answers = each.answers
    const before = weir.records.length
    const { port } = here.address() as AddressInfo
    // A name of its own for each: what was answered about another one is remembered.
    const name = `name-${index}.example`
    const client = await openRaw(weir.port)
    client.send(`GET http://${name}:${port}/ HTTP/1.1\r\nHost: ${name}:${port}\r\nConnection: close\r\n\r\n`)
    const heard = (await client.readToEnd(ENDS_WITHIN_MS)).toString('latin1')
    client.destroy()
    expect(heard).toMatch(/^HTTP\/1\.1 (?:403|502|504) /)
    await expectRecord(weir, before, message)
    expect(dialled).toBe(0)
  })
})

/** What an origin sends: heard as the answer to its own request and no other, or not at all. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRaw } from '../e2e/support/raw-client.ts'
import { startWeir, type TestWeir } from '../e2e/support/weir.ts'
import { RESPONSE_CASES, type ResponseCase } from './corpus/responses.ts'
import { MARKER_BODY, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts'
import { type ReadResponse, readResponses } from './support/strict-reader.ts'

const ENDS_WITHIN_MS = 5_000
const HOST = 'scripted.framing.example'

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

async function ask({ method, segments, after }: ResponseCase): Promise<readonly ReadResponse[]> {
  origin.play({ segments, after })
  const client = await openRaw(weir.port)
  const body = method === 'POST' ? 'Content-Length: 2\r\n\r\nhi' : '\r\n'
  client.send(`${method} http://${HOST}/a HTTP/1.1\r\nHost: ${HOST}\r\n${body}`)
  client.send(`GET http://${HOST}/marker HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)
  try {
    return readResponses(await client.readToEnd(ENDS_WITHIN_MS), [method, 'GET'])
  } finally {
    client.destroy()
  }
}

describe('the corpus', () => {
  it('has each case of its own name', () => {
    expect(new Set(RESPONSE_CASES.map(({ name }) => name)).size).toBe(RESPONSE_CASES.length)
    console.info(
      `${RESPONSE_CASES.length} response cases, ${RESPONSE_CASES.filter((each) => each.forbidden).length} of them forbidden`,
    )
  })
})

describe('an answer', () => {
  it.each(RESPONSE_CASES)('$name ($clause)', async (each) => {
    const before = weir.records.length
    const [first, second, ...more] = await ask(each)
    expect(more).toEqual([])
    if (each.heard === 'cut') {
      // Nothing at all is a visible end too: undici may find the fault before the head has gone out.
      expect(first?.complete !== true || first.status === 502).toBe(true)
    } else if (each.heard === 'bad-gateway') {
      expect(first).toMatchObject({ status: 502, complete: true })
    } else {
      expect(first).toMatchObject({ ...each.heard, complete: true })
    }
    // Weir ends the client's connection behind a failure.
    if (typeof each.heard === 'object') expect(second).toMatchObject({ status: 200, body: MARKER_BODY, complete: true })
    else expect(second).toBeUndefined()
    if (first?.status === 204) expect(first.fields.map(([name]) => name)).not.toContain('content-length')
    const own = weir.records.slice(before).filter((record) => record['url.path'] === '/a')
    expect(own).toHaveLength(1)
    expect(own[0]?.['event.action']).toBe(typeof each.heard === 'object' ? 'allowed' : 'failed')
  })
})

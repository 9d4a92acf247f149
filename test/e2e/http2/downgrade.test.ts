/** Smuggling from HTTP/2 into HTTP/1.1: an origin reads of each request what was judged, or nothing (RFC 9113 section 10.3). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWeir, type TestWeir } from '../support/weir.ts'
import { secureTunnel } from './client.ts'
import { type Downgrade, DOWNGRADES, HOST } from './downgrade/cases.ts'
import { type RawOrigin, startRawOrigin } from './downgrade/origin.ts'
import { RawHttp2 } from './raw-http2.ts'

const POLICY = `
version: 1
default: deny
rules:
  - { name: smuggled, to: { hosts: [${HOST}] }, when: { paths: ["/smuggled"] }, action: deny }
  - { name: the-site, to: { hosts: [${HOST}] }, action: allow }
`
const OUTCOME_MS = 2_000

let origin: RawOrigin
let weir: TestWeir
let passed = 0

beforeAll(async () => {
  origin = await startRawOrigin()
  weir = await startWeir({ policy: POLICY, http2: 'always', resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
})

afterAll(async () => {
  await weir.close()
  await origin.close()
  console.log(
    `${DOWNGRADES.length} requests of HTTP/2 to an origin of HTTP/1.1: ${passed} passed as one, the rest as none`,
  )
})

/** The status of the answer; 0 where the stream or its connection was broken off. */
async function play({ frames }: Downgrade): Promise<number> {
  const raw = new RawHttp2(await secureTunnel(weir, HOST, ['h2']))
  await raw.open()
  raw.send(frames(1))
  const isOver = (): boolean => raw.stream(1).ended || raw.stream(1).reset !== null || raw.ended || raw.goaway !== null
  await raw.until(isOver, 'an outcome', OUTCOME_MS).catch(() => undefined)
  // Whatever stood behind the request would be asked now.
  await raw.ping()
  raw.socket.destroy()
  const status = raw.stream(1).sections[0]?.find(([name]) => name === ':status')?.[1]
  return Number(status ?? 0)
}

describe('a request of HTTP/2', () => {
  it('has a name of its own in the corpus', () => {
    expect(DOWNGRADES.length).toBeGreaterThanOrEqual(100)
    expect(new Set(DOWNGRADES.map(({ name }) => name)).size).toBe(DOWNGRADES.length)
  })

  it.each(DOWNGRADES)('with $name', async (downgrade) => {
    const before = weir.records.length
    const status = await play(downgrade)
    const seen = origin.take()
    const lines = weir.records.slice(before)
    expect(seen.length).toBeLessThanOrEqual(1)
    const [request] = seen
    if (request === undefined) {
      expect(status).not.toBe(200)
      return
    }
    passed += 1
    const [line] = lines.filter((record) => record['http.request.method'] !== undefined)
    const told = (name: string): string => {
      const value = line?.[name]
      return typeof value === 'string' ? value : ''
    }
    const target = [told('url.path'), told('url.query')].filter((part) => part !== '').join('?')
    expect(request.line).toBe(`${told('http.request.method')} ${target} HTTP/1.1`)
    expect(request.body).toBe(downgrade.content)
    const values = (name: string): string[] =>
      request.fields.filter((_, at) => at % 2 === 1 && request.fields[at - 1] === name)
    expect(values('host').map((host) => host.replace(/:443$|\.$/, ''))).toEqual([HOST])
    expect(values('content-length').length + values('transfer-encoding').length).toBeLessThanOrEqual(1)
    expect(request.fields.filter((_, at) => at % 2 === 0)).not.toContain('x-smuggled')
    expect(request.line).not.toContain('/smuggled HTTP')
  })
})

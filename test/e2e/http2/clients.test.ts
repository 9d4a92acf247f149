/** Real clients of HTTP/2 through opened TLS, with origins of HTTP/2 and of HTTP/1.1 behind it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { curl } from '../support/curl.ts'
import { type ProgramResult, runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { startWeir, type TestWeir } from '../support/weir.ts'
import { connectClient } from './client.ts'
import { type Forwarder, startForwarder } from './forwarder.ts'
import { h2load } from './h2load.ts'
import { type Http2Origin, type Served, type Speaks, startHttp2Origin } from './origin.ts'
import { HOST, OPENING_POLICY, SITE } from './site.ts'

/** As many as one connection may have. */
const REQUESTS = 10_000
const LOAD_TIMEOUT_MS = 180_000
const UPLOAD_BYTES = 20_000

let upload: string

beforeAll(() => {
  upload = join(temporaryFolder('http2-upload'), 'upload.bin')
  writeFileSync(upload, Buffer.alloc(UPLOAD_BYTES, 'u'))
})

describe.each<[Speaks, string]>([
  ['h2', '2'],
  ['http/1.1', '1.1'],
])('an origin that speaks %s', (speaks, version) => {
  let origin: Http2Origin
  let weir: TestWeir
  let forwarder: Forwarder

  beforeAll(async () => {
    origin = await startHttp2Origin(speaks)
    weir = await startWeir({
      policy: OPENING_POLICY,
      http2: 'always',
      // An origin of HTTP/1.1 is dialled for each stream, up to 32 times at once: many handshakes for one process on both sides.
      limits: { tlsHandshakeTimeoutMs: 60_000 },
      resolve: [`${HOST}:443:127.0.0.1:${origin.port}`],
    })
    forwarder = await startForwarder(weir, `${HOST}:443`)
  })

  afterAll(async () => {
    await forwarder.close()
    await weir.close()
    await origin.close()
  })

  /** What the origin is asked while `act` goes on. */
  const during = async <T>(act: () => Promise<T>): Promise<[T, readonly Served[]]> => {
    const before = origin.log.length
    return [await act(), origin.log.slice(before)]
  }

  const versions = (served: readonly Served[]): readonly string[] => [
    ...new Set(served.map(({ httpVersion }) => httpVersion)),
  ]

  /** What went wrong since so many records, in Weir's own words. */
  const faultsSince = (records: number): ReadonlySet<unknown> =>
    new Set(weir.records.slice(records).flatMap((record) => record['error.message'] ?? []))

  describe('h2load', () => {
    it.each([
      ['on one connection, one after the other', 1, 1, 500],
      ['on one connection, a hundred side by side', 1, 100, REQUESTS],
      ['on four connections, a hundred side by side on each', 4, 100, 4_000],
    ])(
      'is answered %s',
      async (_name, connections, streams, requests) => {
        const args = [`-c${connections}`, `-m${streams}`, `-n${requests}`, `${SITE}/load`]
        const records = weir.records.length
        const [load, served] = await during(() => h2load(forwarder.address, args))
        expect(faultsSince(records)).toEqual(new Set())
        console.info(`${speaks}: ${requests} by ${connections} × ${streams}: ${Math.round(load.perSecond)} a second`)
        expect(load).toMatchObject({ protocol: 'h2', succeeded: requests, failed: 0, errored: 0 })
        expect(load.statuses).toEqual({ '2xx': requests, '3xx': 0, '4xx': 0, '5xx': 0 })
        expect([served.length, versions(served)]).toEqual([requests, [version]])
      },
      LOAD_TIMEOUT_MS,
    )

    it('sends bodies', async () => {
      const args = ['-c2', '-m20', '-n400', `--data=${upload}`, `${SITE}/count`]
      const [load, served] = await during(() => h2load(forwarder.address, args))
      expect(load).toMatchObject({ succeeded: 400, statuses: { '2xx': 400 } })
      expect(served.filter(({ whole }) => whole).length).toBe(400)
    })

    it('is answered a large answer many times over', async () => {
      const args = ['-c2', '-m10', '-n100', `${SITE}/bytes/1000000`]
      const load = await h2load(forwarder.address, args)
      expect(load).toMatchObject({ succeeded: 100, errored: 0, statuses: { '2xx': 100 } })
    })

    it('is refused what a rule denies, beside what it allows', async () => {
      const args = ['-c1', '-m50', '-n1000', `${SITE}/fine`, `${SITE}/forbidden/x`]
      const [load, served] = await during(() => h2load(forwarder.address, args))
      expect(load).toMatchObject({ succeeded: 500, failed: 500, errored: 0 })
      expect(load.statuses).toEqual({ '2xx': 500, '3xx': 0, '4xx': 500, '5xx': 0 })
      expect(new Set(served.map(({ path }) => path))).toEqual(new Set(['/fine']))
    })

    it.each([
      ['h2', '2'],
      ['http/1.1', '1.1'],
    ])('is answered in %s where it offers nothing else', async (protocol) => {
      const args = ['-c2', '-m1', '-n100', `--npn-list=${protocol}`, `${SITE}/one-version`]
      const [load, served] = await during(() => h2load(forwarder.address, args))
      expect(load).toMatchObject({ protocol, succeeded: 100 })
      expect(versions(served)).toEqual([version])
    })
  })

  describe('nghttp', () => {
    const nghttp = (path: string, ...args: readonly string[]): Promise<ProgramResult> =>
      // Its ClientHello names the authority, wherever it connects to.
      runProgram('nghttp', ['-nvs', ...args, '-H', `:authority: ${HOST}`, `https://${forwarder.address}${path}`])

    /** Status and bytes of each answer, by its own table. */
    const answers = ({ stdout }: ProgramResult): readonly (readonly string[])[] =>
      [...stdout.matchAll(/^ *\d+ +\+.* (\d{3}) +(\S+) \/\S*$/gm)].map(([, status = '', bytes = '']) => [status, bytes])

    it.each<[string, readonly string[]]>([
      ['with all its PRIORITY frames', []],
      ['without them', ['--no-dep']],
      ['with a head in CONTINUATION frames', ['--continuation']],
      ['with padding', ['--padding=200']],
      ['with small windows', ['--window-bits=10', '--connection-window-bits=12']],
      ['with a table of header fields that changes its size', ['-c', '0', '-c', '8192']],
    ])('is answered %s', async (_name, args) => {
      const [told, served] = await during(() => nghttp('/bytes/50000', ...args))
      expect(told.stdout).toContain('The negotiated protocol: h2\n')
      expect(answers(told)).toEqual([['200', '48K']])
      expect(versions(served)).toEqual([version])
    })

    it('is answered a hundred side by side', async () => {
      const [told, served] = await during(() => nghttp('/hello', '-m100'))
      expect(answers(told)).toEqual(Array.from({ length: 100 }, () => ['200', '10']))
      expect(served.length).toBe(100)
    })

    it.each<[string, readonly string[]]>([
      ['with its length', []],
      ['without its length', ['--no-content-length']],
      ['behind 100 Continue', ['--expect-continue']],
      ['with trailers', ['--trailer=x-checksum: 1']],
    ])('sends a body %s', async (_name, args) => {
      const [told, served] = await during(() => nghttp('/count', '-d', upload, ...args))
      expect(answers(told)).toEqual([['200', '5']])
      expect(served.map(({ whole }) => whole)).toEqual([true])
      expect(told.stdout.includes(':status: 100')).toBe(args.includes('--expect-continue'))
    })

    it('is refused', async () => {
      const [told, served] = await during(() => nghttp('/forbidden/x'))
      expect(answers(told).map(([status]) => status)).toEqual(['403'])
      expect(told.stdout).toMatch(/weir-event: \w{13}\n/)
      expect(served).toEqual([])
    })
  })

  describe('curl', () => {
    it.each([
      ['--http2', '2'],
      ['--http1.1', '1.1'],
    ])('%s is answered, sends, and is refused', async (flag, spoken) => {
      const run = (path: string, ...args: readonly string[]) =>
        curl([flag, ...args, `${SITE}${path}`], { proxy: weir.proxy, caFile: weir.caFile })
      const [fetched, served] = await during(() => run('/hello'))
      expect(fetched).toMatchObject({ exitCode: 0, status: 200, httpVersion: spoken })
      expect(versions(served)).toEqual([version])
      const sent = await run('/count', '--data-binary', `@${upload}`)
      expect([sent.status, sent.body.toString(), sent.uploadedBytes]).toEqual([200, '20000', 20_000])
      const chunked = await run('/count', '-H', 'Transfer-Encoding: chunked', '--data-binary', `@${upload}`)
      expect([chunked.status, chunked.body.toString()]).toEqual([200, '20000'])
      const refused = await run('/forbidden/x', '--data-binary', `@${upload}`)
      expect(refused).toMatchObject({ exitCode: 0, status: 403, httpVersion: spoken })
      expect(refused.body.toString()).toContain('Not that one.')
    })

    // The end of an answer may be read late where its connection is new.
    it('has each of sixty answers to its end, one connection after the other', async () => {
      for (let at = 0; at < 60; at += 1) {
        const fetched = await runCurl(['--http1.1', `${SITE}/alone/${at}`])
        expect(fetched).toEqual(['1.1 200'])
      }
    })

    it('asks for several at a time on one connection', async () => {
      const args = ['--http2', '--parallel', '--parallel-max', '50', `${SITE}/parallel/[1-200]`]
      const [fetched, served] = await during(() => runCurl(args))
      expect(fetched).toEqual(Array.from({ length: 200 }, () => '2 200'))
      expect(new Set(served.map(({ path }) => path)).size).toBe(200)
    })

    /** Version and status of each answer. */
    const runCurl = async (args: readonly string[]): Promise<readonly string[]> => {
      const wiring = ['--disable', '-sS', '--proxy', weir.proxy, '--cacert', weir.caFile, '-o', '/dev/null']
      const { stdout, code, stderr } = await runProgram('curl', [
        ...wiring,
        '-w',
        '%{http_version} %{http_code}\\n',
        ...args,
      ])
      expect(code, stderr).toBe(0)
      return stdout.trim().split('\n')
    }
  })

  it('is asked 2,000 times by one session of Node, a hundred at a time', async () => {
    const client = await connectClient(weir, HOST)
    let next = 0
    const worker = async (): Promise<void> => {
      while (next < 2_000) {
        const path = `/node?${next++}`
        const heard = await client.ask({ path })
        expect([heard.status, heard.body.toString(), heard.broken]).toEqual([200, `GET ${path}`, null])
      }
    }
    const [, served] = await during(() => Promise.all(Array.from({ length: 100 }, worker)))
    client.close()
    expect([served.length, versions(served)]).toEqual([2_000, [version]])
  })
})

it('is translated for a client that speaks nothing but HTTP/2, without being told to', async () => {
  const origin = await startHttp2Origin('http/1.1')
  const weir = await startWeir({ policy: OPENING_POLICY, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
  const forwarder = await startForwarder(weir, `${HOST}:443`)
  const args = ['-c1', '-m100', '-n1000', '--npn-list=h2', `${SITE}/translated`]
  const load = await h2load(forwarder.address, args)
  expect(load).toMatchObject({ protocol: 'h2', succeeded: 1_000, statuses: { '2xx': 1_000 } })
  expect(new Set(origin.log.map(({ httpVersion }) => httpVersion))).toEqual(new Set(['1.1']))
  await forwarder.close()
  await weir.close()
  await origin.close()
})

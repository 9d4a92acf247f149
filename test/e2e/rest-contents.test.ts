/** GitHub's contents API through Weir: allowed, refused by repository, refused by size, with and without Content-Length. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificates } from './support/certificates.ts'
import { curl } from './support/curl.ts'
import { randomBytes } from './support/git-client.ts'
import type { Origin } from './support/origin.ts'
import { startRestOrigin } from './support/rest-origin.ts'
import { temporaryFolder } from './support/temporary.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const POLICY = `
version: 1
default: deny
repositories:
  ours: [github.com/acme/*]
rules:
  - name: read-code
    to: { category: code-repository }
    operations: [read, sign-in]
    action: allow
  - name: write-to-ours
    to: { repositories: ours }
    operations: [git-push, file-write, release-upload]
    limits: [{ per: request, size: 5 MB }]
    action: allow
  - name: no-writes-elsewhere
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
    message: Write to github.com/acme, or ask the platform team.
`

let origin: Origin
let weir: TestWeir
let folder: string

beforeAll(async () => {
  origin = await startRestOrigin(certificates())
  weir = await startWeir({
    policy: POLICY,
    // So that curl may take either, to an origin that speaks HTTP/1.1.
    http2: 'always',
    resolve: [`api.github.com:443:127.0.0.1:${origin.port}`, `uploads.github.com:443:127.0.0.1:${origin.port}`],
  })
  folder = temporaryFolder('bodies')
})

afterAll(async () => {
  await weir?.close()
  await origin?.close()
})

async function contentsBody(sizeBytes: number): Promise<string> {
  const path = join(folder, `contents-${sizeBytes}.json`)
  const content = randomBytes(sizeBytes, `contents-${sizeBytes}`).toString('base64')
  await writeFile(path, JSON.stringify({ message: 'Add a file', content }))
  return path
}

const CHUNKED = ['-H', 'Transfer-Encoding: chunked']
const FRAMINGS = [
  ['with Content-Length, by HTTP/1.1', '1.1', []],
  ['without Content-Length, by HTTP/1.1', '1.1', CHUNKED],
  ['with Content-Length, by HTTP/2', '2', []],
  ['without Content-Length, by HTTP/2', '2', CHUNKED],
] as const

async function put(path: string, body: string, version: '1.1' | '2', framing: readonly string[]) {
  const answer = await curl(
    [
      '-X',
      'PUT',
      version === '2' ? '--http2' : '--http1.1',
      '-H',
      'Content-Type: application/json',
      ...framing,
      '--data-binary',
      `@${body}`,
      `https://api.github.com${path}`,
    ],
    { proxy: weir.proxy, caFile: weir.caFile },
  )
  const record = await weir.record((each) => each['url.path'] === path)
  expect(record['http.version']).toBe(version)
  return { ...answer, received: origin.log.filter((request) => request.path === path) }
}

describe.each(FRAMINGS)('PUT contents %s', (_, version, framing) => {
  const suffix = `${framing.length === 0 ? 'sized' : 'chunked'}-${version[0]}`

  it('writes 3 KB to a repository of ours', async () => {
    const answer = await put(
      `/repos/acme/widgets/contents/small-${suffix}.bin`,
      await contentsBody(3_000),
      version,
      framing,
    )
    expect(answer.status).toBe(201)
    expect(answer.received[0]?.bodyBytes).toBeGreaterThan(4_000)
  })

  it('writes 4.5 MB, which are 6 MB as base64', async () => {
    const answer = await put(
      `/repos/acme/widgets/contents/medium-${suffix}.bin`,
      await contentsBody(4_500_000),
      version,
      framing,
    )
    expect(answer.status).toBe(201)
    const record = await weir.record((each) => each['url.path'] === `/repos/acme/widgets/contents/medium-${suffix}.bin`)
    expect(Number(record['weir.upload.size']) - 4_500_000).toSatisfy((rest: number) => rest > 0 && rest < 100)
  })

  it('refuses 6 MB by the limit', async () => {
    const path = `/repos/acme/widgets/contents/large-${suffix}.bin`
    const answer = await put(path, await contentsBody(6_000_000), version, framing)
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      message: expect.stringMatching(
        /^weir: this upload is larger than the limit of 5 MB for one request \(event \w{13}\)$/,
      ),
    })
    expect(answer.received).toEqual([])
    const record = await weir.record((each) => each['url.path'] === path)
    expect(record).toMatchObject({ 'weir.reason': 'limit', 'rule.name': 'write-to-ours', 'weir.upstream.bodyBytes': 0 })
  })

  it('refuses somebody else’s repository', async () => {
    const path = `/repos/mallory/stolen/contents/${suffix}.bin`
    const answer = await put(path, await contentsBody(3_000), version, framing)
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.body.toString()).message).toContain(
      'weir: Write to github.com/acme, or ask the platform team.',
    )
    expect(answer.received).toEqual([])
    const record = await weir.record((each) => each['url.path'] === path)
    expect(record).toMatchObject({ 'rule.name': 'no-writes-elsewhere', 'weir.upstream.bodyBytes': 0 })
  })
})

describe('the other channels of the same service', () => {
  it('refuses a gist, which has no repository of ours', async () => {
    const answer = await curl(['-d', '{"files":{"a":{"content":"b"}}}', 'https://api.github.com/gists'], {
      proxy: weir.proxy,
      caFile: weir.caFile,
    })
    expect(answer.status).toBe(403)
    expect(origin.log.some((request) => request.path === '/gists')).toBe(false)
  })

  it('refuses a release asset elsewhere at uploads.github.com', async () => {
    const answer = await curl(
      ['--data-binary', 'asset', 'https://uploads.github.com/repos/mallory/stolen/releases/1/assets?name=a.zip'],
      { proxy: weir.proxy, caFile: weir.caFile },
    )
    expect(answer.status).toBe(403)
    expect(origin.log.some((request) => request.path.includes('/mallory/stolen/releases'))).toBe(false)
  })
})

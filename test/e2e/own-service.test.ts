/** The example of a service of one's own, on the wire: its rows say what is a read, an upload, and where an upload goes on. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestCa } from '../tls/pki.ts'
import { type Origin, startOrigin } from './support/origin.ts'
import { openRaw, openTls, openTunnel, type RawClient } from './support/raw-client.ts'
import { requestOf } from './support/ways-round.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const SHARE = 'share.partner.example'
const BUCKET = 'bucket.partner.example'
const HOSTS = [SHARE, BUCKET, 'api.dropboxapi.com']
const POLICY = readFileSync(join(import.meta.dirname, '../../policies/examples/own-service.yaml'), 'utf8')

const upstreamCa = createTestCa({ name: 'Upstream CA of a service of one’s own' })
const clients: RawClient[] = []
let secure: Origin
let plain: Origin
let weir: TestWeir
/** What reached the origins. */
let seen: string[] = []

beforeAll(async () => {
  const serve: Parameters<typeof startOrigin>[0]['serve'] = async (exchange) => {
    const { method, url, headers } = exchange.request
    seen.push(`${method} ${headers.host}${url}`)
    await exchange.discard()
    const uploadUrl = `https://${BUCKET}/put/here`
    exchange.answer(200, { 'content-type': 'application/json' }, JSON.stringify({ uploadUrl }))
  }
  secure = await startOrigin({ tls: upstreamCa.issue({ names: HOSTS }), serve })
  plain = await startOrigin({ serve })
  weir = await startWeir({
    policy: POLICY,
    resolve: HOSTS.flatMap((host) => [`${host}:443:127.0.0.1:${secure.port}`, `${host}:80:127.0.0.1:${plain.port}`]),
    upstreamCa: upstreamCa.certificatePem,
  })
})
beforeEach(() => {
  seen = []
})
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})
afterAll(async () => {
  await weir?.close()
  await secure?.close()
  await plain?.close()
})

interface Asked {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly type?: string
  readonly body?: string
}

const WAYS: readonly (readonly [string, (asked: Asked) => Promise<number>])[] = [
  [
    'in the clear',
    async (asked) => {
      const client = await openRaw(weir.port)
      client.send(textOf(asked, `http://${asked.host}${asked.path}`))
      return statusOf(client)
    },
  ],
  [
    'in a tunnel that is opened',
    async (asked) => {
      const { client, status } = await openTunnel(weir.port, `${asked.host}:443`)
      clients.push(client)
      if (status !== 200) return status
      const inner = (await openTls(client, { servername: asked.host, ca: weir.caPem })).client
      inner.send(textOf(asked, asked.path))
      return statusOf(inner)
    },
  ],
]

const FORM = { type: 'multipart/form-data; boundary=x', body: '--x--\r\n' }
const JSON_BODY = { type: 'application/json', body: '{"content":"aGVsbG8="}' }

describe.each(WAYS)('%s', (_way, ask) => {
  it.each([
    ['a file is read', { method: 'GET', path: '/files/plan.pdf' }],
    ['a page asks first', { method: 'OPTIONS', path: '/files/plan.pdf' }],
    ['a small form is sent', { method: 'POST', path: '/upload/a?type=media', ...FORM }],
    ['a small file in JSON is sent', { method: 'POST', path: '/api/files', ...JSON_BODY }],
  ])('%s', async (_, asked) => {
    expect(await ask({ host: SHARE, ...asked })).toBe(200)
    expect(seen).toEqual([`${asked.method} ${SHARE}${asked.path}`])
  })

  it.each([
    ['a form without its parameter', { method: 'POST', path: '/upload/a', ...FORM }],
    ['a form of another type', { method: 'POST', path: '/upload/a?type=media', ...JSON_BODY }],
    ['a read with a body', { method: 'GET', path: '/files/plan.pdf', ...FORM }],
    ['a read that no row names', { method: 'GET', path: '/collect?data=c2VjcmV0' }],
    ['a read by a way round', { method: 'GET', path: '/files/%2e%2e/collect' }],
    ['another write', { method: 'DELETE', path: '/files/plan.pdf' }],
    ['a large form', { method: 'POST', path: '/upload/a?type=media', ...FORM, body: 'x'.repeat(1_000_001) }],
  ])('%s is refused', async (_, asked) => {
    expect(await ask({ host: SHARE, ...asked })).toBe('body' in asked && asked.body.length > 1_000_000 ? 413 : 403)
    expect(seen).toEqual([])
  })

  it('a row in front of those of the catalogue names what is refused', async () => {
    const path = '/2/sharing/create_shared_link_with_settings'
    expect(await ask({ host: 'api.dropboxapi.com', method: 'POST', path, ...JSON_BODY })).toBe(403)
    const record = await weir.record((each) => each['url.path'] === path)
    expect(record).toMatchObject({ 'rule.name': 'no-links-for-everybody', 'weir.operation': 'access-write' })
    expect(seen).toEqual([])
  })
})

it('what goes to the address that its answer announced is an upload to it', async () => {
  const [, [, ask] = []] = WAYS
  if (ask === undefined) throw new Error('no way')
  expect(await ask({ host: SHARE, method: 'POST', path: '/api/uploads', ...JSON_BODY })).toBe(200)
  expect(await ask({ host: BUCKET, method: 'PUT', path: '/put/here', ...FORM })).toBe(200)
  expect(await ask({ host: BUCKET, method: 'PUT', path: '/put/here', ...FORM, body: 'x'.repeat(1_000_001) })).toBe(413)
  const records = weir.records.filter((each) => each['url.path'] === '/put/here')
  expect(records.map((each) => [each['rule.name'], each['weir.service']])).toEqual([
    ['small-files-to-the-partner', 'partner-share'],
    ['small-files-to-the-partner', 'partner-share'],
  ])
  expect(seen).toEqual([`POST ${SHARE}/api/uploads`, `PUT ${BUCKET}/put/here`])
})

function textOf({ method, host, type, body }: Asked, target: string): string {
  const fields = body === undefined ? [] : [`Content-Type: ${type ?? ''}`, `Content-Length: ${body.length}`]
  return `${requestOf({ host, method, target, fields }).toString('latin1')}${body ?? ''}`
}

async function statusOf(client: RawClient): Promise<number> {
  clients.push(client)
  const answer = await client.read((got) => got.includes('\r\n\r\n') || client.ended)
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer.toString('latin1'))?.[1] ?? 0)
}

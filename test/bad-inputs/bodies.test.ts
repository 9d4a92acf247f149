/** Bodies that are not what their address says: refused before a byte of them goes on, and the record says why. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Origin, startOrigin } from '../e2e/support/origin.ts'
import { openTls, openTunnel } from '../e2e/support/raw-client.ts'
import { createTestCa } from '../tls/pki.ts'
import { type BadInputStage, expectAlive, expectRecord, PLAIN_HOST, startStage } from './stage.ts'
import { BAD_BODIES, type BadBody } from './tables/bodies.ts'

const ENDS_WITHIN_MS = 5_000
const POLICY = `
version: 1
default: deny
repositories:
  ours: [github.com/acme/*]
rules:
  - name: plain
    to: { hosts: [${PLAIN_HOST}] }
    action: allow
  - name: read
    operations: [read, sign-in]
    action: allow
  - name: push-to-ours
    to: { repositories: ours }
    operations: [git-push]
    limits: [{ per: request, size: 5 MB }]
    action: allow
`

interface Place {
  readonly host: string
  readonly path: string
  readonly type: string
}

const PLACES: Readonly<Record<BadBody['kind'], Place>> = {
  push: {
    host: 'github.com',
    path: '/acme/app.git/git-receive-pack',
    type: 'application/x-git-receive-pack-request',
  },
  fetch: { host: 'github.com', path: '/acme/app.git/git-upload-pack', type: 'application/x-git-upload-pack-request' },
  lfs: { host: 'github.com', path: '/acme/app.git/info/lfs/locks/verify', type: 'application/vnd.git-lfs+json' },
  mega: { host: 'g.api.mega.co.nz', path: '/cs?id=1', type: 'application/json' },
}

let upstream: Origin
let stage: BadInputStage
beforeAll(async () => {
  const ca = createTestCa({ name: 'Bad input upstream CA' })
  const hosts = Object.values(PLACES).map(({ host }) => host)
  upstream = await startOrigin({
    tls: ca.issue({ names: hosts }),
    serve: async (exchange) => {
      await exchange.discard()
      exchange.answer(200, {}, 'taken\n')
    },
  })
  stage = await startStage({
    policy: POLICY,
    upstreamCa: ca.certificatePem,
    resolve: hosts.map((host) => `${host}:443:127.0.0.1:${upstream.port}`),
  })
})
afterAll(async () => {
  await stage?.close()
  await upstream?.close()
})

async function send({ kind, body, coding }: BadBody): Promise<string> {
  const { host, path, type } = PLACES[kind]
  const { client: tunnel } = await openTunnel(stage.weir.port, `${host}:443`)
  const { client } = await openTls(tunnel, { servername: host, ca: stage.weir.caPem })
  const fields = [`Host: ${host}`, `Content-Type: ${type}`, `Content-Length: ${body.length}`, 'Connection: close']
  if (coding !== undefined) fields.push(`Content-Encoding: ${coding}`)
  client.send(`POST ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`)
  client.send(Buffer.from(body))
  const answer = await client.readToEnd(ENDS_WITHIN_MS)
  client.destroy()
  return answer.toString('latin1')
}

describe('a bad body', () => {
  it.each(BAD_BODIES)('$name', async (each) => {
    const { weir } = stage
    const [records, received] = [weir.records.length, upstream.receivedBytes()]
    const answer = await send(each)
    // A refused push is a report that says so, and MEGA's error a number, both under status 200.
    expect(answer).toMatch(
      /^HTTP\/1\.1 (?:4\d\d |200 OK\r\n[\s\S]*(?:ng refs|unpack |ERR )|200 OK\r\n[\s\S]*\r\n\r\n-11$)/,
    )
    expect(answer).not.toContain('taken')
    const record = await expectRecord(weir, records, each.message)
    expect(record['weir.upstream.bodyBytes'] ?? 0).toBe(0)
    expect(upstream.receivedBytes()).toBe(received)
  })

  it('of any kind leaves Weir as it was', () => expectAlive(stage.weir.port))
})

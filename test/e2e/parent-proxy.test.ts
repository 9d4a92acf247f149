/** A parent proxy, which is another Weir: tunnels by CONNECT, plain requests by their whole URL, and nothing past it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashSync } from 'bcryptjs'
import { certificates } from './support/certificates.ts'
import { curl } from './support/curl.ts'
import { type Origin, startOrigin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openTunnel } from './support/raw-client.ts'
import { startRestOrigin } from './support/rest-origin.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const PARENT_POLICY = `
version: 1
default: deny
rules:
  - name: the-child
    from: { users: [child] }
    operations: [tunnel, read, write]
    action: allow
inspection: { mode: never }
`
const CHILD_POLICY = `
version: 1
default: deny
rules:
  - name: by-address
    to: { networks: [127.0.0.0/8], hosts: [address.example] }
    action: allow
  - name: no-writes
    to: { category: code-repository }
    operations: [write]
    action: deny
  - name: the-rest
    to: { hosts: [plain.example, closing.example, spliced.example, api.github.com] }
    action: allow
`
let plain: Origin
/** Ends its connection behind each answer. */
let closing: Origin
let rest: Origin
let parent: TestWeir
let child: TestWeir

beforeAll(async () => {
  plain = await startPlainOrigin()
  closing = await startOrigin({
    serve: async (exchange) => exchange.answer(200, { connection: 'close', 'content-length': 0 }, ''),
  })
  rest = await startRestOrigin(certificates())
  parent = await startWeir({
    policy: PARENT_POLICY,
    users: `child:${hashSync('p@ss', 4)}`,
    resolve: [
      `plain.example:80:127.0.0.1:${plain.port}`,
      `closing.example:80:127.0.0.1:${closing.port}`,
      `address.example:80:127.0.0.1:${plain.port}`,
      `api.github.com:443:127.0.0.1:${rest.port}`,
    ],
  })
  child = await startWeir({ policy: CHILD_POLICY, upstreamProxy: `http://child:p%40ss@127.0.0.1:${parent.port}` })
})

afterAll(async () => {
  await child?.close()
  await parent?.close()
  await plain?.close()
  await closing?.close()
  await rest?.close()
})

function ask(args: readonly string[]) {
  return curl(args, { proxy: child.proxy, caFile: child.caFile })
}

describe('behind a parent proxy', () => {
  it('a plain request goes by its whole URL, with the credentials of the proxy alone', async () => {
    const answer = await ask(['http://plain.example/echo'])
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body.toString())).toMatchObject({ target: '/echo' })
    expect(answer.body.toString()).not.toContain('roxy-')
    expect(await parent.record((line) => line['url.path'] === '/echo')).toMatchObject({ 'user.name': 'child' })
  })

  it('what is in the clear in a tunnel goes on in one, by its path alone and without those credentials', async () => {
    const { client, status } = await openTunnel(child.port, 'closing.example:80')
    expect(status).toBe(200)
    // The second goes out on a connection of its own, which the parent is asked for by another CONNECT.
    for (const path of ['/first', '/second']) {
      client.send(`GET ${path} HTTP/1.1\r\nHost: closing.example\r\n\r\n`)
      expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 200 /)
      expect(await parent.record((line) => line['url.path'] === path)).toMatchObject({ 'user.name': 'child' })
    }
    client.destroy()
    expect(
      closing.log.map(({ path, headers }) => [path, Object.keys(headers).filter((name) => /prox/.test(name))]),
    ).toEqual([
      ['/first', []],
      ['/second', []],
    ])
  })

  it('an opened tunnel is verified to its end, and refused in it', async () => {
    const read = await ask(['https://api.github.com/repos/acme/app/contents/none'])
    expect([read.connectStatus, read.status]).toEqual([200, 404])
    const written = await ask(['-X', 'PUT', '-d', '{}', 'https://api.github.com/repos/acme/app/contents/x'])
    expect(written.status).toBe(403)
    expect(await parent.record((line) => line['weir.operation'] === 'tunnel')).toMatchObject({ 'user.name': 'child' })
  })

  it('an allow rule on an address does not hold, for nobody sees it', async () => {
    const answer = await ask(['http://address.example/echo'])
    expect(answer.status).toBe(403)
  })

  it('a name that the parent does not reach is a failure that says so', async () => {
    const answer = await ask(['https://spliced.example/'])
    expect(answer.exitCode).not.toBe(0)
    const record = await child.record((line) => line['destination.domain'] === 'spliced.example')
    expect(JSON.stringify(record)).toContain('parent proxy')
  })
})

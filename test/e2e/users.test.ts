/** Users by name and password: who is asked, who is let through, and that nobody dodges a rule by not saying who he is. */
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certificates } from './support/certificates.ts'
import { curl } from './support/curl.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { openTunnel } from './support/raw-client.ts'
import { startRestOrigin } from './support/rest-origin.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const POLICY = `
version: 1
default: deny
groups:
  engineering: { users: [ada, grace] }
  machines: { networks: [127.0.0.9/32] }
rules:
  - name: anybody
    to: { hosts: [open.example] }
    action: allow
  - name: not-linus
    from: { users: [linus] }
    to: { hosts: [most.example] }
    action: deny
  - name: most
    to: { hosts: [most.example] }
    action: allow
  - name: engineers
    from: [engineering, machines]
    to: { hosts: [plain.example, api.github.com] }
    action: allow
`
const COST = 4
const PASSWORDS = { ada: 'lovelace', grace: 'hopper:cobol', linus: 'pässword' }

let plain: Origin
let rest: Origin
let weir: TestWeir

beforeAll(async () => {
  plain = await startPlainOrigin()
  rest = await startRestOrigin(certificates())
  weir = await startWeir({
    policy: POLICY,
    users: Object.entries(PASSWORDS)
      .map(([user, password]) => `${user}:${hashSync(password, COST)}`)
      .join('\n'),
    resolve: [
      ...['plain.example', 'open.example', 'most.example'].map((host) => `${host}:80:127.0.0.1:${plain.port}`),
      `api.github.com:443:127.0.0.1:${rest.port}`,
    ],
  })
})

afterAll(async () => {
  await weir?.close()
  await plain?.close()
  await rest?.close()
})

function get(url: string, credentials?: string) {
  const args = credentials === undefined ? [url] : ['--proxy-user', credentials, url]
  return curl(args, { proxy: weir.proxy, caFile: weir.caFile })
}

describe('a plain request', () => {
  it('goes through without a name where no rule asks for one', async () => {
    expect((await get('http://open.example/echo')).status).toBe(200)
  })

  it('is asked for a name where the outcome depends on it, and not forwarded', async () => {
    const before = plain.log.length
    const answer = await get('http://plain.example/echo')
    expect(answer.status).toBe(407)
    expect(answer.headers['proxy-authenticate']).toBe('Basic realm="weir", charset="UTF-8"')
    expect(plain.log.length).toBe(before)
    const record = await weir.record((line) => line['event.action'] === 'challenged')
    expect(record).toMatchObject({ 'event.kind': 'event', 'http.response.status_code': 407 })
  })

  it('goes through with the right one, which is in the record and not sent on', async () => {
    const answer = await get('http://plain.example/echo', 'grace:hopper:cobol')
    expect(answer.status).toBe(200)
    expect(answer.body.toString().toLowerCase()).not.toContain('proxy-authorization')
    expect(await weir.record((line) => line['user.name'] === 'grace')).toMatchObject({ 'rule.name': 'engineers' })
    expect(JSON.stringify(weir.records)).not.toContain('cobol')
  })

  it('is refused with a wrong password, and that is a denial', async () => {
    expect((await get('http://plain.example/echo', 'ada:wrong')).status).toBe(407)
    expect(await weir.record((line) => line['weir.reason'] === 'credentials-wrong')).toMatchObject({
      'event.action': 'denied',
    })
  })

  it('is refused to a user that no rule lets there', async () => {
    expect((await get('http://plain.example/echo', `linus:${PASSWORDS.linus}`)).status).toBe(403)
  })

  it('does not dodge a deny rule on a user by giving no name', async () => {
    expect((await get('http://most.example/echo')).status).toBe(407)
    expect((await get('http://most.example/echo', `linus:${PASSWORDS.linus}`)).status).toBe(403)
    expect((await get('http://most.example/echo', 'ada:lovelace')).status).toBe(200)
  })
})

describe('a CONNECT', () => {
  it('is asked for a name before anything is dialled', async () => {
    const before = rest.receivedBytes()
    const { status, reply, client } = await openTunnel(weir.port, 'api.github.com:443')
    expect(status).toBe(407)
    expect(reply).toMatch(/^proxy-authenticate: Basic realm="weir", charset="UTF-8"\r$/im)
    client.socket.destroy()
    expect(rest.receivedBytes()).toBe(before)
  })

  it('tells for all that is asked inside', async () => {
    const answer = await get('https://api.github.com/repos/acme/app/contents/none', 'ada:lovelace')
    expect(answer.connectStatus).toBe(200)
    expect([200, 404]).toContain(answer.status)
    expect(
      await weir.record((line) => line['destination.domain'] === 'api.github.com' && line['user.name'] === 'ada'),
    ).toBeDefined()
  })

  it.each([
    ['two fields', ['Proxy-Authorization: Basic YWRhOmxvdmVsYWNl', 'Proxy-Authorization: Basic YWRhOmxvdmVsYWNl']],
    ['another scheme', ['Proxy-Authorization: Bearer abc']],
    ['no base64', ['Proxy-Authorization: Basic ***']],
    ['no colon', [`Proxy-Authorization: Basic ${Buffer.from('ada').toString('base64')}`]],
  ])('with %s is nobody', async (_name, fields) => {
    const { status, client } = await openTunnel(weir.port, 'api.github.com:443', fields)
    client.socket.destroy()
    expect(status).toBe(407)
  })
})

it('wrong passwords are slowed, and the one who knows his is not', async () => {
  const statuses: number[] = []
  for (let guess = 0; guess < 12; guess++) {
    const fields = [`Proxy-Authorization: Basic ${Buffer.from(`linus:guess-${guess}`).toString('base64')}`]
    const { status, client } = await openTunnel(weir.port, 'most.example:80', fields)
    client.socket.destroy()
    statuses.push(status)
  }
  expect(statuses.at(-1)).toBe(429)
  expect((await get('http://plain.example/echo', 'ada:lovelace')).status).toBe(200)
})

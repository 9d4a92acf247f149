/** Ways round over several requests, connections or moments: what one was allowed says nothing of the next. */
import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, it } from 'vitest'
import { PACK } from '../proxy/pushes.ts'
import { A, B, command, packets } from '../wire/push.ts'
import { openRaw, openTunnel, type RawClient } from './support/raw-client.ts'
import {
  type Asked,
  expectNothingThrough,
  type Grounds,
  lastOf,
  openGrounds,
  openInside,
  requestOf,
} from './support/ways-round.ts'
import type { WeirOptions } from './support/weir.ts'

const REF = packets(command(A, B, 'refs/heads/feature/x', ' report-status'), null)
const BODY = Buffer.concat([REF, PACK])
const OURS: Asked = { host: 'github.com', target: '/acme/app.git/git-receive-pack', body: BODY }
const MALLORYS: Asked = { ...OURS, target: '/mallory/x.git/git-receive-pack' }

let grounds: Grounds
afterEach(() => grounds.close())

async function open(options: Partial<WeirOptions> = {}): Promise<Grounds> {
  grounds = await openGrounds(options)
  return grounds
}

/** The answer to one request on a connection that stays open: its head, and what came with it. */
async function ask(client: RawClient, asked: Asked): Promise<{ status: number; answer: string }> {
  client.send(requestOf(asked))
  const answer = (await client.read('\r\n\r\n')).toString()
  return { status: Number(answer.split(' ')[1]), answer }
}

function plainly({ host, target, ...rest }: Asked): Asked {
  return { host, target: `http://${host}${target}`, ...rest }
}

describe('one opened connection', () => {
  it('is judged anew for each repository: allowed, refused, allowed, refused', async () => {
    const { weir, secure } = await open()
    const client = await openInside(weir, 'github.com')
    for (const asked of [OURS, MALLORYS, OURS, { ...MALLORYS, target: '/acme/app.wiki.git/git-receive-pack' }]) {
      await ask(client, asked)
    }
    expect(secure.log.map(({ path }) => path)).toEqual([OURS.target, OURS.target])
    client.destroy()
  })

  it('does not take the body of one request for the next, nor the next for the body', async () => {
    const { weir, secure } = await open()
    const client = await openInside(weir, 'github.com')
    const hidden = requestOf({ ...MALLORYS, method: 'POST' })
    // Within the length it is body; behind it, a request of its own.
    await ask(client, { host: 'github.com', target: '/session', body: hidden.subarray(0, 60) })
    client.send(Buffer.concat([requestOf({ host: 'github.com', target: '/session', body: 'a=b' }), hidden]))
    await client.read((got) => got.toString().split('HTTP/1.1 ').length >= 3)
    expect(secure.log.map(({ path }) => path)).toEqual(['/session', '/session'])
    await weir.record((each) => each['url.path'] === MALLORYS.target && each['event.action'] === 'denied')
    client.destroy()
  })

  it('carries no more of a push than its length says', async () => {
    const { weir, secure } = await open()
    const client = await openInside(weir, 'github.com')
    client.send(Buffer.concat([requestOf(OURS), Buffer.alloc(50_000, 'x')]))
    await client.readToEnd()
    expect(secure.log.map(({ bodyBytes }) => bodyBytes)).toEqual([BODY.length])
  })

  it('ends a push that breaks off, and what came of it is no push', async () => {
    const { weir, secure } = await open()
    const client = await openInside(weir, 'github.com')
    client.send(requestOf({ ...OURS, fields: [`Content-Length: ${BODY.length + 10_000}`] }))
    client.socket.end()
    await client.readToEnd()
    await weir.record((each) => each['url.path'] === OURS.target)
    expect(secure.log.every(({ complete }) => !complete)).toBe(true)
  })

  it('heeds no trailer: neither a name nor a length nor credentials are passed on', async () => {
    const { weir, secure } = await open()
    const client = await openInside(weir, 'github.com')
    const chunk = `${BODY.length.toString(16)}\r\n${BODY.toString('latin1')}\r\n0\r\n`
    const trailers = ['Host: gitlab.com', 'Authorization: Basic c2VjcmV0', 'X-Data: the plans']
    client.send(
      `POST ${OURS.target} HTTP/1.1\r\nHost: github.com\r\nTransfer-Encoding: chunked\r\nTrailer: X-Data\r\n\r\n${chunk}${trailers.join('\r\n')}\r\n\r\n`,
    )
    const answer = (await client.read('rawTrailers')).toString()
    expect(answer).toContain('"trailers":{}')
    expect(answer).not.toMatch(/the plans|c2VjcmV0|gitlab/)
    expect(secure.log.map(({ headers }) => [headers.host, headers.trailer])).toEqual([['github.com', undefined]])
    client.destroy()
  })

  it('carries nothing behind an answer that came early', async () => {
    const { weir, secure } = await open()
    secure.behave({ kind: 'early', status: 200 })
    const client = await openInside(weir, 'github.com')
    const rest = Buffer.alloc(300_000, 'x')
    client.send(requestOf({ ...OURS, fields: [`Content-Length: ${BODY.length + rest.length}`] }))
    client.send(Buffer.concat([rest, requestOf(MALLORYS)]))
    await weir.record((each) => each['url.path'] === MALLORYS.target && each['event.action'] === 'denied')
    expect(secure.log.map(({ path }) => path)).toEqual([OURS.target])
    client.destroy()
  })

  it('asks for no body of a push that is refused, and drops one that is sent unasked', async () => {
    const { weir } = await open()
    await expectNothingThrough(grounds, async () => {
      const client = await openInside(weir, 'gitlab.com')
      client.send(requestOf({ host: 'gitlab.com', target: '/users/x', fields: ['Expect: 100-continue'], body: BODY }))
      const answer = (await client.read('\r\n\r\n')).toString()
      client.destroy()
      expect(answer).not.toContain('100 Continue')
      return { status: Number(answer.split(' ')[1]), answer }
    })
  })

  it('promises nothing by 100: what is asked for is judged all the same', async () => {
    const { weir } = await open()
    await expectNothingThrough(grounds, async () => {
      const client = await openInside(weir, 'github.com')
      const push = requestOf({ ...MALLORYS, fields: ['Expect: 100-continue'] })
      const headBytes = push.indexOf('\r\n\r\n') + 4
      client.send(push.subarray(0, headBytes))
      await client.read('100 Continue')
      client.send(push.subarray(headBytes))
      const answer = (await client.read('refused')).toString()
      client.destroy()
      return { status: Number(answer.split(' ')[1]), answer }
    })
  })
})

const USERS = [`ada:${hashSync('lovelace', 4)}`, `linus:${hashSync('torvalds', 4)}`].join('\n')
const BY_USER = `
version: 1
default: deny
inspection: { mode: always }
groups:
  writers: { users: [ada] }
rules:
  - name: writers
    from: writers
    to: { hosts: [github.com, open.example] }
    action: allow
  - name: linus
    from: { users: [linus] }
    to: { hosts: [open.example] }
    operations: [read]
    action: allow
`

function as(user: string, password: string): string {
  return `Proxy-Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
const ADA = as('ada', 'lovelace')
const LINUS = as('linus', 'torvalds')

describe('who asks', () => {
  it('on one connection is who says so with each request, and not who said so before', async () => {
    const { weir, plain } = await open({ policy: BY_USER, users: USERS })
    const client = await openRaw(weir.port)
    const asked = plainly({ host: 'open.example', target: '/drop', body: 'data' })
    expect((await ask(client, { ...asked, fields: [ADA] })).status).toBe(200)
    expect((await ask(client, asked)).status).toBe(407)
    expect((await ask(client, { ...asked, fields: [LINUS] })).status).toBe(403)
    expect((await ask(client, { ...asked, fields: [as('ada', 'wrong')] })).status).toBe(407)
    expect((await ask(client, { ...asked, fields: [ADA, LINUS] })).status).toBe(407)
    expect((await ask(client, { ...asked, fields: [ADA] })).status).toBe(200)
    expect(plain.log.length).toBe(2)
    expect(plain.log.every(({ headers }) => headers['proxy-authorization'] === undefined)).toBe(true)
    client.destroy()
  })

  it('inside a tunnel is who opened it, whatever is said inside', async () => {
    const { weir, secure } = await open({ policy: BY_USER, users: USERS })
    const client = await openInside(weir, 'github.com', [ADA])
    expect((await ask(client, { host: 'github.com', method: 'GET', target: '/x', fields: [LINUS] })).status).toBe(200)
    expect(secure.log[0]?.headers['proxy-authorization']).toBeUndefined()
    expect(lastOf(weir, '/x')).toMatchObject({ 'user.name': 'ada' })
    client.destroy()
    const { client: refused, status } = await openTunnel(weir.port, 'github.com:443', [LINUS])
    refused.destroy()
    expect(status).not.toBe(407)
  })

  it('and began to matter after the CONNECT cannot be waited out in an open tunnel', async () => {
    const nobody = 'version: 1\ndefault: allow\ninspection: { mode: always }\n'
    const { weir, secure } = await open({ policy: nobody, users: USERS })
    const client = await openInside(weir, 'github.com')
    expect((await ask(client, { host: 'github.com', method: 'GET', target: '/before' })).status).toBe(200)
    weir.renew(`${nobody}rules: [{ name: not-linus, from: { users: [linus] }, action: deny }]\n`)
    expect((await ask(client, { host: 'github.com', method: 'GET', target: '/after' })).status).toBe(403)
    expect(secure.log.map(({ path }) => path)).toEqual(['/before'])
    client.destroy()
  })
})

describe('a reload', () => {
  it('half-way through an upload leaves it its verdict, and the next one gets the new one', async () => {
    const { weir, secure } = await open()
    const client = await openInside(weir, 'github.com')
    const push = requestOf({ ...OURS, fields: ['Expect: 100-continue'] })
    const headBytes = push.indexOf('\r\n\r\n') + 4
    client.send(push.subarray(0, headBytes))
    // By then its head is judged, and the gate waits for the rest.
    await client.read('100 Continue')
    weir.renew('version: 1\ndefault: deny\ninspection: { mode: always }\n')
    client.send(push.subarray(headBytes))
    expect((await client.read('\r\n\r\n')).toString()).toMatch(/^HTTP\/1\.1 200 /)
    await expectNothingThrough(grounds, () => ask(client, OURS))
    expect(secure.log.length).toBe(1)
    client.destroy()
  })
})

const BUDGET = `
version: 1
default: deny
budgets:
  daily: { per: client, window: 1 day, size: 10 kB }
rules:
  - name: a-little
    to: { hosts: [open.example] }
    limits: [{ budget: daily }]
    action: allow
`

describe('a budget', () => {
  it('is not dodged by many small uploads over two connections, under two codings, nor with a name', async () => {
    const { weir, plain } = await open({ policy: BUDGET, budgets: true, users: USERS })
    const clients = [await openRaw(weir.port), await openRaw(weir.port)]
    const statuses: number[] = []
    for (let at = 0; at < 24; at++) {
      const client = clients[at % 2]
      if (client === undefined) throw new Error('there are two')
      const fields = at % 3 === 0 ? [ADA] : []
      const asked = plainly({ host: 'open.example', target: `/drop/${at}`, fields, body: Buffer.alloc(500, 'x') })
      statuses.push((await ask(client, asked)).status)
    }
    expect(statuses.filter((status) => status === 200).length).toBe(20)
    expect(new Set(statuses.slice(20))).toEqual(new Set([413]))
    expect(plain.log.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)).toBe(10_000)
    for (const client of clients) client.destroy()
  })

  it('is not dodged by requests without a body that carry none, nor refused for them', async () => {
    const { weir } = await open({ policy: BUDGET, budgets: true })
    const client = await openRaw(weir.port)
    const full = plainly({ host: 'open.example', target: '/drop', body: Buffer.alloc(10_000, 'x') })
    expect((await ask(client, full)).status).toBe(200)
    expect((await ask(client, plainly({ host: 'open.example', target: '/drop', body: 'x' }))).status).toBe(413)
    expect((await ask(client, plainly({ host: 'open.example', method: 'GET', target: '/page' }))).status).toBe(200)
    client.destroy()
  })
})

describe('conditions and ranges', () => {
  it.each([
    ['a range', ['Range: bytes=0-1', 'If-Range: "x"']],
    ['a condition', ['If-None-Match: *', 'If-Match: *']],
    ['a range of content', ['Content-Range: bytes 0-1/2']],
  ])('with %s a push is a push', async (_, fields) => {
    const { weir } = await open()
    await expectNothingThrough(grounds, async () => ask(await openInside(weir, 'github.com'), { ...MALLORYS, fields }))
  })
})

/** What the ways round are tried on: forges behind TLS and without, and a Weir that lets one repository be pushed to. */
import { expect } from 'vitest'
import type { EcsRecord } from '../../../src/audit/ecs.ts'
import { createTestCa } from '../../tls/pki.ts'
import { type Origin, startOrigin } from './origin.ts'
import { openRaw, openTls, openTunnel, type RawClient } from './raw-client.ts'
import { startWeir, type TestWeir, type WeirOptions } from './weir.ts'

const FORGES = [
  'github.com',
  'api.github.com',
  'uploads.github.com',
  'gist.github.com',
  'gitlab.com',
  'bitbucket.org',
  'dev.azure.com',
  'codeberg.org',
  'xn--gthub-n4a.com',
  'www.acme.example',
]
const IN_THE_CLEAR = [...FORGES, 'g.api.mega.co.nz', 'gfs270n1.userstorage.mega.co.nz', 'open.example']

/** Reads anywhere, and one repository to write to; `feature/*` alone may be pushed. */
const POLICY = `
version: 1
default: deny
repositories:
  ours: [github.com/acme/app]
rules:
  - name: ours
    to: { repositories: ours }
    operations: [git-push]
    when: { refs: [feature/*] }
    limits: [{ per: request, size: 1 MB }]
    action: allow
  - name: contents
    to: { repositories: ours }
    operations: [file-write]
    limits: [{ per: request, size: 1 MB }]
    action: allow
  - name: browse
    operations: [read, sign-in]
    action: allow
  - name: upgrades
    to: { hosts: [codeberg.org] }
    operations: [upgrade]
    action: allow
  - name: drop
    to: { hosts: [open.example] }
    action: allow
`

export interface Grounds {
  readonly weir: TestWeir
  /** Every forge, behind TLS. */
  readonly secure: Origin
  /** The same in the clear, and some that are only there. */
  readonly plain: Origin
  /** Bytes of requests that either origin received. */
  received(): number
  close(): Promise<void>
}

export interface Asked {
  readonly host: string
  readonly method?: string
  readonly target: string
  readonly fields?: readonly string[]
  /** With a Content-Length, unless the fields say how the body ends. */
  readonly body?: Uint8Array | string
}

export interface Heard {
  readonly status: number
  readonly answer: string
}

/** A refusal may come as 200, in the words of git or of MEGA: it is the record that tells. */
const REFUSED = { 'event.action': expect.stringMatching(/^(?:denied|challenged)$/) }

/** `resolve` stands in front of the answers for the forges. */
export async function openGrounds(options: Partial<WeirOptions> = {}): Promise<Grounds> {
  const { resolve = [], ...others } = options
  const upstreamCa = createTestCa({ name: 'Upstream CA of the ways round' })
  const serve: Parameters<typeof startOrigin>[0]['serve'] = async (exchange) => {
    await exchange.discard()
    const { headers, trailers, rawTrailers } = exchange.request
    exchange.answer(200, { 'content-type': 'application/json' }, JSON.stringify({ headers, trailers, rawTrailers }))
  }
  const secure = await startOrigin({ tls: upstreamCa.issue({ names: FORGES }), serve })
  const plain = await startOrigin({ serve })
  const weir = await startWeir({
    policy: POLICY,
    resolve: [
      ...resolve,
      ...FORGES.map((host) => `${host}:443:127.0.0.1:${secure.port}`),
      ...IN_THE_CLEAR.map((host) => `${host}:80:127.0.0.1:${plain.port}`),
    ],
    upstreamCa: upstreamCa.certificatePem,
    dns: { resolve4: unresolvable, resolve6: unresolvable },
    ...others,
  })
  return {
    weir,
    secure,
    plain,
    received: () => secure.receivedBytes() + plain.receivedBytes(),
    async close() {
      await weir.close()
      await secure.close()
      await plain.close()
    },
  }
}

/** Opens a tunnel and TLS in it, as a client that trusts Weir does. */
export async function openInside(weir: TestWeir, host: string, fields: readonly string[] = []): Promise<RawClient> {
  const { client, status, reply } = await openTunnel(weir.port, `${host}:443`, fields)
  if (status !== 200) throw new Error(`no tunnel: ${reply}`)
  return (await openTls(client, { servername: host, ca: weir.caPem })).client
}

/** Asks inside a new tunnel. */
export async function askInside(weir: TestWeir, asked: Asked): Promise<Heard> {
  const client = await openInside(weir, asked.host)
  client.send(requestOf(asked))
  return hear(client)
}

/** Asks inside a new tunnel, in the clear; `authority` where the tunnel is to another port than 80, or to another place. */
export async function askClearInside(weir: TestWeir, asked: Asked, authority = `${asked.host}:80`): Promise<Heard> {
  const { client, status, reply } = await openTunnel(weir.port, authority)
  if (status !== 200) throw new Error(`no tunnel: ${reply}`)
  client.send(requestOf(asked))
  return hear(client)
}

/** Asks in the clear, with the whole URL. */
export async function askPlain(weir: TestWeir, asked: Asked): Promise<Heard> {
  const client = await openRaw(weir.port)
  client.send(requestOf({ ...asked, target: `http://${asked.host}${asked.target}` }))
  return hear(client)
}

export function requestOf({ host, method = 'POST', target, fields = [], body = '' }: Asked): Buffer {
  const content = Buffer.from(body)
  const framed = fields.some((field) => /^(?:content-length|transfer-encoding)[ \t]*:/i.test(field))
  const length = framed || content.length === 0 ? [] : [`Content-Length: ${content.length}`]
  const named = fields.some((field) => /^host[ \t]*:/i.test(field)) ? [] : [`Host: ${host}`]
  const head = [`${method} ${target} HTTP/1.1`, ...named, ...fields, ...length]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), content])
}

/** A connection that ended without an answer is status 0. */
async function hear(client: RawClient): Promise<Heard> {
  const answer = await client.read((got) => got.includes('\r\n\r\n') || client.ended).catch(() => Buffer.alloc(0))
  client.destroy()
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer.toString('latin1'))?.[1] ?? 0), answer: answer.toString() }
}

/** Denied, or asked for a name, as the record has it; and not one byte of any request arrived anywhere. */
export async function expectNothingThrough(grounds: Grounds, act: () => Promise<Heard>): Promise<Heard> {
  const before = grounds.received()
  const { records } = grounds.weir
  const known = records.length
  const heard = await act()
  await expect.poll(() => records.length, { interval: 5 }).toBeGreaterThan(known)
  for (const record of records.slice(known)) expect(record, heard.answer).toMatchObject(REFUSED)
  expect(grounds.received()).toBe(before)
  return heard
}

/** The last line of the record that was written for a request of that path. */
export function lastOf(weir: TestWeir, path: string): EcsRecord | undefined {
  return weir.records.findLast((each) => each['url.path'] === path)
}

function unresolvable(): Promise<never> {
  return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
}

/** Which requests count as objects of LFS, and which end the count. */
import { describe, expect, it } from 'vitest'
import type { Flow } from '../../src/flow/flow.ts'
import { known } from '../../src/flow/fact.ts'
import { noteLfsUploads, tellLfsUploads } from '../../src/proxy/lfs-uploads.ts'
import type { Asked } from '../../src/proxy/request.ts'
import { RequestCase } from '../../src/proxy/request-case.ts'
import { destinationOf, makeFlow, makeWorld, NOW, type World } from './world.ts'

const CLIENT = '10.1.2.3 '
const APP = 'github.com/acme/app'
const ALLOW: Flow['verdict'] = { action: 'allow', rule: null, limits: [], wouldDeny: [] }
const OID = 'a'.repeat(64)
const DIRECT = `/acme/app.git/info/lfs/objects/${OID}`

interface Sent {
  readonly method?: string
  readonly host?: string
  readonly target?: string
  readonly contentType?: string
  readonly more?: Partial<Flow>
}

/** A request that was answered, and what is counted behind it. */
function send(world: World, sent: Sent): unknown {
  const { method = 'PUT', host = 'github.com', target = DIRECT, contentType = 'application/octet-stream', more } = sent
  const flow = makeFlow()
  const asked = {
    destination: destinationOf(`${host}:443`),
    method,
    target,
    framing: { kind: 'length', length: 700 },
    hasContent: true,
    expectContinue: false,
    upgrade: null,
  } satisfies Asked
  const request = new RequestCase(world, flow, asked, [], (name) => (name === 'content-type' ? contentType : null))
  Object.assign(flow, { verdict: ALLOW, status: 200, uploadSize: 700, ...more })
  noteLfsUploads(world, flow, request)
  return world.lfsUploads.sentBy(CLIENT, APP, NOW)
}

function announce(world: World, path: string, methods: readonly string[]): void {
  const announced = {
    url: `https://store.example${path}`,
    methods,
    service: 'github',
    operation: 'lfs-upload',
    repository: known(APP),
    bytesMax: 700,
    triesMax: 9,
    expiresAt: NOW + 1_000,
  } as const
  world.bindings.announce(CLIENT, announced, NOW)
}

const ONE = { objects: 1, bytes: 700 }

describe('an object of LFS', () => {
  it('counts where it is sent to its repository, as the payload that it has', () => {
    expect(send(makeWorld(), {})).toEqual(ONE)
    expect(send(makeWorld(), { more: { uploadSize: null, upstreamBodyBytes: 650 } })).toEqual({
      objects: 1,
      bytes: 650,
    })
  })

  it.each([200, 201, 299])('counts with status %i', (status) => {
    expect(send(makeWorld(), { more: { status } })).toEqual(ONE)
  })

  it.each<readonly [string, Partial<Flow>]>([
    ['was answered 199', { status: 199 }],
    ['was answered 300', { status: 300 }],
    ['had no answer', { status: null }],
    ['broke off', { failure: { code: 'upstream-broken', message: 'x' } }],
    ['was not let through', { verdict: null }],
    ['lands nobody knows where', { repository: null }],
  ])('does not count where it %s', (_, more) => {
    expect(send(makeWorld(), { more })).toBeNull()
  })

  it('counts where its address was announced, by POST too, and what has it checked does not', () => {
    const world = makeWorld()
    announce(world, '/object', ['PUT', 'POST'])
    announce(world, '/verify', ['POST'])
    const there = { host: 'store.example', contentType: 'application/json' }
    expect(send(world, { ...there, method: 'POST', target: '/verify' })).toBeNull()
    expect(send(world, { ...there, method: 'POST', target: '/object' })).toEqual(ONE)
    expect(send(world, { ...there, target: '/object' })).toEqual({ objects: 2, bytes: 1_400 })
  })

  it.each<readonly [string, Sent]>([
    [
      'a batch',
      { method: 'POST', target: '/acme/app.git/info/lfs/objects/batch', contentType: 'application/vnd.git-lfs+json' },
    ],
    ['a file that is written', { host: 'api.github.com', target: '/repos/acme/app/contents/a' }],
  ])('is not %s', (_, sent) => {
    expect(send(makeWorld(), sent)).toBeNull()
  })
})

describe('a push', () => {
  const PUSH: Sent = {
    method: 'POST',
    target: '/acme/app.git/git-receive-pack',
    contentType: 'application/x-git-receive-pack-request',
    more: { refs: [{ name: 'refs/heads/main', kind: 'create' }] },
  }

  it('that passes ends the count', () => {
    const world = makeWorld()
    send(world, {})
    expect(send(world, PUSH)).toBeNull()
  })

  it.each<readonly [string, Partial<Flow>]>([
    ['the upstream refuses', { ...PUSH.more, status: 403 }],
    ['is a probe', { refs: [], operation: 'git-fetch' }],
    ['names no ref', { refs: [] }],
    ['breaks off', { ...PUSH.more, failure: { code: 'upstream-broken', message: 'x' } }],
  ])('that %s does not', (_, more) => {
    const world = makeWorld()
    send(world, {})
    expect(send(world, { ...PUSH, more })).toEqual(ONE)
  })

  it.each<readonly [string, Partial<Flow>, unknown]>([
    ['that is denied tells of them', { operation: 'git-push', repository: APP }, ONE],
    ['of somebody else tells of none', { operation: 'git-push', repository: APP, user: 'bob' }, null],
    ['to another repository tells of none', { operation: 'git-push', repository: 'github.com/acme/b' }, null],
    ['to nobody knows where tells of none', { operation: 'git-push', repository: null }, null],
    ['alone tells of them', { operation: 'file-write', repository: APP }, null],
  ])('%s', (_, fields, told) => {
    const world = makeWorld()
    send(world, {})
    const flow = makeFlow(fields)
    tellLfsUploads(world, flow)
    expect(flow.lfs).toEqual(told)
  })
})

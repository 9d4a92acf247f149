/** What an answer may announce, to whom, and for how long; and what of it names the repositories of later requests. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { classify } from '../../src/catalog/classify.ts'
import { partOf } from '../../src/catalog/part.ts'
import { partsOfGraphql } from '../../src/catalog/graphql.ts'
import { graphqlSchemaOf } from '../../src/catalog/graphql-schemas.ts'
import type { Flow } from '../../src/flow/flow.ts'
import { known, NEVER } from '../../src/flow/fact.ts'
import { answerTapOf, answerBytesMax } from '../../src/proxy/answer-tap.ts'
import { resolveParts } from '../../src/proxy/landed.ts'
import type { Asked } from '../../src/proxy/request.ts'
import { lfsReplyBytesMax } from '../../src/wire/lfs-batch-reply.ts'
import { addressOf, destinationOf, makeFlow, makeWorld, NOW, type World } from './world.ts'

const CLIENT = '10.1.2.3 '
const STORE = destinationOf('store.example:443')

function flowOf(scheme: 'http' | 'https' = 'https', client = '10.1.2.3'): Flow {
  return makeFlow({
    client: { address: addressOf(client), port: 40_000 },
    request: { scheme } as unknown as NonNullable<Flow['request']>,
  })
}

interface Exchange {
  readonly method?: string
  readonly url: string
  readonly contentType?: string
  readonly query?: string
  readonly status?: number
  readonly fields?: readonly (readonly [string, string])[]
  readonly answer?: unknown
  readonly body?: Buffer
  readonly scheme?: 'http' | 'https'
}

/** Whether the answer was kept, and null where nobody listened. */
function hear(world: World, exchange: Exchange): boolean | null {
  const { method = 'GET', url, contentType = 'application/json', status = 200, scheme } = exchange
  const {
    fields = [['content-type', 'application/json']],
    answer = null,
    body = Buffer.from(JSON.stringify(answer)),
  } = exchange
  const slash = url.indexOf('/')
  const [host, target] = [url.slice(0, slash), url.slice(slash)]
  const head = { host, method, target, contentType, hasContent: method !== 'GET' }
  const classification = classify(world.policy.catalog, head)
  const asked = { ...head, destination: destinationOf(`${host}:443`), expectContinue: false } as unknown as Asked
  const form = classification.body
  const told =
    exchange.query === undefined || typeof form !== 'object' || !('graphql' in form)
      ? []
      : partsOfGraphql(graphqlSchemaOf(form), [{ query: exchange.query, variables: {} }])
  const tap = answerTapOf(world, flowOf(scheme), { asked, classification, told })
  if (tap === null) return null
  const isKept = tap.begin(
    status,
    fields.map(([name, value]) => ({ name, value })),
  )
  if (isKept) tap.end(body)
  return isKept
}

function repositoryOf(world: World, id: string, client = CLIENT): string | null {
  return world.repositories.repositoryOf(client, 'github', id, NOW)
}

const APP = { full_name: 'acme/app', id: 7, node_id: 'R_7', private: true }
const ASK = { url: 'api.github.com/repos/acme/app', answer: APP }

describe('an answer', () => {
  it('is heard, for the client that asked', () => {
    const world = makeWorld()
    expect(hear(world, ASK)).toBe(true)
    expect(repositoryOf(world, 'R_7')).toBe('github.com/acme/app')
    expect(repositoryOf(world, 'R_7', '10.1.2.4 ')).toBeNull()
    expect(repositoryOf(world, 'R_7', '10.1.2.3 ada')).toBeNull()
  })

  it.each<[string, Partial<Exchange>]>([
    ['in the clear', { scheme: 'http' }],
    ['that refuses', { status: 404 }],
    ['that leads elsewhere', { status: 301 }],
    ['of a part that the client cut out', { status: 206 }],
    ['without a type', { fields: [] }],
    ['of text', { fields: [['content-type', 'text/plain']] }],
    ['of a raw file', { fields: [['content-type', 'application/vnd.github.raw']] }],
    [
      'of two types',
      {
        fields: [
          ['content-type', 'application/json'],
          ['content-type', 'text/plain'],
        ],
      },
    ],
    [
      'under a coding that nobody knows',
      {
        fields: [
          ['content-type', 'application/json'],
          ['content-encoding', 'gzip, gzip'],
        ],
      },
    ],
    [
      'that names something twice',
      { body: Buffer.from('{"full_name":"acme/app","full_name":"a/b","id":7,"node_id":"R_7"}') },
    ],
    ['of another', { answer: { ...APP, full_name: 'acme/other' } }],
    ['of another service', { url: 'example.org/repos/acme/app' }],
  ])('%s tells nothing', (_, more) => {
    const world = makeWorld()
    hear(world, { ...ASK, ...more })
    expect(repositoryOf(world, 'R_7')).toBeNull()
    expect(world.repositories.visibilityOf('github.com/acme/app', NOW)).toBeNull()
  })

  it(`has ${answerBytesMax} bytes behind its coding, and no more`, () => {
    const coded: Exchange['fields'] = [
      ['Content-Type', 'application/json; charset=utf-8'],
      ['Content-Encoding', 'gzip'],
    ]
    for (const [bytes, name] of [
      [answerBytesMax, 'github.com/acme/app'],
      [answerBytesMax + 1, null],
    ] as const) {
      const world = makeWorld()
      hear(world, { ...ASK, fields: coded, body: gzipSync(JSON.stringify(APP).padEnd(bytes)) })
      expect(repositoryOf(world, 'R_7')).toBe(name)
    }
  })

  it('to GraphQL is heard as it was asked, and not where somebody else may have been answered', () => {
    const selection = 'r:repository(owner:"acme",name:"app"){nameWithOwner id}'
    const answer = { data: { r: { nameWithOwner: 'acme/app', id: 'R_7' } } }
    const ask = { method: 'POST', url: 'api.github.com/graphql', answer }
    for (const [query, name] of [
      [`{${selection}}`, 'github.com/acme/app'],
      [`query A{${selection}} query B{r:repository(owner:"m",name:"x"){nameWithOwner:description id}}`, null],
      [`{${selection.replace('nameWithOwner', 'nameWithOwner:description')}}`, null],
    ] as const) {
      const world = makeWorld()
      hear(world, { ...ask, query })
      expect(repositoryOf(world, 'R_7')).toBe(name)
    }
  })
})

describe('an LFS batch', () => {
  const BATCH = {
    method: 'POST',
    url: 'github.com/acme/app.git/info/lfs/objects/batch',
    contentType: 'application/vnd.git-lfs+json',
    fields: [['content-type', 'application/vnd.git-lfs+json; charset=utf-8']],
  } as const satisfies Exchange
  const href = 'https://store.example/o/1'
  const replyOf = (actions: unknown) => ({ objects: [{ oid: 'ab'.repeat(32), size: 12, actions }] })
  const take = (world: World, method: string, now = NOW) => world.bindings.take(CLIENT, STORE, method, '/o/1', now)

  it('announces where objects go, as the operation that it is, in the repository that it is of', () => {
    const world = makeWorld()
    expect(hear(world, { ...BATCH, answer: replyOf({ upload: { href } }) })).toBe(true)
    for (const method of ['PUT', 'POST']) {
      expect(take(world, method)).toMatchObject({
        service: 'github',
        operation: 'lfs-upload',
        repository: known('github.com/acme/app'),
        bytesMax: 12,
      })
    }
    expect(take(world, 'PATCH')).toBeNull()
    expect(take(world, 'PUT', NOW + 60 * 60 * 1000)).toBeNull()
    expect(world.bindings.take('10.1.2.4 ', STORE, 'PUT', '/o/1', NOW)).toBeNull()
  })

  it('announces an upload for nine tries, and a download for what carries nothing', () => {
    const world = makeWorld()
    hear(world, { ...BATCH, answer: replyOf({ upload: { href } }) })
    expect(Array.from({ length: 10 }, () => take(world, 'PUT') !== null)).toEqual([
      ...Array.from({ length: 9 }, () => true),
      false,
    ])
    hear(world, { ...BATCH, answer: replyOf({ download: { href } }) })
    expect(take(world, 'PUT')).toBeNull()
    expect(take(world, 'GET')).toMatchObject({ operation: 'download', bytesMax: 0 })
  })

  it('announces where an upload is asked about, as a write of a few kilobytes', () => {
    const world = makeWorld()
    hear(world, { ...BATCH, answer: replyOf({ verify: { href } }) })
    expect(take(world, 'POST')).toMatchObject({ operation: 'lfs-upload', bytesMax: 4096 })
    expect(take(world, 'PUT')).toBeNull()
  })

  it(`is heard up to ${lfsReplyBytesMax} bytes`, () => {
    for (const [bytes, isHeard] of [
      [lfsReplyBytesMax, true],
      [lfsReplyBytesMax + 1, false],
    ] as const) {
      const world = makeWorld()
      hear(world, { ...BATCH, body: Buffer.from(JSON.stringify(replyOf({ upload: { href } })).padEnd(bytes)) })
      expect(take(world, 'PUT') !== null).toBe(isHeard)
    }
  })

  it('in the clear announces nothing', () => {
    const world = makeWorld()
    expect(hear(world, { ...BATCH, scheme: 'http', answer: replyOf({ upload: { href } }) })).toBeNull()
  })
})

describe('parts that name only by id where they land', () => {
  const policy = 'version: 1\ndefault: allow\nrules: [{ name: r, when: { visibility: public }, action: deny }]\n'
  const world = makeWorld({ policy })
  const news = {
    service: 'github',
    repository: 'github.com/acme/app',
    ids: ['R_7', 'I_1'],
    visibility: 'private',
  } as const
  world.repositories.learn(CLIENT, news, NOW)
  world.repositories.learn(
    CLIENT,
    { ...news, repository: 'github.com/acme/other', ids: ['I_2'], visibility: null },
    NOW,
  )
  const service = classify(world.policy.catalog, {
    host: 'api.github.com',
    method: 'GET',
    target: '/',
    contentType: null,
    hasContent: false,
  }).service

  /** `REPOSITORY VISIBILITY`, a part each. */
  function resolve(
    ids: readonly string[],
    client = '10.1.2.3',
    operation: Parameters<typeof partOf>[0] = 'issue-write',
  ) {
    return resolveParts(world, flowOf('https', client), service, [partOf(operation, NEVER, { ids })]).map(
      ({ repository, visibility }) =>
        [repository, visibility].map((fact) => (fact.state === 'known' ? fact.value : fact.state)).join(' '),
    )
  }

  it('land where an answer said', () => {
    expect(resolve(['R_7'])).toEqual(['github.com/acme/app private'])
    expect(resolve(['R_7', 'I_1'])).toEqual(['github.com/acme/app private'])
    expect(resolve(['R_7', 'I_2'])).toEqual(['github.com/acme/app private', 'github.com/acme/other never'])
  })

  it('land anywhere where one of them is not known, or to somebody else', () => {
    for (const ids of [['R_8'], ['R_7', 'R_8'], [], ['constructor']]) expect(resolve(ids)).toEqual(['never never'])
    expect(resolve(['R_7'], '10.1.2.4')).toEqual(['never never'])
    expect(resolveParts(world, flowOf(), null, [partOf('issue-write', NEVER, { ids: ['R_7'] })])).toEqual([
      partOf('issue-write', NEVER, { ids: ['R_7'] }),
    ])
  })

  it('are not taken for as hidden as the repository was before, where they may open it', () => {
    for (const operation of ['repo-visibility', 'repo-transfer', 'unknown-write', null] as const) {
      expect(resolve(['R_7'], '10.1.2.3', operation)).toEqual(['github.com/acme/app never'])
    }
    expect(resolve(['R_7'], '10.1.2.3', 'file-write')).toEqual(['github.com/acme/app private'])
  })
})

/** What a request may turn out to be: in the light of its body, or of a field that names a second method. */
import { describe, expect, it } from 'vitest'
import { partOf } from '../../src/catalog/part.ts'
import { ABSENT, known } from '../../src/flow/fact.ts'
import type { BodyFacts } from '../../src/proxy/gate.ts'
import type { Classification } from '../../src/catalog/classification.ts'
import { formOf, heedMethodFields, otherReadings, partOfHead, partsInTheLightOf } from '../../src/proxy/readings.ts'

const REPOSITORY = { state: 'known', value: 'github.com/acme/app' } as const

function of(operation: Classification['operation'], body: Classification['body'] = 'plain'): Classification {
  return { service: null, operation, repository: REPOSITORY, ids: [], file: null, body, route: null, announces: null }
}

describe('the form of a body', () => {
  it('is that of a sign-in where one has content, and only there', () => {
    expect(formOf(of('sign-in'), true)).toBe('sign-in')
    expect(formOf(of('sign-in'), false)).toBe('plain')
    expect(formOf(of('sign-in', 'mega-commands'), true)).toBe('mega-commands')
    expect(formOf(of('file-write'), true)).toBe('plain')
    expect(formOf(of('git-fetch', 'git-fetch'), true)).toBe('git-fetch')
  })
})

describe('other readings', () => {
  it('of a push are the probe alone', () => {
    expect(otherReadings(of('git-push', 'git-push'))).toEqual([partOf('git-fetch', REPOSITORY)])
  })

  it('of a stated read are the write that it could be, and of a sign-in as well', () => {
    expect(otherReadings(of('git-fetch', 'git-fetch'))).toEqual([partOf('unknown-write', REPOSITORY)])
    expect(otherReadings(of('sign-in'))).toEqual([partOf('unknown-write', REPOSITORY)])
    expect(otherReadings(of('file-upload', 'mega-commands'))).toEqual(
      (['api-read', 'sign-in'] as const).map((operation) => partOf(operation, REPOSITORY)),
    )
  })

  it('keep the number that the address named', () => {
    const numbered = { ...of('git-push', 'git-push'), ids: ['42'] }
    expect(otherReadings(numbered)).toEqual([partOf('git-fetch', REPOSITORY, { ids: ['42'] })])
    const fetch = { ...of('git-fetch', 'git-fetch'), ids: ['42'] }
    expect(otherReadings(fetch)).toEqual([partOf('unknown-write', REPOSITORY, { ids: ['42'] })])
    expect(partOfHead(fetch)).toEqual(partOf('git-fetch', REPOSITORY, { ids: ['42'] }))
  })

  it('of everything else are none', () => {
    expect(otherReadings(of('file-write', { base64: 'content' }))).toEqual([])
    expect(otherReadings(of('web-read'))).toEqual([])
  })
})

describe('by its head', () => {
  it('a request does what its address says, and what only its body tells nobody knows yet', () => {
    expect(partOfHead(of('file-write'))).toEqual(partOf('file-write', REPOSITORY))
    expect(partOfHead(of('lfs-upload', 'lfs-batch')).operation).toBeNull()
    expect(
      partOfHead(of('settings-write', { fields: { private: 'repo-visibility' }, isJson: true })).operation,
    ).toBeNull()
    expect(partOfHead({ ...of('file-write'), file: '.github/workflows/x.yml' }).ciFiles).toEqual(known(true))
    expect(partOfHead({ ...of('file-write'), file: 'README.md' }).ciFiles).toEqual(known(false))
  })
})

describe('in the light of its body', () => {
  it('a push is one part for each ref, a probe is a fetch, and the rest is what the body says', () => {
    const push = of('git-push', 'git-push')
    const ref = { name: 'refs/heads/main', kind: 'create' } as const
    expect(partsInTheLightOf({ kind: 'push', refs: [] }, push)).toEqual([partOfHead(push)])
    expect(partsInTheLightOf({ kind: 'push', refs: [ref] }, push)).toEqual([{ ...partOfHead(push), ref: known(ref) }])
    expect(partsInTheLightOf({ kind: 'probe' }, push)).toEqual([partOf('git-fetch', REPOSITORY)])
    const told = {
      kind: 'told',
      parts: [{ operation: 'unknown-write' }, { operation: 'api-read', repository: ABSENT }],
    }
    expect(partsInTheLightOf(told as BodyFacts, of('git-fetch', 'git-fetch'))).toEqual([
      partOf('unknown-write', REPOSITORY),
      partOf('api-read', ABSENT),
    ])
  })
})

describe('a field that names a second method', () => {
  function heed(method: string, fields: Readonly<Record<string, string>>, stated = of('api-read')): Classification {
    return heedMethodFields(stated, method, (name) => fields[name] ?? null)
  }

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])(
    '%s makes a write of nobody knows what',
    (name) => {
      for (const stated of [of('api-read'), of('git-push', 'git-push'), of('file-write', { base64: 'content' })]) {
        expect(heed('GET', { [name]: 'PUT' }, stated)).toEqual({
          service: null,
          operation: 'unknown-write',
          repository: { state: 'never' },
          ids: [],
          file: null,
          body: 'plain',
          route: null,
          announces: null,
        })
      }
    },
  )

  it('changes nothing where it says the same, or nothing', () => {
    const stated = of('api-read')
    expect(heed('GET', { 'x-http-method-override': 'GET' }, stated)).toBe(stated)
    expect(heed('GET', {}, stated)).toBe(stated)
  })

  it.each(['get', 'GET, PUT', 'PUT, GET', ''])('does not say the same as %j', (value) => {
    expect(heed('GET', { 'x-http-method-override': value }).operation).toBe('unknown-write')
  })

  it('is heeded beside another that says the same', () => {
    expect(heed('GET', { 'x-http-method-override': 'GET', 'x-method-override': 'PUT' }).operation).toBe('unknown-write')
  })
})

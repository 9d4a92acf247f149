/** What a request may turn out to be: in the light of its body, or of a field that names a second method. */
import { describe, expect, it } from 'vitest'
import type { Classification } from '../../src/catalog/classify.ts'
import { formOf, heedMethodFields, inTheLightOf, otherReadings } from '../../src/proxy/readings.ts'

const REPOSITORY = { state: 'known', value: 'github.com/acme/app' } as const

function of(operation: Classification['operation'], body: Classification['body'] = 'plain'): Classification {
  return { service: null, operation, repository: REPOSITORY, body, route: null }
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
    expect(otherReadings(of('git-push', 'git-push'))).toEqual([of('git-fetch')])
  })

  it('of a stated read are the write that it could be, and of a sign-in as well', () => {
    expect(otherReadings(of('git-fetch', 'git-fetch'))).toEqual([of('unknown-write')])
    expect(otherReadings(of('sign-in'))).toEqual([of('unknown-write')])
    expect(otherReadings(of('file-upload', 'mega-commands'))).toEqual([of('api-read'), of('sign-in')])
  })

  it('of everything else are none', () => {
    expect(otherReadings(of('file-write', { base64: 'content' }))).toEqual([])
    expect(otherReadings(of('web-read'))).toEqual([])
  })
})

describe('in the light of its body', () => {
  it('a push is one, a probe is a fetch, and a stated read is what it turned out to be', () => {
    const push = of('git-push', 'git-push')
    expect(inTheLightOf({ kind: 'push', refs: [] }, push)).toBe(push)
    expect(inTheLightOf({ kind: 'probe' }, push)).toEqual(of('git-fetch'))
    const fetch = of('git-fetch', 'git-fetch')
    expect(inTheLightOf({ kind: 'stated', operation: 'unknown-write' }, fetch)).toEqual(
      of('unknown-write', 'git-fetch'),
    )
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
          body: 'plain',
          route: null,
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

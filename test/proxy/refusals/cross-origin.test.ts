/** Which page may read a refusal, and which preflight gets leave. */
import { describe, expect, it } from 'vitest'
import {
  crossOriginFields,
  grantFields,
  originCharactersMax,
  preflightCharactersMax,
} from '../../../src/proxy/refusals/cross-origin.ts'
import { HOSTILE, makeAsker } from './asker.ts'

const ORIGIN = 'https://app.example'

function grant(method: string, headers: string | null, origin: string | null = ORIGIN): string[] | null {
  return grantFields(makeAsker({ method: 'OPTIONS', origin, preflight: { method, headers } }))
}

describe('crossOriginFields', () => {
  it.each(['https://app.example', 'http://localhost:3000', 'http://[::1]:8080', 'moz-extension://0a-1b', 'null'])(
    'lets the page at %s read',
    (origin) => {
      expect(crossOriginFields(origin)).toEqual([
        'Access-Control-Allow-Origin',
        origin,
        'Access-Control-Allow-Credentials',
        'true',
        'Access-Control-Expose-Headers',
        'Weir-Event, Proxy-Status',
        'Vary',
        'Origin',
      ])
    },
  )

  it.each([
    null,
    '',
    '*',
    'app.example',
    'https://app.example/path',
    'https://app.example, https://evil.example',
    'https://app.example\r\nX-Injected: 1',
    'https://app.exämple',
    'https://a b',
    HOSTILE,
  ])('says nothing to %j', (origin) => expect(crossOriginFields(origin)).toEqual([]))

  it(`takes an origin of ${originCharactersMax} characters and no longer`, () => {
    const of = (characters: number): string => `https://${'a'.repeat(characters - 8)}`
    expect(crossOriginFields(of(originCharactersMax))).not.toEqual([])
    expect(crossOriginFields(of(originCharactersMax + 1))).toEqual([])
  })
})

describe('grantFields', () => {
  it('gives leave for what is asked, once', () => {
    expect(grant('PUT', 'authorization, x-a')).toEqual([
      'Access-Control-Allow-Methods',
      'PUT',
      'Access-Control-Allow-Headers',
      'authorization, x-a',
      'Access-Control-Max-Age',
      '0',
    ])
    expect(grant('DELETE', null)).toEqual(['Access-Control-Allow-Methods', 'DELETE', 'Access-Control-Max-Age', '0'])
  })

  it('gives none where the request is not refused too, or nobody asks', () => {
    expect(grantFields(makeAsker({ method: 'OPTIONS', origin: ORIGIN }))).toBeNull()
    expect(grant('PUT', null, null)).toBeNull()
  })

  it.each([
    ['a method that is none', 'PUT, POST', null],
    ['no method', '', null],
    ['a method with a line break', 'PUT\r\nX: 1', null],
    ['a header that is none', 'PUT', HOSTILE],
    ['a wildcard', 'PUT', '*'],
    ['an empty header', 'PUT', 'a,,b'],
  ])('gives none for %s', (_, method, headers) => expect(grant(method, headers)).toBeNull())

  it(`takes ${preflightCharactersMax} characters of headers and no more`, () => {
    expect(grant('PUT', 'a'.repeat(preflightCharactersMax))).not.toBeNull()
    expect(grant('PUT', 'a'.repeat(preflightCharactersMax + 1))).toBeNull()
  })
})

/** Who is offered which version of HTTP. */
import { describe, expect, it } from 'vitest'
import { offerFor, speechOf } from '../../src/proxy/speech.ts'

const H2 = ['h2', 'http/1.1']
const H1 = ['http/1.1']

describe('an upstream', () => {
  it.each([
    ['auto', H2, H2],
    ['auto', ['h2'], H2],
    ['auto', H1, H1],
    ['auto', [], H1],
    ['always', [], H2],
    ['always', H1, H2],
    ['never', H2, H1],
  ] as const)('under %s, of a client that offers %j, is offered %j', (http2, offered, offer) => {
    expect(offerFor(http2, offered)).toEqual(offer)
  })
})

describe('a client', () => {
  it.each([
    ['auto', H2, 'h2', true, H2],
    ['auto', H2, 'http/1.1', false, H1],
    ['auto', H2, '', false, H1],
    ['auto', H2, null, true, H2],
    ['auto', H1, null, false, H1],
    ['auto', ['h2'], 'http/1.1', true, H2],
    ['auto', H1, 'http/1.1', false, H1],
    ['auto', [], 'http/1.1', false, H1],
    ['always', H2, 'http/1.1', true, H2],
    ['always', H1, 'h2', false, H2],
    ['never', H2, 'http/1.1', false, H1],
    ['never', ['h2'], 'http/1.1', false, H1],
    ['never', H2, null, false, H1],
  ] as const)(
    'under %s, that offers %j before an upstream of %s: HTTP/2 is %s, and further upstreams are offered %j',
    (http2, offered, upstream, isMultiplexed, alpn) => {
      expect(speechOf(http2, offered, upstream)).toEqual({ isMultiplexed, alpn })
    },
  )
})

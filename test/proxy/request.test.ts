/** Requests at the door: one reading of where they go, or none. */
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { Connection, OpenedTunnel } from '../../src/proxy/connection.ts'
import { incomingOf } from '../../src/proxy/http1-client.ts'
import { type Admitted, admit } from '../../src/proxy/request.ts'
import { Upstreams } from '../../src/proxy/upstreams.ts'
import { addressOf, destinationOf, makeWorld, NOW } from './world.ts'

const weir = makeWorld()

interface Given {
  readonly method?: string
  readonly url?: string
  readonly version?: string
  readonly host?: string | null
  readonly fields?: readonly string[]
  /** The CONNECT that was opened, for a request inside. */
  readonly inside?: string | null
  /** Whether HTTP is spoken in it as it is, without TLS. */
  readonly clear?: boolean
}

function ask(given: Given): Admitted {
  const { method = 'GET', url = 'http://site.example/a', version = '1.1', host = 'site.example' } = given
  const { inside = null, clear = false } = given
  const rawHeaders = [...(host === null ? [] : ['Host', host]), ...(given.fields ?? [])]
  const tunnel: OpenedTunnel | null =
    inside === null
      ? null
      : {
          destination: destinationOf(inside),
          tls: clear ? null : { serverName: 'site.example', alpn: ['http/1.1'] },
          user: 'ada',
          openedFor: 'ours',
          address: addressOf('192.0.2.7'),
          closed: null,
        }
  const connection: Connection = {
    client: { address: addressOf('10.0.0.1'), port: 4 },
    upstreams: new Upstreams(weir, 'http'),
    tunnel,
    concluded: false,
    heard: false,
  }
  const message = { method, url, httpVersion: version, rawHeaders } as unknown as IncomingMessage
  const admitted = admit(weir, connection, incomingOf(message))
  // What follows on the connection may be a part of what could not be read.
  expect(connection.concluded).toBe(admitted.state === 'refused')
  return admitted
}

function codeOf(given: Given): string {
  const admitted = ask(given)
  if (admitted.state === 'asked') return `${admitted.asked.destination.host ?? ''}:${admitted.asked.destination.port}`
  expect(admitted.flow.checkpoint).toBe('request')
  return admitted.verdict.denial.code
}

const INSIDE = { inside: 'site.example:443', url: '/a' } as const

const CLEAR = { inside: 'site.example:80', url: '/a', clear: true } as const

describe('a request in the clear inside a tunnel', () => {
  it('goes where the CONNECT did, and is the user’s who made it', () => {
    const admitted = ask({ ...CLEAR, method: 'POST', fields: ['Content-Length', '5'] })
    expect(admitted).toMatchObject({
      state: 'asked',
      asked: { destination: { host: 'site.example', port: 80 }, target: '/a', hasContent: true },
      flow: { user: 'ada', tls: null, address: { text: '192.0.2.7' }, request: { scheme: 'http', target: '/a' } },
    })
  })

  it.each<[string, Given, string]>([
    ['the default port, written or not', { host: 'site.example:80' }, 'site.example:80'],
    ['no port in Host on another port', { inside: 'site.example:8080' }, 'site.example:8080'],
    ['its own port in Host', { inside: 'site.example:8080', host: 'site.example:8080' }, 'site.example:8080'],
    ['HTTP/1.0 without Host', { version: '1.0', host: null }, 'site.example:80'],
    [
      'the port of TLS in Host, where it is that',
      { inside: 'site.example:443', host: 'site.example:443' },
      'site.example:443',
    ],
  ])('may have %s', (_, given, expected) => {
    expect(codeOf({ ...CLEAR, ...given })).toBe(expected)
  })

  it.each<[string, Given, string]>([
    ['a Host that is another site', { host: 'evil.example' }, 'name-disagrees'],
    ['the port of TLS in Host', { host: 'site.example:443' }, 'name-disagrees'],
    ['the default port in Host on another', { inside: 'site.example:443', host: 'site.example:80' }, 'name-disagrees'],
    ['a URL of its own', { url: 'http://site.example/a' }, 'malformed'],
    ['an asterisk', { method: 'OPTIONS', url: '*' }, 'malformed'],
  ])('may not have %s', (_, given, expected) => {
    expect(codeOf({ ...CLEAR, ...given })).toBe(expected)
  })
})

describe('a plain request', () => {
  it('goes where its URL says', () => {
    const admitted = ask({
      method: 'POST',
      url: 'http://Site.Example:8080/a?b=c',
      host: 'site.example:8080',
      fields: ['Content-Length', '5', 'User-Agent', 'curl'],
    })
    expect(admitted).toMatchObject({
      state: 'asked',
      asked: {
        destination: { host: 'site.example', port: 8080 },
        method: 'POST',
        target: '/a?b=c',
        framing: { kind: 'length', length: 5 },
        hasContent: true,
        expectContinue: false,
      },
      flow: {
        kind: 'request',
        startedAt: NOW,
        openedFor: null,
        request: { method: 'POST', scheme: 'http', target: '/a?b=c', httpVersion: '1.1', userAgent: 'curl' },
      },
    })
  })

  it.each<[string, Given, string]>([
    ['the default port, written or not', { host: 'site.example:80' }, 'site.example:80'],
    ['Host in another case', { host: 'SITE.example' }, 'site.example:80'],
    ['Host with a trailing dot', { host: 'site.example.' }, 'site.example:80'],
    ['an address', { url: 'http://192.0.2.1/', host: '192.0.2.1' }, ':80'],
    ['IPv6 spelled in two ways', { url: 'http://[2001:db8:0::1]/', host: '[2001:DB8::1]' }, ':80'],
    ['HTTP/1.0 without Host', { version: '1.0', host: null }, 'site.example:80'],
    ['an upgrade to HTTP/2 in clear text, which is not taken', { fields: ['Upgrade', 'h2c'] }, 'site.example:80'],
    ['an upgrade to HTTP/2, which is not taken', { fields: ['Upgrade', 'H2'] }, 'site.example:80'],
    ['no port in Host though the URL has one', { url: 'http://site.example:8080/' }, 'site.example:8080'],
  ])('may have %s', (_, given, expected) => {
    expect(codeOf(given)).toBe(expected)
  })

  it.each<[string, Given, string]>([
    ['a Host that is another site', { host: 'evil.example' }, 'name-disagrees'],
    ['a Host that is a site below', { host: 'a.site.example' }, 'name-disagrees'],
    ['a Host with another port', { host: 'site.example:8080' }, 'name-disagrees'],
    ['a Host that is an address', { host: '192.0.2.1' }, 'name-disagrees'],
    ['a Host that is no name', { host: 'site.example/a' }, 'malformed'],
    ['a Host with userinfo', { host: 'site.example@evil.example' }, 'malformed'],
    ['a Host that is a list', { host: 'site.example, evil.example' }, 'malformed'],
    ['two Hosts', { fields: ['Host', 'site.example'] }, 'malformed'],
    ['no Host', { host: null }, 'malformed'],
    ['a path alone', { url: '/a' }, 'malformed'],
    ['an asterisk', { method: 'OPTIONS', url: '*' }, 'malformed'],
    ['OPTIONS without a path', { method: 'OPTIONS', url: 'http://site.example' }, 'malformed'],
    ['https', { url: 'https://site.example/' }, 'malformed'],
    ['another scheme', { url: 'ftp://site.example/' }, 'malformed'],
    ['userinfo', { url: 'http://a@site.example/' }, 'malformed'],
    ['an address in disguise', { url: 'http://0x7f.1/', host: '0x7f.1' }, 'malformed'],
    ['both lengths', { fields: ['Content-Length', '5', 'Transfer-Encoding', 'chunked'] }, 'malformed'],
    ['an unknown expectation', { fields: ['Expect', '200-ok'] }, 'malformed'],
    ['HTTP/2 as a version', { version: '2.0' }, 'malformed'],
  ])('may not have %s', (_, given, expected) => {
    expect(codeOf(given)).toBe(expected)
  })

  it.each<readonly [string, readonly string[], string | null]>([
    ['none', [], null],
    ['one to HTTP/2, which is not taken', ['Upgrade', 'h2c'], null],
    ['one to HTTP/2 in other letters', ['Upgrade', ' H2 '], null],
    ['one that begins like HTTP/2', ['Upgrade', 'h2cx'], 'h2cx is no protocol that is carried'],
    ['one that ends like HTTP/2', ['Upgrade', 'xh2c'], 'xh2c is no protocol that is carried'],
    ['one behind another', ['Upgrade', 'websocket, h2c'], 'websocket, h2c is no protocol that is carried'],
    ['one before another', ['Upgrade', 'h2c, websocket'], 'h2c, websocket is no protocol that is carried'],
    ['one that Connection does not name', ['Upgrade', 'websocket'], 'Connection does not name it'],
    ['one that cannot be carried', ['Connection', 'Upgrade', 'Upgrade', 'websocket'], 'the version of WebSocket is 13'],
  ])('has of upgrades %s', (_, fields, fault) => {
    const admitted = ask({ fields })
    expect(admitted).toMatchObject({ state: 'asked', asked: { upgrade: fault === null ? null : { fault } } })
  })

  it('offers a WebSocket', () => {
    const key = Buffer.alloc(16, 7).toString('base64')
    const fields = [
      'Connection',
      'Upgrade',
      'Upgrade',
      'websocket',
      'Sec-WebSocket-Version',
      '13',
      'Sec-WebSocket-Key',
      key,
    ]
    expect(ask({ fields })).toMatchObject({ asked: { upgrade: { key, protocols: [], extensions: [] } } })
  })

  it('is nobody’s by the connection alone', () => {
    expect(ask({}).flow.user).toBeNull()
  })

  it('says in the record what it asked for, though its names disagree', () => {
    const admitted = ask({ host: 'evil.example' })
    expect(admitted.flow).toMatchObject({ destination: { host: 'site.example' }, request: { target: '/a' } })
  })
})

describe('a request in an opened tunnel', () => {
  it('goes where the CONNECT went, with what is known of the tunnel', () => {
    expect(ask(INSIDE)).toMatchObject({
      state: 'asked',
      asked: { destination: { host: 'site.example', port: 443 }, target: '/a', hasContent: false },
      flow: {
        openedFor: 'ours',
        user: 'ada',
        destination: { host: 'site.example', port: 443 },
        address: { text: '192.0.2.7' },
        tls: { serverName: 'site.example' },
        request: { scheme: 'https' },
      },
    })
  })

  it('is recorded as one to where the CONNECT went, though it cannot be read', () => {
    expect(ask({ ...INSIDE, host: null }).flow).toMatchObject({ destination: { host: 'site.example', port: 443 } })
  })

  it.each<[string, Given, string]>([
    ['its port in Host', { ...INSIDE, host: 'site.example:443' }, 'site.example:443'],
    ['another port without one in Host', { ...INSIDE, inside: 'site.example:8443' }, 'site.example:8443'],
    [
      'another port without one in a Host that has colons',
      { ...INSIDE, inside: '[2001:db8::1]:8443', host: '[2001:db8::1]' },
      ':8443',
    ],
    [
      'another port in both',
      { ...INSIDE, inside: 'site.example:8443', host: 'site.example:8443' },
      'site.example:8443',
    ],
  ])('may have %s', (_, given, expected) => {
    expect(codeOf(given)).toBe(expected)
  })

  it.each<[string, Given, string]>([
    ['a Host of another site: a fronted one', { ...INSIDE, host: 'hidden.example' }, 'name-disagrees'],
    ['a Host with the port of HTTP', { ...INSIDE, host: 'site.example:80' }, 'name-disagrees'],
    ['a URL of its own', { ...INSIDE, url: 'http://site.example/a' }, 'malformed'],
    ['an asterisk', { ...INSIDE, method: 'OPTIONS', url: '*' }, 'malformed'],
    ['a CONNECT of its own', { ...INSIDE, method: 'CONNECT', url: 'site.example:443' }, 'malformed'],
    ['a fragment', { ...INSIDE, url: '/a#b' }, 'malformed'],
    ['a space', { ...INSIDE, url: '/a b' }, 'malformed'],
  ])('may not have %s', (_, given, expected) => {
    expect(codeOf(given)).toBe(expected)
  })
})

describe('content', () => {
  it.each<[string, readonly string[], boolean, string]>([
    ['none', [], false, 'none'],
    ['of length 0', ['Content-Length', '0'], false, 'length'],
    ['of length 1', ['Content-Length', '1'], true, 'length'],
    ['chunked', ['Transfer-Encoding', 'chunked'], true, 'chunked'],
  ])('%s', (_, fields, hasContent, kind) => {
    expect(ask({ method: 'POST', fields })).toMatchObject({ asked: { hasContent, framing: { kind } } })
  })

  it('that waits to be asked for', () => {
    const fields = ['Expect', '100-Continue', 'Content-Length', '1']
    expect(ask({ method: 'POST', fields })).toMatchObject({ asked: { expectContinue: true } })
    expect(ask({ method: 'POST', fields, version: '1.0' })).toMatchObject({ asked: { expectContinue: false } })
  })
})

describe('a Host that is another site', () => {
  it.each<[string, Given, string]>([
    ['plain', {}, 'evil.example:80 but the URL is to site.example:80'],
    ['in the clear inside a tunnel', CLEAR, 'evil.example:80 but the tunnel is to site.example:80'],
    ['in opened TLS', INSIDE, 'evil.example:443 but the tunnel is to site.example:443'],
  ])('is told where the request goes, %s', (_, given, words) => {
    const message = `Host says ${words}: one request goes to one place`
    expect(ask({ ...given, host: 'evil.example' })).toMatchObject({ verdict: { denial: { message } } })
  })
})

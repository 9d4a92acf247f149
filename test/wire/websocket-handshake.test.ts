import { describe, expect, it } from 'vitest'
import { checkHead } from '../../src/wire/request-head.ts'
import {
  acceptOf,
  checkWebSocketAnswer,
  EXTENSIONS_MAX,
  PROTOCOLS_MAX,
  readWebSocketOffer,
  SHOWN_CHARACTERS_MAX,
  type WebSocketOffer,
} from '../../src/wire/websocket-handshake.ts'

// The example of RFC 6455 section 1.3.
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='
const ASKED = {
  Host: 'chat.example',
  Connection: 'keep-alive, Upgrade',
  Upgrade: 'WebSocket',
  'Sec-WebSocket-Key': KEY,
  'Sec-WebSocket-Version': '13',
}

type Fields = Readonly<Record<string, string | null>>

function flat(fields: Fields, more: readonly string[] = []): string[] {
  return [...Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [name, value])), ...more]
}

function offer(fields: Fields = {}, line: { method?: string; version?: string; more?: readonly string[] } = {}) {
  const { method = 'GET', version = '1.1', more = [] } = line
  const rawHeaders = flat({ ...ASKED, ...fields }, more)
  const head = checkHead({ method, httpVersion: version, rawHeaders, target: '/' })
  if ('fault' in head) throw new Error(head.fault)
  return readWebSocketOffer(method, version, head, rawHeaders)
}

describe('an offer of a WebSocket', () => {
  it('is read', () => {
    const fields = {
      'Sec-WebSocket-Protocol': 'chat, superchat',
      'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits, X-Other;a="b";c',
    }
    expect(offer(fields, { more: ['Sec-WebSocket-Protocol', 'third'] })).toEqual({
      key: KEY,
      protocols: ['chat', 'superchat', 'third'],
      extensions: ['permessage-deflate', 'x-other'],
    })
  })

  it('may have spaces in its extensions', () => {
    const spaced = ' x-a\t;  b  =  c\t; d = "ee" ; f ,permessage-deflate\t'
    expect(offer({ 'Sec-WebSocket-Extensions': spaced })).toHaveProperty('extensions', ['x-a', 'permessage-deflate'])
  })

  it.each<[string, Fields, RegExp]>([
    ['another protocol', { Upgrade: 'x-tunnel' }, /^x-tunnel is no protocol/],
    ['two protocols', { Upgrade: 'websocket, h2c' }, /is no protocol/],
    ['another version', { 'Sec-WebSocket-Version': '8' }, /version of WebSocket is 13/],
    ['no version', { 'Sec-WebSocket-Version': null }, /version of WebSocket is 13/],
    ['no key', { 'Sec-WebSocket-Key': null }, /not 16 bytes/],
    ['a key of 15 bytes', { 'Sec-WebSocket-Key': Buffer.alloc(15).toString('base64') }, /not 16 bytes/],
    ['a key of 17 bytes', { 'Sec-WebSocket-Key': Buffer.alloc(17).toString('base64') }, /not 16 bytes/],
    ['a key with bits left over', { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZR==' }, /not 16 bytes/],
    ['a key with something before it', { 'Sec-WebSocket-Key': `x ${KEY}` }, /not 16 bytes/],
    ['a key with something behind it', { 'Sec-WebSocket-Key': `${KEY} x` }, /not 16 bytes/],
    ['Connection without it', { Connection: 'keep-alive' }, /Connection does not name it/],
    ['no Connection', { Connection: null }, /Connection does not name it/],
    ['a length', { 'Content-Length': '3' }, /has a body/],
    ['a length of nothing', { 'Content-Length': '0' }, /has a body/],
    ['chunks', { 'Transfer-Encoding': 'chunked' }, /has a body/],
    ['an expectation', { Expect: '100-continue' }, /expectation/],
    ['a subprotocol that is none', { 'Sec-WebSocket-Protocol': 'a, ,b' }, /Protocol cannot be read/],
    ['two subprotocols without a comma', { 'Sec-WebSocket-Protocol': 'a b' }, /Protocol cannot be read/],
    ['an extension that is none', { 'Sec-WebSocket-Extensions': 'a b' }, /Extensions cannot be read/],
    ['a quotation without end', { 'Sec-WebSocket-Extensions': 'a;b="c' }, /Extensions cannot be read/],
    ['a quotation with two readings', { 'Sec-WebSocket-Extensions': 'a;b="c, permessage-deflate"' }, /cannot be read/],
  ])('with %s is none', (_, fields, fault) => {
    expect(offer(fields)).toEqual({ fault: expect.stringMatching(fault) })
  })

  it.each([
    ['a second key', ['Sec-WebSocket-Key', KEY], /not 16 bytes/],
    ['a second version', ['Sec-WebSocket-Version', '13'], /version/],
    ['a second protocol', ['Upgrade', 'websocket'], /is no protocol/],
  ])('with %s is none', (_, more, fault) => {
    expect(offer({}, { more })).toEqual({ fault: expect.stringMatching(fault) })
  })

  it('by another method or version of HTTP is none', () => {
    expect(offer({}, { method: 'POST' })).toEqual({ fault: 'a WebSocket begins with GET' })
    expect(offer({}, { version: '1.0' })).toEqual({ fault: 'a WebSocket begins with HTTP/1.1' })
  })

  it('is repeated to who sent it only where it is short and can be read', () => {
    const said = (protocol: string) => offer({ Upgrade: protocol })
    const longest = 'x'.repeat(SHOWN_CHARACTERS_MAX)
    expect(said(longest)).toEqual({ fault: `${longest} is no protocol that is carried` })
    for (const protocol of [`${longest}x`, 'a\tb', 'caf\xe9', '']) {
      expect(said(protocol)).toEqual({ fault: 'what Upgrade names is no protocol that is carried' })
    }
  })

  it('has so many subprotocols and extensions, and not one more', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, at) => `a${at}`).join(', ')
    expect(offer({ 'Sec-WebSocket-Protocol': many(PROTOCOLS_MAX) })).toHaveProperty('protocols.length', PROTOCOLS_MAX)
    expect(offer({ 'Sec-WebSocket-Protocol': many(PROTOCOLS_MAX + 1) })).toHaveProperty('fault')
    expect(offer({ 'Sec-WebSocket-Extensions': many(EXTENSIONS_MAX) })).toHaveProperty(
      'extensions.length',
      EXTENSIONS_MAX,
    )
    expect(offer({ 'Sec-WebSocket-Extensions': many(EXTENSIONS_MAX + 1) })).toHaveProperty('fault')
  })
})

describe('an answer', () => {
  const OFFER: WebSocketOffer = {
    key: KEY,
    protocols: ['chat', 'Superchat'],
    extensions: ['permessage-deflate', 'x-a'],
  }
  const ANSWERED = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': ACCEPT }
  const check = (fields: Fields, more: readonly string[] = []) =>
    checkWebSocketAnswer(OFFER, flat({ ...ANSWERED, ...fields }, more))

  it('to a key is the one of RFC 6455', () => {
    expect(acceptOf(KEY)).toBe(ACCEPT)
  })

  it.each<[string, Fields, boolean]>([
    ['says no more than it must', {}, false],
    ['chooses a subprotocol', { 'Sec-WebSocket-Protocol': 'Superchat' }, false],
    ['compresses', { 'Sec-WebSocket-Extensions': 'permessage-deflate; server_max_window_bits=10' }, true],
    ['is spelled otherwise', { Upgrade: 'WEBSOCKET', Connection: 'keep-alive, uPGRADE' }, false],
  ])('that %s is taken', (_, fields, deflate) => {
    expect(check(fields)).toEqual({ deflate })
  })

  it.each<[string, Fields, readonly string[], RegExp]>([
    ['for another key', { 'Sec-WebSocket-Accept': acceptOf('x') }, [], /not that of the key/],
    ['without Accept', { 'Sec-WebSocket-Accept': null }, [], /not that of the key/],
    ['with two of Accept', {}, ['Sec-WebSocket-Accept', ACCEPT], /not that of the key/],
    ['to another protocol', { Upgrade: 'h2c' }, [], /another protocol/],
    ['to two protocols', {}, ['Upgrade', 'websocket'], /another protocol/],
    ['to none', { Upgrade: null }, [], /another protocol/],
    ['without Connection', { Connection: 'close' }, [], /does not name the upgrade/],
    ['in a subprotocol nobody asked for', { 'Sec-WebSocket-Protocol': 'superchat' }, [], /subprotocol/],
    ['in two subprotocols', { 'Sec-WebSocket-Protocol': 'chat' }, ['Sec-WebSocket-Protocol', 'chat'], /subprotocol/],
    ['with an extension nobody asked for', { 'Sec-WebSocket-Extensions': 'x-b' }, [], /was not offered/],
    ['with one that Weir does not know', { 'Sec-WebSocket-Extensions': 'x-a' }, [], /other extensions than/],
    ['with two', { 'Sec-WebSocket-Extensions': 'permessage-deflate, x-a' }, [], /other extensions than/],
    [
      'with compression twice',
      { 'Sec-WebSocket-Extensions': 'permessage-deflate' },
      ['Sec-WebSocket-Extensions', 'permessage-deflate'],
      /other extensions than/,
    ],
    ['with an extension that cannot be read', { 'Sec-WebSocket-Extensions': 'permessage-deflate;' }, [], /be read/],
  ])('%s is not', (_, fields, more, fault) => {
    expect(check(fields, more)).toEqual({ fault: expect.stringMatching(fault) })
  })
})

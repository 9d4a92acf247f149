import { describe, expect, it } from 'vitest'
import { helloBytesMax, parseClientHello } from '../../src/wire/client-hello.ts'
import { feedPrefixes } from './feed.ts'
import {
  alpn,
  type Bytes,
  captureHello,
  type Extension,
  type HelloParts,
  hello,
  helloBody,
  message,
  records,
  sni,
  supportedVersions,
  text,
  uint16,
  vector,
} from './hello.ts'

const ECH: Extension = [0xfe0d, [0, 0, 1, 0, 1, 7, ...vector(2, [1, 2]), ...vector(2, [3, 4, 5])]]

describe('a ClientHello', () => {
  const cases: [name: string, parts: Partial<HelloParts>, expected: object][] = [
    ['without extensions', { extensions: null }, { serverName: null, alpn: [], versions: [0x0303], ech: 'none' }],
    ['of TLS 1.0', { version: 0x0301 }, { serverName: null, alpn: [], versions: [0x0301], ech: 'none' }],
    ['with a name', { extensions: [sni('git.example')] }, { serverName: 'git.example' }],
    ['with a name in capitals', { extensions: [sni('Git.EXAMPLE')] }, { serverName: 'git.example' }],
    ['with protocols', { extensions: [alpn('h2', 'http/1.1', '\xff')] }, { alpn: ['h2', 'http/1.1', '\xff'] }],
    ['with versions', { extensions: [supportedVersions(0x0304, 0x0303)] }, { versions: [0x0304, 0x0303] }],
    ['with GREASE among versions', { extensions: [supportedVersions(0x3a3a, 0x0304)] }, { versions: [0x0304] }],
    ['with what only looks like GREASE', { extensions: [supportedVersions(0x3a4a)] }, { versions: [0x3a4a] }],
    ['with an outer ECH', { extensions: [sni('cover.example'), ECH] }, { serverName: 'cover.example', ech: 'outer' }],
    ['with an inner ECH', { extensions: [[0xfe0d, [1]]] }, { ech: 'inner' }],
    ['with an unknown extension', { extensions: [[0x2a2a, [1, 2, 3]], sni('a.example')] }, { serverName: 'a.example' }],
    ['with the longest session id', { sessionId: Array(32).fill(7) }, { serverName: null }],
  ]

  it.each(cases)('%s', (_, parts, expected) => {
    const bytes = hello(parts)
    const parsed = feedPrefixes(parseClientHello, bytes)
    expect(parsed).toMatchObject({ state: 'done', size: bytes.length, value: expected })
  })

  it('reads the same however it is cut into records', () => {
    const parts = { extensions: [sni('git.example'), alpn('h2'), supportedVersions(0x0304), ECH] }
    const whole = parseClientHello(hello(parts))
    expect(whole).toMatchObject({ state: 'done', value: { serverName: 'git.example' } })
    for (let recordBytes = 1; recordBytes <= 160; recordBytes++) {
      const bytes = hello(parts, recordBytes)
      const parsed = recordBytes % 16 === 1 ? feedPrefixes(parseClientHello, bytes) : parseClientHello(bytes)
      expect(parsed, `records of ${recordBytes}`).toEqual({ ...whole, size: bytes.length })
    }
  })

  it.each([
    ['TLS 1.3', { maxVersion: 'TLSv1.3' }, [0x0304, 0x0303]],
    ['TLS 1.2', { maxVersion: 'TLSv1.2' }, [0x0303]],
  ] as const)('of a real client: %s', async (_, options, versions) => {
    const bytes = await captureHello({ ...options, servername: 'git.example', ALPNProtocols: ['h2', 'http/1.1'] })
    const parsed = feedPrefixes(parseClientHello, bytes)
    const value = { serverName: 'git.example', alpn: ['h2', 'http/1.1'], versions, ech: 'none' }
    expect(parsed).toEqual({ state: 'done', value, size: bytes.length })
    const handshake = [...bytes.subarray(5)]
    for (const recordBytes of [1, 2, 3, 5, 64, 255]) {
      const framed = records(handshake, recordBytes)
      expect(parseClientHello(framed)).toEqual({ state: 'done', value, size: framed.length })
    }
  })

  it('of a real client that has no name to say', async () => {
    const bytes = await captureHello({ host: '192.0.2.1' })
    expect(parseClientHello(bytes)).toMatchObject({ state: 'done', value: { serverName: null, alpn: [] } })
  })
})

describe('a record that is refused', () => {
  it.each([
    ['of HTTP', text('GET / HTTP/1.1\r\n'), 1],
    ['of SSLv2', [0x80, 0x2e, 1, 3, 1], 1],
    ['of an alert', [0x15, 3, 1, 0, 2], 1],
    ['of another major version', [0x16, 2, 0, 0, 9], 2],
    ['that is empty', [0x16, 3, 1, 0, 0], 5],
    ['that is longer than 16384 bytes', [0x16, 3, 1, 0x40, 1], 5],
    ['of another handshake message', [0x16, 3, 1, 0, 9, 2], 6],
    ['that follows an application record', [0x16, 3, 1, 0, 1, 1, 0x17, 3, 3, 0, 1], 7],
    ['that is empty and follows one that is not', [0x16, 3, 1, 0, 1, 1, 0x16, 3, 1, 0, 0], 11],
    ['that holds more than the hello', [0x16, 3, 1, 0, 60, 1, 0, 0, 50], 9],
    ['that announces too long a hello', [0x16, 3, 1, 0, 60, 1, 1, 0, 0], 9],
  ])('%s', (_, bytes, knownAt) => {
    expect(parseClientHello(Uint8Array.from(bytes.slice(0, knownAt - 1)))).toEqual({ state: 'more' })
    expect(parseClientHello(Uint8Array.from(bytes.slice(0, knownAt)))).toMatchObject({ state: 'bad' })
    expect(feedPrefixes(parseClientHello, Uint8Array.from(bytes))).toMatchObject({ state: 'bad' })
  })
})

describe('a message that is refused', () => {
  const name = vector(2, text('a.example'))
  const cases: [name: string, body: Bytes][] = [
    ['empty', []],
    ['of another major version', helloBody({ version: 0x0203 })],
    ['with a session id of 33 bytes', helloBody({ sessionId: Array(33).fill(0) })],
    ['without cipher suites', helloBody({ ciphers: [] })],
    ['with half a cipher suite', helloBody({ ciphers: [0x13, 0x01, 0x13] })],
    ['without compression methods', helloBody({ compressions: [] })],
    ['with bytes after the extensions', [...helloBody(), 0]],
    ['with half an extension type', [...helloBody({ extensions: null }), ...vector(2, [0])]],
    ['with an extension longer than the list', [...helloBody({ extensions: null }), ...vector(2, [0, 9, 0, 1])]],
    ['with an extension list longer than itself', [...helloBody({ extensions: null }), 0, 5, 0, 9, 0, 0]],
    ['with an extension list shorter than itself', [...helloBody({ extensions: null }), 0, 4, 0, 9, 0, 0, 0]],
    ['with one extension twice', helloBody({ extensions: [sni('a.example'), sni('b.example')] })],
    [
      'with an unknown extension twice',
      helloBody({
        extensions: [
          [999, []],
          [999, []],
        ],
      }),
    ],
    ['with two names', helloBody({ extensions: [sni('a.example', 'b.example')] })],
    ['with an empty list of names', helloBody(named(0, 0))],
    ['with an empty server name extension', helloBody(named())],
    ['with an empty name', helloBody({ extensions: [sni('')] })],
    ['with a name of another type', helloBody(named(...vector(2, [1, ...name])))],
    ['with a name and one of another type', helloBody(named(...vector(2, [0, ...name, 1, ...name])))],
    ['with bytes after the list of names', helloBody(named(...vector(2, [0, ...name]), 0))],
    ['with a name shorter than its list', helloBody(named(0, 13, 0, ...name, 0))],
    ['with an address', helloBody({ extensions: [sni('192.0.2.1')] })],
    ['with an address as one number', helloBody({ extensions: [sni('3221225985')] })],
    ['with an IPv6 address', helloBody({ extensions: [sni('2001:db8::1')] })],
    ['with an NUL in the name', helloBody({ extensions: [sni('a.example\0.b.example')] })],
    ['with a name that is not ASCII', helloBody({ extensions: [sni('b\xfccher.example')] })],
    ['with a trailing dot', helloBody({ extensions: [sni('a.example.')] })],
    ['with a port', helloBody({ extensions: [sni('a.example:443')] })],
    ['with an empty list of protocols', helloBody({ extensions: [alpn()] })],
    ['with an empty protocol', helloBody({ extensions: [alpn('h2', '')] })],
    ['with a protocol longer than its list', helloBody({ extensions: [[16, vector(2, [9, 104, 50])]] })],
    ['with bytes after the protocols', helloBody({ extensions: [[16, [...vector(2, [1, 104]), 0]]] })],
    ['with no version', helloBody({ extensions: [supportedVersions()] })],
    ['with half a version', helloBody({ extensions: [[43, vector(1, [3, 4, 3])]] })],
    ['with bytes after the versions', helloBody({ extensions: [[43, [...vector(1, [3, 4]), 0]]] })],
    ['with an empty ECH', helloBody({ extensions: [[0xfe0d, []]] })],
    ['with an ECH of another type', helloBody({ extensions: [[0xfe0d, [2]]] })],
    ['with an ECH without a payload', helloBody({ extensions: [[0xfe0d, [0, 0, 1, 0, 1, 7, 0, 0, 0, 0]]] })],
    ['with bytes after the inner ECH', helloBody({ extensions: [[0xfe0d, [1, 0]]] })],
    ['with bytes after the outer ECH', helloBody({ extensions: [[0xfe0d, [...ECH[1], 0]]] })],
  ]

  it.each(cases)('%s', (_, body) => {
    expect(feedPrefixes(parseClientHello, records(message(body)))).toMatchObject({ state: 'bad' })
    expect(parseClientHello(records(message(body), 7))).toMatchObject({ state: 'bad' })
  })

  it('cut short at any byte is refused, not guessed at', () => {
    const body = helloBody({ extensions: [sni('a.example'), alpn('h2'), supportedVersions(0x0304), ECH] })
    const bare = helloBody({ extensions: null })
    for (let size = 0; size < body.length; size++) {
      const parsed = parseClientHello(records(message(body.slice(0, size))))
      // Where the extensions would begin, a hello of TLS 1.2 may end.
      expect(parsed.state, `${size} bytes`).toBe(size === bare.length ? 'done' : 'bad')
    }
  })
})

describe('the length of a ClientHello', () => {
  it(`may be ${helloBytesMax} bytes`, () => {
    const bytes = helloOf(helloBytesMax)
    expect(bytes.length).toBe(helloBytesMax)
    expect(parseClientHello(bytes)).toMatchObject({ state: 'done', size: helloBytesMax })
    expect(parseClientHello(Buffer.concat([bytes, bytes]))).toMatchObject({ state: 'done', size: helloBytesMax })
  })

  it('may not be one byte more', () => {
    const bytes = helloOf(helloBytesMax + 1)
    expect(parseClientHello(bytes)).toMatchObject({ state: 'bad', fault: expect.stringContaining('longer than') })
    // Known from the header of the last record, before its bytes.
    expect(parseClientHello(bytes.subarray(0, 3 * (16_384 + 5) + 5))).toMatchObject({ state: 'bad' })
  })

  it('counts the headers of its records too', () => {
    const body = message(helloBody({ extensions: [[21, Array(16_000).fill(0)]] }))
    expect(parseClientHello(records(body, 2))).toMatchObject({ state: 'done' })
    expect(parseClientHello(records(body, 1))).toMatchObject({ state: 'bad' })
  })

  it('is judged as soon as it is announced', () => {
    expect(parseClientHello(Uint8Array.from([0x16, 3, 1, ...uint16(100), 1, 0, 0xff, 0xff]))).toMatchObject({
      state: 'bad',
    })
  })
})

/** A hello with a server name extension of these bytes. */
function named(...body: number[]): Partial<HelloParts> {
  return { extensions: [[0, body]] }
}

/** A hello of exactly so many bytes on the wire. */
function helloOf(bytes: number): Uint8Array {
  // Four records, of which the last is not full.
  const padding = bytes - hello({ extensions: [[21, []]] }).length - 3 * 5
  return hello({ extensions: [[21, Array(padding).fill(0)]] })
}

/** ClientHellos: structured ones with odd parts, and changed ones. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { parseHost } from '../../../src/net/host.ts'
import { helloBytesMax, parseClientHello } from '../../../src/wire/client-hello.ts'
import { type Protocol, sniffBytesMax, sniffProtocol } from '../../../src/wire/first-bytes.ts'
import { alpn, type Extension, hello, records, sni, supportedVersions, vector } from '../../wire/hello.ts'
import { mutatedBytes, mutatedFrom } from '../corpus.ts'
import { checkPrefixParser } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const SAMPLES = [
  hello({ extensions: [sni('git.example'), alpn('h2', 'http/1.1'), supportedVersions(0x0304), [0xfe0d, [1]]] }),
  hello({ extensions: [sni('git.example'), alpn('h2')] }, 9),
  hello({ version: 0x0301, extensions: null }),
  hello({ extensions: [[0xfe0d, [0, 0, 1, 0, 1, 7, 0, 2, 1, 1, 0, 2, 3, 3]], [0x0a0a, []], sni('a.example')] }, 100),
  // Many records, each of one byte: a parser that begins anew at each of them takes the square of their number.
  hello({ extensions: [sni('git.example'), [21, Array.from({ length: 2_000 }, () => 0)]] }, 1),
]

const someBytes = (maxLength: number): fc.Arbitrary<number[]> => fc.array(fc.nat(255), { maxLength })

const extension: fc.Arbitrary<Extension> = fc.oneof(
  fc
    .array(fc.oneof(fc.domain(), fc.string({ maxLength: 8 }), fc.ipV4()), { maxLength: 2 })
    .map((names) => sni(...names)),
  fc.array(fc.string({ unit: 'binary-ascii', maxLength: 6 }), { maxLength: 3 }).map((names) => alpn(...names)),
  fc
    .array(fc.constantFrom(0x0304, 0x0303, 0x0a0a, 0xfafa, 0), { maxLength: 4 })
    .map((all) => supportedVersions(...all)),
  someBytes(12).map((body): Extension => [0xfe0d, body]),
  fc
    .tuple(fc.constantFrom(0, 16, 43, 0xfe0d, 21, 51, 0x0a0a), someBytes(20))
    .map(([type, body]): Extension => [type, body]),
)

const structured = fc
  .record({
    version: fc.constantFrom(0x0303, 0x0301, 0x0304, 0x0002, 0xfeff),
    sessionId: someBytes(34),
    ciphers: someBytes(9),
    compressions: someBytes(2),
    extensions: fc.option(fc.array(extension, { maxLength: 6 })),
    recordBytes: fc.constantFrom(1, 3, 5, 50, 16_384),
    behind: someBytes(6),
  })
  .map(({ recordBytes, behind, ...parts }) => Uint8Array.from([...hello(parts, recordBytes), ...behind]))

const handshakes = someBytes(60).map((body) => records([1, ...vector(3, body)], 7))

const inputs = fc.tuple(
  fc.oneof(mutatedBytes(SAMPLES), structured, mutatedFrom(structured), handshakes),
  fc.nat(400),
  fc.uint8Array({ minLength: 1, maxLength: 8 }),
)

const clientHello = defineTarget({
  name: 'client-hello',
  parsers: ['wire/client-hello.ts#parseClientHello', 'wire/cursor.ts#readWhole'],
  inputs,
  shortRuns: 200,
  check([bytes, cut, junk]) {
    const parsed = checkPrefixParser({ parse: parseClientHello, bytesMax: helloBytesMax }, bytes, cut, junk)
    if (parsed.state !== 'done') return
    const { serverName, alpn: names, versions } = parsed.value
    assert(serverName === null || parseHost(serverName) === serverName, 'a server name that is no host')
    assert(names.every((name) => name.length > 0 && name.length < 256))
    assert(
      versions.every((version) => (version & 0x0f0f) !== 0x0a0a || version >> 8 !== (version & 0xff)),
      'GREASE',
    )
  },
})

const OPENINGS: readonly (readonly [string, Protocol])[] = [
  ['\x16\x03\x01\x02\x00\x01', 'tls'],
  ['SSH-2.0-OpenSSH_9.9\r\n', 'ssh'],
  ['GET / HTTP/1.1\r\n', 'http'],
  ['PRI * HTTP/2.0\r\n\r\nSM', 'unknown'],
  ['UNSUBSCRIBE / HTTP/1.1', 'http'],
  ['OPTIONS rtsp://a.example/ RTSP/1.0\r\n', 'unknown'],
  ['\0\0\0\x10', 'unknown'],
]

const firstBytes = defineTarget({
  name: 'first-bytes',
  parsers: ['wire/first-bytes.ts#sniffProtocol'],
  inputs: fc.tuple(
    fc.oneof(mutatedBytes(OPENINGS.map(([text]) => Buffer.from(text, 'latin1'))), fc.uint8Array({ maxLength: 20 })),
    fc.nat(20),
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
  ),
  check([opening, cut, junk]) {
    const parsed = checkPrefixParser({ parse: sniffProtocol, bytesMax: sniffBytesMax }, opening, cut, junk)
    if (parsed.state !== 'done') return
    assert.equal(parsed.size, 0)
    const text = Buffer.from(opening).toString('latin1')
    for (const [sample, protocol] of OPENINGS) if (text.startsWith(sample)) assert.equal(parsed.value, protocol)
    if (parsed.value === 'tls') assert(text.startsWith('\x16\x03'))
    if (parsed.value === 'ssh') assert(text.startsWith('SSH-'))
    if (parsed.value === 'http') assert(/^[A-Z-]+ [^ \r\n]+ HTTP\/1\./.test(text))
  },
})

export const HELLO_TARGETS: readonly FuzzTarget[] = [clientHello, firstBytes]

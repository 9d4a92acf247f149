/** What clients say first in a tunnel to port 443 that is no ClientHello, or none that two readers read alike. */
import {
  alpn,
  type Bytes,
  hello,
  helloBody,
  message as handshake,
  records,
  sni,
  supportedVersions,
  uint16,
  vector,
} from '../../wire/hello.ts'

export interface BadHello {
  readonly name: string
  readonly bytes: Uint8Array
  readonly message: RegExp
}

const NAME = sni('tls.example')
const GOOD = hello({ extensions: [NAME, alpn('http/1.1'), supportedVersions(0x0304)] })
const bad = (name: string, bytes: Uint8Array | Bytes, message: RegExp): BadHello => ({
  name,
  bytes: Uint8Array.from(bytes),
  message,
})

/** A good one with the bytes at a place changed. */
function patched(at: number, ...bytes: readonly number[]): Uint8Array {
  const changed = Uint8Array.from(GOOD)
  changed.set(bytes, at)
  return changed
}

export const BAD_HELLOS: readonly BadHello[] = [
  bad('cut short', GOOD.slice(0, -1), /its first bytes did not come in time$/),
  bad('a record header alone', GOOD.slice(0, 5), /its first bytes did not come in time$/),
  bad('two bytes', [0x16, 0x03], /its first bytes did not come in time$/),
  bad('an empty record', [0x16, 3, 1, 0, 0], /an empty handshake record$/),
  bad(
    'a record of SSL 2.0',
    [0x16, 2, 0, 0, 5, 1, 0, 0, 1, 0],
    /a protocol that Weir does not know is allowed only by a rule that names it, and none does$/,
  ),
  bad('a record longer than records are', [0x16, 3, 1, 0x40, 0x01, 1], /a record longer than 16384 bytes$/),
  bad(
    'a record of another kind behind the first',
    [...hello({ extensions: [NAME] }, 20).slice(0, 25), 0x17, 3, 3, 0, 1, 0],
    /not a TLS handshake record$/,
  ),
  bad(
    'an alert in the middle',
    [...hello({ extensions: [NAME] }, 20).slice(0, 25), 0x15, 3, 3, 0, 2, 1, 0],
    /not a TLS handshake record$/,
  ),
  bad('a server hello', records([2, ...vector(3, helloBody())]), /the first handshake message is not a ClientHello$/),
  bad('a message of 16 MiB', records([1, 0xff, 0xff, 0xff, 3, 3]), /the ClientHello is longer than 65535 bytes$/),
  bad(
    'bytes behind it in its record',
    records([...handshake(helloBody({ extensions: [NAME] })), 0]),
    /the ClientHello shares its record with other bytes$/,
  ),
  bad(
    'a second one in its record',
    records([...handshake(helloBody()), ...handshake(helloBody())]),
    /the ClientHello shares its record with other bytes$/,
  ),
  bad('a version of SSL 2', patched(9, 0x02, 0x00), /the version is not one of TLS 1\.x$/),
  bad('an empty message', records([1, 0, 0, 0]), /the version is longer than what holds it$/),
  bad(
    'a session id of 33 bytes',
    hello({ sessionId: Array.from({ length: 33 }, () => 0), extensions: [NAME] }),
    /the session id is too long$/,
  ),
  bad('no cipher suites', hello({ ciphers: [], extensions: [NAME] }), /the cipher suites is too short$/),
  bad('half a cipher suite', hello({ ciphers: [0x13, 0x01, 0x13], extensions: [NAME] }), /half a cipher suite$/),
  bad(
    'no compression methods',
    hello({ compressions: [], extensions: [NAME] }),
    /the compression methods is too short$/,
  ),
  bad(
    'extensions that are longer than it',
    records(handshake([...helloBody({ extensions: null }), ...uint16(9), 0])),
    /the extensions is longer than what holds it$/,
  ),
  bad(
    'bytes behind its extensions',
    records(handshake([...helloBody({ extensions: [NAME] }), 0])),
    /message has bytes left over$/,
  ),
  bad(
    'half an extension',
    records(handshake([...helloBody({ extensions: null }), ...vector(2, [0, 0, 0])])),
    /extension 0 is longer than what holds it$/,
  ),
  bad(
    'two server names',
    hello({ extensions: [sni('tls.example', 'other.example')] }),
    /the server name list has bytes left over$/,
  ),
  bad('the server name twice', hello({ extensions: [NAME, NAME] }), /extension 0 is there twice$/),
  bad('an empty list of server names', hello({ extensions: [[0, [0, 0]]] }), /the server name list is too short$/),
  bad('an empty server name', hello({ extensions: [sni('')] }), /the server name is too short$/),
  bad(
    'a server name of another kind',
    hello({ extensions: [[0, vector(2, [1, ...vector(2, [97])])]] }),
    /a server name that is not a host name$/,
  ),
  bad('an address as a server name', hello({ extensions: [sni('127.0.0.1')] }), /the server name is not a host name$/),
  bad(
    'a server name with a dot behind it',
    hello({ extensions: [sni('tls.example.')] }),
    /the server name is not a host name$/,
  ),
  bad(
    'a server name with a NUL',
    hello({ extensions: [sni('tls.example\0.other.example')] }),
    /the server name is not a host name$/,
  ),
  bad(
    'a server name in Latin-1',
    hello({ extensions: [sni('b\xfccher.example')] }),
    /the server name is not a host name$/,
  ),
  bad(
    'a server name with a slash',
    hello({ extensions: [sni('tls.example/x')] }),
    /the server name is not a host name$/,
  ),
  bad(
    'a server name of 300 characters',
    hello({ extensions: [sni('a'.repeat(300))] }),
    /the server name is not a host name$/,
  ),
  bad(
    'bytes behind the server name',
    hello({ extensions: [[0, [...NAME[1], 0]]] }),
    /the server name extension has bytes left over$/,
  ),
  bad(
    'another server name than the tunnel is for',
    hello({ extensions: [sni('other.example')] }),
    /CONNECT asks for tls\.example but the TLS inside asks for other\.example$/,
  ),
  bad('an empty ALPN list', hello({ extensions: [NAME, [16, [0, 0]]] }), /the ALPN list is too short$/),
  bad('an empty ALPN name', hello({ extensions: [NAME, [16, vector(2, [0, 0])]] }), /an ALPN name is too short$/),
  bad('ALPN twice', hello({ extensions: [NAME, alpn('h2'), alpn('http/1.1')] }), /extension 16 is there twice$/),
  bad(
    'an odd list of versions',
    hello({ extensions: [NAME, [43, [3, 3, 4, 3]]] }),
    /a version is longer than what holds it$/,
  ),
  bad('an unknown kind of ECH', hello({ extensions: [NAME, [0xfe0d, [2]]] }), /an unknown ECH type$/),
  bad(
    'ECH cut short',
    hello({ extensions: [NAME, [0xfe0d, [0, 0, 1]]] }),
    /the ECH cipher suite and config id is longer than what holds it$/,
  ),
  bad(
    'no TLS at all',
    Buffer.from('hello there\r\n'),
    /a protocol that Weir does not know is allowed only by a rule that names it, and none does$/,
  ),
  bad('an SSH banner', Buffer.from('SSH-2.0-x\r\n'), /SSH is allowed only by a rule that names it, and none does$/),
  bad(
    'HTTP/2 in the clear',
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    /a protocol that Weir does not know is allowed only by a rule that names it, and none does$/,
  ),
]

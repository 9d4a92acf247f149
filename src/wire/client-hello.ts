/** What a TLS client says first, read from the first bytes of its connection (RFC 8446 sections 4.1.2 and 5.1). */

import { type Host, parseHost } from '../net/host.ts'
import { type Cursor, CursorFault, readWhole } from './cursor.ts'
import { bad, done, MORE, type Parse } from './parse.ts'

export interface ClientHello {
  /** RFC 6066 section 3; null where the extension is absent. */
  readonly serverName: Host | null
  /** RFC 7301, in the client's order, one character a byte. */
  readonly alpn: readonly string[]
  /** The `supported_versions`, without GREASE (RFC 8701), or the legacy version where there are none. */
  readonly versions: readonly number[]
  /** RFC 9849. `outer` may be GREASE: only the server can tell. */
  readonly ech: 'none' | 'outer' | 'inner'
}

/** The most that a ClientHello may take on the wire, record headers included. */
export const helloBytesMax = 65_535

/**
 * Reads the ClientHello from all bytes received so far, over any number of records. `size` is the end of its last record; what
 * follows it is not looked at. A message that shares its last record with other bytes is "bad": a client has nothing more to
 * say before the server answers.
 */
export function parseClientHello(bytes: Uint8Array): Parse<ClientHello> {
  const fragments: Uint8Array[] = []
  let announced = 0
  for (let at = 0; ; ) {
    const record = parseRecordHeader(bytes, at)
    if (record.state !== 'done') return record
    const start = at + record.size
    at = start + record.value
    announced += record.value
    fragments.push(bytes.subarray(start, at))
    const message = parseHandshakeLength(fragments)
    if (message.state === 'bad') return message
    if (message.state === 'done') {
      const missing = message.value - announced
      if (missing < 0) return bad('the ClientHello shares its record with other bytes')
      if (at + missing > helloBytesMax) return bad(tooLong)
      if (missing === 0 && at <= bytes.length) return parseMessage(fragments, at)
    }
    if (at > bytes.length) return MORE
  }
}

const tooLong = `the ClientHello is longer than ${helloBytesMax} bytes`
const recordHeaderBytes = 5
const recordBytesMax = 16_384
const handshakeHeaderBytes = 4
const contentTypeHandshake = 0x16
const typeClientHello = 0x01

/** The length of the record at `at`. Each byte is judged as it comes. */
function parseRecordHeader(bytes: Uint8Array, at: number): Parse<number> {
  const [type, major, , high, low] = bytes.subarray(at, at + recordHeaderBytes)
  if (type === undefined) return MORE
  if (type !== contentTypeHandshake) return bad('not a TLS handshake record')
  if (major === undefined) return MORE
  if (major !== 0x03) return bad('not a record of TLS 1.x')
  if (high === undefined || low === undefined) return MORE
  const length = (high << 8) | low
  if (length === 0) return bad('an empty handshake record')
  if (length > recordBytesMax) return bad(`a record longer than ${recordBytesMax} bytes`)
  return done(length, recordHeaderBytes)
}

/** The length, header included, of the message that starts in `fragments`; its header may be spread over four of them. */
function parseHandshakeLength(fragments: readonly Uint8Array[]): Parse<number> {
  const header: number[] = []
  for (const fragment of fragments) {
    for (const byte of fragment.subarray(0, handshakeHeaderBytes - header.length)) header.push(byte)
    if (header.length === handshakeHeaderBytes) break
  }
  const [type, high, middle, low] = header
  if (type === undefined) return MORE
  if (type !== typeClientHello) return bad('the first handshake message is not a ClientHello')
  if (high === undefined || middle === undefined || low === undefined) return MORE
  return done(handshakeHeaderBytes + ((high << 16) | (middle << 8) | low), handshakeHeaderBytes)
}

function parseMessage(fragments: readonly Uint8Array[], size: number): Parse<ClientHello> {
  const parsed = readWhole(Buffer.concat(fragments).subarray(handshakeHeaderBytes), readHello)
  return parsed.state === 'done' ? done(parsed.value, size) : parsed
}

function readHello(cursor: Cursor): ClientHello {
  const legacyVersion = cursor.uint16('the version')
  if (legacyVersion >> 8 !== 0x03) throw new CursorFault('the version is not one of TLS 1.x')
  cursor.take(32, 'the random')
  if (cursor.vector(1, 0, 'the session id').left > 32) throw new CursorFault('the session id is too long')
  if (cursor.vector(2, 2, 'the cipher suites').left % 2 !== 0) throw new CursorFault('half a cipher suite')
  cursor.vector(1, 1, 'the compression methods')
  const extensions = readExtensions(cursor)
  const versions = extensions.get(extensionSupportedVersions)
  return {
    serverName: readServerName(extensions.get(extensionServerName)),
    alpn: readAlpn(extensions.get(extensionAlpn)),
    versions: versions === undefined ? [legacyVersion] : readVersions(versions),
    ech: readEch(extensions.get(extensionEch)),
  }
}

const extensionServerName = 0
const extensionAlpn = 16
const extensionSupportedVersions = 43
const extensionEch = 0xfe0d

function readExtensions(cursor: Cursor): ReadonlyMap<number, Cursor> {
  const extensions = new Map<number, Cursor>()
  // Up to TLS 1.2 a hello may end before the extensions (RFC 5246 section 7.4.1.2).
  if (cursor.left === 0) return extensions
  const list = cursor.vector(2, 0, 'the extensions')
  while (list.left > 0) {
    const type = list.uint16('an extension type')
    // A server that takes the first and one that takes the last would see two different names.
    if (extensions.has(type)) throw new CursorFault(`extension ${type} is there twice`)
    extensions.set(type, list.vector(2, 0, `extension ${type}`))
  }
  return extensions
}

function readServerName(extension: Cursor | undefined): Host | null {
  if (extension === undefined) return null
  const list = extension.vector(2, 1, 'the server name list')
  extension.finish('the server name extension')
  // Only host_name was ever defined, and only one of it is allowed: whatever else stands here, servers disagree about.
  if (list.uint8('a name type') !== 0) throw new CursorFault('a server name that is not a host name')
  const text = ascii(list.vector(2, 1, 'the server name').rest())
  list.finish('the server name list')
  // RFC 6066: no trailing dot. A server that does not fold it would serve its default site under a name that was judged.
  const host = text === null || text.endsWith('.') ? null : parseHost(text)
  if (host === null) throw new CursorFault('the server name is not a host name')
  return host
}

function readAlpn(extension: Cursor | undefined): readonly string[] {
  if (extension === undefined) return []
  const list = extension.vector(2, 2, 'the ALPN list')
  extension.finish('the ALPN extension')
  const names: string[] = []
  while (list.left > 0) names.push(Buffer.from(list.vector(1, 1, 'an ALPN name').rest()).toString('latin1'))
  return names
}

function readVersions(extension: Cursor): readonly number[] {
  const list = extension.vector(1, 2, 'the supported versions')
  extension.finish('the supported versions extension')
  const versions: number[] = []
  while (list.left > 0) {
    const version = list.uint16('a version')
    if (!isGrease(version)) versions.push(version)
  }
  return versions
}

function readEch(extension: Cursor | undefined): ClientHello['ech'] {
  if (extension === undefined) return 'none'
  const type = extension.uint8('the ECH type')
  if (type > 1) throw new CursorFault('an unknown ECH type')
  if (type === 0) {
    extension.take(5, 'the ECH cipher suite and config id')
    extension.vector(2, 0, 'the ECH key')
    extension.vector(2, 1, 'the ECH payload')
  }
  extension.finish('the ECH extension')
  return type === 0 ? 'outer' : 'inner'
}

function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)
}

/** Null where a byte is not ASCII: read as text it could become another name. */
function ascii(bytes: Uint8Array): string | null {
  for (const byte of bytes) if (byte > 0x7f) return null
  return Buffer.from(bytes).toString('latin1')
}

/** Builds ClientHello messages, well-formed or not, and captures real ones, without a network. */
import { Duplex } from 'node:stream'
import { type ConnectionOptions, connect } from 'node:tls'

export type Bytes = readonly number[]
export type Extension = readonly [type: number, body: Bytes]

export interface HelloParts {
  readonly version: number
  readonly sessionId: Bytes
  readonly ciphers: Bytes
  readonly compressions: Bytes
  /** Null: the message ends before the extensions. */
  readonly extensions: readonly Extension[] | null
}

const PLAIN: HelloParts = {
  version: 0x0303,
  sessionId: [],
  ciphers: [0x13, 0x01, 0x13, 0x02],
  compressions: [0],
  extensions: [],
}

export function uint16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff]
}

export function vector(prefixBytes: 1 | 2 | 3, body: Bytes): number[] {
  const prefix = [(body.length >> 16) & 0xff, (body.length >> 8) & 0xff, body.length & 0xff]
  return [...prefix.slice(3 - prefixBytes), ...body]
}

export function text(value: string): number[] {
  return [...Buffer.from(value, 'latin1')]
}

export function sni(...names: readonly string[]): Extension {
  return [
    0,
    vector(
      2,
      names.flatMap((name) => [0, ...vector(2, text(name))]),
    ),
  ]
}

export function alpn(...names: readonly string[]): Extension {
  return [
    16,
    vector(
      2,
      names.flatMap((name) => vector(1, text(name))),
    ),
  ]
}

export function supportedVersions(...versions: readonly number[]): Extension {
  return [43, vector(1, versions.flatMap(uint16))]
}

/** The body of the handshake message. */
export function helloBody(parts: Partial<HelloParts> = {}): number[] {
  const { version, sessionId, ciphers, compressions, extensions } = { ...PLAIN, ...parts }
  return [
    ...uint16(version),
    ...Array.from({ length: 32 }, (_, at) => at),
    ...vector(1, sessionId),
    ...vector(2, ciphers),
    ...vector(1, compressions),
    ...(extensions === null
      ? []
      : vector(
          2,
          extensions.flatMap(([type, body]) => [...uint16(type), ...vector(2, body)]),
        )),
  ]
}

export function message(body: Bytes): number[] {
  return [1, ...vector(3, body)]
}

/** The handshake bytes in records of `recordBytes` each. */
export function records(handshake: Bytes, recordBytes = 16_384): Uint8Array {
  const framed: number[] = []
  for (let at = 0; at < handshake.length; at += recordBytes) {
    for (const byte of [0x16, 3, 1, ...vector(2, handshake.slice(at, at + recordBytes))]) framed.push(byte)
  }
  return Uint8Array.from(framed)
}

export function hello(parts: Partial<HelloParts> = {}, recordBytes = 16_384): Uint8Array {
  return records(message(helloBody(parts)), recordBytes)
}

/** What Node's TLS client says first. */
export async function captureHello(options: ConnectionOptions): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const wire = new Duplex({
    read() {},
    write(chunk: Uint8Array, _encoding, next) {
      resolve(chunk)
      next()
    },
  })
  const socket = connect({ ...options, socket: wire })
  socket.on('error', reject)
  const first = await promise
  socket.destroy()
  return first
}

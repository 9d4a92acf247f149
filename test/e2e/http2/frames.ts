/** HTTP/2 frames as bytes, with whatever length, flags and stream a test wants (RFC 9113 sections 4.1 and 6). */

export const TYPE = {
  data: 0x00,
  headers: 0x01,
  priority: 0x02,
  rstStream: 0x03,
  settings: 0x04,
  pushPromise: 0x05,
  ping: 0x06,
  goaway: 0x07,
  windowUpdate: 0x08,
  continuation: 0x09,
} as const

export const FLAG = { none: 0x00, ack: 0x01, endStream: 0x01, endHeaders: 0x04, padded: 0x08, priority: 0x20 } as const

export const SETTING = {
  headerTableSize: 0x01,
  enablePush: 0x02,
  maxConcurrentStreams: 0x03,
  initialWindowSize: 0x04,
  maxFrameSize: 0x05,
  maxHeaderListSize: 0x06,
  enableConnectProtocol: 0x08,
} as const

/** RFC 9113 section 7, in the order of their codes. */
export const ERROR_NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const
export type ErrorName = (typeof ERROR_NAMES)[number]

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
export const FRAME_HEAD_BYTES = 9
/** What either side may send before SETTINGS say otherwise. */
export const FRAME_BYTES_DEFAULT = 16_384
export const WINDOW_BYTES_DEFAULT = 65_535
export const WINDOW_BYTES_MAX = 0x7fff_ffff

interface Oddities {
  /** The length to announce, where it is not that of the payload. */
  readonly length?: number
  /** Sets the bit before the stream identifier. */
  readonly reserved?: boolean
}

type Bytes = Uint8Array | string

export function frame(type: number, flags: number, stream: number, payload: Bytes = '', odd: Oddities = {}): Buffer {
  const content = Buffer.from(payload)
  const head = Buffer.alloc(FRAME_HEAD_BYTES)
  head.writeUIntBE(odd.length ?? content.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(odd.reserved === true ? stream + 0x8000_0000 : stream, 5)
  return Buffer.concat([head, content])
}

export function data(stream: number, content: Bytes, flags: number = FLAG.none): Buffer {
  return frame(TYPE.data, flags, stream, content)
}

/** Content behind a Pad Length and before its padding (RFC 9113 section 6.1). */
export function padded(content: Bytes, padBytes: number, pad = 0): Buffer {
  return Buffer.concat([Buffer.from([padBytes]), Buffer.from(content), Buffer.alloc(padBytes, pad)])
}

export function headers(stream: number, block: Uint8Array, flags: number = FLAG.endHeaders): Buffer {
  return frame(TYPE.headers, flags, stream, block)
}

export function continuation(stream: number, fragment: Uint8Array, flags: number = FLAG.endHeaders): Buffer {
  return frame(TYPE.continuation, flags, stream, fragment)
}

/** The five octets of a PRIORITY frame, or before the block of HEADERS (RFC 7540 section 6.3). */
export function priorityFields(dependsOn: number, weight = 15, exclusive = false): Buffer {
  const fields = Buffer.alloc(5)
  fields.writeUInt32BE(exclusive ? dependsOn + 0x8000_0000 : dependsOn, 0)
  fields[4] = weight
  return fields
}

export function priority(stream: number, dependsOn: number): Buffer {
  return frame(TYPE.priority, FLAG.none, stream, priorityFields(dependsOn))
}

export function rstStream(stream: number, code: number): Buffer {
  return frame(TYPE.rstStream, FLAG.none, stream, uint32(code))
}

export function settings(entries: readonly (readonly [setting: number, value: number])[]): Buffer {
  return frame(TYPE.settings, FLAG.none, 0, settingsPayload(entries))
}

export function settingsPayload(entries: readonly (readonly [setting: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(entries.length * 6)
  for (const [at, [setting, value]] of entries.entries()) {
    payload.writeUInt16BE(setting, at * 6)
    payload.writeUInt32BE(value, at * 6 + 2)
  }
  return payload
}

export function settingsAck(): Buffer {
  return frame(TYPE.settings, FLAG.ack, 0)
}

export function ping(payload: Bytes, flags: number = FLAG.none): Buffer {
  return frame(TYPE.ping, flags, 0, payload)
}

export function goaway(lastStream: number, code: number, debug: Bytes = ''): Buffer {
  return frame(TYPE.goaway, FLAG.none, 0, Buffer.concat([uint32(lastStream), uint32(code), Buffer.from(debug)]))
}

export function windowUpdate(stream: number, increment: number): Buffer {
  return frame(TYPE.windowUpdate, FLAG.none, stream, uint32(increment))
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

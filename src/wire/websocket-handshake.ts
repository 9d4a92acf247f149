/** The opening handshake of a WebSocket: what a client offers, and whether an answer takes that up (RFC 6455 section 4, RFC 7692). */
import { createHash } from 'node:crypto'
import { rawValues } from './fields.ts'
import type { HeadFault, RequestHead } from './request-head.ts'

export interface WebSocketOffer {
  /** Sec-WebSocket-Key: 16 bytes in base64. */
  readonly key: string
  readonly protocols: readonly string[]
  /** Names of extensions, in lower case. */
  readonly extensions: readonly string[]
}

export interface WebSocketAnswer {
  /** Messages may be compressed. */
  readonly deflate: boolean
}

/** Subprotocols in one offer. */
export const PROTOCOLS_MAX = 64
/** Extensions in one offer or answer, each as often as it is named. */
export const EXTENSIONS_MAX = 16

const DEFLATE = 'permessage-deflate'

/** Characters of an unknown protocol that its refusal repeats. */
export const SHOWN_CHARACTERS_MAX = 64

/** Protocol by name, and its version (section 4.1). */
const PROTOCOL = 'websocket'
const VERSION = '13'

/** The last of 22 digits has two bits of the 16 bytes, and the rest of it is nothing. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** `head` is of the same request, and wants an upgrade. The fault is for the client to read, behind "this upgrade is not carried:". */
export function readWebSocketOffer(
  method: string,
  httpVersion: string,
  head: RequestHead,
  rawHeaders: readonly string[],
): WebSocketOffer | HeadFault {
  const wanted = head.upgrade ?? ''
  if (wanted.toLowerCase() !== PROTOCOL) return fault(`${shown(wanted)} is no protocol that is carried`)
  if (httpVersion !== '1.1') return fault('a WebSocket begins with HTTP/1.1')
  if (method !== 'GET') return fault('a WebSocket begins with GET')
  if (head.framing.kind !== 'none') return fault('the request has a body')
  if (head.expectContinue) return fault('the request has an expectation')
  if (!tokensOf(rawHeaders, 'connection').includes('upgrade')) return fault('Connection does not name it')
  const version = only(rawHeaders, 'sec-websocket-version')
  if (version !== VERSION) return fault(`the version of WebSocket is ${VERSION}`)
  const key = only(rawHeaders, 'sec-websocket-key') ?? ''
  if (!KEY.test(key)) return fault('Sec-WebSocket-Key is not 16 bytes')
  const protocols = listOf(rawHeaders, 'sec-websocket-protocol')
  if (protocols.length > PROTOCOLS_MAX) return fault(`more than ${PROTOCOLS_MAX} subprotocols`)
  if (!protocols.every((name) => TOKEN.test(name))) return fault('Sec-WebSocket-Protocol cannot be read')
  const extensions = extensionsIn(rawHeaders)
  if (extensions === null) return fault('Sec-WebSocket-Extensions cannot be read')
  if (extensions.length > EXTENSIONS_MAX) return fault(`more than ${EXTENSIONS_MAX} extensions`)
  return { key, protocols, extensions }
}

/** Of an answer with status 101: nothing goes on that the client did not ask for, or that reads frames in a way of its own. */
export function checkWebSocketAnswer(
  offer: WebSocketOffer,
  rawHeaders: readonly string[],
): WebSocketAnswer | HeadFault {
  if (only(rawHeaders, 'upgrade')?.toLowerCase() !== PROTOCOL) return fault('it changes to another protocol')
  if (!tokensOf(rawHeaders, 'connection').includes('upgrade')) return fault('its Connection does not name the upgrade')
  if (only(rawHeaders, 'sec-websocket-accept') !== acceptOf(offer.key)) {
    return fault('its Sec-WebSocket-Accept is not that of the key')
  }
  const chosen = rawValues(rawHeaders, 'sec-websocket-protocol')
  if (chosen.length > 1 || chosen.some((name) => !offer.protocols.includes(name))) {
    return fault('it speaks a subprotocol that was not offered')
  }
  const extensions = extensionsIn(rawHeaders)
  if (extensions === null) return fault('its extensions cannot be read')
  if (extensions.some((name) => !offer.extensions.includes(name)))
    return fault('it uses an extension that was not offered')
  // Another one may give the bits of a frame another meaning, and one that is used twice has none.
  if (extensions.length > 1 || extensions.some((name) => name !== DEFLATE)) {
    return fault(`it uses other extensions than ${DEFLATE}`)
  }
  return { deflate: extensions.length === 1 }
}

/** What an answer to that key must say (section 4.2.2). */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

/** What a stranger wrote, where it can stand in a sentence. */
function shown(protocol: string): string {
  return protocol.length <= SHOWN_CHARACTERS_MAX && /^[\x20-\x7e]+$/.test(protocol) ? protocol : 'what Upgrade names'
}

/** Null where there is none, or more than one. */
function only(rawHeaders: readonly string[], name: string): string | null {
  const values = rawValues(rawHeaders, name)
  return values.length === 1 ? (values[0] ?? null) : null
}

function listOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawValues(rawHeaders, name).flatMap((value) => value.split(',').map((item) => item.trim()))
}

function tokensOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return listOf(rawHeaders, name).map((item) => item.toLowerCase())
}

/** One extension with its parameters, of which a value may be quoted (section 9.1), up to the next comma. */
const EXTENSION =
  /[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*;[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ \t]*=[ \t]*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|"[!#$%&'*+.^_`|~0-9A-Za-z-]+"))?)*[ \t]*(?:,|$)/y

/** Null where they cannot be read. */
function extensionsIn(rawHeaders: readonly string[]): readonly string[] | null {
  const names: string[] = []
  for (const value of rawValues(rawHeaders, 'sec-websocket-extensions')) {
    let at = 0
    while (at < value.length) {
      EXTENSION.lastIndex = at
      const match = EXTENSION.exec(value)
      if (match === null) return null
      names.push((match[1] ?? '').toLowerCase())
      at = EXTENSION.lastIndex
    }
  }
  return names
}

function fault(text: string): HeadFault {
  return { fault: text }
}

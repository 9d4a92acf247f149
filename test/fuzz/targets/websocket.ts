/** WebSockets: frames in any order and cut, and both halves of the handshake. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { checkHead } from '../../../src/wire/request-head.ts'
import { FrameFollower } from '../../../src/wire/websocket-frames.ts'
import {
  acceptOf,
  checkWebSocketAnswer,
  EXTENSIONS_MAX,
  PROTOCOLS_MAX,
  readWebSocketOffer,
} from '../../../src/wire/websocket-handshake.ts'
import { checkSentence } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

const someFrame = fc
  .tuple(fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 14 }))
  .map(([first, second, rest]) => [first, second, ...rest])

const frames = defineTarget({
  name: 'websocket-frames',
  parsers: [],
  inputs: fc.record({
    bytes: fc.array(someFrame, { maxLength: 6 }).map((parts) => Uint8Array.from(parts.flat())),
    cut: fc.nat(60),
    from: fc.constantFrom('client', 'server'),
    deflate: fc.boolean(),
  }),
  shortRuns: 3_000,
  check({ bytes, cut, ...rules }) {
    const whole = new FrameFollower(rules)
    const fault = whole.feed(bytes)
    const inPieces = new FrameFollower(rules)
    const first = inPieces.feed(bytes.subarray(0, cut))
    // A fault stays, whatever follows, and is the same however the bytes are cut.
    assert.equal(inPieces.feed(bytes.subarray(cut)), fault)
    if (first !== null) assert.equal(first, fault)
    assert.deepEqual([inPieces.frames, inPieces.payloadBytes], [whole.frames, whole.payloadBytes])
    assert(whole.payloadBytes + 2 * whole.frames <= bytes.length)
    if (fault !== null) checkSentence(fault)
  },
})

const value = fc.oneof(
  fc.constantFrom('websocket', 'Upgrade', 'upgrade, close', '13', KEY, acceptOf(KEY), 'chat', 'permessage-deflate', ''),
  fc.constantFrom('a, b', 'a;b=c', 'a;b="c"', 'a;b="c, d"', 'a,,b', `a;${' '.repeat(20_000)}`, 'a;b=c;'.repeat(3_000)),
  fc.constantFrom(Array.from({ length: 70 }, () => 'x').join(',')),
  fc.string({ unit: 'binary-ascii', maxLength: 8 }),
)
const field = fc.tuple(
  fc.constantFrom(
    'Upgrade',
    'connection',
    'Sec-WebSocket-Key',
    'sec-websocket-version',
    'Sec-WebSocket-Protocol',
    'Sec-WebSocket-Extensions',
    'Sec-WebSocket-Accept',
    'Host',
    'Content-Length',
  ),
  value,
)
const GOOD = [
  ['Host', 'a.example'],
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Key', KEY],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Accept', acceptOf(KEY)],
] as const

/** Mostly good, with fields taken out and put in. */
const someFields = fc
  .tuple(fc.subarray([...GOOD], { minLength: 4 }), fc.array(field, { maxLength: 3 }))
  .map(([good, more]) => [...good, ...more].flat())

const handshake = defineTarget({
  name: 'websocket-handshake',
  parsers: ['wire/websocket-handshake.ts#readWebSocketOffer', 'wire/websocket-handshake.ts#checkWebSocketAnswer'],
  inputs: fc.record({ asked: someFields, answered: someFields, method: fc.constantFrom('GET', 'GET', 'POST') }),
  shortRuns: 1_500,
  check({ asked, answered, method }) {
    const head = checkHead({ method, httpVersion: '1.1', rawHeaders: asked, target: '/' })
    if ('fault' in head) return
    const offer = readWebSocketOffer(method, '1.1', head, asked)
    if ('fault' in offer) {
      checkSentence(offer.fault)
      return
    }
    assert.equal(method, 'GET')
    assert.equal(Buffer.from(offer.key, 'base64').length, 16)
    assert(offer.protocols.length <= PROTOCOLS_MAX && offer.extensions.length <= EXTENSIONS_MAX)
    const answer = checkWebSocketAnswer(offer, answered)
    if ('fault' in answer) checkSentence(answer.fault)
    else if (answer.deflate) assert(offer.extensions.includes('permessage-deflate'))
  },
})

export const WEBSOCKET_TARGETS: readonly FuzzTarget[] = [frames, handshake]

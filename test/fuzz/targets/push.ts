/** What git sends when it pushes: packets, the head of a push, signed or not, the pack, and the report that answers it. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { parsePackHeader } from '../../../src/wire/pack-header.ts'
import {
  decodePktText,
  encodePktLine,
  type PktLine,
  parsePktLength,
  parsePktLine,
  pktLineBytesMax,
  pktPayloadBytesMax,
} from '../../../src/wire/pkt-line.ts'
import { encodePushRefusal } from '../../../src/wire/push-report.ts'
import { createPushRequestReader, parsePushRequest, type PushRequest } from '../../../src/wire/push-request.ts'
import { isRefName } from '../../../src/wire/ref-name.ts'
import { A, B, command, packets, ZERO } from '../../wire/push.ts'
import { mutatedBytes, mutatedFrom } from '../corpus.ts'
import { checkPrefixParser, checkReader, sizes } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const CERTIFICATE = [
  'push-cert\0report-status push-options',
  'certificate version 0.1\n',
  'pusher Ada <ada@acme.example> 1700000000 +0000\n',
  'pushee https://git.acme.example/app\n',
  'nonce 1700000000-abc\n',
  'push-option one\n',
  '\n',
  `${command(ZERO, A, 'refs/heads/main')}\n`,
  '-----BEGIN PGP SIGNATURE-----\n',
  'iQ==\n',
  '-----END PGP SIGNATURE-----\n',
  'push-cert-end\n',
]
const PUSHES: readonly Uint8Array[] = [
  packets(`shallow ${A}`, command(ZERO, A, 'refs/heads/main', 'report-status'), command(A, B, 'refs/x/y'), null),
  packets(command(A, ZERO, 'refs/heads/main', 'push-options atomic'), null, 'one', 'two', null),
  packets(...CERTIFICATE, null, 'one', null),
  packets(command('0'.repeat(64), 'c'.repeat(64), 'refs/tags/v1', 'object-format=sha256'), null),
  packets(null),
  Buffer.concat([packets(command(ZERO, A, 'refs/heads/main', 'x'), null), Buffer.from('PACK\0\0\0\x02\0\0\0\x01')]),
]
const WORDS = ['push-cert', 'shallow ', 'refs/heads/', 'push-option ', '-----BEGIN PGP SIGNATURE-----\n', '\0atomic', A]

const refs = fc.oneof(
  fc.constantFrom('refs/heads/main', 'refs/tags/v1', 'refs/heads/a..b', 'refs/heads/.x', 'refs/heads/x.lock', 'HEAD'),
  fc.string({ maxLength: 10 }).map((text) => `refs/heads/${text}`),
)
const ids = fc.constantFrom(ZERO, A, B, 'c'.repeat(64), '0'.repeat(64), 'A'.repeat(40), 'a'.repeat(39))
const lines = fc.oneof(
  fc.tuple(ids, ids, refs).map((parts) => parts.join(' ')),
  fc.tuple(ids, ids, refs, fc.string({ maxLength: 20 })).map(([from, to, ref, more]) => command(from, to, ref, more)),
  ids.map((id) => `shallow ${id}`),
  fc.constantFrom<string | null>(...CERTIFICATE, null),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
/** Most begin as they should, or nothing behind the first line would ever be read. */
const pushes = fc
  .tuple(fc.constantFrom('report-status', 'report-status push-options', 'object-format=sha256'), fc.array(lines))
  .map(([capabilities, more]) => packets(command(ZERO, A, 'refs/heads/first', capabilities), ...more, null))
const certified = fc
  .array(fc.nat(CERTIFICATE.length - 1), { maxLength: 14 })
  .map((order) => packets(...CERTIFICATE.slice(0, 3), ...order.map((at) => CERTIFICATE[at] ?? null), null))

const push = defineTarget({
  name: 'push-request',
  parsers: ['wire/push-request.ts#parsePushRequest', 'wire/push-request.ts#createPushRequestReader'],
  inputs: fc.tuple(
    fc.oneof(mutatedBytes(PUSHES, WORDS), pushes, certified, mutatedFrom(fc.oneof(pushes, certified), WORDS)),
    fc.nat(1_000),
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    sizes,
  ),
  shortRuns: 250,
  check([bytes, cut, junk, pieces]) {
    checkPrefixParser({ parse: parsePushRequest, bytesMax: Number.POSITIVE_INFINITY }, bytes, cut, junk)
    const parsed = checkReader(createPushRequestReader, bytes, pieces)
    if (parsed.state === 'done') checkPush(parsed.value)
  },
})

function checkPush(request: PushRequest): void {
  if (request.kind === 'probe') return
  assert(request.updates.length > 0)
  assert.equal(new Set(request.updates.map(({ ref }) => ref)).size, request.updates.length, 'a ref twice')
  for (const { ref, kind, oldId, newId } of request.updates) {
    assert(isRefName(ref), 'not the name of a ref')
    assert.equal(oldId.length, newId.length)
    assert.equal(/^0+$/.test(oldId), kind === 'create')
    assert.equal(/^0+$/.test(newId), kind === 'delete')
  }
  assert.equal(
    request.hasPack,
    request.updates.some(({ kind }) => kind !== 'delete'),
  )
}

const pktLine = defineTarget({
  name: 'pkt-line',
  parsers: ['wire/pkt-line.ts#parsePktLine', 'wire/pkt-line.ts#parsePktLength', 'wire/pkt-line.ts#decodePktText'],
  inputs: fc.tuple(
    fc.oneof(
      mutatedBytes(PUSHES),
      fc.uint8Array({ maxLength: 12 }),
      fc.uint8Array({ maxLength: 90 }).map(encodePktLine),
    ),
    fc.nat(400),
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
  ),
  check([bytes, cut, junk]) {
    const parsed = checkPrefixParser<PktLine>({ parse: parsePktLine, bytesMax: pktLineBytesMax }, bytes, cut, junk)
    checkPrefixParser({ parse: parsePktLength, bytesMax: 4 }, bytes, cut, junk)
    if (parsed.state !== 'done' || parsed.value.kind !== 'data') return
    const { payload } = parsed.value
    const again = parsePktLine(encodePktLine(payload))
    assert(again.state === 'done' && again.value.kind === 'data' && Buffer.from(again.value.payload).equals(payload))
    const text = decodePktText(payload)
    if (text === null) return
    const isWhole = Buffer.from(text).equals(payload) || Buffer.from(`${text}\n`).equals(payload)
    assert(isWhole, 'text that is not the bytes')
  },
})

const packHeader = defineTarget({
  name: 'pack-header',
  parsers: ['wire/pack-header.ts#parsePackHeader'],
  inputs: fc.tuple(
    fc.oneof(
      mutatedBytes([Buffer.from('PACK\0\0\0\x02\0\0\0\x01'), Buffer.from('PACK\0\0\0\x03\xff\xff\xff\xff', 'latin1')]),
      fc.uint8Array({ maxLength: 14 }),
    ),
    fc.nat(14),
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
  ),
  check([bytes, cut, junk]) {
    const parsed = checkPrefixParser({ parse: parsePackHeader, bytesMax: 12 }, bytes, cut, junk)
    if (parsed.state === 'done') assert.equal(parsed.value.objects, Buffer.from(bytes).readUInt32BE(8))
  },
})

const report = defineTarget({
  name: 'push-report',
  parsers: ['wire/push-report.ts#encodePushRefusal'],
  inputs: fc.record({
    capabilities: fc.subarray(['report-status', 'report-status-v2', 'side-band', 'side-band-64k', 'atomic', '=']),
    refs: fc.array(
      fc.record({
        name: fc.oneof(
          refs,
          fc.integer({ min: 65_000, max: 66_000 }).map((size) => `refs/heads/${'x'.repeat(size)}`),
        ),
        reason: fc.string({ unit: 'binary', maxLength: 1_500 }),
      }),
      { maxLength: 3 },
    ),
    lines: fc.array(fc.string({ unit: 'binary', maxLength: 1_500 }), { maxLength: 3 }),
  }),
  shortRuns: 100,
  check(refusal) {
    const bytes = encodePushRefusal(refusal)
    if (bytes === null) return
    const sideband = ['side-band-64k', 'side-band'].find((name) => refusal.capabilities.includes(name))
    const lineMax = sideband === 'side-band' ? 1_000 : pktLineBytesMax
    const payloads = payloadsOf(bytes, sideband === undefined ? pktLineBytesMax : lineMax)
    const bands = payloads.map((payload) => (sideband === undefined ? payload : payload.subarray(1)))
    for (const text of bands) assert(Buffer.byteLength(text) <= pktPayloadBytesMax)
    const said = Buffer.concat(bands).toString()
    assert(!/[^\P{Cc}\n\0]/u.test(said.replaceAll(/\0/g, '')), 'control characters in a refusal')
  },
})

/** The payloads of whole packets, none longer than the limit, up to the flush at the very end. */
function payloadsOf(bytes: Uint8Array, lineMax: number): readonly Uint8Array[] {
  const payloads: Uint8Array[] = []
  for (let at = 0; ; ) {
    const line = parsePktLine(bytes, at)
    assert(line.state === 'done', 'a report that is no list of packets')
    assert(line.size <= lineMax, `a packet of ${line.size} bytes`)
    at += line.size
    if (line.value.kind === 'data') payloads.push(line.value.payload)
    else {
      assert.equal(at, bytes.length, 'bytes behind the report')
      return payloads
    }
  }
}

export const PUSH_TARGETS: readonly FuzzTarget[] = [push, pktLine, packHeader, report]

/** Bodies that are held to one form: fetches, questions for locks, MEGA's commands, base64 in JSON, and codings around them. */
import assert from 'node:assert/strict'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { createContentDecoder } from '../../../src/content/content-coding.ts'
import {
  createFetchRequestReader,
  createShortFetchRequestReader,
  fetchRequestBytesMax,
  shortFetchRequestBytesMax,
} from '../../../src/wire/fetch-request.ts'
import { createBase64FieldCounter } from '../../../src/wire/json-base64.ts'
import {
  createLfsLocksReader,
  createShortLfsLocksReader,
  lfsLocksBytesMax,
  shortLfsLocksBytesMax,
} from '../../../src/wire/lfs-locks.ts'
import { megaCommandsBytesMax, megaCommandsMax, parseMegaCommands } from '../../../src/wire/mega-commands.ts'
import { A, B, packets } from '../../wire/push.ts'
import { mutatedBytes, mutatedFrom } from '../corpus.ts'
import { checkBodyCheck, checkSentence, feedPieces, type Sizes, sizes } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

/** A delimiter: packets() knows the flush alone. */
const DELIM = Buffer.from('0001')
const V2 = (command: string, capabilities: readonly string[], ...lines: readonly string[]): Uint8Array =>
  Buffer.concat([packets(`command=${command}`, ...capabilities), DELIM, packets(...lines, null)])

const FETCHES: readonly Uint8Array[] = [
  packets(`want ${A} multi_ack_detailed side-band-64k agent=git/2.51`, `want ${B}`, null, `have ${B}`, 'done'),
  packets(`want ${A} shallow`, `shallow ${B}`, 'deepen 1', 'filter blob:none', null),
  V2('fetch', ['agent=git/2.51', 'object-format=sha1'], 'thin-pack', `want ${A}`, `have ${B}`, 'done'),
  V2('ls-refs', ['agent=git/2.51', 'session-id=x-1'], 'peel', 'symrefs', 'ref-prefix refs/heads/', 'ref-prefix HEAD'),
  packets('argument --format=tar', 'argument main', null),
  packets(null),
]
const FETCH_WORDS = [
  'want ',
  'have ',
  'command=fetch',
  'done',
  'deepen 5',
  'argument x',
  'server-option=x',
  '0001',
  A,
  B,
]
const fetchLine = fc.oneof(
  fc.constantFrom(
    `want ${A}`,
    `have ${B}`,
    'done',
    'deepen 1',
    'deepen-not refs/x',
    'shallow x',
    'want-ref refs/heads/x',
  ),
  fc.constantFrom(
    'command=fetch',
    'command=ls-refs',
    'object-format=sha256',
    'agent=x',
    'ref-prefix a',
    'argument -x',
    null,
  ),
  fc.string({ maxLength: 12 }),
)
const fetches = fc.array(fetchLine, { maxLength: 12 }).map((all) => packets(...all))

const fetchRequest = defineTarget({
  name: 'fetch-request',
  parsers: ['wire/fetch-request.ts#createFetchRequestReader', 'wire/fetch-request.ts#createShortFetchRequestReader'],
  inputs: fc.tuple(fc.oneof(mutatedBytes(FETCHES, FETCH_WORDS), fetches, mutatedFrom(fetches, FETCH_WORDS)), sizes),
  check([bytes, pieces]) {
    const fault = checkBodyCheck(createFetchRequestReader, bytes, pieces, fetchRequestBytesMax)
    const short = checkBodyCheck(createShortFetchRequestReader, bytes, pieces, shortFetchRequestBytesMax)
    if (short === null) assert.equal(fault, null, 'a short fetch that is no fetch')
    if (fault !== null) checkSentence(fault)
    else assert(/^[\n\x20-\x7e]*$/.test(Buffer.from(bytes).toString('latin1')) || hasWords(bytes), 'bytes in a fetch')
  },
})

/** Server options and arguments of an archive may be any text; nothing else may. */
function hasWords(bytes: Uint8Array): boolean {
  return /server-option=|argument /.test(Buffer.from(bytes).toString('latin1'))
}

const LOCKS = ['{"ref":{"name":"refs/heads/main"},"limit":100}', '{"cursor":"x","limit":1}', '{}'].map((text) =>
  Buffer.from(text),
)
const jsonBytes = fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text))

const lfsLocks = defineTarget({
  name: 'lfs-locks',
  parsers: ['wire/lfs-locks.ts#createLfsLocksReader', 'wire/lfs-locks.ts#createShortLfsLocksReader'],
  inputs: fc.tuple(fc.oneof(mutatedBytes(LOCKS, ['"cursor":', '"ref":', '\\u0061']), jsonBytes), sizes),
  check([bytes, pieces]) {
    const fault = checkBodyCheck(createLfsLocksReader, bytes, pieces, lfsLocksBytesMax)
    const short = checkBodyCheck(createShortLfsLocksReader, bytes, pieces, shortLfsLocksBytesMax)
    if (short === null) assert.equal(fault, null, 'a short question that is none')
    if (fault === null) assert.doesNotThrow(() => JSON.parse(Buffer.from(bytes).toString()))
  },
})

const COMMANDS = [
  '[{"a":"f","c":1,"r":1}]',
  '[{"a":"us0","user":"x"},{"a":"g","p":"y","list":[1,null]}]',
  '{"a":"s"}',
].map((text) => Buffer.from(text))

const mega = defineTarget({
  name: 'mega-commands',
  parsers: ['wire/mega-commands.ts#parseMegaCommands'],
  inputs: fc.oneof(mutatedBytes(COMMANDS, ['{"a":"p"},', '"a":"u",', '\\u0061', ',"__proto__":1']), jsonBytes),
  check(bytes) {
    const parsed = parseMegaCommands(bytes)
    assert(parsed.state !== 'more')
    if (parsed.state === 'bad') {
      checkSentence(parsed.fault)
      return
    }
    assert(bytes.length <= megaCommandsBytesMax && parsed.value.length <= megaCommandsMax)
    const json: unknown = JSON.parse(Buffer.from(bytes).toString())
    const names = (Array.isArray(json) ? json : [json]).map((one: { a: unknown }) => one.a)
    assert.deepEqual(parsed.value, names)
  },
})

const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'))
const holding = fc
  .tuple(base64, fc.jsonValue({ maxDepth: 2 }), fc.boolean(), fc.nat(3))
  .map(([content, other, first, indent]) => {
    const object = first ? { content, other } : { other, content, last: [{ content: 'inner' }] }
    return Buffer.from(JSON.stringify(object, null, indent))
  })
const BODIES = [
  '{"a":[1,-2.5e3,true,null,{"content":"x"}],"content":"YWJj\\u002b\\n"}',
  '{"content":"","content":"YQ=="}',
].map((text) => Buffer.from(text))

const jsonBase64 = defineTarget({
  name: 'json-base64',
  parsers: ['wire/json-base64.ts#createBase64FieldCounter'],
  inputs: fc.tuple(fc.oneof(mutatedBytes(BODIES, ['"content":"', '\\u00']), holding, mutatedFrom(holding)), sizes),
  check([bytes, pieces]) {
    const whole = count(bytes, [Math.max(1, bytes.length)])
    assert.deepEqual(count(bytes, pieces), whole, 'another size in pieces')
    if (whole === 'bad') return
    const text = Buffer.from(bytes).toString()
    const json: unknown = JSON.parse(text)
    assert(whole.decoded + whole.other <= bytes.length)
    if (typeof json !== 'object' || json === null || !('content' in json) || typeof json.content !== 'string') return
    const { length } = Buffer.from(json.content.replaceAll(/\s/g, ''), 'base64')
    // Of a field that stands twice, JSON.parse tells the last: all of them are counted.
    assert(whole.decoded >= length, 'counts less than is there')
    if (text.split('content').length === 2) assert.equal(whole.decoded, length)
  },
})

function count(bytes: Uint8Array, pieces: Sizes) {
  const counter = createBase64FieldCounter('content')
  let before = 0
  feedPieces(bytes, pieces, (piece) => {
    counter.push(piece)
    assert(counter.soFar >= before, 'the size so far has shrunk')
    before = counter.soFar
  })
  const size = counter.end()
  if (size !== 'bad') assert(size.decoded + size.other >= before, 'less at the end than before it')
  return size
}

const ENCODERS = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
}
const CODINGS = Object.keys(ENCODERS) as (keyof typeof ENCODERS)[]
const encoded = fc
  .tuple(fc.constantFrom(...CODINGS), fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 1, 400))
  .map(([coding, content, times]) => {
    const body = Buffer.concat(Array.from({ length: times }, () => content))
    return { coding, body, bytes: new Uint8Array(ENCODERS[coding](body)) }
  })

const contentCoding = defineTarget({
  name: 'content-coding',
  parsers: ['content/content-coding.ts#createContentDecoder'],
  inputs: encoded.chain((made) =>
    fc.record({
      made: fc.constant(made),
      changed: mutatedBytes([made.bytes]),
      coding: fc.constantFrom(made.coding, made.coding, ...CODINGS, 'gzip, gzip', '__proto__', 'identity', ' GZIP '),
      pieces: sizes,
    }),
  ),
  shortRuns: 150,
  async check({ made, changed, coding, pieces }) {
    const decoded = await decode(made.coding, made.bytes, pieces)
    assert(decoded?.equals(made.body) === true, 'not what was encoded')
    const behind = await decode(made.coding, Buffer.concat([made.bytes, Buffer.of(0x41)]), pieces)
    assert.equal(behind, null, 'bytes behind the coding')
    const whole = await decode(coding, changed, [Math.max(1, changed.length)])
    const inPieces = await decode(coding, changed, pieces)
    assert.deepEqual(inPieces, whole, 'another content in pieces')
  },
})

/** Null where the coding is unknown or broken. */
async function decode(coding: string, bytes: Uint8Array, pieces: Sizes): Promise<Buffer | null> {
  const out: Buffer[] = []
  const decoder = createContentDecoder(coding, (piece) => void out.push(Buffer.from(piece)))
  if (decoder === null) return null
  const fed: Uint8Array[] = []
  // Each piece is a turn of another thread: a hundred of them tell as much as ten thousand.
  const larger = pieces.map((size) => Math.max(size, Math.ceil(bytes.length / 100)))
  feedPieces(bytes, larger, (piece) => void fed.push(Uint8Array.from(piece)))
  try {
    for (const piece of fed) await decoder.feed(piece)
    await decoder.finish()
    return Buffer.concat(out)
  } catch (error) {
    assert(error instanceof Error, 'rejects with something that is no error')
    return null
  } finally {
    decoder.close()
  }
}

export const BODY_TARGETS: readonly FuzzTarget[] = [fetchRequest, lfsLocks, mega, jsonBase64, contentCoding]

/** What is wrapped inside an upload: headers of archives, parts and encodings, and the whole way through them. */
import assert from 'node:assert/strict'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { zipSync } from 'fflate'
import { parseContentType } from '../../../src/wire/content-type.ts'
import { gzipHeaderBytesMax, parseGzipHeader } from '../../../src/wire/gzip-header.ts'
import { parsePartHead } from '../../../src/wire/part-head.ts'
import { parsePaxRecords, parseTarHeader, tarBlockBytes, tarSizeMax } from '../../../src/wire/tar-header.ts'
import {
  parseZipCentral,
  parseZipExtra,
  parseZipLocal,
  zipCentralBytes,
  zipLocalBytes,
} from '../../../src/wire/zip-records.ts'
import { parseZstdWindow, zstdFrameHeaderBytesMax } from '../../../src/wire/zstd-frame.ts'
import { examine, type Looked } from '../../content/support/examine.ts'
import { tarHeader, tarMember, tarOf } from '../../content/support/tar.ts'
import { makeZip } from '../../content/support/zip.ts'
import { mutatedBytes, mutatedFrom, mutatedText } from '../corpus.ts'
import { checkPrefixParser, checkSentence, type Sizes, sizes } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const junk = fc.uint8Array({ minLength: 1, maxLength: 40 })

const archiveHeaders = defineTarget({
  name: 'archive-headers',
  parsers: [
    'wire/tar-header.ts#parseTarHeader',
    'wire/zip-records.ts#parseZipLocal',
    'wire/zip-records.ts#parseZipCentral',
    'wire/zip-records.ts#parseZipExtra',
    'wire/gzip-header.ts#parseGzipHeader',
    'wire/zstd-frame.ts#parseZstdWindow',
  ],
  inputs: fc.tuple(
    mutatedBytes([
      tarHeader('a', 5),
      tarHeader('a', 5, { type: 'S', prefix: 'p' }),
      makeZip([{ name: 'a', content: Buffer.from('x') }]).subarray(4),
      gzipSync('x'),
      Buffer.from([0x1f, 0x8b, 8, 31, 0, 0, 0, 0, 0, 3, 2, 0, 1, 2, 65, 0, 66, 0, 1, 2]),
      zstdCompressSync('x'),
      Buffer.from([1, 0, 16, 0, ...Array.from({ length: 16 }, (_, at) => at)]),
    ]),
    fc.nat(600),
    junk,
  ),
  check([bytes, cut, behind]) {
    const tar = checkPrefixParser({ parse: parseTarHeader, bytesMax: tarBlockBytes - 1 }, bytes, cut, behind)
    if (tar.state === 'done') assert(tar.value.size >= 0 && tar.value.size <= tarSizeMax)
    const local = checkPrefixParser({ parse: parseZipLocal, bytesMax: zipLocalBytes - 1 }, bytes, cut, behind)
    checkPrefixParser({ parse: parseZipCentral, bytesMax: zipCentralBytes - 1 }, bytes, cut, behind)
    checkPrefixParser({ parse: parseGzipHeader, bytesMax: gzipHeaderBytesMax + 1 }, bytes, cut, behind)
    checkPrefixParser({ parse: parseZstdWindow, bytesMax: zstdFrameHeaderBytesMax - 1 }, bytes, cut, behind)
    if (local.state !== 'done') return
    const extra = parseZipExtra(bytes, { ...local.value, size: 0xffffffff, compressedSize: 0xffffffff })
    if (extra.state === 'bad') checkSentence(extra.fault)
    if (extra.state === 'done') assert(Number.isSafeInteger(extra.value.entry.size))
  },
})

const textHeads = defineTarget({
  name: 'part-heads',
  parsers: [
    'wire/part-head.ts#parsePartHead',
    'wire/tar-header.ts#parsePaxRecords',
    'wire/content-type.ts#parseContentType',
  ],
  inputs: mutatedText(
    [
      'Content-Disposition: form-data; name="f"; filename="a b.txt"\r\nContent-Type: text/plain; charset="x"',
      "Content-Disposition: attachment; filename*=UTF-8''%e2%82%ac\r\nContent-Transfer-Encoding: base64",
      '9 path=a\n18 path=some/name\n10 size=5\n',
      'multipart/form-data; boundary="a\\"b"; x=y',
    ],
    ['Content-Type:', '\r\n ', 'path=', 'size=', '; name=', '\\"', ';', "''"],
  ),
  check(text) {
    const bytes = Buffer.from(text)
    for (const parsed of [parsePartHead(bytes), parsePaxRecords(bytes)])
      if (parsed.state === 'bad') checkSentence(parsed.fault)
    const type = parseContentType(text)
    if (type !== null) assert.match(type.type, /^[^\sA-Z]+\/[^\sA-Z]+$/)
  },
})

const MARKER = Buffer.from('a marker: it must be seen!\n')

const WRAPS: readonly ((content: Buffer) => Buffer)[] = [
  (content) => Buffer.from(zipSync({ 'd/a.bin': content, b: new Uint8Array(3) })),
  (content) =>
    makeZip([
      { name: 'a', content, behind: 'signed' },
      { name: 'b', content, method: 0 },
    ]),
  (content) =>
    makeZip([{ name: 'a', content, method: 93, packed: zstdCompressSync(content), behind: 'bare' }], {
      before: MARKER,
    }),
  (content) =>
    tarOf([
      ['a', content],
      ['b', MARKER],
    ]),
  (content) =>
    Buffer.concat([
      tarMember('p', Buffer.from('9 path=q\n'), { type: 'x' }),
      tarMember('a', content, { size: Buffer.from('80000000', 'hex') }),
    ]),
  gzipSync,
  (content) => Buffer.concat([gzipSync(content), gzipSync(MARKER), Buffer.alloc(9)]),
  zstdCompressSync,
  (content) => Buffer.concat([zstdCompressSync(content), zstdCompressSync(MARKER)]),
  (content) => Buffer.from(content.toString('base64')),
  (content) => Buffer.from(content.toString('base64').replaceAll(/.{64}/g, '$&\n')),
  (content) =>
    Buffer.from(JSON.stringify({ a: [content.toString('base64'), content.toString('latin1')], b: { c: 1.5e3 } })),
  (content) => Buffer.from(`a "data:x/y;base64,${content.toString('base64')}" b`),
  (content) => Buffer.from(`data:text/plain,${encodeURIComponent(content.toString('latin1'))}`),
  (content) =>
    Buffer.from(new URLSearchParams({ a: content.toString('latin1'), b: content.toString('base64') }).toString()),
  (content) => Buffer.from(content.toString('latin1'), 'utf16le'),
  (content) =>
    Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\nContent-Type: a/b\r\n\r\n'),
      content,
      Buffer.from(
        '\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n',
      ),
      Buffer.from(`${content.toString('base64')}\r\n--b--\r\nbehind`),
    ]),
]

const wrapped = fc
  .tuple(fc.array(fc.constantFrom(...WRAPS), { minLength: 1, maxLength: 4 }), fc.constantFrom(1, 200))
  .map(([wraps, times]) =>
    wraps.reduce<Buffer>((inner, wrap) => wrap(inner), Buffer.concat(Array.from({ length: times }, () => MARKER))),
  )
  .map((bytes) => Uint8Array.from(bytes))

const contentTypes = fc.constantFrom(
  null,
  'text/plain',
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=b',
  'multipart/mixed',
  'image/png',
)

/** Small limits, so that a mutation finds them. */
const LIMITS = {
  archivesMax: 200,
  membersMax: 30,
  inflatedBytesMax: 400_000,
  ratioFreeBytes: 20_000,
  inflatedRatioMax: 50,
}

const examination = defineTarget({
  name: 'examination',
  parsers: ['content/openings/part-encoding.ts#decodePart'],
  inputs: fc.tuple(
    fc.oneof(wrapped, mutatedFrom(wrapped, ['PK\x03\x04', 'PK\x01\x02', '\r\n--b', '"', 'AAAA'])),
    contentTypes,
    sizes,
  ),
  shortRuns: 150,
  async check([bytes, contentType, pieces]) {
    const whole = await look(bytes, contentType, [Math.max(1, bytes.length)])
    const inPieces = await look(bytes, contentType, pieces)
    // How much comes out of what is broken depends on its pieces; that something was not looked at does not.
    assert.equal(inPieces.incomplete.length > 0, whole.incomplete.length > 0, 'tells another thing in pieces')
    if (whole.incomplete.length === 0) assert.deepEqual(inPieces, whole, 'sees another thing in pieces')
    for (const text of whole.incomplete) checkSentence(text)
    for (const { place } of whole.seen)
      assert(place.within.length <= 12 && place.within.every((step) => step.length <= 256))
    assert(
      whole.seen.some((one) => one.at === '' && one.bytes.equals(bytes)) ||
        whole.seen.some(({ at }) => at.startsWith('base64')),
    )
    assert(whole.facts.bytes === bytes.length && whole.facts.pieces <= whole.seen.length + 1)
  },
})

/** In the order of places: which of two openings comes first depends on the pieces. */
async function look(bytes: Uint8Array, contentType: string | null, pieces: Sizes): Promise<Looked> {
  const { facts, incomplete, seen } = await examine(bytes, { contentType, pieces, limits: LIMITS })
  const ordered = seen.toSorted((left, right) => left.at.localeCompare(right.at) || left.bytes.compare(right.bytes))
  const { types, archive, entropy, mismatches } = facts
  return {
    facts: {
      ...facts,
      types: types.toSorted(),
      archive: archive === null ? null : { ...archive, kinds: archive.kinds.toSorted() },
      entropy: entropy === null ? null : { ...entropy, mean: Math.round(entropy.mean * 1e6), highestAt: NOWHERE },
      mismatches: {
        ...mismatches,
        first: mismatches.first.toSorted((left, right) => keyOf(left).localeCompare(keyOf(right))),
      },
    },
    incomplete,
    seen: ordered,
  }
}

function keyOf(mismatch: Looked['facts']['mismatches']['first'][number]): string {
  return JSON.stringify(mismatch)
}

const NOWHERE = { commit: null, within: [] }

export const CONTAINER_TARGETS: readonly FuzzTarget[] = [archiveHeaders, textHeads, examination]

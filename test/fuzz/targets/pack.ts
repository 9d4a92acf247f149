/** Packs: whole ones whose bytes, objects and deltas are changed, with checksums put right again or not. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { FACT_LIMITS } from '../../../src/content/pack-facts.ts'
import { PackScan } from '../../../src/content/pack-scan.ts'
import { PACK_LIMITS, type PackLimits } from '../../../src/wire/pack/limits.ts'
import { decodeLossless } from '../../../src/wire/pack/lossless-text.ts'
import { parseCommit, parseTag } from '../../../src/wire/pack/object-head.ts'
import { BLOB, COMMIT, OFS_DELTA, REF_DELTA, TAG, TREE } from '../../../src/wire/pack/object-types.ts'
import { CollectingWatch } from '../../content/collecting-watch.ts'
import { MemoryStore } from '../../wire/pack/memory-store.ts'
import { buildPack, commitOf, type Entry, encodeDelta, objectId, seal, treeOf } from '../../wire/pack/pack-builder.ts'
import { type ReadPack, readPack } from '../../wire/pack/read-pack.ts'
import { mutatedBytes } from '../corpus.ts'
import { checkSentence, feedPieces, type Sizes, sizes } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

/** So small that each of them is met. */
const LIMITS: PackLimits = {
  objectsMax: 64,
  objectBytesMax: 100_000,
  workBytesMax: 2_000_000,
  wholeBytesMax: 300,
  gatheredBytesMax: 2_000,
  resolvedBytesMax: 1_500,
  deltaBytesMax: 1_000,
  depthMax: 6,
  workingBytesMax: 4_000,
}

const TEXT = Buffer.from('a line of the base\n'.repeat(12))
const blob = (content: Uint8Array): Entry => ({ kind: BLOB, content })
const BLOB_ID = objectId(BLOB, TEXT)
const TREE_ENTRY = treeOf({ name: 'a.txt', id: BLOB_ID }, { mode: '40000', name: 'sub', id: 'ab'.repeat(20) })
const TREE_ID = objectId(TREE, TREE_ENTRY.content)
const COMMIT_ENTRY = commitOf(TREE_ID, ['cd'.repeat(20)], 'a message\n')
const TAG_ENTRY: Entry = {
  kind: TAG,
  content: Buffer.from(`object ${BLOB_ID}\ntype blob\ntag v1\ntagger A <a@example> 1 +0000\n\nhi\n`),
}
const DELTA = encodeDelta(TEXT.length, [
  { from: 0, size: 100 },
  { add: Buffer.from('something new') },
  { from: 50, size: 90 },
])
const HEADS = [COMMIT_ENTRY.content, TAG_ENTRY.content]
const WORDS = [
  'parent ',
  'author ',
  'gpgsig ',
  '\n ',
  '\n\n',
  '40000 sub\0',
  '100644 ',
  '160000 m\0',
  '/',
  '..',
  '.git',
]

/** Good content as often as not, or nothing behind the first object would ever be read. */
const changed = (content: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(fc.constant(content), mutatedBytes([content], WORDS))
const instructions = fc.array(
  fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((add) => ({ add })),
    fc.record({ from: fc.nat(240), size: fc.integer({ min: 1, max: 2_000 }) }),
  ),
  { maxLength: 6 },
)
const deltas = fc.oneof(
  changed(DELTA),
  instructions.map((parts) => encodeDelta(TEXT.length, parts)),
  fc.tuple(fc.nat(400), instructions, fc.nat(400)).map(([base, parts, size]) => encodeDelta(base, parts, size)),
)
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constantFrom(blob(TEXT), TREE_ENTRY, COMMIT_ENTRY, TAG_ENTRY, blob(Buffer.alloc(0))),
  changed(TREE_ENTRY.content).map((content) => ({ kind: TREE, content })),
  changed(COMMIT_ENTRY.content).map((content) => ({ kind: COMMIT, content })),
  changed(TAG_ENTRY.content).map((content) => ({ kind: TAG, content })),
  fc.nat(4_000).map((size) => blob(Buffer.alloc(size, 'z'))),
  fc.record({ kind: fc.constant(OFS_DELTA), content: deltas, back: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant(OFS_DELTA), content: deltas, distance: fc.nat(300) }),
  fc.record({
    kind: fc.constant(REF_DELTA),
    content: deltas,
    baseId: fc.constantFrom(BLOB_ID, TREE_ID, 'ab'.repeat(20)),
  }),
  fc.record({ kind: fc.integer({ min: 0, max: 7 }), content: fc.constant(TEXT), size: fc.nat(120_000) }),
  fc.record({ kind: fc.constant(BLOB), content: fc.constant(TEXT), deflated: fc.uint8Array({ maxLength: 60 }) }),
)
/** The first is what deltas are made of. */
const packs = fc
  .tuple(fc.array(entry, { maxLength: 12 }), fc.constantFrom(0, 1, 6), fc.constantFrom(0, 0, 0, 1, -1))
  .map(([more, level, lie]) => buildPack({ entries: [blob(TEXT), ...more], level, count: more.length + 1 + lie }))
const SAMPLES = [
  buildPack({
    entries: [COMMIT_ENTRY, TREE_ENTRY, blob(TEXT), { kind: OFS_DELTA, content: DELTA, back: 1 }, TAG_ENTRY],
  }),
  buildPack({ entries: [{ kind: REF_DELTA, content: DELTA, baseId: BLOB_ID }, blob(TEXT)], level: 0 }),
]
const broken = mutatedBytes(SAMPLES)
/** A checksum that is right lets what was changed through to the end. */
const resealed = broken.map((bytes) => seal(bytes.subarray(0, Math.max(0, bytes.length - 20))))
const inputs = fc.oneof(packs, broken, resealed)

const pack = defineTarget({
  name: 'pack-reader',
  parsers: ['wire/pack/pack-reader.ts#createPackReader'],
  inputs: fc.tuple(inputs, sizes, fc.boolean()),
  shortRuns: 250,
  async check([bytes, pieces, isSlow]) {
    const whole = await readPack([bytes], { limits: LIMITS })
    checkRead(whole, bytes)
    const chunks: Uint8Array[] = []
    feedPieces(bytes, pieces, (piece) => chunks.push(piece.slice()))
    const inPieces = await readPack(spoiling(chunks), { limits: LIMITS, isSlow })
    assert.deepEqual(withoutWords(inPieces), withoutWords(whole), 'another answer in pieces')
    const isDone = whole.end.state === 'done'
    if (isDone) assert.equal((await readPack([bytes, Buffer.from([0])], { limits: LIMITS })).end.state, 'bad')
  },
})

/** Of two faults in one object, it is a matter of the pieces which is met first. */
function withoutWords(read: ReadPack): unknown {
  return read.end.state === 'bad' ? { ...read, end: 'bad' } : read
}

/** Each chunk is written over when the next is asked for. */
function* spoiling(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const chunk of chunks) {
    yield chunk
    chunk.fill(0xa5)
  }
}

function checkRead({ end, objects }: ReadPack, bytes: Uint8Array): void {
  for (const { id, ownId } of objects) assert.equal(id, ownId, 'content that is not that of its id')
  if (end.state === 'bad') checkSentence(end.fault)
  if (end.state !== 'done') return
  const { unresolved, ungathered, missingBases, duplicates, deltas: deltaCount, depth } = end.value
  assert.equal(end.size, bytes.length)
  assert.equal(objects.length + unresolved + ungathered, end.value.objects, 'an object that nothing is told of')
  assert(missingBases <= unresolved && unresolved <= deltaCount && depth <= LIMITS.depthMax)
  assert.equal(new Set(objects.map(({ id }) => id)).size + duplicates >= objects.length, true)
}

const scan = defineTarget({
  name: 'pack-scan',
  parsers: ['wire/pack/object-head.ts#parseCommit', 'wire/pack/object-head.ts#parseTag'],
  inputs: fc.tuple(inputs, sizes, fc.oneof(...HEADS.map(changed))),
  shortRuns: 250,
  async check([bytes, pieces, head]) {
    for (const parsed of [parseCommit(head), parseTag(head)]) if (parsed.state === 'bad') checkSentence(parsed.fault)
    await checkScan(bytes, pieces)
  },
})

async function checkScan(bytes: Uint8Array, pieces: Sizes): Promise<void> {
  const watch = new CollectingWatch()
  const factLimits = { ...FACT_LIMITS, pathsMax: 12, nameBytesMax: 100, repeatsMax: 3, entriesMax: 40, peopleMax: 3 }
  const options = { objectFormat: 'sha1', store: new MemoryStore(), factLimits } as const
  const reader = new PackScan({ ...options, watches: [watch], packLimits: { ...PACK_LIMITS, ...LIMITS } })
  feedPieces(bytes, pieces, (piece) => assert.equal(reader.push(piece), undefined, 'waits for nobody'))
  const end = await reader.finish()
  reader.close()
  if (end.state !== 'done') return
  const { value: facts } = end
  for (const { leaf, text } of watch.leaves) {
    assert.equal(text.length, leaf.size, 'a leaf of another size')
    const { within } = facts.placeOf(leaf.place)
    assert(within.length > 0 && within.every((step) => step.length > 0), 'a place without a name')
  }
  for (const reason of facts.incomplete) checkSentence(reason)
  const paths = [...facts.broughtPaths(), ...facts.namedPaths()]
  assert(
    paths.every((path) => path.length > 0) && new Set(facts.broughtPaths()).size === [...facts.broughtPaths()].length,
  )
}

const losslessText = defineTarget({
  name: 'lossless-text',
  parsers: ['wire/pack/lossless-text.ts#decodeLossless'],
  inputs: fc.tuple(mutatedBytes([Buffer.from('dócs/a\u{1f600}b')]), mutatedBytes([Buffer.from('dócs/a\u{1f600}b')])),
  check([first, second]) {
    const isSame = Buffer.from(first).equals(second)
    assert.equal(decodeLossless(first) === decodeLossless(second), isSame, 'two names in one text')
    const back = Buffer.concat(Array.from(decodeLossless(first), encodeLossless))
    assert(back.equals(first), 'a text that does not lead back')
  },
})

function encodeLossless(character: string): Buffer {
  const code = character.codePointAt(0) ?? 0
  return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character)
}

export const PACK_TARGETS: readonly FuzzTarget[] = [pack, scan, losslessText]

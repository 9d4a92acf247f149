import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PACK_LIMITS, type PackLimits } from '../../../src/wire/pack/limits.ts'
import { BLOB, COMMIT, OFS_DELTA, REF_DELTA, TAG } from '../../../src/wire/pack/object-types.ts'
import { createPackReader } from '../../../src/wire/pack/pack-reader.ts'
import { MemoryStore } from './memory-store.ts'
import { buildPack, commitOf, type Entry, encodeDelta, objectId, seal, treeOf } from './pack-builder.ts'
import { cutEvery, type ReadOptions, type ReadPack, readPack } from './read-pack.ts'

const TEXT = Buffer.from('one line of a file\nand another line of it\n'.repeat(4))
const BLOB_ID = objectId(BLOB, TEXT)
const blob = (content: string | Uint8Array): Entry => ({ kind: BLOB, content: Buffer.from(content) })
const DELTA = encodeDelta(TEXT.length, [{ from: 0, size: 40 }, { add: Buffer.from('new') }, { from: 40, size: 60 }])
const BUILT = Buffer.concat([TEXT.subarray(0, 40), Buffer.from('new'), TEXT.subarray(40, 100)])
const BUILT_ID = objectId(BLOB, BUILT)

function read(pack: Uint8Array, options: ReadOptions = {}): Promise<ReadPack> {
  return readPack([pack], options)
}

function limited(limits: Partial<PackLimits>): ReadOptions {
  return { limits: { ...PACK_LIMITS, ...limits } }
}

async function summaryOf(pack: Uint8Array, options: ReadOptions = {}): Promise<unknown> {
  const { end } = await read(pack, options)
  return end.state === 'done' ? end.value : end
}

/** For many readers one after another: their memory is taken and given back each time. */
const SMALL = limited({ workingBytesMax: 64 * 1024, deltaBytesMax: 64 * 1024 })

const tree = treeOf({ name: 'a', id: BLOB_ID })
const commit = commitOf(objectId(2, tree.content), [], 'first')
const tag: Entry = { kind: TAG, content: Buffer.from(`object ${BLOB_ID}\ntype blob\ntag v1\n\nhi\n`) }
const MIXED = buildPack({
  entries: [
    commit,
    tree,
    blob(TEXT),
    tag,
    blob(''),
    { kind: OFS_DELTA, content: DELTA, back: 3 },
    { kind: REF_DELTA, content: encodeDelta(BUILT.length, [{ from: 3, size: 90 }]), baseId: BUILT_ID },
  ],
})

describe('a pack', () => {
  it('is read with types, sizes, ids, depths and bases', async () => {
    const { end, objects, order } = await read(MIXED)
    expect(end).toEqual({
      state: 'done',
      size: MIXED.length,
      value: expect.objectContaining({
        objects: 7,
        deltas: 2,
        depth: 2,
        missingBases: 0,
        unresolved: 0,
        duplicates: 0,
      }),
    })
    expect(objects.map(({ type }) => type)).toEqual(['commit', 'tree', 'blob', 'tag', 'blob', 'blob', 'blob'])
    expect(objects.every(({ id, ownId }) => id === ownId)).toBe(true)
    expect(objects[2]).toMatchObject({ id: BLOB_ID, size: TEXT.length, depth: 0, base: null })
    expect(objects[5]).toMatchObject({ id: BUILT_ID, size: BUILT.length, depth: 1, base: BLOB_ID })
    expect(objects[6]).toMatchObject({ size: 90, depth: 2, base: BUILT_ID })
    expect(order.length).toBe(7)
  })

  it('is the same however it is cut', async () => {
    const whole = await read(MIXED, SMALL)
    for (let cut = 0; cut <= MIXED.length; cut++) {
      expect(await readPack([MIXED.subarray(0, cut), MIXED.subarray(cut)], SMALL), `cut at ${cut}`).toEqual(whole)
    }
    expect(await readPack(cutEvery(MIXED, 1), SMALL), 'byte by byte').toEqual(whole)
  })

  it('is the same where the chunks are written over and the sink takes its time', async () => {
    const reused = Buffer.alloc(16)
    const chunks = (function* (): Generator<Uint8Array> {
      for (const chunk of cutEvery(MIXED, 16)) {
        reused.fill(0xa5)
        yield reused.subarray(0, reused.write(Buffer.from(chunk).toString('latin1'), 'latin1'))
      }
    })()
    expect(await readPack(chunks, { isSlow: true })).toEqual(await read(MIXED))
  })

  it('is never whole before its last byte, and is bad with one more', async () => {
    for (let size = 0; size < MIXED.length; size++) {
      expect((await read(MIXED.subarray(0, size), SMALL)).end, `${size} bytes`).toEqual({
        state: 'bad',
        fault: 'ends too early',
      })
    }
    const more = Buffer.concat([MIXED, Buffer.from([0])])
    const fault = 'has bytes behind its checksum'
    expect((await read(more)).end).toEqual({ state: 'bad', fault })
    expect((await readPack([MIXED, Buffer.from([0])])).end).toEqual({ state: 'bad', fault })
  })

  it.each([0, 1])('of version %d objects and of version 3', async (count) => {
    const entries = count === 0 ? [] : [blob('x')]
    expect(await summaryOf(buildPack({ entries, version: 3 }))).toMatchObject({ objects: count })
  })

  it('of SHA-256', async () => {
    const entries = [blob(TEXT), { kind: REF_DELTA, content: DELTA, baseId: objectId(BLOB, TEXT, 'sha256') }]
    const { objects } = await read(buildPack({ entries, format: 'sha256' }), { objectFormat: 'sha256' })
    expect(objects.map(({ id }) => id)).toEqual([objectId(BLOB, TEXT, 'sha256'), objectId(BLOB, BUILT, 'sha256')])
  })

  it('tells of an object that is in it twice', async () => {
    const { end, objects } = await read(buildPack({ entries: [blob('x'), blob('x')] }))
    expect(end).toMatchObject({ value: { duplicates: 1 } })
    expect(objects).toHaveLength(2)
  })

  it('gives every object once more when it is over', async () => {
    const reader = createPackReader({ objectFormat: 'sha1', store: new MemoryStore(), sink: IGNORE })
    void reader.push(MIXED)
    await reader.finish()
    for (let index = 0; index < 7; index++) {
      const content = reader.read(index)
      expect(content?.length).toBe(reader.table.sizes[index])
    }
    expect(Buffer.from(reader.read(5) ?? []).equals(BUILT)).toBe(true)
    reader.close()
  })
})

const ignore = (): void => {}
const IGNORE = { whole: ignore, begin: ignore, piece: ignore, end: ignore }

describe('deltas that come before their base', () => {
  const first = { kind: REF_DELTA, content: DELTA, baseId: BLOB_ID }
  const second = { kind: REF_DELTA, content: encodeDelta(BUILT.length, [{ from: 3, size: 90 }]), baseId: BUILT_ID }
  const third = { kind: OFS_DELTA, content: encodeDelta(90, [{ from: 0, size: 9 }]), back: 1 }

  it('are built at the end', async () => {
    const { end, objects, order } = await read(buildPack({ entries: [second, third, first, blob(TEXT)] }))
    expect(end).toMatchObject({ value: { deltas: 3, depth: 3, unresolved: 0, missingBases: 0 } })
    expect(order).toEqual(['blob 3', 'blob 2', 'blob 0', 'blob 1'])
    expect(objects.map(({ depth, size }) => [depth, size])).toEqual([
      [2, 90],
      [3, 9],
      [1, BUILT.length],
      [0, TEXT.length],
    ])
  })

  it('are built where several wait for one', async () => {
    const other = { kind: REF_DELTA, content: encodeDelta(TEXT.length, [{ from: 1, size: 5 }]), baseId: BLOB_ID }
    const { end, order } = await read(buildPack({ entries: [other, first, other, blob(TEXT), blob(TEXT)] }))
    expect(end).toMatchObject({ value: { unresolved: 0, duplicates: 2 } })
    expect(order.slice(2)).toEqual(['blob 0', 'blob 1', 'blob 2'])
  })

  it('are told of where the base is not there', async () => {
    const { end, objects } = await read(buildPack({ entries: [first, second, third, blob('else')] }))
    expect(end).toMatchObject({ state: 'done', value: { missingBases: 2, unresolved: 3, deltas: 3 } })
    expect(objects).toHaveLength(1)
  })

  it('are told of where each is the base of the other', async () => {
    const baseIds = ['11', '22'].map((pair) => pair.repeat(20))
    const entries = baseIds.map((baseId) => ({ kind: REF_DELTA, content: DELTA, baseId }))
    expect(await summaryOf(buildPack({ entries }))).toMatchObject({ missingBases: 2, unresolved: 2 })
  })
})

describe('a pack that is bad', () => {
  const delta = (content: Uint8Array): Buffer =>
    buildPack({ entries: [blob(TEXT), { kind: OFS_DELTA, content, back: 1 }] })
  const sizes = encodeDelta(TEXT.length, [], 5)
  const deflated = deflateSync(TEXT)
  const broken = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(deflated)
    change(bytes)
    return buildPack({ entries: [{ ...blob(TEXT), deflated: bytes }] })
  }

  it.each<[string, Buffer, string]>([
    ['no pack', Buffer.from('PACX........'), 'not a pack'],
    ['of another version', buildPack({ entries: [], version: 4 }), 'not a pack of version 2 or 3'],
    ['of a reserved type', buildPack({ entries: [{ ...blob('x'), kind: 5 }] }), 'an object of the reserved type 5'],
    ['of type 0', buildPack({ entries: [{ ...blob('x'), kind: 0 }] }), 'an object of the reserved type 0'],
    ['longer than it says', buildPack({ entries: [{ ...blob(TEXT), size: 5 }] }), 'an object is longer than it says'],
    ['longer by one', buildPack({ entries: [{ ...blob('xy'), size: 1 }] }), 'an object is longer than it says'],
    ['shorter than it says', buildPack({ entries: [{ ...blob('x'), size: 2 }] }), 'an object is shorter than it says'],
    [
      'a large one shorter than it says',
      buildPack({ entries: [{ ...blob('x'.repeat(9)), size: 2_000_000 }] }),
      'an object is shorter than it says',
    ],
    [
      'a large one longer than it says',
      buildPack({ entries: [{ ...blob(Buffer.alloc(2_000_001)), size: 2_000_000 }] }),
      'an object is longer than it says',
    ],
    [
      'wrong adler',
      broken((bytes) => bytes.fill(0, bytes.length - 1)),
      'an object does not inflate: incorrect data check',
    ],
    ['no zlib', broken((bytes) => bytes.fill(1, 0, 2)), 'an object does not inflate: incorrect header check'],
    [
      'a preset dictionary',
      broken((bytes) => bytes.set([0x78, 0xbb, 1, 2, 3, 4])),
      'an object does not inflate: Missing dictionary',
    ],
    ['a wrong checksum', Buffer.concat([MIXED.subarray(0, -1), Buffer.from([0])]), 'is not what its checksum says'],
    [
      'more objects than it says',
      buildPack({ entries: [blob('x'), blob('y')], count: 1 }),
      'is not what its checksum says',
    ],
    ['fewer objects than it says', buildPack({ entries: [blob('x')], count: 2 }), ''],
    ['a size without end', seal(Buffer.concat([head(1), Buffer.alloc(20, 0xbf)])), 'a size of too many bytes'],
    [
      'a base before the pack',
      buildPack({ entries: [{ kind: OFS_DELTA, content: DELTA, distance: 100 }] }),
      'a delta whose base is no object',
    ],
    [
      'a delta of itself',
      buildPack({ entries: [{ kind: OFS_DELTA, content: DELTA, distance: 0 }] }),
      'a delta whose base is no object',
    ],
    [
      'a base in the middle of an object',
      buildPack({ entries: [blob(TEXT), { kind: OFS_DELTA, content: DELTA, distance: 5 }] }),
      'a delta whose base is no object',
    ],
    [
      'a base behind many numbers',
      seal(Buffer.concat([head(1), Buffer.from([0x60]), Buffer.alloc(12, 0xff)])),
      'a base that is too far away',
    ],
    ['a delta of another size', delta(encodeDelta(3, [{ from: 0, size: 3 }])), 'a delta of a base of another size'],
    ['a delta that makes less', delta(sizes), 'a delta that makes less than it says'],
    [
      'a delta that adds more',
      delta(Buffer.concat([sizes, Buffer.from('\x06abcdef')])),
      'a delta that adds more than it may',
    ],
    [
      'a delta that adds what is not there',
      delta(Buffer.concat([sizes, Buffer.from('\x05ab')])),
      'a delta that adds more than it may',
    ],
    ['a reserved instruction', delta(Buffer.concat([sizes, Buffer.from([0])])), 'a delta with a reserved instruction'],
    [
      'a copy beyond the base',
      delta(encodeDelta(TEXT.length, [{ from: TEXT.length - 4, size: 5 }])),
      'a delta that copies more than it may',
    ],
    [
      'a copy beyond the result',
      delta(encodeDelta(TEXT.length, [{ from: 0, size: 6 }], 5)),
      'a delta that copies more than it may',
    ],
    [
      'a copy without its end',
      delta(Buffer.concat([sizes, Buffer.from([0x91, 0])])),
      'a delta that ends in an instruction',
    ],
    ['a delta without its sizes', delta(Buffer.from([])), 'a delta without its sizes'],
    ['a delta without an end of its size', delta(Buffer.alloc(12, 0xff)), 'a delta with a size of too many bytes'],
  ])('%s', async (_, pack, fault) => {
    for (const size of [1, 7, 65_536]) {
      const { end } = await readPack(cutEvery(pack, size))
      if (fault === '') expect(end.state).toBe('bad')
      else expect(end, `chunks of ${size}`).toEqual({ state: 'bad', fault })
    }
  })

  it('stays bad and takes no more', async () => {
    const reader = createPackReader({ objectFormat: 'sha1', store: new MemoryStore(), sink: IGNORE })
    await reader.push(Buffer.from('PACX........'))
    await reader.push(MIXED)
    expect(reader.fault).toBe('not a pack')
    expect(await reader.finish()).toEqual({ state: 'bad', fault: 'not a pack' })
  })

  it('passes on what is no fault of the pack', async () => {
    const sink = { ...IGNORE, whole: () => Promise.reject(new Error('of the sink')) }
    const reader = createPackReader({ objectFormat: 'sha1', store: new MemoryStore(), sink })
    await expect(reader.push(MIXED)).rejects.toThrow('of the sink')
  })
})

function head(count: number): Buffer {
  return buildPack({ entries: [], count }).subarray(0, 12)
}

describe('a limit, at it and one past it', () => {
  const bytes = (size: number): Entry => blob(Buffer.alloc(size, 'x'))
  const chain = (depth: number): Buffer => {
    const same = encodeDelta(TEXT.length, [{ from: 0, size: TEXT.length }])
    return buildPack({
      entries: [blob(TEXT), ...Array.from({ length: depth }, () => ({ kind: OFS_DELTA, content: same, back: 1 }))],
    })
  }
  const ofTwo = (size: number): Buffer => {
    const content = encodeDelta(size, [{ from: 0, size }])
    return buildPack({ entries: [bytes(size), { kind: OFS_DELTA, content, back: 1 }] })
  }

  it('objectsMax', async () => {
    expect(await summaryOf(buildPack({ entries: [blob('x'), blob('y')] }), limited({ objectsMax: 2 }))).toMatchObject({
      objects: 2,
    })
    const fault = 'has 3 objects, more than 2'
    expect((await read(head(3), limited({ objectsMax: 2 }))).end).toEqual({ state: 'bad', fault })
  })

  it('objectBytesMax', async () => {
    const limits = limited({ objectBytesMax: 100 })
    expect(await summaryOf(buildPack({ entries: [bytes(100)] }), limits)).toMatchObject({ inflatedBytes: 100 })
    const fault = 'has an object of 101 bytes, more than 100'
    expect((await read(buildPack({ entries: [bytes(101)] }), limits)).end).toEqual({ state: 'bad', fault })
  })

  it('workBytesMax', async () => {
    const pack = ofTwo(1_000)
    const inflated = 1_000 + encodeDelta(1_000, [{ from: 0, size: 1_000 }]).length
    const work = inflated + 1_000
    expect(await summaryOf(pack, limited({ workBytesMax: work }))).toMatchObject({
      inflatedBytes: inflated,
      contentBytes: 2_000,
    })
    const { end } = await read(pack, limited({ workBytesMax: work - 1 }))
    expect(end).toEqual({ state: 'bad', fault: `takes more than ${work - 1} bytes of inflating` })
  })

  it('wholeBytesMax', async () => {
    const sizes: string[] = []
    const sink = {
      ...IGNORE,
      whole: (_: number, __: string, content: Uint8Array) => void sizes.push(`whole ${content.length}`),
      begin: (_: number, size: number) => void sizes.push(`begin ${size}`),
      piece: (piece: Uint8Array) => void sizes.push(`piece ${piece.length}`),
    }
    const limits = { ...PACK_LIMITS, wholeBytesMax: 70_000 }
    const reader = createPackReader({ objectFormat: 'sha1', store: new MemoryStore(), sink, limits })
    void reader.push(buildPack({ entries: [bytes(70_000), bytes(70_001)] }))
    await reader.finish()
    expect(sizes).toEqual(['whole 70000', 'begin 70001', 'piece 65536', `piece ${70_001 - 65_536}`])
  })

  it('gatheredBytesMax', async () => {
    const long = (size: number): Buffer => buildPack({ entries: [{ kind: COMMIT, content: Buffer.alloc(size, 'x') }] })
    const limits = limited({ gatheredBytesMax: 70_000 })
    expect(await read(long(70_000), limits)).toMatchObject({ end: { value: { ungathered: 0 } }, order: ['commit 0'] })
    expect(await read(long(70_001), limits)).toMatchObject({
      end: { value: { ungathered: 1, unresolved: 0 } },
      order: [],
    })
  })

  it('resolvedBytesMax of a result and of a base', async () => {
    const limits = limited({ resolvedBytesMax: 1_000 })
    expect(await summaryOf(ofTwo(1_000), limits)).toMatchObject({ unresolved: 0 })
    expect(await summaryOf(ofTwo(1_001), limits)).toMatchObject({ unresolved: 1, missingBases: 0 })
    const small = (size: number): Buffer => {
      const content = encodeDelta(size, [{ from: 0, size: 4 }])
      return buildPack({ entries: [bytes(size), { kind: OFS_DELTA, content, back: 1 }] })
    }
    const pieces = limited({ resolvedBytesMax: 1_000, wholeBytesMax: 500 })
    expect(await summaryOf(small(1_000), pieces)).toMatchObject({ unresolved: 0 })
    expect(await summaryOf(small(1_001), pieces)).toMatchObject({ unresolved: 1 })
  })

  it('deltaBytesMax', async () => {
    const ofDelta = (size: number): Buffer => {
      const content = encodeDelta(TEXT.length, [{ add: Buffer.alloc(100, 'y') }])
      expect(content.length).toBe(size)
      return buildPack({
        entries: [blob(TEXT), { kind: OFS_DELTA, content, back: 1 }, { kind: OFS_DELTA, content: DELTA, back: 2 }],
      })
    }
    expect(await summaryOf(ofDelta(104), limited({ deltaBytesMax: 104 }))).toMatchObject({ unresolved: 0, deltas: 2 })
    expect(await summaryOf(ofDelta(104), limited({ deltaBytesMax: 103 }))).toMatchObject({ unresolved: 1, deltas: 2 })
  })

  it('depthMax, whether or not the bases are at hand', async () => {
    expect(await summaryOf(chain(5), limited({ depthMax: 5 }))).toMatchObject({ unresolved: 0, depth: 5 })
    expect(await summaryOf(chain(6), limited({ depthMax: 5 }))).toMatchObject({ unresolved: 1, depth: 5 })
    expect(await summaryOf(chain(7), limited({ depthMax: 5 }))).toMatchObject({ unresolved: 2, depth: 5 })
    expect(await summaryOf(chain(4_095))).toMatchObject({ unresolved: 0, depth: 4_095 })
    expect(await summaryOf(chain(4_096))).toMatchObject({ unresolved: 1, depth: 4_095 })
  })

  it('workingBytesMax, for a base and what is built of it', async () => {
    const places = 2 * (1_000 + 33)
    expect(await summaryOf(ofTwo(1_000), limited({ workingBytesMax: places }))).toMatchObject({ unresolved: 0 })
    expect(await summaryOf(ofTwo(1_000), limited({ workingBytesMax: places - 1 }))).toMatchObject({ unresolved: 1 })
  })

  it('workingBytesMax so small that nothing stays, and each base is read anew', async () => {
    const contents = Array.from({ length: 40 }, (_, at) => Buffer.concat([randomBytes(500), Buffer.from([at])]))
    const entries = contents.flatMap((content): Entry[] => [blob(content)])
    const deltas = contents.map((content, at) => ({
      kind: OFS_DELTA,
      content: encodeDelta(content.length, [{ from: 1, size: 300 }, { add: Buffer.from([at]) }]),
      back: contents.length,
    }))
    const again = contents.map((_, at) => ({
      kind: OFS_DELTA,
      content: encodeDelta(301, [{ from: 0, size: 300 }, { add: Buffer.from([at, 7]) }]),
      back: contents.length,
    }))
    const pack = buildPack({ entries: [...entries, ...deltas, ...again] })
    const { end, objects } = await read(pack, limited({ workingBytesMax: 1_100 }))
    expect(end).toMatchObject({ value: { unresolved: 0, depth: 2 } })
    expect(objects.every(({ id, ownId }) => id === ownId)).toBe(true)
    expect(objects).toEqual((await read(pack)).objects)
  })
})

describe('a bomb', () => {
  it('is not built, and ends at the limit of work', async () => {
    // A hundred bytes, of which each copy makes 16 MB.
    const content = encodeDelta(
      1_000_000,
      Array.from({ length: 11 }, () => ({ from: 0, size: 1_000_000 })),
    )
    const deltas = Array.from({ length: 40 }, () => ({ kind: OFS_DELTA, content, back: 1 }))
    const pack = buildPack({
      entries: [blob(Buffer.alloc(1_000_000)), ...deltas.map((delta, at) => ({ ...delta, back: at + 1 }))],
    })
    expect(pack.length).toBeLessThan(4_000)
    const { end } = await read(pack, limited({ workBytesMax: 100_000_000 }))
    expect(end).toEqual({ state: 'bad', fault: 'takes more than 100000000 bytes of inflating' })
  })
})

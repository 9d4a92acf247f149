/** Zip archives, good and hostile: what two readers could take for two things is told. */
import { deflateRawSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { examine, examineAllWays, textAt } from '../support/examine.ts'
import { makeZip, type ZipMaking, type ZipPart } from '../support/zip.ts'

const A: ZipPart = { name: 'a.txt', content: Buffer.from('alpha\n'.repeat(50)) }
const B: ZipPart = { name: 'b.txt', content: Buffer.from('beta\n'.repeat(50)) }

/** Extra field of sizes with more than 32 bits. */
function wideSizes(size: number, packedSize: number): Buffer {
  const extra = Buffer.alloc(20)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(16, 2)
  extra.writeBigUInt64LE(BigInt(size), 4)
  extra.writeBigUInt64LE(BigInt(packedSize), 12)
  return extra
}

const packedA = deflateRawSync(A.content).length

const GOOD: readonly (readonly [string, readonly ZipPart[], ZipMaking?])[] = [
  ['deflated', [A, B]],
  ['stored', [{ ...A, method: 0 }, B]],
  ['zstd', [{ ...A, method: 93, packed: zstdCompressSync(A.content) }, B]],
  ['with its sizes behind', [{ ...A, behind: 'signed' }, B]],
  ['with its sizes behind, without a signature', [{ ...A, behind: 'bare' }, B]],
  [
    'with wide sizes behind',
    [
      { ...A, behind: 'wide' },
      { ...B, behind: 'wide' },
    ],
  ],
  [
    'with wide sizes',
    [{ ...A, extra: wideSizes(A.content.length, packedA), local: { size: 0xffffffff, packedSize: 0xffffffff } }, B],
  ],
  ['with a comment', [A, B], { comment: Buffer.from('a comment that is long') }],
  ['with a block between members and directory', [A, B], { between: Buffer.from('APK Sig Block 42'.repeat(9)) }],
  ['with a folder', [{ name: 'd/', content: Buffer.alloc(0), method: 0 }, A, B]],
  ['behind other bytes', [A, B], { before: Buffer.from('\x7fELF'.repeat(3_000), 'latin1') }],
  ['marked as one that may be split', [A, B], { before: Buffer.from('PK00', 'latin1') }],
]

describe('a zip', () => {
  it.each(GOOD.map(([name, parts, making = {}]) => [name, parts, making] as const))(
    '%s is opened',
    async (_, parts, making) => {
      for (const looked of await examineAllWays(makeZip(parts, making))) {
        expect(looked.incomplete).toEqual([])
        expect(textAt(looked, 'a.txt')).toBe(A.content.toString())
        expect(textAt(looked, 'b.txt')).toBe(B.content.toString())
        expect(looked.facts.archive?.kinds).toContain('zip')
      }
    },
  )

  it('of megabytes is opened', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 251))
    const parts: readonly ZipPart[] = [
      { name: 'large', content },
      { name: 'large too', content, behind: 'signed' },
      { name: 'stored', content, method: 0 },
    ]
    const { seen, incomplete } = await examine(makeZip(parts), { pieces: [4_099], waits: true })
    expect(incomplete).toEqual([])
    expect(seen.filter(({ bytes }) => bytes.equals(content))).toHaveLength(3)
  })

  it('whose directory counts from behind what stands in front is opened', async () => {
    const shifted = Buffer.concat([Buffer.from('#!/usr/bin/env python3\n'), makeZip([A, B])])
    const looked = await examine(shifted)
    expect([textAt(looked, 'b.txt'), looked.incomplete]).toEqual([B.content.toString(), []])
  })

  it('that is empty is one', async () => {
    const { facts, incomplete } = await examine(makeZip([]))
    expect([facts.archive, facts.types, incomplete]).toMatchObject([
      { kinds: ['zip'], members: 0 },
      ['application/zip'],
      [],
    ])
  })
})

const NAMED = 'its zip has a directory that names a member which is not there, or twice'
const UNNAMED = 'its zip has members that its directory does not name'
const DIFFERS = 'its zip has a directory that says something else of a member than its header'
const SIZE = 'its zip has a member of another size than its header says'

const HOSTILE: readonly (readonly [string, Buffer, readonly string[]])[] = [
  ['leaves out a member', makeZip([A, B], { unnamed: ['a.txt'] }), [UNNAMED]],
  ['names a member twice', makeZip([A, B], { twice: ['a.txt'] }), [NAMED]],
  ['names a member that is not there', makeZip([{ ...A, central: { at: 7 } }, B]), [NAMED, UNNAMED]],
  ['names a member otherwise', makeZip([{ ...A, centralName: 'z.txt' }, B]), [DIFFERS]],
  ['names another size', makeZip([{ ...A, central: { size: 1 } }, B]), [DIFFERS]],
  ['has two members in one place', makeZip([A, { ...B, central: { at: 0 } }]), [NAMED, UNNAMED]],
  ['lies about a size in both places', makeZip([{ ...A, local: { size: 9 }, central: { size: 9 } }, B]), [SIZE]],
  [
    'lies about a size of a stored member',
    makeZip([{ ...A, method: 0, local: { size: 9 }, central: { size: 9 } }, B]),
    [SIZE],
  ],
  [
    'has a wrong checksum',
    makeZip([{ ...A, local: { checksum: 9 } }, B]),
    ['its zip has a member with a wrong checksum'],
  ],
  ['is cut in its directory', makeZip([A, B]).subarray(0, -30), ['its zip ends too early']],
  ['is cut in a member', makeZip([A, B]).subarray(0, 40), ['its zip ends too early']],
  [
    'is cut in front of its directory',
    makeZip([A]).subarray(0, 30 + 5 + packedA),
    ['its zip ends before its directory does'],
  ],
  [
    'goes on behind its end',
    Buffer.concat([makeZip([A]), makeZip([B])]),
    ['its zip goes on behind its directory', 'its zip has two directories', NAMED, UNNAMED],
  ],
  ['has a member in an unknown compression', makeZip([{ ...A, method: 14, packed: Buffer.from('lzma') }, B]), []],
  [
    'has a broken member',
    makeZip([{ ...A, packed: Buffer.from('\xff\xff\xff', 'latin1') }, B]),
    ['its zip has a member that is broken'],
  ],
  [
    'has bytes behind a member',
    makeZip([{ ...A, packed: Buffer.concat([deflateRawSync(A.content), Buffer.from('more')]) }, B]),
    ['its zip has a member with bytes behind its end'],
  ],
  [
    'has a stored member without an end',
    makeZip([{ ...A, method: 0, behind: 'signed' }, B]),
    ['its zip has a member whose end cannot be told'],
  ],
  [
    'has an extra field that is too long',
    makeZip([{ ...A, extra: Buffer.from([1, 0, 9, 0]) }, B]),
    ['an extra field of the zip is longer than what holds it'],
  ],
  [
    'has a size that is none',
    makeZip([
      {
        ...A,
        extra: Buffer.concat([Buffer.from([1, 0, 16, 0]), Buffer.alloc(16, 0xff)]),
        local: { size: 0xffffffff, packedSize: 0xffffffff },
      },
    ]),
    ['a size of the zip cannot be one'],
  ],
]

describe('a zip that', () => {
  it.each(HOSTILE)('%s is told', async (_, zip, faults) => {
    for (const looked of await examineAllWays(zip)) {
      expect(looked.incomplete).toEqual(
        faults.length > 0
          ? faults.map((fault) => `the upload: ${fault}`)
          : ['a.txt: a zip member of method 14 that was not opened: Weir does not undo this compression'],
      )
    }
  })

  it('is encrypted is told, by flag, by strong encryption, by its method and by its extra field', async () => {
    const secret = { ...A, method: 0 }
    const aes = Buffer.from('019907000200414503080099', 'hex').subarray(0, 11)
    for (const part of [
      { ...secret, flags: 1 },
      { ...secret, flags: 0x40 },
      { ...secret, flags: 0x2000 },
      { ...secret, method: 99, packed: A.content },
      { ...secret, extra: aes },
    ]) {
      const looked = await examine(makeZip([part, B]))
      expect(looked.facts.encrypted.first).toEqual([
        { what: 'a member of a zip', place: { commit: null, within: ['a.txt'] } },
      ])
      expect(looked.incomplete).toEqual(['a.txt: a member of a zip, which is encrypted'])
      expect(textAt(looked, 'b.txt')).toBe(B.content.toString())
    }
  })

  it('has more members than may be is told, at the limit and one past it', async () => {
    const zip = makeZip(['1', '2', '3'].map((name) => ({ name, content: Buffer.from('x') })))
    expect((await examine(zip, { limits: { membersMax: 3 } })).incomplete).toEqual([])
    const past = await examine(zip, { limits: { membersMax: 2 } })
    expect(past.incomplete).toEqual(['the upload: the upload has more than 2 members of archives'])
    expect(past.seen.map(({ at }) => at)).toEqual(['1', '2', ''])
  })

  it('comes to more bytes than may be is told, at the limit and one past it', async () => {
    const zip = makeZip([
      { name: 'a', content: Buffer.alloc(600) },
      { name: 'b', content: Buffer.alloc(400) },
    ])
    expect((await examine(zip, { limits: { inflatedBytesMax: 1_000 } })).incomplete).toEqual([])
    const past = await examine(zip, { limits: { inflatedBytesMax: 999 } })
    expect(past.incomplete).toEqual(['the upload: the archives of the upload come to more than 999 bytes'])
  })

  it('is a bomb is told before it went off', async () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024)
    const bomb = makeZip([{ name: 'zeros', content: zeros }])
    const nested = makeZip([{ name: 'bomb.zip', content: bomb }])
    for (const [body, at] of [
      [bomb, 'the upload'],
      [nested, 'bomb.zip'],
    ] as const) {
      const { incomplete, facts } = await examine(body)
      expect(incomplete).toEqual([`${at}: it comes to more than 200 times its size`])
      expect(facts.innerBytes).toBeLessThan(40 * 1024 * 1024)
    }
  })

  it.each([
    ['word/document.xml', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['META-INF/MANIFEST.MF', 'application/java-archive'],
    ['other', 'application/zip'],
  ])('holds %s is %s', async (name, type) => {
    const { facts } = await examine(makeZip([{ name, content: Buffer.from('x') }]))
    expect(facts.types).toContain(type)
  })
})

/** Tar archives, good and hostile. */
import { describe, expect, it } from 'vitest'
import { stepCharactersMax } from '../../../src/content/leaf-context.ts'
import { tarExtensionBytesMax } from '../../../src/content/openings/tar.ts'
import { examine, examineAllWays, textAt } from '../support/examine.ts'
import { TAR_END, tarHeader, tarMember, tarOf } from '../support/tar.ts'

const A = Buffer.from('alpha')
const LONG = 'd'.repeat(150)

function pax(...records: readonly string[]): Buffer {
  const text = records.map((record) => {
    const bare = Buffer.byteLength(record) + 2
    const length = bare + String(bare + String(bare).length).length
    return `${length} ${record}\n`
  })
  return tarMember('PaxHeader', Buffer.from(text.join('')), { type: 'x' })
}

function base256(...digits: readonly number[]): Buffer {
  return Buffer.from([...Array.from({ length: 12 - digits.length }, (_, at) => (at === 0 ? 0x80 : 0)), ...digits])
}

const GOOD: readonly (readonly [string, string, Buffer])[] = [
  ['ustar', 'a', tarMember('a', A)],
  ['of 1979', 'a', tarMember('a', A, { magic: '' })],
  ['without a type', 'a', tarMember('a', A, { type: '\0' })],
  ['with a prefix', 'p/a', tarMember('a', A, { prefix: 'p' })],
  [
    'with a long name of GNU',
    LONG,
    Buffer.concat([tarMember('././@LongLink', Buffer.from(`${LONG}\0`), { type: 'L' }), tarMember('x', A)]),
  ],
  [
    'with a long link of GNU',
    'a',
    Buffer.concat([tarMember('././@LongLink', Buffer.from(`${LONG}\0`), { type: 'K' }), tarMember('a', A)]),
  ],
  ['with a path of pax', `${LONG}ü`, Buffer.concat([pax(`path=${LONG}ü`, 'mtime=1.5'), tarMember('x', A)])],
  ['with a size of pax', 'a', Buffer.concat([pax('size=5'), tarHeader('a', 0), A, Buffer.alloc(507)])],
  ['with a size in base 256', 'a', Buffer.concat([tarHeader('a', 0, { size: base256(5) }), A, Buffer.alloc(507)])],
  ['with a sparse file of GNU', 'a', tarMember('a', A, { type: 'S' })],
  ['with a type nobody knows', 'a', tarMember('a', A, { type: 'Q' })],
]

describe('a tar', () => {
  it.each(GOOD)('%s is opened', async (_, name, members) => {
    const tar = Buffer.concat([
      tarMember('first', Buffer.from('1')),
      members,
      tarMember('last', Buffer.from('2')),
      TAR_END,
    ])
    for (const looked of await examineAllWays(tar)) {
      expect(looked.incomplete).toEqual([])
      expect(textAt(looked, name)).toBe('alpha')
      expect(textAt(looked, 'last')).toBe('2')
      expect(looked.facts).toMatchObject({ archive: { kinds: ['tar'], depth: 1, members: 3 } })
      expect(looked.facts.types).toContain('application/x-tar')
    }
  })

  it('with folders and links is opened', async () => {
    const tar = Buffer.concat([
      tarHeader('d/', 0, { type: '5' }),
      tarHeader('l', 0, { type: '2' }),
      tarMember('a', A),
      TAR_END,
    ])
    expect(textAt(await examine(tar), 'a')).toBe('alpha')
  })

  it('that ends without empty blocks is opened', async () => {
    const looked = await examine(tarMember('a', A))
    expect([textAt(looked, 'a'), looked.incomplete]).toEqual(['alpha', []])
  })
})

const FIRST = tarMember('first', Buffer.from('1'))

const HOSTILE: readonly (readonly [string, Buffer, string])[] = [
  [
    'a checksum that does not fit',
    tarHeader('a', 0, { checksum: '000000\0 ' }),
    'a header of the tar has a wrong checksum',
  ],
  [
    'a negative size',
    tarHeader('a', 0, { size: Buffer.alloc(12, 0xff) }),
    'a header of the tar has no size that can be one',
  ],
  [
    'a huge size',
    tarHeader('a', 0, { size: base256(...Array.from({ length: 9 }, () => 255)) }),
    'a header of the tar has no size that can be one',
  ],
  ['a size beyond its end', Buffer.concat([tarHeader('a', 9_999), A]), 'its tar ends too early'],
  [
    'a size of 8 EiB less one',
    tarHeader('a', 0, { size: base256(0x1f, 255, 255, 255, 255, 255, 255) }),
    'its tar ends too early',
  ],
  [
    'a size that is no number',
    tarHeader('a', 0, { size: Buffer.from('12x4567890ab') }),
    'a header of the tar has no size that can be one',
  ],
  ['a link with a size', tarHeader('a', 5, { type: '1' }), 'its tar has a size on a member without content'],
  [
    'a broken pax header',
    tarMember('p', Buffer.from('99 path=x\n'), { type: 'x' }),
    'a pax header of the tar is broken',
  ],
  [
    'a pax header that is no record',
    tarMember('p', Buffer.from('path=x\n'), { type: 'x' }),
    'a pax header of the tar is broken',
  ],
  ['a pax size that is none', pax('size=-1'), 'a pax header of the tar has no size that can be one'],
  [
    'one size for all members',
    tarMember('g', Buffer.from('9 size=1\n'), { type: 'g' }),
    'its tar has one name or size for all members',
  ],
  [
    'a header that is too long',
    tarHeader('p', tarExtensionBytesMax + 1, { type: 'x' }),
    'its tar has a header of more than 1048576 bytes',
  ],
  ['bytes behind its end', Buffer.concat([TAR_END, Buffer.from('more')]), 'its tar has bytes behind its end'],
  ['members behind its end', Buffer.concat([TAR_END, tarMember('z', A)]), 'its tar goes on behind its end'],
  ['half a block at its end', Buffer.alloc(100, 1), 'its tar ends too early'],
]

describe('a tar with', () => {
  it.each(HOSTILE)('%s is told', async (_, rest, fault) => {
    for (const looked of await examineAllWays(Buffer.concat([FIRST, rest]))) {
      expect(looked.incomplete).toEqual([`the upload: ${fault}`])
      expect(textAt(looked, 'first')).toBe('1')
    }
  })

  it('a header of just as many bytes as may be is opened', async () => {
    const comment = `path=${'x'.repeat(tarExtensionBytesMax - 14)}`
    const header = pax(comment)
    expect(header.length).toBe(512 + tarExtensionBytesMax)
    const { incomplete, seen } = await examine(Buffer.concat([header, tarMember('a', A), TAR_END]))
    expect([incomplete, seen[0]?.bytes.toString(), seen[0]?.at.length]).toEqual([[], 'alpha', stepCharactersMax])
  })

  it('more members than may be is told', async () => {
    const tar = tarOf([
      ['a', A],
      ['b', A],
    ])
    expect((await examine(tar, { limits: { membersMax: 2 } })).incomplete).toEqual([])
    expect((await examine(tar, { limits: { membersMax: 1 } })).incomplete).toHaveLength(1)
  })
})

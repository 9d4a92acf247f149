/** Cases of field blocks that are wrong as HPACK (RFC 7541 sections 4.2, 5.1, 5.2, 6.1 to 6.3). */
import { type Case, connectionError, type Outcome, SERVED } from '../case.ts'
import { FLAG, headers, SETTING } from '../frames.ts'
import { block, codedString, indexed, integer, literal, sizeUpdate, string } from '../hpack-encode.ts'
import { EOS, encodeHuffman, encodeSymbols } from '../hpack-huffman.ts'
import type { Talk } from '../talk.ts'

const END = FLAG.endStream | FLAG.endHeaders
const BROKEN = connectionError('COMPRESSION_ERROR')
const STATIC_ENTRIES = 61
const TABLE_BYTES_DEFAULT = 4_096

type Row = readonly [
  name: string,
  clause: string,
  fragment: Uint8Array | (() => Uint8Array),
  right?: readonly Outcome[],
  choice?: string,
]

/** A literal of a new name, before its strings. */
const NEW_NAME = Buffer.from([0x00])
const X = string('x-a')
const octets = (hex: string): Buffer => Buffer.from(hex, 'hex')
const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts)
/** A field `x-a` whose value is this string. */
const valued = (value: Uint8Array): Buffer => join(NEW_NAME, X, value)

const INDICES: readonly Row[] = [
  ['index 0', '6.1', indexed(0)],
  ['an index past the table', '2.3.3', indexed(STATIC_ENTRIES + 1)],
  ['an index far past the table', '2.3.3', indexed(100_000)],
  [
    'a literal with indexing whose name is past the table',
    '2.3.3',
    literal(STATIC_ENTRIES + 1, 'x', { form: 'indexing' }),
  ],
  ['a literal without indexing whose name is past the table', '2.3.3', literal(STATIC_ENTRIES + 1, 'x')],
  ['a literal never indexed whose name is past the table', '2.3.3', literal(200, 'x', { form: 'never' })],
  ['the last index of the static table', '6.1', indexed(STATIC_ENTRIES), SERVED],
]

const INTEGERS: readonly Row[] = [
  ['an index of 2⁶⁴', '5.1', octets('ff80ffffffffffffffffff01')],
  ['an index that never ends', '5.1', join(octets('ff'), Buffer.alloc(100, 0xff))],
  ['an index cut by the end of the block', '5.1', octets('ff80')],
  ['an index of 2³²', '5.1', indexed(2 ** 32)],
  [
    'an index with octets that add nothing',
    '5.1',
    octets('ff838000'),
    [...BROKEN, ...SERVED],
    'it means 130, which is past the table; how long an integer may be is the decoder’s to say',
  ],
  [
    'a length with octets that add nothing',
    '5.1',
    join(NEW_NAME, X, octets('7f80808000'), Buffer.alloc(127, 'x')),
    [...SERVED, ...BROKEN],
    'how long an integer may be is the decoder’s to say',
  ],
  ['a length of 2³²', '5.1', valued(integer(2 ** 32, 7))],
  ['a length of 2⁶⁴', '5.1', valued(octets('7f81ffffffffffffffffff01'))],
  ['a length that is cut by the end of the block', '5.1', valued(octets('7f'))],
]

const STRINGS: readonly Row[] = [
  ['a name past the end of the block', '5.2', join(NEW_NAME, integer(200, 7), Buffer.from('short'))],
  ['a value past the end of the block', '5.2', valued(join(integer(6, 7), Buffer.from('short')))],
  ['a literal that ends after its name', '5.2', join(NEW_NAME, X)],
  ['a literal of its first octet alone', '5.2', NEW_NAME],
  ['a literal of an indexed name alone', '5.2', octets('0f04')],
  ['a value in Huffman', '5.2', () => valued(codedString(encodeHuffman('weir'))), SERVED],
  ['a name in Huffman', '5.2', literal('x-huffman', 'a', { huffman: true }), SERVED],
  ['a value of no octets in Huffman', '5.2', valued(codedString(Buffer.alloc(0))), SERVED],
  [
    'a value in Huffman that uses each printable octet',
    '5.2',
    () => {
      const printable = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0x21 + at)).join('')
      return valued(codedString(encodeHuffman(printable)))
    },
    SERVED,
  ],
  ['Huffman padding of eight bits', '5.2', () => valued(codedString(join(encodeHuffman('aaaaaaaa'), octets('ff'))))],
  ['Huffman padding of 15 bits', '5.2', () => valued(codedString(encodeHuffman('a', '1'.repeat(11))))],
  ['Huffman padding alone', '5.2', valued(codedString(octets('ff')))],
  ['Huffman padding of zeros', '5.2', () => valued(codedString(encodeHuffman('a', '000')))],
  ['Huffman padding with a zero at its end', '5.2', () => valued(codedString(encodeHuffman('a', '110')))],
  ['EOS in Huffman', '5.2', () => valued(codedString(encodeSymbols([0x61, EOS, 0x61])))],
  ['EOS at the end of Huffman', '5.2', () => valued(codedString(encodeSymbols([0x61, EOS])))],
  ['EOS alone in Huffman', '5.2', () => valued(codedString(encodeSymbols([EOS])))],
  [
    'a name in Huffman with wrong padding',
    '5.2',
    () => join(NEW_NAME, codedString(encodeHuffman('x-a', '110')), string('b')),
  ],
]

const BLOCKS: readonly Case[] = [...INDICES, ...INTEGERS, ...STRINGS].map(
  ([name, clause, fragment, right = BROKEN, choice]): Case => ({
    name,
    clause: `RFC 7541, ${clause}`,
    right,
    ...(choice === undefined ? {} : { choice }),
    ...(right === BROKEN ? {} : { stream: 1 }),
    act: (talk) => {
      const bytes = typeof fragment === 'function' ? fragment() : fragment
      talk.send(headers(1, join(block(talk.head()), bytes), END))
    },
  }),
)

type SizeRow = readonly [
  name: string,
  parts: (head: Buffer, announced: number) => Uint8Array,
  right: readonly Outcome[],
  choice?: string,
]

const SIZES: readonly Case[] = (
  [
    ['a table size of 0 before the fields', (head) => join(sizeUpdate(0), head), SERVED],
    ['a table size as announced', (head, announced) => join(sizeUpdate(announced), head), SERVED],
    ['a table size above what was announced', (head, announced) => join(sizeUpdate(announced + 1), head), BROKEN],
    ['a table size of 2³²', (head) => join(sizeUpdate(2 ** 32), head), BROKEN],
    [
      'two table sizes before the fields',
      (head, announced) => join(sizeUpdate(0), sizeUpdate(announced), head),
      SERVED,
    ],
    [
      'three table sizes before the fields',
      (head) => join(sizeUpdate(0), sizeUpdate(100), sizeUpdate(200), head),
      [...SERVED, ...BROKEN],
      'an encoder must send no more than two; a decoder need not look',
    ],
    ['a table size after the fields', (head) => join(head, sizeUpdate(0)), BROKEN],
    ['a table size after the first field', (head) => join(indexed(2), sizeUpdate(0), head), BROKEN],
    ['a table size cut by the end of the block', (head) => join(head, octets('3f')), BROKEN],
  ] satisfies SizeRow[] as readonly SizeRow[]
).map(
  ([name, parts, right, choice]): Case => ({
    name,
    clause: 'RFC 7541, 4.2',
    right,
    ...(choice === undefined ? {} : { choice }),
    ...(right === BROKEN ? {} : { stream: 1 }),
    act: (talk) => talk.send(headers(1, Buffer.from(parts(block(talk.head()), announcedTable(talk))), END)),
  }),
)

function announcedTable({ client }: Talk): number {
  return client.announced.get(SETTING.headerTableSize) ?? TABLE_BYTES_DEFAULT
}

export const HPACK_CASES: readonly Case[] = [...BLOCKS, ...SIZES]

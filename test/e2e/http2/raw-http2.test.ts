/** The raw client's own parts: HPACK by the examples of RFC 7541 appendix C, frames cut anywhere, and what they refuse. */
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { FrameReader } from './frame-reader.ts'
import { continuation, data, FLAG, frame, goaway, headers, padded, ping, rstStream, settings, TYPE } from './frames.ts'
import { HpackDecoder } from './hpack-decode.ts'
import { block, indexed, integer, literal, sizeUpdate, string } from './hpack-encode.ts'
import { decodeHuffman, EOS, encodeHuffman, encodeSymbols } from './hpack-huffman.ts'
import { STATIC_TABLE } from './hpack-static.ts'
import { RawHttp2 } from './raw-http2.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('integers (RFC 7541 appendix C.1)', () => {
  it.each([
    [10, 5, '0a'],
    [1_337, 5, '1f9a0a'],
    [42, 8, '2a'],
    [31, 5, '1f00'],
    [30, 5, '1e'],
  ])('%i with a prefix of %i bits', (value, prefixBits, expected) => {
    expect(integer(value, prefixBits).toString('hex')).toBe(expected)
  })
})

const AUTHORITY = 'www.example.com'
const FIRST = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', AUTHORITY],
] as const
const SECOND = [...FIRST, ['cache-control', 'no-cache']] as const

describe('blocks (RFC 7541 appendix C.3 and C.4)', () => {
  it.each([
    ['plain', '828684410f7777772e6578616d706c652e636f6d', '828684be58086e6f2d6361636865'],
    ['in Huffman', '828684418cf1e3c2e5f23a6ba0ab90f4ff', '828684be5886a8eb10649cbf'],
  ])('%s are read, with the table between them', (_, first, second) => {
    const decoder = new HpackDecoder()
    expect(decoder.decode(hex(first))).toEqual(FIRST)
    expect(decoder.decode(hex(second))).toEqual(SECOND)
  })

  it('are written as there', () => {
    const huffman = literal(1, AUTHORITY, { form: 'indexing', huffman: true })
    expect(Buffer.concat([indexed(2), indexed(6), indexed(4), huffman]).toString('hex')).toBe(
      '828684418cf1e3c2e5f23a6ba0ab90f4ff',
    )
    expect(literal('password', 'secret', { form: 'never' }).toString('hex')).toBe('100870617373776f726406736563726574')
    expect(literal(4, '/sample/path').toString('hex')).toBe('040c2f73616d706c652f70617468')
  })

  it('come back as they were written', () => {
    const fields = [...SECOND, ['x-empty', ''], ['x-octets', '\x00\x7f\xff']] as const
    expect(new HpackDecoder().decode(block(fields))).toEqual(fields)
  })

  it('put entries out by size (RFC 7541 section 4.4)', () => {
    const decoder = new HpackDecoder()
    const entry = (name: string): Buffer => literal(name, 'b', { form: 'indexing' })
    decoder.decode(Buffer.concat([sizeUpdate(72), entry('x-a'), entry('x-b')]))
    expect(decoder.decode(indexed(STATIC_TABLE.length + 2))).toEqual([['x-a', 'b']])
    decoder.decode(entry('x-c'))
    expect(decoder.decode(indexed(STATIC_TABLE.length + 2))).toEqual([['x-b', 'b']])
    expect(() => decoder.decode(indexed(STATIC_TABLE.length + 3))).toThrow('no entry')
  })

  it.each([
    ['index 0', indexed(0), 'no entry 0'],
    ['an index past the table', indexed(STATIC_TABLE.length + 1), 'no entry 62'],
    ['a table size above its limit', sizeUpdate(4_097), 'a table of 4097'],
    ['a table size after a field', Buffer.concat([indexed(2), sizeUpdate(0)]), 'after a field'],
    ['an integer without end', hex('ff ff ff ff ff ff ff ff'), 'without end'],
    ['a string past the end', hex('00 03 61'), 'past the end'],
    ['a field cut off', hex('00'), 'too early'],
  ])('that have %s are refused', (_, bytes, message) => {
    expect(() => new HpackDecoder().decode(bytes)).toThrow(message)
  })

  it('may have the largest table size, and no larger once the limit was lowered', () => {
    const decoder = new HpackDecoder()
    expect(decoder.decode(sizeUpdate(4_096))).toEqual([])
    decoder.tableBytesMax = 0
    expect(() => decoder.decode(sizeUpdate(1))).toThrow('0 were announced')
  })
})

describe('the Huffman code (RFC 7541 appendix B)', () => {
  it('has the codes of the appendix, and each octet comes back', () => {
    expect(encodeHuffman('302').toString('hex')).toBe('6402')
    expect(encodeHuffman('Mon, 21 Oct 2013 20:13:21 GMT').toString('hex')).toBe(
      'd07abe941054d444a8200595040b8166e082a62d1bff',
    )
    expect(encodeSymbols([EOS]).toString('hex')).toBe('ffffffff')
    const octets = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet))
    expect(decodeHuffman(encodeHuffman(octets))).toEqual(octets)
  })

  it.each([
    ['EOS', encodeSymbols([0x61, EOS]), 'EOS'],
    ['eight bits of padding', hex('1f ff'), 'padding'],
    ['padding with a zero', encodeHuffman('a', '110'), 'padding'],
  ])('refuses %s', (_, coded, message) => {
    expect(() => decodeHuffman(coded)).toThrow(message)
  })

  it('takes seven bits of padding, which is the most', () => {
    // Five times five bits, and seven of padding.
    expect(decodeHuffman(encodeHuffman('aaaaa')).toString()).toBe('aaaaa')
    expect(encodeHuffman('aaaaa').length * 8 - 25).toBe(7)
  })
})

describe('frames', () => {
  it('say what they are told, wrong lengths and the reserved bit too (RFC 9113 section 4.1)', () => {
    expect(data(1, 'ab', FLAG.endStream).toString('hex')).toBe('0000020001000000016162')
    expect(frame(TYPE.ping, 0, 0, '', { length: 0xff_ff_ff }).toString('hex')).toBe('ffffff060000000000')
    expect(frame(TYPE.headers, 4, 0x7fff_ffff, '', { reserved: true }).toString('hex')).toBe('0000000104ffffffff')
    expect(settings([[4, 0xffff_ffff]]).toString('hex')).toBe('0000060400000000000004ffffffff')
    expect(goaway(3, 1, 'x').toString('hex')).toBe('000009070000000000000000030000000178')
  })

  it('are read wherever they are cut', () => {
    const bytes = Buffer.concat([ping('12345678'), data(1, 'body'), rstStream(1, 8)])
    const whole = new FrameReader().read(bytes)
    expect(whole).toHaveLength(3)
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const reader = new FrameReader()
      expect([...reader.read(bytes.subarray(0, cut)), ...reader.read(bytes.subarray(cut))]).toEqual(whole)
    }
  })

  it('of 1 MB are read, and larger ones refused', () => {
    const atLimit = frame(TYPE.data, 0, 1, '', { length: 1024 * 1024 })
    expect(new FrameReader().read(atLimit)).toEqual([])
    const past = frame(TYPE.data, 0, 1, '', { length: 1024 * 1024 + 1 })
    expect(() => new FrameReader().read(past)).toThrow('1048577')
  })
})

describe('the raw client', () => {
  function open(): { readonly client: RawHttp2; readonly server: PassThrough } {
    const server = new PassThrough()
    return { client: new RawHttp2(server), server }
  }

  it('puts together an answer of HEADERS, CONTINUATION, padded DATA and trailers', async () => {
    const { client, server } = open()
    const head = block([[':status', '200']])
    server.write(headers(1, head.subarray(0, 3), FLAG.none))
    server.write(continuation(1, head.subarray(3)))
    server.write(data(1, padded('body', 9), FLAG.padded))
    server.write(headers(1, block([['x-checksum', 'weir']]), FLAG.endHeaders | FLAG.endStream))
    await client.until(() => client.stream(1).ended, 'the answer')
    expect(client.stream(1)).toMatchObject({ reset: null, sections: [[[':status', '200']], [['x-checksum', 'weir']]] })
    expect(client.stream(1).body.toString()).toBe('body')
  })

  it('reads the codes of RST_STREAM and GOAWAY, and sees the end', async () => {
    const { client, server } = open()
    server.write(Buffer.concat([rstStream(3, 5), goaway(3, 11)]))
    server.end()
    await client.until(() => client.ended, 'the end')
    expect(client.stream(3).reset).toBe('STREAM_CLOSED')
    expect(client.goaway).toEqual({ lastStream: 3, code: 'ENHANCE_YOUR_CALM' })
  })

  it('fails a wait when time runs out, and tells what came', async () => {
    const { client, server } = open()
    server.write(rstStream(3, 5))
    await expect(client.until(() => client.ended, 'the end', 20)).rejects.toThrow(
      'not within 20 ms, waiting for the end; received [rstStream(0) 3: 4]',
    )
  })

  it.each([
    ['CONTINUATION without HEADERS', continuation(1, Buffer.alloc(0)), 'out of order'],
    [
      'HEADERS amid a block',
      Buffer.concat([headers(1, Buffer.alloc(0), 0), headers(3, Buffer.alloc(0))]),
      'out of order',
    ],
    ['a block that is no HPACK', headers(1, indexed(0)), 'no entry 0'],
    ['too much padding', data(1, hex('05 00'), FLAG.padded), 'padding'],
    ['an unknown error code', rstStream(1, 0xff), 'error code'],
  ])('fails a wait on %s', async (_, bytes, message) => {
    const { client, server } = open()
    server.write(bytes)
    await expect(client.until(() => client.ended, 'the end', 1_000)).rejects.toThrow(message)
  })

  it('sends text in strings octet by octet', () => {
    expect(string('\xe9').toString('hex')).toBe('01e9')
  })
})

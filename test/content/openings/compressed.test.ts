/** Gzip and zstd: every member, what stands behind them, and what they may come to. */
import { gzipSync, zstdCompressSync, constants } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gzipHeaderBytesMax } from '../../../src/wire/gzip-header.ts'
import { parseZstdWindow, zstdFrameHeaderBytesMax } from '../../../src/wire/zstd-frame.ts'
import { examine, examineAllWays, textAt } from '../support/examine.ts'

const KINDS = [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
] as const

const TEXT = Buffer.from('a weir holds a river back and measures it; '.repeat(300))

describe.each(KINDS)('%s', (kind, encode) => {
  const inside = `what the ${kind} holds`

  it('is opened, in one member and in many', async () => {
    const small = encode(Buffer.from('small '))
    for (const body of [encode(TEXT), Buffer.concat([encode(TEXT.subarray(0, 99)), encode(TEXT.subarray(99))])]) {
      for (const looked of await examineAllWays(body)) {
        expect([textAt(looked, inside), looked.incomplete]).toEqual([TEXT.toString(), []])
      }
    }
    const many = await examine(Buffer.concat(Array.from({ length: 200 }, () => small)), { pieces: [17] })
    expect([textAt(many, inside), many.incomplete]).toEqual(['small '.repeat(200), []])
  })

  it('with bytes behind its end is told', async () => {
    for (const looked of await examineAllWays(Buffer.concat([encode(TEXT), Buffer.from('hidden behind it')]))) {
      expect(looked.incomplete).toHaveLength(1)
      expect(looked.incomplete[0]).toContain('bytes behind its end')
      expect(textAt(looked, inside)).toBe(TEXT.toString())
    }
  })

  it('has as many members as the limit, and no more', async () => {
    const body = Buffer.concat([TEXT, TEXT, TEXT].map((text) => encode(text)))
    expect((await examine(body, { limits: { membersMax: 2 } })).incomplete).toEqual([])
    expect((await examine(body, { limits: { membersMax: 1 } })).incomplete).toHaveLength(1)
  })

  it('that ends too early or is broken is told', async () => {
    const body = encode(TEXT)
    const cut = await examine(body.subarray(0, -5))
    expect(cut.incomplete).toEqual([`the upload: its ${kind} ends too early`])
    const broken = await examine(Buffer.concat([body.subarray(0, 20), Buffer.alloc(200, 0xff)]))
    expect(broken.incomplete).toHaveLength(1)
  })

  it('names what it holds after itself', async () => {
    const parts = (name: string): Buffer =>
      Buffer.concat([
        Buffer.from(`--b\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n`),
        encode(TEXT),
        Buffer.from('\r\n--b--'),
      ])
    const ending = kind === 'gzip' ? 'gz' : 'zst'
    for (const [name, inner] of [
      [`a.txt.${ending}`, 'a.txt'],
      [`a.t${ending === 'gz' ? 'gz' : 'zst'}`, 'a.tar'],
    ] as const) {
      const looked = await examine(parts(name), { contentType: 'multipart/form-data; boundary=b' })
      expect(textAt(looked, `${name} › ${inner}`)).toBe(TEXT.toString())
    }
  })

  it('that is a bomb is told, however deep', async () => {
    const bomb = encode(encode(Buffer.alloc(80 * 1024 * 1024)))
    const { incomplete, facts } = await examine(bomb)
    expect(incomplete).toEqual([`${inside}: it comes to more than 200 times its size`])
    expect(facts.innerBytes).toBeLessThan(40 * 1024 * 1024)
  })
})

describe('gzip', () => {
  const inside = 'what the gzip holds'
  const coded = gzipSync(TEXT)
  const withHead = (flags: number, ...fields: readonly (string | Buffer)[]): Buffer =>
    Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]),
      ...fields.map((field) => (typeof field === 'string' ? Buffer.from(`${field}\0`, 'latin1') : field)),
      coded.subarray(10),
    ])
  const EXTRA = Buffer.from([3, 0, 1, 2, 3])

  it('with zeros behind it, as of a tape, is opened', async () => {
    for (const looked of await examineAllWays(Buffer.concat([coded, Buffer.alloc(700)]))) {
      expect([textAt(looked, inside), looked.incomplete]).toEqual([TEXT.toString(), []])
    }
    const hidden = await examine(Buffer.concat([coded, Buffer.alloc(7), Buffer.from('x')]))
    expect(hidden.incomplete).toEqual(['the upload: its gzip has bytes behind its end'])
  })

  it.each([
    ['a name', withHead(8, 'a.txt'), 'a.txt'],
    ['a comment', withHead(16, 'a comment'), inside],
    ['all there is', withHead(31, EXTRA, 'a.txt', 'a comment', Buffer.alloc(2)), 'a.txt'],
    ['an empty name', withHead(8, ''), inside],
  ])('with %s in its head is opened', async (_, body, at) => {
    for (const looked of await examineAllWays(body)) {
      expect([textAt(looked, at), looked.incomplete]).toEqual([TEXT.toString(), []])
    }
  })

  it.each([
    ['a head that nobody knows', withHead(0x20), 'its gzip has a head that nobody knows'],
    ['a head without an end', withHead(8, Buffer.alloc(0)).subarray(0, 12), 'its gzip ends too early'],
    [
      'a wrong checksum',
      Buffer.concat([coded.subarray(0, -8), Buffer.alloc(8)]),
      'its gzip has a wrong checksum or size',
    ],
    ['half a checksum', coded.subarray(0, -2), 'its gzip ends too early'],
  ])('with %s is told', async (_, body, fault) => {
    for (const looked of await examineAllWays(body)) expect(looked.incomplete).toEqual([`the upload: ${fault}`])
  })

  it('has a head as long as the limit, and no longer', async () => {
    const commented = (bytes: number): Buffer => withHead(16, 'c'.repeat(bytes - 11))
    expect((await examine(commented(gzipHeaderBytesMax))).incomplete).toEqual([])
    expect((await examine(commented(gzipHeaderBytesMax + 1))).incomplete).toEqual([
      `the upload: its gzip has a head of more than ${gzipHeaderBytesMax} bytes`,
    ])
  })
})

describe('zstd', () => {
  const content = Buffer.alloc(20 * 1024 * 1024)
  // So that what it comes to is more than the beginning that is waited for.
  for (let at = 0, state = 1; at < 9_000; at++) {
    state = (state * 48_271) % 0x7fffffff
    content[at] = state & 0xff
  }
  const coded = (windowLog: number): Buffer =>
    zstdCompressSync(content, {
      pledgedSrcSize: 20 * 1024 * 1024,
      params: {
        [constants.ZSTD_c_windowLog]: windowLog,
        [constants.ZSTD_c_checksumFlag]: 1,
        [constants.ZSTD_c_contentSizeFlag]: 0,
      },
    })

  it('is opened up to the largest window, and told past it', async () => {
    const limits = { inflatedRatioMax: 1_000_000 }
    expect((await examine(coded(23), { limits })).incomplete).toEqual([])
    expect((await examine(coded(24), { limits })).incomplete).toEqual([
      'the upload: its zstd takes a window of more than 8388608 bytes',
    ])
  })

  it('in zstd is opened as long as there is memory for both', async () => {
    const limits = { inflatedRatioMax: 1_000_000 }
    const small = zstdCompressSync(coded(23))
    expect((await examine(small, { limits })).incomplete).toEqual([])
    // A frame with a window of 4 MiB and one block that is stored.
    const block = coded(23)
    const head = Buffer.from('28b52ffd0060000000', 'hex')
    head.writeUIntLE((block.length << 3) | 1, 6, 3)
    const framed = Buffer.concat([head, block])
    expect((await examine(framed, { limits })).incomplete).toEqual([
      'what the zstd holds: it takes more memory to open than an examination may',
    ])
  })

  it('behind a frame that is skipped is opened', async () => {
    const skipped = Buffer.concat([Buffer.from('502a4d1803000000616263', 'hex'), zstdCompressSync(TEXT)])
    const looked = await examine(skipped)
    expect([textAt(looked, 'what the zstd holds'), looked.incomplete]).toEqual([TEXT.toString(), []])
  })

  it.each([
    ['28b52ffd 00 00', 1_024],
    ['28b52ffd 00 58', 2 ** 21],
    ['28b52ffd 00 59', 2 ** 21 + 2 ** 18],
    ['28b52ffd 20 07', 7],
    ['28b52ffd 23 01020304 07', 7],
    ['28b52ffd 60 0100', 257],
    ['28b52ffd a0 00000100', 65_536],
    ['28b52ffd e0 0000000001000000', 2 ** 32],
  ])('%s has a window of %d bytes', (hex, bytes) => {
    const frame = Buffer.concat([Buffer.from(hex.replaceAll(' ', ''), 'hex'), Buffer.alloc(20)])
    expect(parseZstdWindow(frame)).toMatchObject({ state: 'done', value: bytes })
    expect(parseZstdWindow(frame.subarray(0, zstdFrameHeaderBytesMax - 1)).state).toBe('more')
  })

  it('that is none has no window', () => {
    expect(parseZstdWindow(Buffer.alloc(20)).state).toBe('bad')
    expect(parseZstdWindow(Buffer.concat([Buffer.from('28b52ffde0', 'hex'), Buffer.alloc(15, 0xff)])).state).toBe('bad')
  })
})

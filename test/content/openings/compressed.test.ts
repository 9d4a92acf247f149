/** Gzip and zstd: every member, what stands behind them, and what they may come to. */
import { gzipSync, zstdCompressSync, constants } from 'node:zlib'
import { describe, expect, it } from 'vitest'
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
      expect(looked.incomplete).toEqual([`the upload: its ${kind} is broken, or has bytes behind its end`])
      expect(textAt(looked, inside)).toBe(TEXT.toString())
    }
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
  it('with zeros behind it, as of a tape, is opened', async () => {
    const looked = await examine(Buffer.concat([gzipSync(TEXT), Buffer.alloc(700)]))
    expect([textAt(looked, 'what the gzip holds'), looked.incomplete]).toEqual([TEXT.toString(), []])
    expect(looked.seen.find(({ at }) => at === 'bytes behind the gzip')?.bytes).toHaveLength(700)
  })
})

describe('zstd', () => {
  const coded = (windowLog: number): Buffer =>
    zstdCompressSync(Buffer.alloc(20 * 1024 * 1024), {
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
    const framed = zstdCompressSync(coded(23), {
      params: { [constants.ZSTD_c_windowLog]: 22, [constants.ZSTD_c_contentSizeFlag]: 0 },
    })
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

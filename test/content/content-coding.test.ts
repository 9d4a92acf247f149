/** Codings undone piece by piece: what is counted is what a server would read, and what nobody would read is a fault. */
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createContentDecoder, isIdentity, speaksAside } from '../../src/content/content-coding.ts'

const TEXT = Buffer.from('a weir holds a river back and measures it; '.repeat(3_000))

const CODERS = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  [' gzip ', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['identity', (bytes: Buffer) => bytes],
] as const

/** What comes out, after each chunk and at the end; rejects where the coding is broken. */
async function decode(coding: string | null, chunks: readonly Uint8Array[]): Promise<{ all: Buffer; after: number[] }> {
  const pieces: Buffer[] = []
  const decoder = createContentDecoder(coding, (piece) => pieces.push(Buffer.from(piece)))
  if (decoder === null) throw new Error('unknown coding')
  const after: number[] = []
  try {
    for (const chunk of chunks) {
      await decoder.feed(chunk)
      after.push(pieces.reduce((sum, piece) => sum + piece.length, 0))
    }
    await decoder.finish()
    return { all: Buffer.concat(pieces), after }
  } finally {
    decoder.close()
  }
}

function cut(bytes: Buffer, ...at: readonly number[]): Buffer[] {
  const edges = [0, ...at.map((edge) => Math.min(edge, bytes.length)), bytes.length].toSorted((a, b) => a - b)
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

describe('createContentDecoder', () => {
  it.each(CODERS)('undoes %j, whole and in pieces', async (coding, encode) => {
    const coded = encode(TEXT)
    expect((await decode(coding, [coded])).all.equals(TEXT)).toBe(true)
    expect((await decode(coding, cut(coded, 1, 2, 10, 11, coded.length - 1))).all.equals(TEXT)).toBe(true)
  })

  it.each(CODERS)('has handed on all of %j when the whole was fed', async (coding, encode) => {
    expect((await decode(coding, [encode(TEXT)])).after).toEqual([TEXT.length])
  })

  it('undoes any cutting alike', async () => {
    const coded = gzipSync(TEXT.subarray(0, 5_000))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(coded.length), { maxLength: 12 }), async (edges) => {
        expect((await decode('gzip', cut(coded, ...edges))).all.equals(TEXT.subarray(0, 5_000))).toBe(true)
      }),
      { seed: 31, numRuns: 40 },
    )
  })

  it('counts every member of a gzip body', async () => {
    const two = Buffer.concat([gzipSync('one'), gzipSync('two')])
    expect((await decode('gzip', [two])).all.toString()).toBe('onetwo')
    expect((await decode('gzip', cut(two, gzipSync('one').length))).all.toString()).toBe('onetwo')
  })

  it.each(CODERS.slice(0, -1))('refuses %j with bytes behind its end', async (coding, encode) => {
    const coded = encode(TEXT)
    for (const tail of ['\0', '\0hidden', 'hidden', '\0'.repeat(100_000)]) {
      const bytes = Buffer.concat([coded, Buffer.from(tail)])
      await expect(decode(coding, [bytes]), 'in one chunk').rejects.toThrow()
      await expect(decode(coding, cut(bytes, coded.length)), 'in the next chunk').rejects.toThrow()
      await expect(decode(coding, cut(bytes, coded.length - 1)), 'in the last chunk').rejects.toThrow()
    }
  })

  it.each(CODERS.slice(0, -1))('refuses %j that ends too early', async (coding, encode) => {
    const coded = encode(TEXT)
    for (const size of [0, 1, coded.length >> 1, coded.length - 1]) {
      await expect(decode(coding, [coded.subarray(0, size)]), `${size} bytes`).rejects.toThrow()
    }
    await expect(decode(coding, [])).rejects.toThrow()
  })

  it.each(CODERS.slice(0, -1))('refuses %j that is another thing, and goes on refusing', async (coding) => {
    const decoder = createContentDecoder(coding, () => undefined)
    await expect(decoder?.feed(Buffer.alloc(200_000, 0x41))).rejects.toThrow()
    await expect(decoder?.feed(Buffer.from('more'))).rejects.toThrow()
    await expect(decoder?.finish()).rejects.toThrow()
    decoder?.close()
  })

  it('refuses a gzip body whose checksum is wrong', async () => {
    const coded = Buffer.from(gzipSync(TEXT))
    const at = coded.length - 8
    coded[at] = (coded[at] ?? 0) ^ 1
    await expect(decode('gzip', [coded])).rejects.toThrow()
  })

  it('refuses raw deflate, which is not what the name says', async () => {
    await expect(decode('deflate', [deflateRawSync(TEXT)])).rejects.toThrow()
  })

  it('counts a bomb in small pieces', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000), { level: constants.Z_BEST_SPEED })
    let [counted, largest] = [0, 0]
    const decoder = createContentDecoder('gzip', (piece) => {
      counted += piece.length
      largest = Math.max(largest, piece.length)
    })
    await decoder?.feed(bomb)
    await decoder?.finish()
    decoder?.close()
    expect(counted).toBe(20_000_000)
    expect(largest).toBeLessThanOrEqual(64 * 1024)
  })

  it.each(['gzip, gzip', 'gzip, identity', 'compress', 'aes128gcm', 'gzip;q=1', 'constructor', '__proto__', 'gzipp'])(
    'does not know %j',
    (coding) => {
      expect(createContentDecoder(coding, () => undefined)).toBeNull()
    },
  )

  it('finishes an empty body that has no coding', async () => {
    expect((await decode(null, [])).all.length).toBe(0)
  })
})

describe('isIdentity', () => {
  it.each([
    [null, true],
    ['', true],
    ['  ', true],
    ['identity', true],
    [' Identity ', true],
    ['gzip', false],
    ['identity, gzip', false],
    ['identity, identity', false],
  ])('%j: %s', (coding, expected) => {
    expect(isIdentity(coding)).toBe(expected)
  })
})

describe('a coding that speaks aside', () => {
  it.each([
    ['gzip', '1f8b0800', false],
    ['gzip', '1f8b0801', false],
    ['gzip', '1f8b0804', true],
    [' X-GZIP ', '1f8b0808', true],
    ['gzip', '1f8b0810', true],
    ['gzip', '1f8b08', false],
    ['br', '1f8b0810', false],
    ['identity', '1f8b0810', false],
    [null, '1f8b0810', false],
  ])('%s that begins with %s: %s', (coding, head, expected) => {
    expect(speaksAside(coding, Buffer.from(head, 'hex'))).toBe(expected)
  })
})

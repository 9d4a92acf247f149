/** Compressions undone piece by piece: all of the output is handed on before the input is done, whoever waits for what. */
import { deflateRawSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type Compression, inflatedPieceBytes, Inflater } from '../../src/content/inflater.ts'

const TEXT = Buffer.from('a weir holds a river back and measures it; '.repeat(20_000))

const KINDS: readonly (readonly [Compression, (bytes: Buffer) => Buffer])[] = [
  ['deflate', deflateRawSync],
  ['zstd', zstdCompressSync],
]

/** Which of its calls a taker waits in, in turn. */
const WAITS: readonly (readonly [string, readonly boolean[]])[] = [
  ['never', [false]],
  ['always', [true]],
  ['first', [true, ...Array.from({ length: 99 }, () => false)]],
  ['now and then', [true, false, false, true, false]],
  ['later', [false, false, true, false]],
]

describe.each(KINDS)('%s', (kind, encode) => {
  it.each(WAITS)('is handed on whole to a taker that waits %s', async (_, waits) => {
    const coded = encode(TEXT)
    for (const size of [coded.length, 1, 100]) {
      const pieces: Buffer[] = []
      let isBusy = false
      const inflater = new Inflater(kind, (piece) => {
        expect(isBusy).toBe(false)
        expect(piece.length).toBeLessThanOrEqual(inflatedPieceBytes)
        pieces.push(Buffer.from(piece))
        if (waits[(pieces.length - 1) % waits.length] !== true) return
        isBusy = true
        return new Promise((resolve) => {
          setImmediate(() => {
            isBusy = false
            resolve()
          })
        })
      })
      for (let at = 0; at < coded.length; at += size) await inflater.feed(coded.subarray(at, at + size))
      expect(Buffer.concat(pieces).equals(TEXT)).toBe(true)
      await inflater.finish()
      expect([inflater.ended, inflater.consumed]).toEqual([true, coded.length])
      inflater.close()
    }
  })

  it('leaves over what stands behind its end', async () => {
    const coded = encode(TEXT)
    const behind = Buffer.concat([coded, Buffer.from('behind')])
    for (const size of [behind.length, 7, coded.length - 1]) {
      const inflater = new Inflater(kind, () => undefined)
      for (let at = 0; at < behind.length && !inflater.ended; at += size) {
        await inflater.feed(behind.subarray(at, at + size))
      }
      expect([inflater.ended, inflater.consumed]).toEqual([true, coded.length])
    }
  })

  it('rejects as its taker does, and goes on rejecting', async () => {
    for (const take of [() => Promise.reject(new Error('full')), (): void => raise('full')]) {
      const inflater = new Inflater(kind, take)
      await expect(inflater.feed(encode(TEXT))).rejects.toThrow('full')
      await expect(inflater.feed(encode(TEXT))).rejects.toThrow('full')
      await expect(inflater.finish()).rejects.toThrow('full')
    }
  })

  it('rejects what is broken or cut', async () => {
    const cut = new Inflater(kind, () => undefined)
    await cut.feed(encode(TEXT).subarray(0, -3))
    await expect(cut.finish()).rejects.toThrow()
    await expect(new Inflater(kind, () => undefined).feed(Buffer.alloc(99, 0xff))).rejects.toThrow()
  })
})

function raise(message: string): never {
  throw new Error(message)
}

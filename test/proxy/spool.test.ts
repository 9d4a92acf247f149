/** Held uploads: where the bytes are, that each limit holds at its edge, and that nothing is left behind. */
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { Hold, type SpoolLimits, SpoolQuota } from '../../src/proxy/spool.ts'
import { cut } from './body.ts'
import { openFilesIn, readOpenFilesIn } from './descriptors.ts'
import { temporaryFolder } from './folder.ts'

const LIMITS: SpoolLimits = {
  heldBytesMax: 1_000,
  heldMemoryBytesMax: 100,
  heldMemoryTotalBytesMax: 250,
  spoolBytesMax: 3_000,
  spoolBytesPerClientMax: 1_500,
}

const folder = temporaryFolder('spool')
const holds: Hold[] = []
afterEach(async () => {
  for (const each of holds.splice(0)) await each.discard()
  expect(openFilesIn(folder)).toEqual([])
})

function quotaOf(limits: Partial<SpoolLimits> = {}, directory = folder): SpoolQuota {
  return new SpoolQuota({ ...LIMITS, ...limits }, directory)
}

function hold(quota: SpoolQuota, client = '10.0.0.1'): Hold {
  const made = new Hold(quota, client)
  holds.push(made)
  return made
}

function bytes(size: number, seed = 7): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, at) => (at * 31 + seed) & 0xff))
}

async function released(from: Hold): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of from.release()) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

describe('a spool file', () => {
  it('is enciphered, each with a key stream of its own, and gives back what was held', async () => {
    const secret = Buffer.from('the very source of acme/monorepo '.repeat(10))
    const quota = quotaOf({ heldMemoryBytesMax: 0 })
    const [first, second] = [hold(quota, '10.0.0.1'), hold(quota, '10.0.0.2')]
    for (const held of [first, second]) {
      expect(await held.add(secret.subarray(0, 100))).toBe(true)
      expect(await held.add(secret.subarray(100))).toBe(true)
    }
    const [left, right] = readOpenFilesIn(folder)
    expect([left?.length, right?.length]).toEqual([secret.length, secret.length])
    for (const file of [left, right]) expect(file?.includes('source of acme')).toBe(false)
    expect(left?.equals(right ?? Buffer.alloc(0))).toBe(false)
    expect((await released(first)).equals(secret)).toBe(true)
    expect((await released(second)).equals(secret)).toBe(true)
  })
})

describe('a hold', () => {
  it('keeps in memory up to its limit, and the first byte past it in a file', async () => {
    const quota = quotaOf()
    const held = hold(quota)
    expect(await held.add(bytes(100))).toBe(true)
    expect([quota.memoryBytes, quota.bytes, openFilesIn(folder)]).toEqual([100, 0, []])
    expect(await held.add(bytes(1))).toBe(true)
    expect([quota.memoryBytes, quota.bytes, held.bytes]).toEqual([100, 1, 101])
    expect(openFilesIn(folder)).toHaveLength(1)
    expect(await released(held)).toEqual(Buffer.concat([bytes(100), bytes(1)]))
  })

  it('puts a first chunk that is one too large for memory into a file whole', async () => {
    const quota = quotaOf()
    const held = hold(quota)
    expect(await held.add(bytes(101))).toBe(true)
    expect([quota.memoryBytes, quota.bytes]).toEqual([0, 101])
  })

  it('goes on in the file once it has begun one, so that the order stays', async () => {
    const quota = quotaOf()
    const held = hold(quota)
    for (const [size, seed] of [
      [90, 1],
      [20, 2],
      [5, 3],
    ] as const) {
      expect(await held.add(bytes(size, seed))).toBe(true)
    }
    expect([quota.memoryBytes, quota.bytes]).toEqual([90, 25])
    expect(await released(held)).toEqual(Buffer.concat([bytes(90, 1), bytes(20, 2), bytes(5, 3)]))
  })

  it('takes up to its limit and not one byte more, and keeps what it has', async () => {
    const held = hold(quotaOf())
    expect(await held.add(bytes(999))).toBe(true)
    expect(await held.add(bytes(2))).toBe(false)
    expect(await held.add(bytes(1))).toBe(true)
    expect(await held.add(bytes(1))).toBe(false)
    expect(held.bytes).toBe(1_000)
    expect(await released(held)).toEqual(Buffer.concat([bytes(999), bytes(1)]))
  })

  it('has a file without a name, which is gone when it is discarded', async () => {
    const held = hold(quotaOf())
    await held.add(bytes(500))
    expect(openFilesIn(folder)).toEqual([expect.stringMatching(/ \(deleted\)$/)])
    expect(readdirSync(folder)).toEqual([])
    await held.discard()
    expect(openFilesIn(folder)).toEqual([])
  })

  it('gives everything back, whether it was released, discarded, discarded twice or released half', async () => {
    const quota = quotaOf()
    for (const end of ['release', 'discard', 'twice', 'half'] as const) {
      const held = hold(quota)
      await held.add(bytes(60))
      await held.add(bytes(200_000 % 900))
      expect(quota.bytes + quota.memoryBytes).toBeGreaterThan(0)
      if (end === 'release') await released(held)
      else if (end === 'half') for await (const piece of held.release()) if (piece.length > 0) break
      if (end === 'discard' || end === 'twice') await held.discard()
      if (end === 'twice') await held.discard()
      expect([quota.bytes, quota.memoryBytes, openFilesIn(folder)], end).toEqual([0, 0, []])
    }
  })

  it('gives a file back in pieces, whole', async () => {
    const held = hold(quotaOf({ heldBytesMax: 1e6, spoolBytesMax: 1e6, spoolBytesPerClientMax: 1e6 }))
    await held.add(bytes(200_001))
    const pieces: number[] = []
    let all = Buffer.alloc(0)
    for await (const piece of held.release()) {
      pieces.push(piece.length)
      all = Buffer.concat([all, piece])
    }
    expect(Math.max(...pieces)).toBeLessThanOrEqual(65_536)
    expect(all.equals(bytes(200_001))).toBe(true)
  })

  it('never goes on behind a hole: discarded before or during its release, it throws', async () => {
    const quota = quotaOf({ heldBytesMax: 1e6, spoolBytesMax: 1e6, spoolBytesPerClientMax: 1e6 })
    const before = hold(quota)
    await before.add(bytes(10))
    await before.discard()
    await expect(released(before)).rejects.toThrow('ended')
    await expect(before.add(bytes(1))).rejects.toThrow('ended')
    const during = hold(quota)
    await during.add(bytes(200_000))
    const pieces = during.release()
    expect((await pieces.next()).value).toHaveLength(65_536)
    await during.discard()
    await expect(pieces.next()).rejects.toThrow('ended')
  })

  it('keeps many small chunks as one piece of memory, for each buffer costs far more than its byte', async () => {
    const held = hold(quotaOf({ heldBytesMax: 1e5, heldMemoryBytesMax: 1e5, heldMemoryTotalBytesMax: 1e5 }))
    for (let at = 0; at < 10_000; at++) await held.add(Buffer.of(at & 0xff))
    const pieces: Buffer[] = []
    for await (const piece of held.release()) pieces.push(piece)
    expect(pieces).toEqual([Buffer.from(Array.from({ length: 10_000 }, (_, at) => at & 0xff))])
  })

  it('does not change when the caller writes into its chunk afterwards', async () => {
    const held = hold(quotaOf())
    const chunk = bytes(50)
    await held.add(chunk)
    chunk.fill(0)
    expect(await released(held)).toEqual(bytes(50))
  })

  it('gives its quota back when no file can be made', async () => {
    const quota = quotaOf({}, `${folder}/nowhere`)
    const held = hold(quota)
    await expect(held.add(bytes(500))).rejects.toThrow('ENOENT')
    await held.discard()
    expect(quota.bytes).toBe(0)
  })

  it('gives back what it was given, however it was cut, beside another one', async () => {
    const limits = { heldBytesMax: 1e6, spoolBytesMax: 1e6, spoolBytesPerClientMax: 1e6, heldMemoryTotalBytesMax: 150 }
    await fc.assert(
      fc.asyncProperty(
        fc.nat(400),
        fc.nat(400),
        fc.array(fc.nat(400), { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 8 }),
        async (sizeA, sizeB, edgesA, edgesB) => {
          const quota = quotaOf(limits)
          const [a, b] = [hold(quota, 'a'), hold(quota, 'b')]
          const [chunksA, chunksB] = [cut(bytes(sizeA, 1), edgesA), cut(bytes(sizeB, 2), edgesB)]
          for (let at = 0; at < Math.max(chunksA.length, chunksB.length); at++) {
            await Promise.all([a.add(Buffer.from(chunksA[at] ?? [])), b.add(Buffer.from(chunksB[at] ?? []))])
          }
          const [fromA, fromB] = await Promise.all([released(a), released(b)])
          expect(fromA.equals(bytes(sizeA, 1)) && fromB.equals(bytes(sizeB, 2))).toBe(true)
          expect([quota.bytes, quota.memoryBytes]).toEqual([0, 0])
        },
      ),
      { seed: 51, numRuns: 60 },
    )
  })
})

describe('the quota', () => {
  it('holds all memory together at its limit; past it chunks go to a file', async () => {
    const quota = quotaOf()
    const [a, b, c] = [hold(quota), hold(quota), hold(quota)]
    expect(await a.add(bytes(100))).toBe(true)
    expect(await b.add(bytes(100))).toBe(true)
    expect(await c.add(bytes(50))).toBe(true)
    expect([quota.memoryBytes, quota.bytes]).toEqual([250, 0])
    expect(await c.add(bytes(1))).toBe(true)
    expect([quota.memoryBytes, quota.bytes]).toEqual([250, 1])
    await a.discard()
    const d = hold(quota)
    expect(await d.add(bytes(100))).toBe(true)
    expect([quota.memoryBytes, quota.bytes]).toEqual([250, 1])
  })

  it('holds all files together at its limit', async () => {
    const quota = quotaOf({ spoolBytesMax: 1_000 })
    const [a, b] = [hold(quota, 'a'), hold(quota, 'b')]
    expect(await a.add(bytes(600))).toBe(true)
    expect(await b.add(bytes(401))).toBe(false)
    expect(await b.add(bytes(400))).toBe(true)
    expect(await a.add(bytes(1))).toBe(false)
    await b.discard()
    expect(await a.add(bytes(400))).toBe(true)
  })

  it('holds the files of one client at their limit, and lets another client have its own', async () => {
    const quota = quotaOf({ spoolBytesPerClientMax: 700 })
    const [a, again, b] = [hold(quota, 'a'), hold(quota, 'a'), hold(quota, 'b')]
    expect(await a.add(bytes(500))).toBe(true)
    expect(await again.add(bytes(201))).toBe(false)
    expect(await again.add(bytes(200))).toBe(true)
    expect(await a.add(bytes(1))).toBe(false)
    expect(await b.add(bytes(700))).toBe(true)
    await again.discard()
    expect(await a.add(bytes(200))).toBe(true)
    expect(quota.bytes).toBe(1_400)
  })

  it('forgets a client that holds nothing any more', () => {
    const quota = quotaOf()
    expect(quota.take('a', 1_500)).toBe(true)
    expect(quota.take('a', 1)).toBe(false)
    quota.giveBack('a', 1_500)
    expect(quota.take('a', 1_500)).toBe(true)
    quota.giveBack('a', 0)
    expect(quota.bytes).toBe(1_500)
  })
})

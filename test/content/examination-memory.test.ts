/** What an examination keeps of a large upload: less than 16 MiB, whatever it is wrapped in. */
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createExamination } from '../../src/content/examination.ts'
import { DEFAULT_EXAMINATION_LIMITS } from '../../src/content/examination-limits.ts'
import { TAR_END, tarHeader, tarMember } from './support/tar.ts'
import { makeZip } from './support/zip.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const MAX_BYTES = 16 * 1024 * 1024
const SWEEP_MS = 20
const PIECE_BYTES = 65_536

const NOISE = Buffer.alloc(1024 * 1024)
for (let at = 0, state = 7; at < NOISE.length; at++) {
  state = (state * 48_271) % 0x7fffffff
  NOISE[at] = (state >> 8) & 0xff
}
const LARGE = Buffer.concat(Array.from({ length: 12 }, () => NOISE))

const WIDE = zstdCompressSync(LARGE, {
  params: { [constants.ZSTD_c_windowLog]: 23, [constants.ZSTD_c_compressionLevel]: 1 },
})

/** A tar of so many empty members, with names of their own. */
function manyMembers(count: number): Buffer {
  return Buffer.concat([...Array.from({ length: count }, (_, at) => tarHeader(`${'n'.repeat(80)}${at}`, 0)), TAR_END])
}

const BODIES: readonly (readonly [string, () => Buffer, string | null])[] = [
  ['noise', () => LARGE, null],
  ['base64 in JSON', () => Buffer.from(JSON.stringify({ a: LARGE.toString('base64') })), 'application/json'],
  [
    'zstd with the largest window in gzip in a zip',
    () => makeZip([{ name: 'a', content: gzipSync(WIDE), method: 0 }]),
    null,
  ],
  [
    'parts',
    () => Buffer.concat([Buffer.from('--b\r\n\r\n'), LARGE, Buffer.from('\r\n--b--')]),
    'multipart/mixed; boundary=b',
  ],
  ['a form', () => Buffer.from(`a=${'%41'.repeat(4_000_000)}`), 'application/x-www-form-urlencoded'],
  ['a tar of 20,000 members', () => manyMembers(20_000), null],
  [
    'a zip of 20,000 members',
    () =>
      makeZip(
        Array.from({ length: 20_000 }, (_, at) => ({
          name: `${'n'.repeat(200)}${at}`,
          content: Buffer.from(String(at)),
          method: 0,
        })),
      ),
    null,
  ],
  [
    'a zip of broken archives',
    () =>
      makeZip(
        Array.from({ length: 4_000 }, (_, at) => ({
          name: `${at}.gz`,
          content: gzipSync(NOISE.subarray(0, 9_000)).subarray(0, 8_000),
          method: 0,
        })),
      ),
    null,
  ],
  ['a long name of JSON', () => Buffer.from(`{"${'n'.repeat(12_000_000)}":1}`), null],
  ['a long line of headers', () => Buffer.from(`--b\r\nA: ${'n'.repeat(12_000_000)}`), 'multipart/mixed; boundary=b'],
  [
    'tars in one another',
    () => Array.from({ length: 4 }).reduce<Buffer>((inner) => tarMember('a', inner), LARGE),
    null,
  ],
]

async function usedBytes(): Promise<number> {
  collectGarbage()
  await sleep(SWEEP_MS)
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe('an examination keeps little of', () => {
  it.each(BODIES)('%s', async (_, make, contentType) => {
    const body = make()
    const before = await usedBytes()
    const limits = { ...DEFAULT_EXAMINATION_LIMITS, archiveDepthMax: 8 }
    const examination = createExamination({ kind: 'body', contentType, size: null }, { watches: [], limits })
    let most = 0
    const step = Math.ceil(body.length / 4 / PIECE_BYTES) * PIECE_BYTES
    for (let at = 0; at < body.length; at += PIECE_BYTES) {
      await examination.feed(body.subarray(at, at + PIECE_BYTES))
      if (at % step === 0) most = Math.max(most, (await usedBytes()) - before)
    }
    most = Math.max(most, (await usedBytes()) - before)
    expect(most).toBeLessThan(MAX_BYTES)
    expect((await examination.finish()).facts.bytes).toBe(body.length)
  })
})

/** What a watch keeps of one endless piece: the beginning, to know a small blob by, and no more. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { watchOwnSource } from '../../../src/content/fingerprints/own-source.ts'
import { SMALL_BYTES_MAX } from '../../../src/content/fingerprints/parameters.ts'
import { makeCode } from './code.ts'
import { indexOf, LEAF } from './small-index.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const SLACK_BYTES = 4_000_000
const TIMES = 200

function usedBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe('a watch', () => {
  it('of a piece that carries one’s own source again and again keeps what it found once', () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`${at}.ts`, makeCode(at, 80)]))
    const all = Buffer.from(Object.values(files).join('\n'))
    const watch = watchOwnSource(indexOf({ app: files }))
    const reader = watch.open(LEAF)
    void reader?.push(all)
    const before = usedBytes()
    for (let time = 0; time < TIMES; time++) void reader?.push(all)
    expect(all.length * TIMES).toBeGreaterThan(20_000_000)
    expect(usedBytes() - before).toBeLessThan(SMALL_BYTES_MAX + SLACK_BYTES)
    void reader?.end(null)
    const found = watch.found()
    expect(found?.repositories).toMatchObject([{ name: 'app', blobs: 0, partial: 1 }])
    expect((found?.bytes ?? 0) / (found?.ofBytes ?? 1)).toBeGreaterThan(0.9)
  })
})

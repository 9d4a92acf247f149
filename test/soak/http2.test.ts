/** Much data by HTTP/2 in short: the whole of it is `npm run soak:http2`. */
import { expect, it } from 'vitest'
import { faultsOf } from './http2/faults.ts'
import { playHttp2Soak } from './http2/play.ts'

const MB = 1_000_000

it('carries 64 MB each way, quickly and slowly, in memory that stays', async () => {
  const lines: string[] = []
  const result = await playHttp2Soak({ bytes: 64 * MB, slowBytes: 6 * MB }, (line) => lines.push(line))
  expect(faultsOf(result), lines.join('\n')).toEqual([])
  expect(result.steps.length).toBe(7)
}, 240_000)

it('tells of bytes that are missing, of memory that grows, and of readers that nobody waits for', () => {
  const step = { name: 'a step', received: 10, expected: 10, seconds: 1, growthBytes: 1, aheadBytes: 1 }
  const faults = (more: object): number => faultsOf({ baselineBytes: 0, steps: [{ ...step, ...more }] }).length
  const [growth, ahead] = [64 * 1024 * 1024, 4 * 1024 * 1024]
  expect([faults({}), faults({ received: 9 })]).toEqual([0, 1])
  expect([faults({ growthBytes: growth - 1 }), faults({ growthBytes: growth })]).toEqual([0, 1])
  expect([faults({ aheadBytes: ahead - 1 }), faults({ aheadBytes: ahead })]).toEqual([0, 1])
})

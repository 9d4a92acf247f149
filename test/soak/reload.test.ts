/** Reload under load in short: the whole of it is `npm run soak:reload`. */
import { expect, it } from 'vitest'
import { playReload } from './reload/play.ts'

it('loses no flow, and judges each by one policy', async () => {
  const result = await playReload({ rules: 500, hosts: 20_000, reloads: 4 }, () => undefined)
  expect(result.lost).toEqual([])
  expect(result.torn).toEqual([])
  expect(result.policies).toBe(2)
  expect(Math.min(result.allowed, result.denied)).toBeGreaterThan(0)
}, 240_000)

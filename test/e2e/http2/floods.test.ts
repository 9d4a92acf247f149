/** Floods of HTTP/2 beside honest clients, in short: all of them, and the whole measure, is `npm run soak:floods`. */
import { expect, it } from 'vitest'
import { attackOf } from './floods/attacks.ts'
import { type Bounds, faultsOf } from './floods/faults.ts'
import { playFlood } from './floods/play.ts'

/** With room for a machine that does other things besides. */
const BOUNDS: Bounds = { rateKept: 0.3, p99MsMax: 4_000, growthBytesMax: 128 * 1024 * 1024 }

it.each(['rapid-reset', 'continuation', 'hpack-bomb', 'settings-that-change', 'many-downloads-without-a-window'])(
  '%s ends, is told, and keeps nobody from being served',
  async (name) => {
    const plan = { attack: attackOf(name), forMs: 2_000, calmMs: 500, perSecond: 100, endsWithinMs: 15_000 }
    const result = await playFlood(plan)
    expect(faultsOf(result, BOUNDS)).toEqual([])
  },
  90_000,
)

it.each([
  ['connections that are not ended', { unended: 1 }, {}, '1 connections of the attacker were not ended'],
  ['half the rate', {}, { served: 100 }, 'honest clients kept 25 % of their rate'],
  ['a long wait', {}, { p99Ms: 4_001 }, 'honest clients waited 4001 ms (p99)'],
])('judges %s', (_, toll, during, fault) => {
  const measure = { seconds: 4, offered: 400, served: 400, p50Ms: 1, p99Ms: 4_000, longestMs: 5_000, faults: [] }
  const held = {
    attack: attackOf('ping'),
    toll: { connections: 4, refused: 0, unended: 0, longestMs: 1, megabytes: 1 },
    calm: measure,
    during: measure,
    growthBytes: BOUNDS.growthBytesMax,
    told: { 'client-flood': 2 },
  }
  expect(faultsOf(held, BOUNDS)).toEqual([])
  const broken = { ...held, toll: { ...held.toll, ...toll }, during: { ...measure, ...during } }
  expect(faultsOf(broken, BOUNDS)).toEqual([fault])
  const past = { ...held, growthBytes: BOUNDS.growthBytesMax + 1, told: { 'client-flood': 1 } }
  expect(faultsOf(past, BOUNDS)).toEqual(['memory grew by 128 MiB', 'the record does not tell of it'])
})

/** The short run of the fuzzing: each parser, with the same inputs each time. `npm run fuzz` goes on from there. */
import { describe, expect, it } from 'vitest'
import { TARGETS } from './registry.ts'

const SEED = 20

describe('a parser holds to its promises, whatever comes', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))('%s', async (_, target) => {
    const { runs, finding } = await target.run({ seed: SEED, runs: target.shortRuns })
    expect(finding).toBeNull()
    expect(runs).toBe(target.shortRuns)
  })
})

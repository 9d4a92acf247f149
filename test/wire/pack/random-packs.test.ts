import { describe, expect, it } from 'vitest'
import { compareRandomPack } from '../../pack/random-packs.ts'

const SEEDS = Array.from({ length: 25 }, (_, seed) => seed + 1)

// `npm run pack:compare` takes 200, and those of real projects.
describe('a pack of a random repository is read as git reads it', () => {
  it.each(SEEDS)('seed %d', async (seed) => {
    expect((await compareRandomPack(seed)).faults).toEqual([])
  })
})

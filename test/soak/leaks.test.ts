/** The leak test in short: the whole of it is `npm run soak:leaks`. */
import { expect, it } from 'vitest'
import { faultsOf } from './leaks/faults.ts'
import { playLeaks } from './leaks/play.ts'

it('holds nothing after mixed flows that it did not hold before, and an idle tunnel costs little', async () => {
  const lines: string[] = []
  const result = await playLeaks({ flows: 600, idleTunnels: 400, rounds: 0, flowsPerRound: 0, seed: 7 }, (line) => {
    lines.push(line)
  })
  expect(faultsOf(result), lines.join('\n')).toEqual([])
}, 240_000)

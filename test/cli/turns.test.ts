import { describe, expect, it } from 'vitest'
import { runInTurns, turnBudgetMs } from '../../src/cli/turns.ts'

function* busy(steps: number, ms: number): Generator<void, string> {
  for (let at = 0; at < steps; at++) {
    const end = performance.now() + ms
    while (performance.now() < end);
    yield
  }
  return 'done'
}

describe('runInTurns', () => {
  it('lets others have their turn after every few milliseconds', async () => {
    let turns = 0
    const count = (): void => {
      turns++
      next = setImmediate(count)
    }
    let next = setImmediate(count)
    expect(await runInTurns(busy(20, turnBudgetMs))).toBe('done')
    clearImmediate(next)
    expect(turns).toBeGreaterThanOrEqual(19)
  })

  it('runs short steps one behind the other', async () => {
    let turns = 0
    const next = setInterval(() => turns++, 0)
    await runInTurns(busy(5, 0))
    clearInterval(next)
    expect(turns).toBe(0)
  })

  it('fails as a step does, and ends when it is told to', async () => {
    const broken = function* (): Generator<void, never> {
      yield
      throw new Error('broken')
    }
    await expect(runInTurns(broken())).rejects.toThrow('broken')
    await expect(runInTurns(busy(1_000_000, 1), AbortSignal.timeout(20))).rejects.toThrow('timeout')
  })
})

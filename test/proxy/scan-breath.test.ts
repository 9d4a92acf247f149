/** How the looks of one thread take turns, with a clock of the test's own. */
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Breath, LookEnded, StandingBack } from '../../src/proxy/scan-breath.ts'

const SLICE_MS = 4

class Clock {
  time = 0
  /** Of the time, when others had the processor. */
  taken = 0
  readonly now = (): number => this.time
  readonly worked = (): number => this.time - this.taken
}

interface Desk {
  readonly breath: Breath
  readonly clock: Clock
  lives: number
}

function desk(workMsMax = 1_000, standing = new StandingBack()): Desk {
  const clock = new Clock()
  const made: Desk = {
    breath: new Breath({
      standing,
      workMsMax,
      now: clock.now,
      worked: clock.worked,
      live: () => {
        made.lives += 1
      },
    }),
    clock,
    lives: 0,
  }
  return made
}

/** Whether it stood back, behind so many milliseconds of work. */
async function standsBackAfter({ breath, clock }: Desk, ms: number, takenMs = 0): Promise<boolean> {
  let stoodBack = false
  await breath.run(async () => {
    clock.time += ms
    clock.taken += takenMs
    const wait = breath.breathe()
    stoodBack = wait !== undefined
    await wait
  })
  return stoodBack
}

describe('a look', () => {
  it('stands back when its slice is over, not before, and says that it lives', async () => {
    const early = desk()
    expect([await standsBackAfter(early, SLICE_MS - 0.1), early.lives]).toEqual([false, 0])
    const late = desk()
    expect([await standsBackAfter(late, SLICE_MS), late.lives]).toEqual([true, 1])
  })

  it('counts its steps together, and nothing of the time between them', async () => {
    const one = desk()
    expect(await standsBackAfter(one, SLICE_MS / 2)).toBe(false)
    one.clock.time += 100
    expect(await standsBackAfter(one, SLICE_MS / 2 - 0.1)).toBe(false)
    expect(await standsBackAfter(one, 0.1)).toBe(true)
    expect(await standsBackAfter(one, SLICE_MS - 0.1)).toBe(false)
  })

  it('ends when it has worked longer than it may, however it is cut', async () => {
    const one = desk(10)
    for (const ms of [5, 5]) await standsBackAfter(one, ms)
    await expect(standsBackAfter(one, SLICE_MS)).rejects.toThrow(new LookEnded('it takes too long to look at'))
  })

  it('does not count as work when others have the processor', async () => {
    const one = desk(10)
    for (let turn = 0; turn < 5; turn++) {
      expect(await standsBackAfter(one, 101, 100)).toBe(true)
    }
  })

  it('does not count as work what it waits for', async () => {
    const one = desk(10)
    await one.breath.run(async () => {
      for (let turn = 0; turn < 2; turn++) {
        one.clock.time += SLICE_MS
        const wait = one.breath.breathe()
        one.clock.time += 1_000
        await wait
      }
    })
    expect(one.lives).toBe(2)
  })

  it('does not come back to its step when nobody wants to know any more', async () => {
    const one = desk()
    const step = standsBackAfter(one, SLICE_MS)
    one.breath.end()
    await expect(step).rejects.toThrow(new LookEnded('nobody wants to know any more'))
  })

  it('breathes freely outside of a step', () => {
    const one = desk()
    one.clock.time += 100
    expect(one.breath.breathe()).toBeUndefined()
  })
})

it('lets one go on at a time, the first that stood back, and hears what has come in between', async () => {
  const standing = new StandingBack()
  const order: string[] = []
  const waits = ['a', 'b', 'c'].map((name) => standing.wait().then(() => void order.push(name)))
  await setImmediate()
  expect(order).toEqual(['a'])
  await setImmediate()
  expect(order).toEqual(['a', 'b'])
  await Promise.all(waits)
  expect(order).toEqual(['a', 'b', 'c'])
})

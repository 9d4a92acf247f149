import { describe, expect, it } from 'vitest'
import type { RunStamp } from '../../src/store/ledger-store.ts'
import { LedgerTime, systemClock } from '../../src/store/ledger-time.ts'
import { ManualClock } from './support/manual-clock.ts'

const HOUR_MS = 3_600_000

describe('the ledger’s time within a run', () => {
  it.each([
    ['forward', 24 * HOUR_MS],
    ['back', -24 * HOUR_MS],
  ])('is not moved by a wall clock that steps %s', (_, stepMs) => {
    const clock = new ManualClock()
    const time = new LedgerTime(clock, null)
    const startMs = time.nowMs()
    clock.wall += stepMs
    expect(time.nowMs()).toBe(startMs)
    clock.pass(5)
    expect(time.nowMs()).toBe(startMs + 5)
  })

  it('never goes back, whatever its clock does', () => {
    const clock = new ManualClock()
    const time = new LedgerTime(clock, null)
    clock.pass(100)
    const latestMs = time.nowMs()
    clock.monotonic -= 50
    expect(time.nowMs()).toBe(latestMs)
    expect(time.stamp('run').ledgerMs).toBe(latestMs)
  })
})

describe('the ledger’s time in a later run', () => {
  const cases: readonly (readonly [string, (clock: ManualClock) => void, number])[] = [
    ['counts what passed, in the same boot', (clock) => clock.pass(500), 500],
    [
      'goes by the monotonic clock alone in the same boot',
      (clock) => {
        clock.pass(500)
        clock.wall += HOUR_MS
      },
      500,
    ],
    [
      'goes by the wall clock after a reboot',
      (clock) => {
        clock.pass(500)
        clock.bootId = 'boot-2'
        clock.monotonic = 3
      },
      500,
    ],
    [
      'goes by the wall clock where no boot can be told',
      (clock) => {
        clock.pass(500)
        clock.bootId = null
        clock.monotonic += HOUR_MS
      },
      500,
    ],
    [
      'stands still where the wall clock has gone back over a reboot',
      (clock) => {
        clock.bootId = 'boot-2'
        clock.wall -= HOUR_MS
      },
      0,
    ],
    [
      'stands still where the monotonic clock of the same boot has gone back',
      (clock) => {
        clock.monotonic -= HOUR_MS
      },
      0,
    ],
    [
      'cannot tell a step forward over a reboot from time that passed',
      (clock) => {
        clock.bootId = 'boot-2'
        clock.wall += HOUR_MS
      },
      HOUR_MS,
    ],
  ]

  it.each(cases)('%s', (_, change, passedMs) => {
    const clock = new ManualClock()
    const first = new LedgerTime(clock, null)
    clock.pass(7)
    const last = first.stamp('first')
    change(clock)
    expect(new LedgerTime(clock, last).nowMs()).toBe(last.ledgerMs + passedMs)
  })

  it('does not believe a boot that was not told in either run', () => {
    const clock = new ManualClock()
    clock.bootId = null
    const last: RunStamp = new LedgerTime(clock, null).stamp('first')
    clock.monotonic += HOUR_MS
    expect(new LedgerTime(clock, last).nowMs()).toBe(last.ledgerMs)
  })
})

describe('the clocks of this machine', () => {
  it('tell a monotonic time that is the same for every process', () => {
    const before = Number(process.hrtime.bigint()) / 1e6
    const read = systemClock().monotonicMs()
    const after = Number(process.hrtime.bigint()) / 1e6
    expect(read).toBeGreaterThanOrEqual(before - 1)
    expect(read).toBeLessThanOrEqual(after + 1)
  })

  it.runIf(process.platform === 'linux')('tell the boot', () => {
    expect(systemClock().bootId).toMatch(/^[0-9a-f-]{36}$/)
  })
})

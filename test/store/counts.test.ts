import assert from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import type { BudgetKey } from '../../src/flow/ledger.ts'
import { Counts, COUNTS_MAX, COUNTS_PER_BUDGET_MAX, KEY_CHARACTERS_MAX } from '../../src/store/counts.ts'

function key(budget: string, name: string): BudgetKey {
  return { budget, key: name, windowMs: 1_000, size: 10 }
}

function fill(counts: Counts, budget: string, from: number, count: number): void {
  for (let at = from; at < from + count; at++) {
    const wanted = key(budget, `host:${at}`)
    assert(counts.hasRoom([wanted]))
    counts.enter(wanted, 0)
  }
}

describe('the counts', () => {
  it('are bounded for one budget, which leaves room for the others', () => {
    const counts = new Counts()
    fill(counts, 'hosts', 0, COUNTS_PER_BUDGET_MAX)
    expect(counts.hasRoom([key('hosts', 'one more')])).toBe(false)
    expect(counts.hasRoom([key('hosts', 'host:0')])).toBe(true)
    expect(counts.hasRoom([key('users', 'ada')])).toBe(true)
    expect(counts.hasRoom([key('users', 'ada'), key('hosts', 'one more')])).toBe(false)
  })

  it('are bounded together', () => {
    const counts = new Counts({ countsPerBudgetMax: COUNTS_MAX })
    fill(counts, 'hosts', 0, COUNTS_MAX - 1)
    expect(counts.hasRoom([key('users', 'ada'), key('users', 'grace')])).toBe(false)
    counts.enter(key('users', 'ada'), 0)
    expect(counts.hasRoom([key('users', 'grace')])).toBe(false)
    expect(counts.hasRoom([key('users', 'ada')])).toBe(true)
  })

  it('have room for all of one reservation or for none', () => {
    const counts = new Counts({ countsPerBudgetMax: 2 })
    const keys = ['a', 'b', 'c'].map((name) => key('hosts', name))
    expect(counts.hasRoom(keys)).toBe(false)
    expect(counts.hasRoom(keys.slice(1))).toBe(true)
  })

  it.each([
    [KEY_CHARACTERS_MAX, true],
    [KEY_CHARACTERS_MAX + 1, false],
  ])('take a key of %i characters: %s', (length, taken) => {
    expect(new Counts().hasRoom([key('hosts', 'x'.repeat(length))])).toBe(taken)
  })

  it('have room again when one was removed', () => {
    const counts = new Counts({ countsMax: 1 })
    const count = counts.enter(key('hosts', 'a'), 0)
    counts.remove(count)
    counts.remove(count)
    expect([...counts]).toEqual([])
    expect(counts.hasRoom([key('hosts', 'b')])).toBe(true)
    counts.enter(key('hosts', 'b'), 0)
    expect(counts.hasRoom([key('hosts', 'c')])).toBe(false)
  })

  it('take in all that was kept, however much', () => {
    const counts = new Counts({ countsMax: 1 })
    const rows = ['a', 'b'].map((name) => ({ ...key('hosts', name), leasedBytes: 5, sent: [] }))
    counts.restore(rows, 0)
    expect([...counts].length).toBe(2)
    expect(counts.hasRoom([key('hosts', 'a'), key('hosts', 'b')])).toBe(true)
    expect(counts.hasRoom([key('hosts', 'c')])).toBe(false)
  })
})

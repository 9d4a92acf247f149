import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BudgetKey } from '../../src/flow/ledger.ts'
import { type DurableLedger, startLedger } from '../../src/store/ledger.ts'
import { RETRY_MS, WAITING_FLOWS_MAX } from '../../src/store/lease-writer.ts'
import { ManualClock } from './support/manual-clock.ts'
import { MemoryStore } from './support/memory-store.ts'

const ADA: BudgetKey = { budget: 'daily', key: 'user:ada', windowMs: 86_400_000, size: 1_000_000 }
const GRACE: BudgetKey = { ...ADA, key: 'user:grace' }

let store: MemoryStore
let ledger: DurableLedger

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  store = new MemoryStore()
  ledger = await startLedger({ store, clock: new ManualClock() })
})

afterEach(() => {
  vi.useRealTimers()
})

async function heal(): Promise<void> {
  store.mood = 'works'
  await vi.advanceTimersByTimeAsync(RETRY_MS)
}

describe('a store that fails', () => {
  it('denies everyone who waits for it, and holds nothing of theirs', async () => {
    store.mood = 'fails'
    const outcomes = await Promise.all([ADA, GRACE, ADA].map(async (key) => ledger.open([key]).extend(10)))
    expect(outcomes.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
    expect(ledger.uses(9)).toEqual([])
    expect(ledger.fault).toBe('the disk is full')
  })

  it('denies what leases at hand would cover, until it works again', async () => {
    await ledger.open([ADA]).extend(10)
    expect(ledger.open([ADA]).extend(10)).toEqual({ state: 'reserved' })
    store.mood = 'fails'
    await ledger.open([GRACE]).extend(10)
    expect(ledger.writable).toBe(false)
    expect(ledger.open([ADA]).extend(10)).toEqual({ state: 'failed' })
    await heal()
    expect(ledger.writable).toBe(true)
    expect(ledger.fault).toBeNull()
    expect(ledger.open([ADA]).extend(10)).toEqual({ state: 'reserved' })
  })

  it('denies those who came while the write that fails was on its way', async () => {
    store.mood = 'fails'
    const first = ledger.open([ADA]).extend(10)
    await Promise.resolve()
    const second = ledger.open([GRACE]).extend(10)
    expect(await first).toEqual({ state: 'failed' })
    expect(await second).toEqual({ state: 'failed' })
    expect(ledger.uses(9)).toEqual([])
  })

  it('goes away by itself: that denies before anything is asked of it', async () => {
    store.lose('the thread has ended')
    expect(ledger.writable).toBe(false)
    expect(ledger.fault).toBe('the thread has ended')
    await heal()
    expect(ledger.writable).toBe(true)
  })

  it('is tried again and again', async () => {
    store.mood = 'fails'
    await ledger.open([ADA]).extend(10)
    const opens = store.opens
    await vi.advanceTimersByTimeAsync(3 * RETRY_MS)
    expect(store.opens).toBe(opens + 3)
    expect(ledger.fault).toBe('the disk is out of order')
  })

  it('has all counts again when it works, though its file was lost', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(10)
    store.mood = 'fails'
    await ledger.open([GRACE]).extend(10)
    reservation.settle(7)
    store.disk.rows.clear()
    store.disk.run = null
    await heal()
    await ledger.close()
    const next = await startLedger({ store, clock: new ManualClock() })
    expect(next.uses(9).map(({ usedBytes }) => usedBytes)).toEqual([7])
  })

  it('is not overwritten where another process has written it meanwhile', async () => {
    store.lose('locked')
    const { disk } = store
    disk.run = disk.run === null ? null : { ...disk.run, owner: 'another' }
    const writes = store.batches.length
    await heal()
    await heal()
    expect(store.batches.length).toBe(writes)
    expect(ledger.fault).toContain('another process')
    expect(ledger.open([ADA]).extend(1)).toEqual({ state: 'failed' })
  })

  it('is left alone after a close', async () => {
    store.lose('gone')
    await ledger.close()
    const opens = store.opens
    await heal()
    expect(store.opens).toBe(opens)
  })
})

describe('flows that wait', () => {
  it('are bounded', async () => {
    const outcomes = Array.from({ length: WAITING_FLOWS_MAX + 1 }, async (_, at) =>
      ledger.open([{ ...ADA, budget: `b${at % 5}`, key: `user:${at}` }]).extend(1),
    )
    const states = (await Promise.all(outcomes)).map(({ state }) => state)
    expect(states.indexOf('failed')).toBe(WAITING_FLOWS_MAX)
    expect(ledger.writable).toBe(true)
    expect(ledger.uses(WAITING_FLOWS_MAX + 2).length).toBe(WAITING_FLOWS_MAX)
  })

  it('take what others give back before more is leased', async () => {
    const small = { ...ADA, size: 100 }
    const first = ledger.open([small])
    await first.extend(60)
    const second = ledger.open([small]).extend(40)
    first.settle(0)
    expect(await second).toEqual({ state: 'reserved' })
    expect(store.batches.at(-1)?.puts[0]?.leasedBytes).toBe(60)
    expect(ledger.open([small]).extend(20)).toEqual({ state: 'reserved' })
  })

  it('are answered before a close', async () => {
    const outcome = ledger.open([ADA]).extend(10)
    const closed = ledger.close()
    expect(await outcome).toEqual({ state: 'reserved' })
    await closed
    expect(store.disk.rows.get('daily user:ada')?.leasedBytes).toBe(10)
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BudgetKey, ReserveOutcome } from '../../src/flow/ledger.ts'
import { type DurableLedger, LEASE_IDLE_MS, type LedgerOptions, startLedger } from '../../src/store/ledger.ts'
import { LEASE_BYTES_MAX } from '../../src/store/lease-writer.ts'
import { LEASE_SHARE } from '../../src/store/count.ts'
import { SLICES } from '../../src/store/sliding-sum.ts'
import { ManualClock } from './support/manual-clock.ts'
import { MemoryStore } from './support/memory-store.ts'

const HOUR_MS = 3_600_000
const SIZE = 1_000_000
const ADA: BudgetKey = { budget: 'daily', key: 'user:ada', windowMs: 24 * HOUR_MS, size: SIZE }
const REPOSITORY: BudgetKey = { budget: 'each', key: 'repository:x/y', windowMs: HOUR_MS, size: 1_000 }
const RESERVED: ReserveOutcome = { state: 'reserved' }
const FAILED: ReserveOutcome = { state: 'failed' }

let clock: ManualClock
let store: MemoryStore
let ledger: DurableLedger

function start(options: Omit<LedgerOptions, 'store'> = {}): Promise<DurableLedger> {
  return startLedger({ store, clock, ...options })
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  clock = new ManualClock()
  store = new MemoryStore()
  ledger = await start()
})

afterEach(() => {
  vi.useRealTimers()
})

async function pass(ms: number): Promise<void> {
  clock.pass(ms)
  await vi.advanceTimersByTimeAsync(Math.min(ms, 2 * LEASE_IDLE_MS))
}

function used(of: DurableLedger = ledger): readonly number[] {
  return of.uses(10).map(({ usedBytes }) => usedBytes)
}

describe('a reservation', () => {
  it('is given exactly what is left, and not a byte more', async () => {
    expect(await ledger.open([ADA]).extend(SIZE - 5)).toEqual(RESERVED)
    expect(await ledger.open([ADA]).extend(6)).toEqual({ state: 'exceeded', budget: 'daily', left: 5 })
    expect(await ledger.open([ADA]).extend(5)).toEqual(RESERVED)
    expect(await ledger.open([ADA]).extend(1)).toEqual({ state: 'exceeded', budget: 'daily', left: 0 })
  })

  it('answers at once from the lease, and after the store where the lease does not reach', async () => {
    const first = ledger.open([ADA]).extend(1)
    expect(first).toBeInstanceOf(Promise)
    await first
    const lease = SIZE / LEASE_SHARE
    expect(ledger.open([ADA]).extend(lease - 1)).toEqual(RESERVED)
    expect(ledger.open([ADA]).extend(1)).toBeInstanceOf(Promise)
  })

  it('uses up the lease by what it sends, and not by what it gives back', async () => {
    const lease = SIZE / LEASE_SHARE
    for (let sent = 0; sent < lease; sent += 1_000) {
      const reservation = ledger.open([ADA])
      expect(await reservation.extend(1_000)).toEqual(RESERVED)
      reservation.settle(1_000)
      const idle = ledger.open([ADA])
      if (sent + 1_000 < lease) expect(idle.extend(1_000)).toEqual(RESERVED)
      idle.settle(0)
    }
    expect(ledger.open([ADA]).extend(1)).toBeInstanceOf(Promise)
  })

  it('uses up the lease by what it sends while a further one is on its way', async () => {
    const first = ledger.open([ADA])
    await first.extend(1_000)
    const second = ledger.open([ADA]).extend(SIZE / 2)
    await Promise.resolve()
    await Promise.resolve()
    expect(store.batches.at(-1)?.puts).toMatchObject([{ sent: [] }])
    first.settle(1_000)
    expect(await second).toEqual(RESERVED)
    const leased = store.batches.at(-1)?.puts[0]?.leasedBytes ?? 0
    expect(ledger.open([ADA]).extend(leased - SIZE / 2 - 1_000)).toEqual(RESERVED)
    expect(ledger.open([ADA]).extend(1)).toBeInstanceOf(Promise)
  })

  it('gives back what was not sent, at once and without the store', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    const writes = store.batches.length
    reservation.settle(400)
    expect(used()).toEqual([400])
    expect(ledger.open([ADA]).extend(600)).toEqual(RESERVED)
    expect(store.batches.length).toBe(writes)
  })

  it('is settled once', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    reservation.settle(400)
    reservation.settle(0)
    expect(used()).toEqual([400])
    expect(reservation.extend(1)).toEqual(FAILED)
  })

  it('that is settled while it waits is not given what it waited for', async () => {
    const reservation = ledger.open([ADA])
    const outcome = reservation.extend(1_000)
    reservation.settle(0)
    expect(await outcome).toEqual(FAILED)
    expect(used()).toEqual([])
  })

  it('takes nothing of its other counts where one is exceeded', async () => {
    await ledger.open([REPOSITORY]).extend(900)
    expect(await ledger.open([ADA, REPOSITORY]).extend(101)).toEqual({ state: 'exceeded', budget: 'each', left: 100 })
    expect(used()).toEqual([900])
  })

  it('takes of a count that it names twice only once, and holds to the smaller size', async () => {
    const reservation = ledger.open([ADA, { ...ADA, size: 100 }])
    expect(await reservation.extend(100)).toEqual(RESERVED)
    expect(used()).toEqual([100])
    expect(await reservation.extend(1)).toEqual({ state: 'exceeded', budget: 'daily', left: 0 })
  })

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('throws for %d bytes', async (bytes) => {
    const reservation = ledger.open([ADA])
    await reservation.extend(10)
    expect(() => reservation.extend(bytes)).toThrow('cannot reserve')
    expect(() => reservation.settle(bytes)).toThrow(/sent/)
  })

  it('throws where more was sent than reserved, and goes on holding all', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(10)
    expect(() => reservation.settle(11)).toThrow('sent 11 bytes of 10 reserved')
    expect(used()).toEqual([10])
  })

  it('fails where it needs a count more than may live, until one of them is over', async () => {
    const full = await start({ countsMax: 1 })
    const reservation = full.open([REPOSITORY])
    expect(await reservation.extend(10)).toEqual(RESERVED)
    expect(full.open([ADA, REPOSITORY]).extend(10)).toEqual(FAILED)
    expect(full.writable).toBe(true)
    reservation.settle(0)
    await pass(LEASE_IDLE_MS)
    expect(await full.open([ADA]).extend(10)).toEqual(RESERVED)
  })

  it('of no bytes or no counts costs nothing', () => {
    expect(ledger.open([ADA]).extend(0)).toEqual(RESERVED)
    expect(ledger.open([]).extend(10)).toEqual(RESERVED)
    expect(used()).toEqual([])
  })
})

describe('64 flows at once', () => {
  it('reserve a budget to its last byte and never pass it', async () => {
    let reserved = 0
    const flows = Array.from({ length: 64 }, async (_, flow) => {
      for (let round = 0; ; round++) {
        const bytes = 1 + ((flow * 7_919 + round * 104_729) % 997)
        const outcome = await ledger.open([ADA]).extend(bytes)
        if (outcome.state === 'exceeded') return outcome.left
        expect(outcome).toEqual(RESERVED)
        reserved += bytes
        expect(reserved).toBeLessThanOrEqual(SIZE)
      }
    })
    const left = await Promise.all(flows)
    expect(reserved + Math.min(...left)).toBe(SIZE)
    for (let byte = Math.min(...left); byte > 0; byte--) expect(await ledger.open([ADA]).extend(1)).toEqual(RESERVED)
    expect(await ledger.open([ADA]).extend(1)).toEqual({ state: 'exceeded', budget: 'daily', left: 0 })
  })

  it('share the transactions that they wait for', async () => {
    const writes = store.batches.length
    const many = Array.from({ length: 64 }, (_, flow) => ({ ...ADA, key: `user:${flow}` }))
    await Promise.all(many.map(async (key) => ledger.open([key]).extend(10)))
    expect(store.batches.length - writes).toBe(1)
  })
})

describe('the store', () => {
  it('is asked fewer than 10 times for 10,000 small reservations far from the limit', async () => {
    const roomy = { ...ADA, size: 1_000_000_000 }
    for (let flow = 0; flow < 10_000; flow++) {
      const reservation = ledger.open([roomy])
      expect(await reservation.extend(4_096)).toEqual(RESERVED)
      reservation.settle(4_096)
    }
    expect(store.batches.length).toBeLessThan(10)
  })

  it('is asked fewer than 100 times for 10,000 small reservations that use a budget up', async () => {
    const tight = { ...ADA, size: 10_000 * 4_096 }
    for (let flow = 0; flow < 10_000; flow++) {
      const reservation = ledger.open([tight])
      expect(await reservation.extend(4_096)).toEqual(RESERVED)
      reservation.settle(4_096)
    }
    expect((await ledger.open([tight]).extend(1)).state).toBe('exceeded')
    expect(store.batches.length).toBeLessThan(100)
  })

  it.each([
    ['a part of what is left', SIZE, 1_000_000_000, SIZE / LEASE_SHARE],
    ['at most a named number of bytes', SIZE, 1_000, 1_000],
    ['what is needed', SIZE, 0, 100],
    ['what is needed, near the limit', 100, 1_000_000_000, 100],
  ])('leases %s', async (_, size, leaseBytesMax, leasedBytes) => {
    const other = await start({ leaseBytesMax })
    await other.open([{ ...ADA, size }]).extend(100)
    expect(store.batches.at(-1)?.puts[0]?.leasedBytes).toBe(leasedBytes)
  })

  it('leases at most the named number of bytes of a large budget', async () => {
    await ledger.open([{ ...ADA, size: LEASE_BYTES_MAX * LEASE_SHARE }]).extend(100)
    expect(store.batches.at(-1)?.puts[0]?.leasedBytes).toBe(LEASE_BYTES_MAX)
    await ledger.open([{ ...ADA, key: 'user:grace', size: LEASE_BYTES_MAX * 100 }]).extend(100)
    expect(store.batches.at(-1)?.puts[0]?.leasedBytes).toBe(LEASE_BYTES_MAX)
  })

  it('is given back a lease that was left alone, and only then', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    reservation.settle(300)
    await pass(LEASE_IDLE_MS - 1)
    const writes = store.batches.length
    await pass(1)
    expect(store.batches.length).toBe(writes + 1)
    expect(store.batches.at(-1)?.puts).toMatchObject([{ leasedBytes: 0, sent: [[expect.any(Number), 300]] }])
    await pass(LEASE_IDLE_MS)
    expect(store.batches.length).toBe(writes + 1)
  })

  it('keeps what a flow still holds when the rest of an idle lease is given back', async () => {
    await ledger.open([ADA]).extend(1_000)
    await pass(LEASE_IDLE_MS)
    expect(store.batches.at(-1)?.puts).toMatchObject([{ leasedBytes: 1_000, sent: [] }])
    expect(await ledger.open([ADA]).extend(SIZE - 1_000)).toEqual(RESERVED)
  })

  it('forgets a count of which nothing counts any more', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    reservation.settle(300)
    expect(store.disk.rows.size).toBe(1)
    await pass(ADA.windowMs + ADA.windowMs / SLICES)
    expect(store.disk.rows.size).toBe(0)
    expect(used()).toEqual([])
  })
})

describe('a window', () => {
  it('slides: what was sent counts until its slice has left, what is held as long as it is held', async () => {
    const sent = ledger.open([ADA])
    await sent.extend(1_000)
    sent.settle(1_000)
    const held = ledger.open([ADA])
    await held.extend(50)
    await pass(ADA.windowMs - 1)
    expect(used()).toEqual([1_050])
    await pass(1 + ADA.windowMs / SLICES)
    expect(used()).toEqual([50])
    held.settle(50)
    await pass(ADA.windowMs - 1)
    expect(used()).toEqual([50])
  })

  it('is not refilled by a step of the wall clock', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    reservation.settle(1_000)
    clock.wall += 365 * 24 * HOUR_MS
    await pass(0)
    expect(used()).toEqual([1_000])
  })

  it('that is made shorter or longer by a reload goes on counting what is known', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    reservation.settle(1_000)
    await pass(HOUR_MS)
    ledger.open([{ ...ADA, windowMs: 2 * HOUR_MS }])
    expect(used()).toEqual([1_000])
    ledger.open([{ ...ADA, windowMs: 48 * HOUR_MS }])
    await pass(24 * HOUR_MS)
    expect(used()).toEqual([1_000])
    ledger.open([{ ...ADA, windowMs: HOUR_MS }])
    expect(used()).toEqual([])
  })

  it('of another size after a reload leaves the difference', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(SIZE)
    reservation.settle(SIZE)
    const larger = ledger.open([{ ...ADA, size: SIZE + 100 }])
    expect(await larger.extend(101)).toEqual({ state: 'exceeded', budget: 'daily', left: 100 })
    expect(await larger.extend(100)).toEqual(RESERVED)
    const smaller = ledger.open([{ ...ADA, size: 10 }])
    expect(await smaller.extend(1)).toEqual({ state: 'exceeded', budget: 'daily', left: 0 })
    expect(ledger.uses(1)).toMatchObject([{ size: 10, usedBytes: SIZE + 100 }])
  })
})

describe('a restart', () => {
  it('finds exactly what was sent, after a close', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    reservation.settle(300)
    await ledger.close()
    expect(ledger.writable).toBe(false)
    expect(ledger.open([ADA]).extend(1)).toEqual(FAILED)
    const next = await start()
    expect(used(next)).toEqual([300])
    expect(next.uses(1)).toEqual([{ ...ADA, usedBytes: 300 }])
  })

  it('counts what flows still held at a close as sent', async () => {
    await ledger.open([ADA]).extend(1_000)
    await ledger.close()
    expect(used(await start())).toEqual([1_000])
  })

  it('counts a whole lease as sent after a crash, from then on', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    reservation.settle(300)
    vi.clearAllTimers()
    clock.pass(ADA.windowMs * 2)
    ledger = await start()
    expect(used()).toEqual([SIZE / LEASE_SHARE])
    await pass(ADA.windowMs - 1)
    expect(used()).toEqual([SIZE / LEASE_SHARE])
    await pass(1 + ADA.windowMs / SLICES)
    expect(used()).toEqual([])
  })

  it('drops what has left its window meanwhile, from the store too', async () => {
    const reservation = ledger.open([ADA])
    await reservation.extend(1_000)
    reservation.settle(300)
    await ledger.close()
    clock.pass(ADA.windowMs * 2)
    expect(used(await start())).toEqual([])
    expect(store.disk.rows.size).toBe(0)
  })

  it('is refused by a store that cannot be opened', async () => {
    store.mood = 'fails'
    await expect(start()).rejects.toThrow('the disk is out of order')
  })

  it('is refused by a store that cannot be written', async () => {
    const broken = new MemoryStore()
    broken.write = () => Promise.resolve({ state: 'failed', fault: 'the disk is full' })
    await expect(startLedger({ store: broken, clock })).rejects.toThrow('the disk is full')
  })
})

describe('the counts that are used the most', () => {
  it('are told by their share, and no more than asked for', async () => {
    const keys = [10, 500, 300].map((bytes) => ({ ...REPOSITORY, key: `repository:${bytes}`, bytes }))
    for (const key of keys) await ledger.open([key]).extend(key.bytes)
    await ledger.open([ADA]).extend(1_000)
    expect(used()).toEqual([500, 300, 10, 1_000])
    expect(ledger.uses(2).map(({ key }) => key)).toEqual(['repository:500', 'repository:300'])
    expect(ledger.uses(0)).toEqual([])
  })
})

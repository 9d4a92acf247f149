import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { BudgetKey } from '../../src/flow/ledger.ts'
import { type DurableLedger, openLedger, startLedger } from '../../src/store/ledger.ts'
import { createThreadStore, type ThreadStoreOptions } from '../../src/store/ledger-thread.ts'
import type { LedgerBatch } from '../../src/store/ledger-store.ts'
import { makeFolder } from './support/folder.ts'

const ADA: BudgetKey = { budget: 'daily', key: 'user:ada', windowMs: 86_400_000, size: 1_000_000 }
const WORKER = new URL('../../src/store/ledger-worker.ts', import.meta.url)

const EMPTY: LedgerBatch = {
  replaces: false,
  run: { owner: 'a', bootId: null, monotonicMs: 0, wallMs: 0, ledgerMs: 0 },
  deletes: [],
  puts: [],
}

interface Started {
  readonly file: string
  readonly ledger: DurableLedger
  /** The threads that were started, the last one last. */
  readonly workers: readonly Worker[]
}

async function start(options: Partial<ThreadStoreOptions> = {}): Promise<Started> {
  const file = join(makeFolder(), 'data', 'ledger.sqlite')
  const workers: Worker[] = []
  const startWorker = (path: string): Worker => {
    const worker = new Worker(WORKER, { workerData: path, execArgv: [] })
    workers.push(worker)
    return worker
  }
  const ledger = await startLedger({ store: createThreadStore({ file, startWorker, ...options }) })
  onTestFinished(() => ledger.close())
  return { file, ledger, workers }
}

/** The ledger is opened anew within a second or so. */
async function healed(ledger: DurableLedger): Promise<void> {
  await vi.waitFor(() => expect(ledger.writable).toBe(true), { timeout: 20_000, interval: 20 })
}

function script(body: string): (path: string) => Worker {
  const opened = `port.postMessage({ state: 'open', run: null, rows: [] })`
  const source = `const port = require('node:worker_threads').parentPort; ${opened}; ${body}`
  return () => new Worker(source, { eval: true, execArgv: [] })
}

describe('a ledger in a file', () => {
  it('is there again after a close, and belongs to one at a time', async () => {
    const file = join(makeFolder(), 'data', 'ledger.sqlite')
    const first = await openLedger(file)
    await expect(openLedger(file)).rejects.toThrow('is in use')
    const reservation = first.open([ADA])
    expect(await reservation.extend(100)).toEqual({ state: 'reserved' })
    reservation.settle(60)
    await first.close()
    expect(first.fault).toBeNull()
    const second = await openLedger(file)
    expect(second.uses(1)).toEqual([{ ...ADA, usedBytes: 60 }])
    await second.close()
  })

  it('heals from a thread that dies while nothing is asked of it', async () => {
    const { ledger, workers } = await start()
    const reservation = ledger.open([ADA])
    await reservation.extend(100)
    await workers.at(-1)?.terminate()
    expect(ledger.writable).toBe(false)
    expect(ledger.fault).toBe('the thread of the ledger has ended')
    expect(reservation.extend(1)).toEqual({ state: 'failed' })
    await healed(ledger)
    expect(workers.length).toBe(2)
    expect(await reservation.extend(ADA.size - 100)).toEqual({ state: 'reserved' })
  })

  it('denies who waits for a thread that dies, and has lost nothing when it heals', async () => {
    const { ledger, workers } = await start()
    const first = ledger.open([ADA])
    await first.extend(100)
    const outcome = ledger.open([ADA]).extend(ADA.size - 100)
    await Promise.resolve()
    await Promise.resolve()
    void workers.at(-1)?.terminate()
    expect(['failed', 'reserved']).toContain((await outcome).state)
    await healed(ledger)
    expect((await ledger.open([ADA]).extend(ADA.size - 99)).state).toBe('exceeded')
  })

  it('heals from a data folder that was replaced, and writes all of it anew', async () => {
    const { file, ledger } = await start()
    const reservation = ledger.open([ADA])
    await reservation.extend(100)
    reservation.settle(100)
    const folder = join(file, '..')
    renameSync(folder, `${folder}-away`)
    mkdirSync(folder)
    const other = { ...ADA, key: 'user:grace' }
    expect(await ledger.open([other]).extend(1)).toEqual({ state: 'failed' })
    expect(ledger.fault).toContain('was replaced while Weir ran')
    await healed(ledger)
    await ledger.close()
    const next = await openLedger(file)
    expect(next.uses(9)).toEqual([{ ...ADA, usedBytes: 100 }])
    await next.close()
  })
})

describe('a thread', () => {
  it('that never opens is refused in time', async () => {
    const never = (): Worker => new Worker('setInterval(() => {}, 1000)', { eval: true, execArgv: [] })
    const store = createThreadStore({ file: '', openingTimeoutMs: 50, startWorker: never })
    await expect(startLedger({ store })).rejects.toThrow('the disk has not answered in 50 ms')
  })

  it('that never answers is a disk that has failed', async () => {
    const startWorker = script(`port.on('message', () => {})`)
    const store = createThreadStore({ file: '', answerTimeoutMs: 50, startWorker })
    await expect(startLedger({ store })).rejects.toThrow('the disk has not answered in 50 ms')
  })

  it('that answers in time is believed, though the event loop was held up for longer', async () => {
    const startWorker = script(
      `port.on('message', (it) => port.postMessage({ state: it === 'close' ? 'closed' : 'written' }))`,
    )
    const store = createThreadStore({ file: '', answerTimeoutMs: 100, startWorker })
    const ledger = await startLedger({ store })
    // After its immediates, the event loop comes to its timers before it reads.
    await new Promise((resolve) => setImmediate(resolve))
    const outcome = ledger.open([ADA]).extend(1)
    await Promise.resolve()
    await Promise.resolve()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    expect(await outcome).toEqual({ state: 'reserved' })
    await ledger.close()
  })

  it('that may yet write is waited for before another one is started', async () => {
    const silent = script(`port.on('message', () => {})`)
    const order: string[] = []
    const startWorker = (path: string): Worker => {
      const worker = silent(path)
      order.push('starts')
      worker.terminate = async () => {
        const code = await Worker.prototype.terminate.call(worker)
        await new Promise((resolve) => setImmediate(resolve))
        order.push('has ended')
        return code
      }
      return worker
    }
    const store = createThreadStore({ file: '', answerTimeoutMs: 50, startWorker })
    await store.open(() => {})
    expect(await store.write(EMPTY)).toMatchObject({ state: 'failed' })
    expect(await store.open(() => {})).toMatchObject({ state: 'open' })
    expect(order).toEqual(['starts', 'has ended', 'starts'])
    await store.close()
  })

  it('that throws has failed', async () => {
    const startWorker = script(`port.on('message', () => { throw new Error('boom') })`)
    const store = createThreadStore({ file: '', startWorker })
    await expect(startLedger({ store })).rejects.toThrow('the thread of the ledger failed: boom')
  })

  it('that says something else has failed', async () => {
    const startWorker = script(`port.on('message', () => port.postMessage({ state: 'closed' }))`)
    const store = createThreadStore({ file: '', startWorker })
    await expect(startLedger({ store })).rejects.toThrow('the thread of the ledger answered closed out of turn')
  })

  it('is not asked once it is closed', async () => {
    const store = createThreadStore({ file: join(makeFolder(), 'ledger.sqlite') })
    await store.close()
    expect(await store.write(EMPTY)).toEqual({
      state: 'failed',
      fault: 'the thread of the ledger has ended',
    })
  })
})

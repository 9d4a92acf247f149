/** The pool of scan threads, with threads of the test's own: who gets a turn, who waits, and what is said when a thread is lost. */
import { setImmediate, setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Scan, ScanRequest } from '../../src/flow/scan.ts'
import type { ContentFacts } from '../../src/flow/subject.ts'
import { NOTHING_IN_IT } from '../../src/flow/unlooked.ts'
import { type ScanLimits, ScanPool } from '../../src/proxy/scan-pool.ts'
import { NO_KNOWLEDGE } from '../../src/proxy/scan-setup.ts'
import type { ScanOrder, ScanWord } from '../../src/proxy/scan-thread.ts'

const LIMITS: ScanLimits = {
  scanThreads: 1,
  scansMax: 2,
  scansPerClientMax: 2,
  scansWaitingMax: 1,
  scanWaitMs: 5_000,
  scanStallMs: 5_000,
}
const SETUP = { ...NO_KNOWLEDGE, directory: '/nowhere', bytesMax: 1, workMsMax: 1 }

interface Thread {
  readonly orders: ScanOrder[]
  readonly hear: (word: ScanWord) => void
  readonly lose: (fault: string) => void
  ended: boolean
}

const threads: Thread[] = []
let pool: ScanPool | null = null

afterEach(async () => {
  await pool?.close()
  threads.length = 0
})

function startPool(limits: Partial<ScanLimits> = {}): ScanPool {
  pool = new ScanPool({
    limits: { ...LIMITS, ...limits },
    setup: SETUP,
    start: (_setup, hear, lose) => {
      const thread: Thread = { orders: [], hear, lose, ended: false }
      threads.push(thread)
      return {
        tell: (order) => void thread.orders.push(order),
        end: () => {
          thread.ended = true
          return Promise.resolve()
        },
      }
    },
  })
  return pool
}

function request(client = 'a'): ScanRequest {
  return { client, form: { kind: 'body', contentType: null, file: null }, wants: ['secrets'] }
}

/** Why it could not be looked at. */
async function reasonOf(scan: Scan): Promise<string> {
  return whyOf(await scan.finish())
}

function whyOf({ secrets }: ContentFacts): string {
  return secrets.state === 'known' ? secrets.value.incomplete.join() : secrets.state
}

function lastId(thread: Thread | undefined): number {
  const last = thread?.orders.at(-1)
  return last !== undefined && 'id' in last ? last.id : 0
}

it('hears what was found', async () => {
  const scan = startPool().open(request())
  await scan.feed(Buffer.from('abc'))
  const finished = scan.finish()
  await setImmediate()
  threads[0]?.hear({ id: lastId(threads[0]), taken: 3 })
  threads[0]?.hear({ id: lastId(threads[0]), found: NOTHING_IN_IT })
  expect(await finished).toBe(NOTHING_IN_IT)
  expect(pool?.busy).toEqual({ open: 0, waiting: 0 })
})

it('gives the thread its own copy', async () => {
  const scan = startPool().open(request())
  const piece = Buffer.from('abc')
  await scan.feed(piece)
  piece.fill('x')
  const order = threads[0]?.orders.at(-1)
  expect(order !== undefined && 'feed' in order ? Buffer.from(order.feed).toString() : null).toBe('abc')
  scan.close()
})

it('has 256 KiB on its way, and no more until the thread has taken some', async () => {
  const scan = startPool().open(request())
  await scan.feed(Buffer.alloc(256 * 1024 - 1))
  await scan.feed(Buffer.alloc(1))
  let fed = false
  const next = scan.feed(Buffer.alloc(1)).then(() => {
    fed = true
  })
  await wait(20)
  expect(fed).toBe(false)
  threads[0]?.hear({ id: lastId(threads[0]), taken: 1 })
  await next
  scan.close()
})

describe('more scans than may be open', () => {
  it('wait for their turn, and one past those that may wait is doubt', async () => {
    const full = startPool()
    const open = [full.open(request()), full.open(request('b'))]
    const waiting = full.open(request('c'))
    expect(full.busy).toEqual({ open: 2, waiting: 1 })
    expect(await reasonOf(full.open(request('d')))).toBe('the scanners are busy')
    open[0]?.close()
    expect(full.busy).toEqual({ open: 2, waiting: 0 })
    await waiting.feed(Buffer.from('now'))
    for (const scan of [...open, waiting]) scan.close()
    expect(full.busy).toEqual({ open: 0, waiting: 0 })
  })

  it('of one client leave room for another', async () => {
    const shared = startPool({ scansPerClientMax: 1 })
    const first = shared.open(request('a'))
    const second = shared.open(request('a'))
    const other = shared.open(request('b'))
    expect(shared.busy).toEqual({ open: 2, waiting: 1 })
    first.close()
    expect(shared.busy).toEqual({ open: 2, waiting: 0 })
    second.close()
    other.close()
  })

  it('are doubt when they have waited too long', async () => {
    const slow = startPool({ scansMax: 1, scanWaitMs: 20 })
    const first = slow.open(request())
    expect(await reasonOf(slow.open(request()))).toBe('the scanners are busy')
    first.close()
  })
})

describe('a thread that is lost', () => {
  it('leaves its scans in doubt, and another is started for the next', async () => {
    const lossy = startPool()
    const scan = lossy.open(request())
    await scan.feed(Buffer.from('abc'))
    threads[0]?.lose('out of memory')
    expect(await reasonOf(scan)).toBe('the scanner failed (out of memory)')
    expect(threads[0]?.ended).toBe(true)
    lossy.open(request()).close()
    expect(threads).toHaveLength(2)
  })

  it('is ended where it is silent over what it was given', async () => {
    const stuck = startPool({ scanStallMs: 20 })
    const scan = stuck.open(request())
    await scan.feed(Buffer.from('abc'))
    expect(await reasonOf(scan)).toBe('the scanner did not answer')
    expect(threads[0]?.ended).toBe(true)
  })

  it('is left alone where nothing is asked of it', async () => {
    const idle = startPool({ scanStallMs: 20 })
    const scan = idle.open(request())
    await scan.feed(Buffer.from('abc'))
    threads[0]?.hear({ id: lastId(threads[0]), taken: 3 })
    await wait(60)
    expect(threads[0]?.ended).toBe(false)
    scan.close()
  })
})

it('tells nobody who does not want to know any more', async () => {
  const scan = startPool().open(request())
  await scan.feed(Buffer.from('abc'))
  scan.close()
  expect(threads[0]?.orders.at(-1)).toMatchObject({ close: true })
  expect(await reasonOf(scan)).toBe('nobody wanted to know')
  await scan.feed(Buffer.from('more'))
  expect(threads[0]?.orders.filter((order) => 'feed' in order)).toHaveLength(1)
})

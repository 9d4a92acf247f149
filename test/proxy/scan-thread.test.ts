/** The scan thread itself: that a light upload waits for no heavy one, that it outlives what is given up, and how nice it is. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import type { ScanForm } from '../../src/flow/scan.ts'
import type { ContentFacts } from '../../src/flow/subject.ts'
import { type ScanLimits, ScanPool } from '../../src/proxy/scan-pool.ts'
import { NO_KNOWLEDGE, type ScanSetup } from '../../src/proxy/scan-setup.ts'
import { BLOB } from '../../src/wire/pack/object-types.ts'
import { temporaryFolder } from '../e2e/support/temporary.ts'
import { buildPack } from '../wire/pack/pack-builder.ts'

const LIMITS: ScanLimits = {
  scanThreads: 1,
  scansMax: 8,
  scansPerClientMax: 8,
  scansWaitingMax: 1,
  scanWaitMs: 5_000,
  scanStallMs: 30_000,
}
const directory = temporaryFolder('scan-thread')
const TEXT: ScanForm = { kind: 'body', contentType: 'text/plain', file: null }
const PUSH: ScanForm = { kind: 'push', objectFormat: 'sha1', texts: [], hasPack: true }

let pool: ScanPool | null = null

afterEach(async () => {
  await pool?.close()
})

function startPool(setup: Partial<ScanSetup> = {}): ScanPool {
  const whole = { ...NO_KNOWLEDGE, directory, bytesMax: 100_000_000, workMsMax: 60_000, ...setup }
  pool = new ScanPool({ limits: LIMITS, setup: whole })
  return pool
}

async function look(from: ScanPool, form: ScanForm, bytes: Uint8Array): Promise<ContentFacts> {
  const scan = from.open({ client: 'a', form, wants: ['payload', 'secrets', 'pack'] })
  for (let at = 0; at < bytes.length; at += 65_536) await scan.feed(bytes.subarray(at, at + 65_536))
  return scan.finish()
}

function reasonsOf({ secrets }: ContentFacts): readonly string[] {
  return secrets.state === 'known' ? secrets.value.incomplete : [secrets.state]
}

/** Much work in a few bytes: a piece of it alone is long. */
function heavyPack(blobs: number): Buffer {
  const line = 'const value = compute(another, value) // and a comment that goes on\n'
  const entries = Array.from({ length: blobs }, (_, at) => ({
    kind: BLOB,
    content: Buffer.from(`${at} ${randomBytes(8).toString('hex')}\n${line.repeat(1_500)}`),
  }))
  return buildPack({ entries })
}

it('looks at light uploads while a heavy one is under way', async () => {
  const scanners = startPool()
  await look(scanners, TEXT, Buffer.from('warm'))
  const state = { isOver: false }
  const heavy = look(scanners, PUSH, heavyPack(60)).then((facts) => {
    state.isOver = true
    return facts
  })
  let lightDone = 0
  while (!state.isOver) {
    expect(reasonsOf(await look(scanners, TEXT, Buffer.from('a word')))).toEqual([])
    if (!state.isOver) lightDone += 1
  }
  expect(reasonsOf(await heavy)).toEqual([])
  // Without turns there are one or two: one ahead of the heavy one, and one behind it.
  expect(lightDone).toBeGreaterThan(10)
}, 60_000)

it('lets go of what nobody wants to know any more in the middle of it, and goes on', async () => {
  const scanners = startPool()
  const pack = heavyPack(10)
  for (let time = 0; time < 5; time++) {
    const scan = scanners.open({ client: 'a', form: PUSH, wants: ['payload', 'secrets', 'pack'] })
    await scan.feed(pack)
    await look(scanners, TEXT, Buffer.from('meanwhile'))
    scan.close()
    expect(reasonsOf(await look(scanners, TEXT, Buffer.from('a word')))).toEqual([])
  }
  expect(reasonsOf(await look(scanners, PUSH, pack))).toEqual([])
  expect(scanners.busy).toEqual({ open: 0, waiting: 0 })
}, 60_000)

it('says what is larger than it may be, and what takes too long', async () => {
  const small = startPool({ bytesMax: 1_000 })
  expect(reasonsOf(await look(small, TEXT, Buffer.alloc(1_000, 'a ')))).toEqual([])
  expect(reasonsOf(await look(small, TEXT, Buffer.alloc(1_001, 'a ')))).toEqual(['it is larger than may be looked at'])
  await small.close()
  const hasty = startPool({ workMsMax: 100 })
  expect(reasonsOf(await look(hasty, TEXT, Buffer.from('a word')))).toEqual([])
  expect(reasonsOf(await look(hasty, PUSH, heavyPack(200)))).toEqual(['it takes too long to look at'])
  expect(reasonsOf(await look(hasty, TEXT, Buffer.from('a word')))).toEqual([])
}, 60_000)

it.runIf(process.platform === 'linux')('is nicer than those who carry bytes', async () => {
  const before = new Set(readdirSync('/proc/self/task'))
  await look(startPool(), TEXT, Buffer.from('a word'))
  const own = nicenessOf(String(process.pid))
  const made = readdirSync('/proc/self/task').filter((task) => !before.has(task))
  expect(made.map(nicenessOf)).toContain(Math.min(19, own + 5))
  expect(nicenessOf(String(process.pid))).toBe(own)
})

/** proc(5): the field behind the name and sixteen more. */
function nicenessOf(task: string): number {
  const line = readFileSync(`/proc/self/task/${task}/stat`, 'utf8')
  return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[16])
}

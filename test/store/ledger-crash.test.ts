/** Kills a process with `kill -9` in the middle of 64 uploads, again and again: no byte passes the budget. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { makeFolder } from './support/folder.ts'
import { DECLARED_BYTES_MAX, UPLOADS } from './support/upload-limits.ts'

const SIZE = 3_000_000
const LEASE_BYTES_MAX = 50_000
const CRASHES = 4
/** What the uploads held and waited for, the lease at hand, and one that was kept and not yet acknowledged. */
const LOST_BYTES_MAX = UPLOADS * DECLARED_BYTES_MAX + 2 * LEASE_BYTES_MAX
const UPLOADS_FILE = fileURLToPath(new URL('./support/uploads.ts', import.meta.url))

interface Run {
  readonly child: ChildProcess
  /** What the ledger counted when it had been opened. */
  readonly usedBytes: number
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>
}

async function startUploads(folder: string, seed: number): Promise<Run> {
  const args = [join(folder, 'ledger.sqlite'), join(folder, 'sent'), SIZE, LEASE_BYTES_MAX, seed].map(String)
  const child = spawn(process.execPath, [UPLOADS_FILE, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(([code, signal]) => [code, signal] as const)
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([once(lines, 'line'), ended.then(() => ['{}'])])
  return { child, usedBytes: Number(JSON.parse(String(line)).used), ended }
}

function sentBytes(folder: string): number {
  return statSync(join(folder, 'sent')).size
}

/** Whole numbers below `below`, the same for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('64 uploads over kill -9', () => {
  it.each([1, 2, 3])('never pass their budget, and lose little of it (seed %i)', { timeout: 180_000 }, async (seed) => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'sent'), '')
    const random = createRandom(seed)
    for (let crash = 1; crash <= CRASHES; crash++) {
      const sentBefore = sentBytes(folder)
      const { child, usedBytes, ended } = await startUploads(folder, seed * 100 + crash)
      expect(usedBytes).toBeGreaterThanOrEqual(sentBefore)
      expect(usedBytes).toBeLessThanOrEqual(sentBefore + (crash - 1) * LOST_BYTES_MAX)
      const sentAtKill = sentBefore + 1 + random(300_000)
      const pauseMs = random(10)
      while (sentBytes(folder) < sentAtKill) await sleep(1)
      await sleep(pauseMs)
      child.kill('SIGKILL')
      expect(await ended).toEqual([null, 'SIGKILL'])
      expect(sentBytes(folder)).toBeGreaterThan(sentBefore)
    }
    const { ended } = await startUploads(folder, seed)
    expect(await ended).toEqual([0, null])
    expect(sentBytes(folder)).toBeLessThanOrEqual(SIZE)
    expect(sentBytes(folder)).toBeGreaterThanOrEqual(SIZE - CRASHES * LOST_BYTES_MAX)
    const again = await startUploads(folder, seed)
    expect(again.usedBytes).toBe(SIZE)
    expect(await again.ended).toEqual([0, null])
  })

  it('use a budget up to its last byte where nothing is killed', { timeout: 120_000 }, async () => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'sent'), '')
    const { usedBytes, ended } = await startUploads(folder, 9)
    expect(usedBytes).toBe(0)
    expect(await ended).toEqual([0, null])
    expect(sentBytes(folder)).toBe(SIZE)
  })
})

/** A disk that takes no more bytes, by the limit of a process on the size of its files: denied until there is room again. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../src/store/ledger.ts'
import { makeFolder } from './support/folder.ts'

const USERS_FILE = fileURLToPath(new URL('./support/users.ts', import.meta.url))
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0

describe.runIf(hasPrlimit)('a disk that is full', () => {
  it('denies, and reserves again when there is room, with every count kept', { timeout: 120_000 }, async () => {
    const file = join(makeFolder(), 'ledger.sqlite')
    const args = ['--fsize=131072:unlimited', process.execPath, USERS_FILE, file]
    const child = spawn('prlimit', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const read = async (): Promise<Record<string, unknown>> => JSON.parse((await lines.next()).value ?? '{}')

    const failed = await read()
    expect(failed).toMatchObject({ state: 'failed', writable: false })
    expect(failed['fault']).toMatch(/cannot be used: (disk I\/O error|database or disk is full)/)
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited'])
    expect(await read()).toEqual({ state: 'reserved', fault: null, writable: true })
    const { used, reserved } = await read()
    expect(used).toBe(reserved)
    expect(await ended).toEqual([0, null])

    const ledger = await openLedger(file)
    expect(ledger.uses(1_000_000).length).toBe(reserved)
    await ledger.close()
  })

  it('stops the start', () => {
    const file = join(makeFolder(), 'ledger.sqlite')
    const run = spawnSync('prlimit', ['--fsize=8192', process.execPath, USERS_FILE, file], { encoding: 'utf8' })
    expect(run.status).toBe(1)
    expect(run.stderr).toContain('LedgerProblem')
    expect(run.stderr).toContain('cannot be used')
  })
})

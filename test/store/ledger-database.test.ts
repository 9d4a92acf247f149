import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type LedgerDatabase, openLedgerDatabase, SCHEMA_VERSION } from '../../src/store/ledger-database.ts'
import { LedgerProblem } from '../../src/store/ledger-problem.ts'
import type { LedgerBatch, LedgerRow, RunStamp } from '../../src/store/ledger-store.ts'
import { makeFolder } from './support/folder.ts'

const RUN: RunStamp = { owner: 'first', bootId: 'boot', monotonicMs: 1.5, wallMs: 2, ledgerMs: 3.25 }
const ADA: LedgerRow = {
  budget: 'daily',
  key: 'user:ada',
  windowMs: 86_400_000,
  size: 2 ** 40,
  leasedBytes: 7,
  sent: [[1_000, 5]],
}
const GRACE: LedgerRow = { ...ADA, key: 'user:grace', sent: [] }

function batch(changes: Partial<LedgerBatch>): LedgerBatch {
  return { replaces: false, run: RUN, deletes: [], puts: [], ...changes }
}

function open(file: string): LedgerDatabase {
  const database = openLedgerDatabase(file)
  onTestFinished(() => {
    try {
      database.close()
    } catch (error) {
      expect(String(error)).toContain('not open')
    }
  })
  return database
}

/** The file of a ledger that was written and closed. */
function makeLedger(rows: readonly LedgerRow[] = [ADA, GRACE]): string {
  const file = join(makeFolder(), 'ledger.sqlite')
  const database = openLedgerDatabase(file)
  database.write(batch({ puts: rows }))
  database.close()
  return file
}

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

describe('the file of the ledger', () => {
  it('is made with its folder, for its owner alone, as is its log', () => {
    const file = join(makeFolder(), 'data', 'ledger.sqlite')
    open(file).write(batch({ puts: [ADA] }))
    for (const path of [file, `${file}-wal`]) expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
  })

  it('is empty at first', () => {
    expect(open(join(makeFolder(), 'ledger.sqlite')).read()).toEqual({ run: null, rows: [] })
  })

  it('keeps what was written', () => {
    expect(open(makeLedger()).read()).toEqual({ run: RUN, rows: [ADA, GRACE] })
  })

  it('deletes, then puts; a row replaces the one of its name', () => {
    const database = open(makeLedger())
    const later = { ...ADA, leasedBytes: 9 }
    database.write(batch({ deletes: [GRACE, ADA], puts: [later], run: { ...RUN, owner: 'second', bootId: null } }))
    expect(database.read()).toEqual({ run: { ...RUN, owner: 'second', bootId: null }, rows: [later] })
  })

  it('replaces everything where that is asked for', () => {
    const database = open(makeLedger())
    database.write(batch({ replaces: true, puts: [GRACE] }))
    expect(database.read().rows).toEqual([GRACE])
  })

  it('keeps all of a batch or nothing', () => {
    const database = open(makeLedger())
    const impossible = { ...GRACE, leasedBytes: 0.5 }
    expect(() => database.write(batch({ deletes: [ADA], puts: [impossible] }))).toThrow(LedgerProblem)
    expect(database.read().rows).toEqual([ADA, GRACE])
    database.write(batch({ deletes: [ADA] }))
    expect(database.read().rows).toEqual([GRACE])
  })

  it('is on the disk when a batch is acknowledged: every commit waits for its log', () => {
    const exec = vi.spyOn(DatabaseSync.prototype, 'exec')
    onTestFinished(() => exec.mockRestore())
    open(join(makeFolder(), 'ledger.sqlite'))
    const database = exec.mock.contexts.at(-1)
    assert(database instanceof DatabaseSync)
    // 2 is FULL (the manual of SQLite, PRAGMA synchronous).
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  })

  it('is kept from a second opening in this process and from any other process', () => {
    const file = makeLedger()
    const first = open(file)
    expect(() => openLedgerDatabase(file)).toThrow(`${file} is in use: a data folder belongs to one running Weir`)
    const module = new URL('../../src/store/ledger-database.ts', import.meta.url).href
    const script = `import { openLedgerDatabase } from '${module}'; openLedgerDatabase(process.argv[1])`
    const other = spawnSync(process.execPath, ['--input-type=module', '--eval', script, file], { encoding: 'utf8' })
    expect(other.stderr).toContain('is in use')
    expect(other.status).toBe(1)
    first.write(batch({}))
  })
})

describe('a file that is no good', () => {
  const cases: readonly (readonly [string, (file: string) => void, string | RegExp])[] = [
    [
      'a newer version',
      (file) => change(file, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`),
      'newer Weir (version 2; known: 1)',
    ],
    ['text', (file) => writeFileSync(file, 'This is no database. '.repeat(500)), 'damaged or not a ledger'],
    ['a page overwritten', (file) => overwrite(file, 4_096, 4_096), 'damaged or not a ledger'],
    ['a header overwritten', (file) => overwrite(file, 0, 100), 'damaged or not a ledger'],
    ['cut short', (file) => writeFileSync(file, readFileSync(file).subarray(0, 4_096)), 'damaged or not a ledger'],
    ['rows out of order', (file) => substitute(file, 'user:ada', 'user:zda'), 'damaged or not a ledger'],
    ['counts without a run', (file) => change(file, 'DELETE FROM run'), 'holds what no Weir has written'],
    ['a list that is none', (file) => change(file, `UPDATE counts SET sent = '{}'`), 'holds what no Weir has written'],
    [
      'a list that is no JSON',
      (file) => change(file, `UPDATE counts SET sent = '['`),
      'holds what no Weir has written',
    ],
    ['negative bytes', (file) => change(file, `UPDATE counts SET leased_bytes = -1`), 'holds what no Weir has written'],
    ['a slice of negative bytes', (file) => change(file, `UPDATE counts SET sent = '[[1,-5]]'`), 'holds what no Weir'],
    ['no window', (file) => change(file, `UPDATE counts SET window_ms = 0`), 'holds what no Weir has written'],
    ['an endless time', (file) => change(file, `UPDATE run SET ledger_ms = 9e999`), 'holds what no Weir has written'],
    ['no tables', (file) => change(file, `DROP TABLE counts`), 'no such table'],
  ]

  it.each(cases)('is refused: %s', (_, spoil, fault) => {
    const file = makeLedger()
    spoil(file)
    expect(() => openLedgerDatabase(file).read()).toThrow(fault)
    expect(() => openLedgerDatabase(file).read()).toThrow(LedgerProblem)
  })

  it('is refused: another program’s database', () => {
    const file = join(makeFolder(), 'ledger.sqlite')
    change(file, 'CREATE TABLE theirs (a)')
    expect(() => openLedgerDatabase(file)).toThrow('is not a ledger')
  })

  it('is refused: a folder in its place', () => {
    expect(() => openLedgerDatabase(makeFolder())).toThrow(/cannot be used: unable to open/)
  })

  it('is refused: a file in place of its folder', () => {
    const file = join(makeFolder(), 'data')
    writeFileSync(file, '')
    expect(() => openLedgerDatabase(join(file, 'ledger.sqlite'))).toThrow(/cannot be used: (EEXIST|ENOTDIR)/)
  })

  it.runIf(process.platform === 'linux')('is refused: in a folder that nobody may write', () => {
    expect(() => openLedgerDatabase('/proc/self/ledger.sqlite')).toThrow(/cannot be used: (ENOENT|EACCES|EPERM)/)
  })
})

describe('a file that changes while it is open', () => {
  it('is noticed when its folder was replaced', () => {
    const folder = join(makeFolder(), 'data')
    const file = join(folder, 'ledger.sqlite')
    const database = open(file)
    renameSync(folder, `${folder}-away`)
    mkdirSync(folder)
    expect(() => database.write(batch({ puts: [ADA] }))).toThrow('was replaced while Weir ran')
  })

  it('is noticed when its log was replaced', () => {
    const file = join(makeFolder(), 'ledger.sqlite')
    const database = open(file)
    renameSync(`${file}-wal`, `${file}-away`)
    expect(() => database.write(batch({ puts: [ADA] }))).toThrow('was replaced while Weir ran')
  })
})

function substitute(file: string, text: string, other: string): void {
  overwriteWith(file, readFileSync(file).indexOf(text), Buffer.from(other))
}

function overwrite(file: string, at: number, size: number): void {
  overwriteWith(file, at, Buffer.alloc(size, 0xa5))
}

function overwriteWith(file: string, at: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

/** The file of the ledger: an SQLite database of one process, in which a transaction that has returned is on the disk. */
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LedgerProblem } from './ledger-problem.ts'
import { type Kept, readKept } from './ledger-rows.ts'
import type { LedgerBatch } from './ledger-store.ts'

/** Kept in the file as `user_version`. */
export const SCHEMA_VERSION = 1

/** Every database begins with a header of this size (SQLite file format, section 1.3). */
const HEADER_BYTES = 100

/** The write-ahead log is cut back to this when it was folded into the file. */
const LOG_BYTES_MAX = 4_194_304

const SCHEMA = `
  CREATE TABLE run (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    owner TEXT NOT NULL, boot_id TEXT, monotonic_ms REAL NOT NULL, wall_ms REAL NOT NULL, ledger_ms REAL NOT NULL
  ) STRICT;
  CREATE TABLE counts (
    budget TEXT NOT NULL, key TEXT NOT NULL, window_ms REAL NOT NULL, size REAL NOT NULL,
    leased_bytes INTEGER NOT NULL, sent TEXT NOT NULL, PRIMARY KEY (budget, key)
  ) STRICT, WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`

export interface LedgerDatabase {
  read(): Kept
  /** Throws a LedgerProblem where the batch may not be on the disk. */
  write(batch: LedgerBatch): void
  close(): void
}

/** Throws a LedgerProblem where the file cannot be used. A damaged file is never made anew: that would refill every budget. */
export function openLedgerDatabase(file: string): LedgerDatabase {
  return explained(file, () => {
    createFile(file)
    const database = new DatabaseSync(file)
    try {
      prepareDatabase(database, file)
      return wrapDatabase(database, file)
    } catch (error) {
      database.close()
      throw error
    }
  })
}

function wrapDatabase(database: DatabaseSync, file: string): LedgerDatabase {
  const opened = identify(file)
  const write = prepareWrite(database)
  return {
    read: () => explained(file, () => readKept(database, file)),
    write(batch) {
      explained(file, () => {
        write(batch)
        // On a file that was moved away or replaced, a write succeeds and is found by nobody after a restart.
        if (identify(file) !== opened) throw new LedgerProblem(`${file} was replaced while Weir ran`)
      })
    },
    close: () => database.close(),
  }
}

/**
 * Makes the file where there is none: whole or not at all, so that an empty one is a damaged one. An existing file is not
 * opened here: closing it would drop every lock that this process holds on it (POSIX advisory locks).
 */
function createFile(file: string): void {
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return
  const draft = `${file}-draft-${process.pid}`
  rmSync(draft, { force: true })
  // SQLite gives its log the mode of its file.
  closeSync(openSync(draft, 'wx', 0o600))
  try {
    const database = new DatabaseSync(draft)
    try {
      inTransaction(database, () => database.exec(SCHEMA))
    } finally {
      database.close()
    }
    linkSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

function prepareDatabase(database: DatabaseSync, file: string): void {
  // SQLite takes a file of a byte for a new database.
  if (statSync(file).size < HEADER_BYTES) throw damaged(file)
  // Before the log is opened, so that the lock is this process's until it ends, and the log's index in its own memory.
  database.exec('PRAGMA locking_mode = EXCLUSIVE')
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec(`PRAGMA journal_size_limit = ${LOG_BYTES_MAX}`)
  inTransaction(database, () => {
    const version = Number(single(database, 'PRAGMA user_version'))
    if (version > SCHEMA_VERSION) {
      throw new LedgerProblem(`${file} was written by a newer Weir (version ${version}; known: ${SCHEMA_VERSION})`)
    }
    if (version === SCHEMA_VERSION) return
    if (single(database, 'SELECT count(*) FROM sqlite_schema') === 0) throw damaged(file)
    throw new LedgerProblem(`${file} is not a ledger`)
  })
  if (single(database, 'PRAGMA integrity_check') !== 'ok') throw damaged(file)
}

function prepareWrite(database: DatabaseSync): (batch: LedgerBatch) => void {
  const clear = database.prepare('DELETE FROM counts')
  const remove = database.prepare('DELETE FROM counts WHERE budget = ? AND key = ?')
  const put = database.prepare('INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?, ?, ?)')
  const stamp = database.prepare('INSERT OR REPLACE INTO run VALUES (1, ?, ?, ?, ?, ?)')
  return ({ replaces, run, deletes, puts }) =>
    inTransaction(database, () => {
      if (replaces) clear.run()
      for (const { budget, key } of deletes) remove.run(budget, key)
      for (const { budget, key, windowMs, size, leasedBytes, sent } of puts) {
        put.run(budget, key, windowMs, size, leasedBytes, JSON.stringify(sent))
      }
      stamp.run(run.owner, run.bootId, run.monotonicMs, run.wallMs, run.ledgerMs)
    })
}

function inTransaction(database: DatabaseSync, act: () => void): void {
  database.exec('BEGIN EXCLUSIVE')
  try {
    act()
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function single(database: DatabaseSync, sql: string): unknown {
  return Object.values(database.prepare(sql).get() ?? {})[0]
}

/** Which files these are, whatever is found under their names later. */
function identify(file: string): string {
  return [file, `${file}-wal`]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((found) => `${found?.dev}:${found?.ino}`)
    .join(' ')
}

function damaged(file: string, cause?: unknown): LedgerProblem {
  return new LedgerProblem(
    `${file} is damaged or not a ledger: put back a good one, or move it away and every budget begins anew`,
    cause,
  )
}

/** The primary result codes of SQLite. */
const BUSY = 5
const CORRUPT = 11
const NOT_A_DATABASE = 26

function explained<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof LedgerProblem || !(error instanceof Error)) throw error
    const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null
    if (code === BUSY) {
      throw new LedgerProblem(`${file} is in use: a data folder belongs to one running Weir`, error)
    }
    if (code === CORRUPT || code === NOT_A_DATABASE) throw damaged(file, error)
    if (code === null && !('syscall' in error)) throw error
    throw new LedgerProblem(`${file} cannot be used: ${error.message}`, error)
  }
}

/** Files that are no ledger of budgets, by what is wrong with them, and the problem that each makes. */
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export interface BadLedger {
  readonly name: string
  /** Spoils the file; `good` are the bytes of a ledger with two counts in it, which is not there yet. */
  readonly make: (file: string, good: Uint8Array) => void
  readonly said: RegExp
}

const bad = (name: string, make: BadLedger['make'], said: RegExp): BadLedger => ({ name, make, said })
const written = (name: string, content: string | Buffer, said: RegExp): BadLedger => {
  return bad(name, (file) => writeFileSync(file, content), said)
}
/** A good one with bytes of it changed. */
const changed = (name: string, change: (bytes: Buffer) => void, said: RegExp): BadLedger => {
  return bad(
    name,
    (file, good) => {
      const bytes = Buffer.from(good)
      change(bytes)
      writeFileSync(file, bytes)
    },
    said,
  )
}
/** A good one after an SQL statement of somebody else. */
const told = (name: string, sql: string, said: RegExp): BadLedger => {
  return bad(
    name,
    (file, good) => {
      writeFileSync(file, good)
      const database = new DatabaseSync(file)
      database.exec(sql)
      database.close()
    },
    said,
  )
}

export const BAD_LEDGERS: readonly BadLedger[] = [
  written(
    'a word',
    'hello\n',
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  written(
    'JSON',
    '{"budgets":{}}\n',
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  written(
    'zeros',
    Buffer.alloc(4_096),
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  written('nothing', '', /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/),
  written('one byte', 'S', /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/),
  written(
    'two bytes',
    'SQ',
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  written(
    'the first words of a database alone',
    'SQLite format 3\0',
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  bad('a folder', (file) => mkdirSync(file), /ledger\.sqlite cannot be used: unable to open database file/),
  bad(
    'a link to itself',
    (file) => symlinkSync(file, file),
    /ledger\.sqlite cannot be used: ELOOP: too many symbolic links encountered, stat/,
  ),
  changed(
    'another first word',
    (bytes) => bytes.write('SQLite format 9'),
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  changed(
    'a page size of 3',
    (bytes) => bytes.writeUInt16BE(3, 16),
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  changed(
    'its first page overwritten',
    (bytes) => bytes.fill(0xff, 100, 4_000),
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  changed(
    'its second page overwritten',
    (bytes) => bytes.fill(0xff, 4_096, 8_192),
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  bad(
    'its end missing',
    (file, good) => {
      writeFileSync(file, good)
      truncateSync(file, 5_000)
    },
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  bad(
    'half of it',
    (file, good) => writeFileSync(file, good.subarray(0, good.length >> 1)),
    /ledger\.sqlite is damaged or not a ledger: put back a good one, or move it away and every/,
  ),
  bad(
    'another database',
    (file) => {
      const database = new DatabaseSync(file)
      database.exec('CREATE TABLE cookies (name TEXT)')
      database.close()
    },
    /ledger\.sqlite is not a ledger/,
  ),
  told(
    'a newer version',
    'PRAGMA user_version = 99',
    /ledger\.sqlite was written by a newer Weir \(version 99; known: 1\)/,
  ),
  told('no table of counts', 'DROP TABLE counts', /ledger\.sqlite cannot be used: no such table: counts/),
  told('no table of runs', 'DROP TABLE run', /ledger\.sqlite cannot be used: no such table: run/),
  told(
    'counts without a run',
    'DELETE FROM run',
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'a lease below zero',
    'UPDATE counts SET leased_bytes = -1',
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'a window of nothing',
    'UPDATE counts SET window_ms = 0',
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'a size below zero',
    'UPDATE counts SET size = -5',
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'a size that is no number',
    'UPDATE counts SET size = 1e999',
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'sent bytes that are no JSON',
    "UPDATE counts SET sent = 'x'",
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'sent bytes below zero',
    "UPDATE counts SET sent = '[[1,-5]]'",
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'sent bytes as an object',
    `UPDATE counts SET sent = '{"a":1}'`,
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'sent bytes in words',
    `UPDATE counts SET sent = '[["now",5]]'`,
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  told(
    'half a byte sent',
    "UPDATE counts SET sent = '[[1,0.5]]'",
    /ledger\.sqlite holds what no Weir has written: put back a good one, or move it away/,
  ),
  bad(
    'a page of nonsense behind it',
    (file, good) => {
      writeFileSync(file, good)
      appendFileSync(file, Buffer.alloc(4_096, 0x5a))
      const database = new DatabaseSync(file)
      database.exec('PRAGMA user_version = 7')
      database.close()
      if (readFileSync(file).length === good.length) throw new Error('the page is gone')
    },
    /ledger\.sqlite was written by a newer Weir \(version 7; known: 1\)/,
  ),
]

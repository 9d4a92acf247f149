/** Whole lines on a descriptor that fails and recovers: none lost up to the limit, the oldest first past it. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { GATHERED_BYTES_MAX, openLineWriter, WAITING_BYTES_MAX } from '../../src/audit/line-writer.ts'
import { openPipe, type Pipe } from './pipe.ts'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

function pipe(): Pipe {
  const opened = openPipe()
  ended.push(opened.close)
  return opened
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'weir-lines-'))
  ended.push(() => rmSync(path, { recursive: true }))
  return path
}

/** Lines of 1,024 bytes, numbered. */
function line(number: number): string {
  return `${String(number).padStart(8, '0')} ${'x'.repeat(1_014)}\n`
}

function numbers(text: string): number[] {
  const lines = text.split('\n')
  expect(lines.pop(), 'the last line is whole').toBe('')
  return lines.map((each) => {
    expect(each).toMatch(/^\d{8} x{1014}$/)
    return Number(each.slice(0, 8))
  })
}

/** Reads and flushes in turn until nothing waits. */
function recover(target: Pipe, flush: () => boolean): string {
  let text = target.read()
  for (let turn = 0; turn < 1_000 && !flush(); turn++) text += target.read()
  return text + target.read()
}

const upTo = (count: number, from = 0): number[] => Array.from({ length: count - from }, (_, at) => from + at)

describe('openLineWriter', () => {
  it('writes to a file that only its owner may read, and appends', () => {
    const path = join(folder(), 'record.jsonl')
    for (const text of ['one\n', 'two\n']) {
      const writer = openLineWriter(path)
      writer.write(text)
      expect(writer.flush()).toBe(true)
      writer.close()
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('gathers small lines, and writes when enough are gathered', () => {
    const target = pipe()
    const writer = openLineWriter(target.descriptor)
    for (const number of upTo(GATHERED_BYTES_MAX / 1_024 - 1)) writer.write(line(number))
    expect(target.read()).toBe('')
    writer.write(line(GATHERED_BYTES_MAX / 1_024 - 1))
    expect(numbers(target.read())).toEqual(upTo(GATHERED_BYTES_MAX / 1_024))
  })

  it('writes what waits when it is closed', () => {
    const path = join(folder(), 'record.jsonl')
    const writer = openLineWriter(path)
    writer.write('late\n')
    writer.close()
    expect(readFileSync(path, 'utf8')).toBe('late\n')
  })

  it('says that it cannot write while a pipe is full, and loses nothing of it', () => {
    const target = pipe()
    const writer = openLineWriter(target.descriptor)
    expect(writer.writable).toBe(true)
    for (const number of upTo(300)) writer.write(line(number))
    expect(writer.writable).toBe(false)
    expect(writer.flush()).toBe(false)
    expect(numbers(recover(target, writer.flush))).toEqual(upTo(300))
    expect([writer.writable, writer.lost]).toEqual([true, 0])
  })

  it('goes on in the middle of a line that was partly written', () => {
    const target = pipe()
    const writer = openLineWriter(target.descriptor)
    const long = `${'y'.repeat(200_000)}\n`
    writer.write(long)
    expect(writer.writable).toBe(false)
    writer.write('behind\n')
    expect(recover(target, writer.flush)).toBe(`${long}behind\n`)
  })

  it('keeps lines up to its limit, and drops the oldest one past it', () => {
    const target = pipe()
    const writer = openLineWriter(target.descriptor)
    // A pipe that is full to the brim with whole lines.
    let filled = 0
    while (writer.writable) {
      writer.write(line(filled++))
      writer.flush()
    }
    const begun = target.read()
    expect(numbers(begun)).toEqual(upTo(filled - 1))
    target.stopReading()
    const most = WAITING_BYTES_MAX / 1_024
    for (const number of upTo(filled + most - 1, filled)) writer.write(line(number))
    expect(writer.lost).toBe(0)
    writer.write(line(filled + most - 1))
    expect(writer.lost).toBe(1)
    expect(writer.flush()).toBe(false)
    writer.write(line(filled + most))
    expect([writer.lost, writer.writable]).toEqual([2, false])
  })

  it('drops whole lines alone, and never the rest of one that is partly written', () => {
    const target = pipe()
    const writer = openLineWriter(target.descriptor)
    const long = `${'y'.repeat(200_000)}\n`
    writer.write(long)
    const most = WAITING_BYTES_MAX / 1_024
    for (const number of upTo(most + 10)) writer.write(line(number))
    expect(writer.lost).toBeGreaterThan(10)
    const text = recover(target, writer.flush)
    expect(text.startsWith(long)).toBe(true)
    expect(numbers(text.slice(long.length))).toEqual(upTo(most + 10, writer.lost))
    expect([writer.writable, writer.flush()]).toEqual([true, true])
  })

  it('says that it cannot write when nobody reads any more', () => {
    const target = pipe()
    const writer = openLineWriter(target.descriptor)
    writer.write('one\n')
    expect(writer.flush()).toBe(true)
    target.stopReading()
    writer.write('two\n')
    expect([writer.flush(), writer.writable, writer.lost]).toEqual([false, false, 0])
  })

  it('says that it cannot write to a descriptor that is closed', () => {
    // Far above what any process of the tests has open.
    const writer = openLineWriter(1_000_000)
    writer.write('one\n')
    expect([writer.flush(), writer.writable]).toEqual([false, false])
  })

  it('says that it cannot write to a disk that is full', () => {
    const writer = openLineWriter('/dev/full')
    writer.write('one\n')
    expect([writer.flush(), writer.writable]).toEqual([false, false])
    writer.close()
  })
})

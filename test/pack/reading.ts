/** A process that reads one pack, and prints what it cost: `node reading.ts PACK [everything]`. */
import { closeSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PackScan } from '../../src/content/pack-scan.ts'
import { createPackReader } from '../../src/wire/pack/pack-reader.ts'
import type { PackStore } from '../../src/wire/pack/pack-store.ts'

const CHUNK_BYTES = 64 * 1024
/** How often the memory is looked at. */
const LOOK_BYTES = 8 * 1024 * 1024

const [, , path = '', what] = process.argv
const spoolPath = join(tmpdir(), `weir-spool-${process.pid}`)
const spool = openSync(spoolPath, 'wx+')
rmSync(spoolPath)
const store: PackStore = {
  append: (bytes) => void writeSync(spool, bytes),
  read(offset, length) {
    const bytes = Buffer.allocUnsafe(length)
    if (readSync(spool, bytes, 0, length, offset) !== length) throw new Error('the spool is too short')
    return bytes
  },
}
const ignore = (): void => {}
const sink = { whole: ignore, begin: ignore, piece: ignore, end: ignore }
const reader =
  what === 'everything'
    ? new PackScan({ objectFormat: 'sha1', store, watches: [] })
    : createPackReader({ objectFormat: 'sha1', store, sink })

const before = residentBytes()
let most = before
const start = process.cpuUsage()
const file = openSync(path, 'r')
const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
let bytes = 0
for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
  await reader.push(chunk.subarray(0, size))
  bytes += size
  if (bytes % LOOK_BYTES < CHUNK_BYTES) most = Math.max(most, residentBytes())
}
const end = await reader.finish()
if (end.state !== 'done') throw new Error(`not read: ${JSON.stringify(end)}`)
const { user, system } = process.cpuUsage(start)
most = Math.max(most, residentBytes())
closeSync(file)
closeSync(spool)
const summary = 'summary' in end.value ? end.value.summary : end.value
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1_000, growthBytes: most - before, summary }))

function residentBytes(): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? []
  return Number(kilobytes) * 1_024
}

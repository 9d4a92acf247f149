/** `npm run bench:pack`: CPU of reading packs beside `git index-pack --threads=1`, and the memory that a gigabyte takes. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeGigabyte, makeSourcePacks } from './bench-packs.ts'

const ROUNDS = 5
const READING = resolve(import.meta.dirname, 'reading.ts')
/** Of throughput: what the source packs must reach. */
const SHARE_LEAST = 0.8
const GROWTH_BYTES_MAX = 64_000_000

interface Reading {
  readonly cpuMs: number
  readonly growthBytes: number
  readonly summary: { readonly objects: number; readonly inflatedBytes: number }
}

const folder = mkdtempSync(join(tmpdir(), 'weir-bench-pack-'))
let failures = 0
try {
  tell('CPU seconds, median of each, taken in turn; the share is of the throughput of git')
  for (const [name, path] of makeSourcePacks(folder)) compare(name, path)
  const gigabyte = makeGigabyte(folder)
  for (const what of ['objects', 'everything']) weigh(what, gigabyte)
} finally {
  rmSync(folder, { recursive: true })
}
process.exitCode = failures === 0 ? 0 : 1

function compare(name: string, path: string): void {
  const git: number[] = []
  const weir: number[] = []
  let reading: Reading | null = null
  for (let round = 0; round < ROUNDS; round++) {
    git.push(gitCpuMs(path))
    reading = read(path, 'objects')
    weir.push(reading.cpuMs)
  }
  const share = median(git) / median(weir)
  if (name.startsWith('source') && share < SHARE_LEAST) failures++
  const { objects = 0, inflatedBytes = 0 } = reading?.summary ?? {}
  const size = `${megabytes(statSync(path).size)} MB, ${objects} objects, ${megabytes(inflatedBytes)} MB inflated`
  const spread = (times: readonly number[]): string =>
    `${seconds(median(times))} (${seconds(Math.min(...times))} to ${seconds(Math.max(...times))})`
  tell(`${name}: ${size}\n  git ${spread(git)}, weir ${spread(weir)}: ${share.toFixed(2)} ×`)
}

function weigh(what: string, path: string): void {
  const { cpuMs, growthBytes, summary } = read(path, what)
  if (growthBytes >= GROWTH_BYTES_MAX) failures++
  const size = `${megabytes(statSync(path).size)} MB, ${summary.objects} objects`
  tell(`${what} of ${size}: VmRSS grew by ${megabytes(growthBytes)} MB, ${seconds(cpuMs)} s of CPU`)
}

function read(path: string, what: string): Reading {
  const run = spawnSync(process.execPath, [READING, path, what], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
  return JSON.parse(run.stdout) as Reading
}

/** The shell tells of its children: user and system time, in its second line. */
function gitCpuMs(path: string): number {
  const script = 'git index-pack --threads=1 -o "$1" "$0" >/dev/null && times'
  const run = spawnSync('sh', ['-c', script, path, join(folder, 'index')], { encoding: 'utf8' })
  const times = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/.exec(run.stdout.trim().split('\n')[1] ?? '')
  if (run.status !== 0 || times === null) throw new Error(run.stderr || run.stdout)
  const [, userMinutes, user, systemMinutes, system] = times.map(Number)
  return 1_000 * ((userMinutes ?? 0) * 60 + (user ?? 0) + (systemMinutes ?? 0) * 60 + (system ?? 0))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(2)
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1)
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

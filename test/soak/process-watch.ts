/** What a process takes of the machine while something runs: memory at its peak, and files that have no name any more (proc(5)). */
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { setInterval } from 'node:timers/promises'

const SAMPLE_MS = 50

export interface Watched<T> {
  readonly value: T
  /** Resident memory before. */
  readonly beforeBytes: number
  /** Resident memory at its peak above what it was before. */
  readonly growthBytes: number
  /** The most descriptors of deleted files at one time. */
  readonly deletedFilesMost: number
  /** Those that are left. */
  readonly deletedFiles: readonly string[]
}

export async function watchProcess<T>(pid: number, act: () => Promise<T>): Promise<Watched<T>> {
  const before = await memoryOf(pid, 'VmRSS')
  // The peak begins anew from here (proc(5), clear_refs).
  await writeFile(`/proc/${pid}/clear_refs`, '5')
  const samples = new AbortController()
  const sampling = sampleDeletedFiles(pid, samples.signal)
  try {
    const value = await act()
    samples.abort()
    const growthBytes = (await memoryOf(pid, 'VmHWM')) - before
    const deletedFiles = await listDeletedFiles(pid)
    return { value, beforeBytes: before, growthBytes, deletedFilesMost: await sampling, deletedFiles }
  } finally {
    samples.abort()
  }
}

/** Now. */
export function residentBytes(pid: number): Promise<number> {
  return memoryOf(pid, 'VmRSS')
}

async function sampleDeletedFiles(pid: number, signal: AbortSignal): Promise<number> {
  let most = 0
  for await (const _ of setInterval(SAMPLE_MS)) {
    if (signal.aborted) break
    most = Math.max(most, (await listDeletedFiles(pid)).length)
  }
  return most
}

async function memoryOf(pid: number, name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, kib] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? []
  if (kib === undefined) throw new Error(`no ${name} of process ${pid}`)
  return Number(kib) * 1024
}

async function listDeletedFiles(pid: number): Promise<readonly string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`)
  const targets = await Promise.all(descriptors.map((descriptor) => targetOf(pid, descriptor)))
  return targets.filter((target) => target.endsWith(' (deleted)'))
}

async function targetOf(pid: number, descriptor: string): Promise<string> {
  try {
    return await readlink(`/proc/${pid}/fd/${descriptor}`)
  } catch (error) {
    // Closed between the listing and the look.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

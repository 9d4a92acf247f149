/** The processor time of a tree of processes, from `/proc/PID/stat` (proc_pid_stat(5)). */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessStat {
  readonly pid: number
  readonly parent: number
  /** User and system time of the process and of its ended and awaited children, in clock ticks. */
  readonly ticks: number
}

/** Reads one line of `stat`. The name in parentheses may hold spaces and parentheses itself, so fields count from its end. */
export function parseStat(text: string): ProcessStat {
  const pid = Number.parseInt(text, 10)
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
  const [parent, ...times] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]))
  const ticks = times.reduce((sum, time) => sum + time, 0)
  if (parent === undefined || !Number.isInteger(pid + parent + ticks)) throw new Error(`not a stat line: ${text}`)
  return { pid, parent, ticks }
}

/** A process and its descendants, each after its parent; empty when there is no such process. */
export function treeOf(root: number, stats: readonly ProcessStat[]): readonly ProcessStat[] {
  const tree = stats.filter(({ pid }) => pid === root)
  for (const { pid } of tree) tree.push(...stats.filter(({ parent }) => parent === pid))
  return tree
}

/** All processes of this machine that can be seen. */
export function readProcesses(): readonly ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => readStat(pid) ?? [])
}

/** Processor seconds the tree under `root` has used so far. */
export function readCpuSeconds(root: number): number {
  const tree = treeOf(root, readProcesses())
  if (tree.length === 0) throw new Error(`process ${root} is gone`)
  return tree.reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond
}

export const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

function readStat(pid: string): ProcessStat | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    // A process that ends between the listing and the reading is no error.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null
    throw error
  }
}

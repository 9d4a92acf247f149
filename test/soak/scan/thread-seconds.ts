/** What the threads of a process took of the processors so far (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs'

/** USER_HZ, which is the same on all Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** Seconds: of the thread that a process began with, and of those that Node started for workers. */
export function threadSeconds(pid: number): { readonly main: number; readonly scan: number } {
  const seconds = { main: 0, scan: 0 }
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const [, name = '', rest = ''] =
      /\((.*)\) \S+ (.*)$/s.exec(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')) ?? []
    const fields = rest.split(' ')
    // utime and stime.
    const taken = (Number(fields[10]) + Number(fields[11])) / TICKS_PER_SECOND
    if (Number(task) === pid) seconds.main += taken
    else if (name.startsWith('WorkerThread')) seconds.scan += taken
  }
  return seconds
}

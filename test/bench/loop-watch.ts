/** Watches the event loop of this thread while something else goes on: how late it is, and how long it works at one time. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Milliseconds. */
export interface LoopFigures {
  /** How late a timer came; on a busy machine also because other processes had their turn. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number }
  /** Processor time of this thread in one turn of the loop, the collector's pauses included, which no other process adds to. */
  readonly turn: { readonly p999: number; readonly max: number }
  readonly turns: number
}

export function watchLoop(): () => LoopFigures {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  const turns: number[] = []
  let last = threadTimeMs()
  const note = (): void => {
    const now = threadTimeMs()
    turns.push(now - last)
    last = now
  }
  const timer = setInterval(note, 1)
  return () => {
    note()
    clearInterval(timer)
    histogram.disable()
    turns.sort((left, right) => left - right)
    const at = (share: number): number => turns[Math.min(turns.length - 1, Math.floor(turns.length * share))] ?? 0
    return { delay: delayOf(histogram), turn: { p999: at(0.999), max: at(1) }, turns: turns.length }
  }
}

function delayOf(histogram: ReturnType<typeof monitorEventLoopDelay>): LoopFigures['delay'] {
  const at = (percentile: number): number => histogram.percentile(percentile) / 1e6
  return { p50: at(50), p99: at(99), p999: at(99.9), max: histogram.max / 1e6 }
}

function threadTimeMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Loaded into a Weir under test ahead of it: measures how long its event loop keeps others waiting. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Milliseconds. */
export interface LoopDelay {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly samples: number
}

const RESOLUTION_MS = 1
const NANOSECONDS = 1e6

if (process.send !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  process.on('message', (message) => {
    if (message === 'reset') histogram.reset()
    // A sample is the time between two ticks of a timer: what is beyond its interval is delay.
    const delay = (value: number): number => Math.max(0, value / NANOSECONDS - RESOLUTION_MS)
    const answer: LoopDelay = {
      p50: delay(histogram.percentile(50)),
      p99: delay(histogram.percentile(99)),
      p999: delay(histogram.percentile(99.9)),
      max: delay(histogram.max),
      samples: histogram.count,
    }
    process.send?.(answer)
  })
  process.channel?.unref()
}

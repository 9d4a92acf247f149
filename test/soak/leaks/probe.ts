/** Loaded into a Weir under test ahead of it: tells, when asked, what the process holds. */
import { readdirSync, readlinkSync } from 'node:fs'

/** What a process holds at a moment, after a collection of garbage. */
export interface Holding {
  readonly rssBytes: number
  readonly heapBytes: number
  /** What keeps the event loop going, or would: timers, sockets, requests, by type. */
  readonly resources: Readonly<Record<string, number>>
  /** Descriptors by what they lead to: `socket`, `pipe`, `(deleted)`, … */
  readonly descriptors: Readonly<Record<string, number>>
  /** Listeners on the process itself. */
  readonly listeners: number
}

if (process.send !== undefined) {
  process.on('message', () => {
    void measure().then((holding) => process.send?.(holding))
  })
  process.channel?.unref()
}

async function measure(): Promise<Holding> {
  const collect = globalThis.gc
  if (collect === undefined) throw new Error('start the process with --expose-gc')
  // What a first collection makes free to finalise, a second one frees.
  for (let round = 0; round < 3; round++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { rss, heapUsed } = process.memoryUsage()
  return {
    rssBytes: rss,
    heapBytes: heapUsed,
    resources: countBy(process.getActiveResourcesInfo()),
    descriptors: countBy(readdirSync('/proc/self/fd').map(kindOf)),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  }
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

function kindOf(descriptor: string): string {
  try {
    const target = readlinkSync(`/proc/self/fd/${descriptor}`)
    return target.endsWith('(deleted)') ? '(deleted)' : target.replace(/:?\[\d+\]$/, '')
  } catch (error) {
    // The listing's own descriptor is closed by now.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'listing'
    throw error
  }
}

/** Judges open tunnels again: after a reload, and again and again for rules that begin or end with the hour (weir.md, 7). */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pin, type Runtime } from './runtime.ts'

/** An `until` or the end of `hours` reaches an open tunnel within this time, and the time that judging all of them takes. */
const REJUDGE_INTERVAL_MS = 5_000
/** Judged between two turns of the event loop, so that ten thousand tunnels hold nobody up. */
const TUNNELS_PER_TURN = 100

export interface Rejudging {
  /** Begins at once, and anew where it was under way: the last policy is the one that counts. */
  now(): void
  stop(): void
}

export function startRejudging(weir: Runtime): Rejudging {
  let round = 0
  const judgeAll = async (): Promise<void> => {
    const mine = ++round
    const at = pin(weir)
    let judged = 0
    // One that opens meanwhile was judged by the new policy, or is judged here as well: a set's own order lets it come last.
    for (const tunnel of weir.openTunnels) {
      if (mine !== round) return
      tunnel.rejudge(at)
      if (++judged % TUNNELS_PER_TURN === 0) await nextTurn()
    }
  }
  // A tunnel that throws is cut by its own judging; what would come here is a defect of Weir, and must not pass unheard.
  const begin = (): void => void judgeAll()
  const timer = setInterval(begin, REJUDGE_INTERVAL_MS)
  timer.unref()
  return {
    now: begin,
    stop: () => {
      round++
      clearInterval(timer)
    },
  }
}

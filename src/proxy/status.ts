/** How a running proxy stands: what is open, and how near it is to its limits. */
import type { BudgetUse } from '../flow/ledger.ts'
import type { DistrustedHost } from './distrust.ts'
import type { Runtime } from './runtime.ts'

/** One limit of the settings, and how much of it is used. */
export interface LimitUse {
  readonly name: string
  readonly used: number
  readonly max: number
}

export interface ProxyStatus {
  readonly policy: string
  /** Sockets of clients and upstreams together. */
  readonly sockets: number
  readonly openTunnels: number
  readonly limits: readonly LimitUse[]
  /** The counts that are used the most. */
  readonly budgets: readonly BudgetUse[]
  /** Hosts for which clients did not take the inspection CA of late. */
  readonly distrust: readonly DistrustedHost[]
  /** False while the record cannot be written, and then only reads pass. */
  readonly recording: boolean
}

/** Budgets that are listed at the most. */
const BUDGETS_SHOWN_MAX = 20
const HOSTS_SHOWN_MAX = 20

export function statusOf(weir: Runtime): ProxyStatus {
  const { limits } = weir.settings
  return {
    policy: weir.policy.hash,
    sockets: weir.sockets.size,
    openTunnels: weir.openTunnels.size,
    limits: [
      { name: 'heldMemoryTotalBytesMax', used: weir.quota.memoryBytes, max: limits.heldMemoryTotalBytesMax },
      { name: 'spoolBytesMax', used: weir.quota.bytes, max: limits.spoolBytesMax },
      { name: 'scansMax', used: weir.scanners?.busy.open ?? 0, max: limits.scansMax },
      { name: 'scansWaitingMax', used: weir.scanners?.busy.waiting ?? 0, max: limits.scansWaitingMax },
      { name: 'connectionsMax', used: weir.clients.open, max: limits.connectionsMax },
    ],
    budgets: weir.ledger?.uses(BUDGETS_SHOWN_MAX) ?? [],
    distrust: weir.distrust.recent(HOSTS_SHOWN_MAX),
    recording: weir.sink.writable,
  }
}

/** What is said to the process of the light flow, and what it answers. */
import type { Behind } from '../../e2e/http2/floods/order.ts'

export interface Light extends Behind {
  /** For reads, and as many for writes. */
  readonly connections: number
  readonly readsPerSecond: number
  readonly writesPerSecond: number
}

export type LightQuestion = { readonly open: Light } | { readonly start: true } | { readonly stop: true }

export interface Served {
  /** By the clock of the machine, in milliseconds. */
  readonly dueAt: number
  /** From then on. */
  readonly tookMs: number
}

/** Of one kind of request, since it was started. */
export interface Taken {
  /** Each that was served. */
  readonly served: readonly Served[]
  /** Why others were not. */
  readonly faults: readonly string[]
}

export interface LightTaken {
  readonly reads: Taken
  readonly writes: Taken
}

/** What is said to the process of the light flow, and what it answers. */
import type { Behind } from '../../e2e/http2/floods/order.ts'

export interface Light extends Behind {
  /** For reads, and as many for writes. */
  readonly connections: number
  readonly readsPerSecond: number
  readonly writesPerSecond: number
}

export type LightQuestion = { readonly open: Light } | { readonly start: true } | { readonly stop: true }

/** Of one kind of request, since it was started. */
export interface Taken {
  /** Of each that was served, from when it was due. */
  readonly tookMs: readonly number[]
  /** Why others were not. */
  readonly faults: readonly string[]
}

export interface LightTaken {
  readonly reads: Taken
  readonly writes: Taken
}

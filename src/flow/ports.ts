/** The ports that the shells implement, so that what decides need not know who stores. */
import type { Flow } from './flow.ts'

/** Why a flow is written: it ended, it still lives, or it was denied just now. */
export type RecordMoment = 'end' | 'alive' | 'denied'

export interface FlowSink {
  /**
   * Takes one line of the record. A line of moment `denied` is on its way to the disk or pipe when this returns.
   * `at` is milliseconds since the epoch; `policy` the hash of the policy that judged.
   */
  write(flow: Flow, moment: RecordMoment, at: number, policy: string): void
  /** False while lines cannot be written: then everything but proven reads is denied. */
  readonly writable: boolean
  /** Writes what is buffered. */
  flush(): void
}

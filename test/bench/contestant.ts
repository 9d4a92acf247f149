/** A proxy that is measured: what both proxies are given, and what the bench must know of one that runs. */
import type { Program } from './program.ts'
import type { Ports } from './work.ts'

/** The ground both stand on. */
export interface Stage {
  /** Of this run alone; removed at its end. */
  readonly folder: string
  readonly cleanup: AsyncDisposableStack
  readonly ports: Ports
  /** PEM file of the authority of the origin's certificate. */
  readonly originAnchorFile: string
}

export interface Contestant {
  readonly program: Program
  readonly port: number
  /** PEM file of the authority that signs what this proxy shows in an inspected tunnel. */
  readonly anchorFile: string
}

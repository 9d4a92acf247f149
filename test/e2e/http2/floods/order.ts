/** What the processes of a flood tell each other. */

export interface Behind {
  readonly weirPort: number
  readonly host: string
  /** PEM of the inspection CA. */
  readonly ca: string
}

export interface Order extends Behind {
  readonly attack: string
  readonly forMs: number
  /** A connection that Weir has not ended by then is left. */
  readonly endsWithinMs: number
}

/** Of an attacker. */
export interface Toll {
  readonly connections: number
  /** Connections that could not be made. */
  readonly refused: number
  /** Connections that Weir did not end. */
  readonly unended: number
  readonly longestMs: number
  readonly megabytes: number
}

export interface Load extends Behind {
  readonly connections: number
  readonly perSecond: number
}

/** Of honest clients, since they were asked last. */
export interface Measure {
  readonly seconds: number
  readonly offered: number
  readonly served: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly longestMs: number
  /** Why the others were not served. */
  readonly faults: readonly string[]
}

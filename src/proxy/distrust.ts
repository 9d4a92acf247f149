/** Remembers which clients did not take the inspection CA, and for which hosts, so that the admin can be told. */
import type { Address } from '../net/address.ts'

export interface Distrust {
  readonly client: Address
  readonly host: string
  /** What showed it: `alert unknown_ca`, `closed in the handshake`. */
  readonly sign: string
  /** Whether the client said so itself, and it is not only likely. */
  readonly certain: boolean
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface DistrustedHost {
  readonly host: string
  /** How many client addresses did not take it, and how often in all. */
  readonly clients: number
  readonly count: number
  readonly certain: boolean
  /** Of the last time. */
  readonly sign: string
  readonly lastClient: string
  readonly lastAt: number
}

interface Entry extends Distrust {
  readonly count: number
}

/** Pairs of a client address and a host. */
export const DISTRUST_ENTRIES_MAX = 1_000

export class DistrustLog {
  readonly #entriesMax: number
  /** In the order of their last time. */
  readonly #entries = new Map<string, Entry>()

  constructor(entriesMax = DISTRUST_ENTRIES_MAX) {
    this.#entriesMax = entriesMax
  }

  /** The pair that was noted the longest ago makes room. */
  note(distrust: Distrust): void {
    const key = keyOf(distrust.client, distrust.host)
    const before = this.#entries.get(key)
    this.#entries.delete(key)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size >= this.#entriesMax && oldest !== undefined) this.#entries.delete(oldest)
    const certain = distrust.certain || before?.certain === true
    this.#entries.set(key, { ...distrust, certain, count: (before?.count ?? 0) + 1 })
  }

  /**
   * The client did ask for something inside TLS to this host. What was only likely is then taken back: browsers open connections
   * ahead of need and close them unused. What a client said stays, for another program of the same address may have said it.
   */
  takeBack(client: Address, host: string): void {
    const key = keyOf(client, host)
    if (this.#entries.get(key)?.certain === false) this.#entries.delete(key)
  }

  /** The hosts, the last noted first, at most `countMax` of them. */
  recent(countMax: number): readonly DistrustedHost[] {
    const hosts = new Map<string, DistrustedHost>()
    for (const entry of [...this.#entries.values()].toReversed()) {
      const { host, sign, certain, client, at, count } = entry
      const known = hosts.get(host)
      if (known === undefined && hosts.size >= countMax) continue
      hosts.set(
        host,
        known === undefined
          ? { host, clients: 1, count, certain, sign, lastClient: client.text, lastAt: at }
          : { ...known, clients: known.clients + 1, count: known.count + count, certain: known.certain || certain },
      )
    }
    return [...hosts.values()]
  }
}

function keyOf(client: Address, host: string): string {
  return `${client.text} ${host}`
}

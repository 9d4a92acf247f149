/** Every host pattern of a policy in one index, so that a host is looked up once, however many rules and lists there are. */
import type { Host } from '../net/host.ts'
import type { HostPattern } from './host-pattern.ts'

export interface HostIndex {
  readonly exact: ReadonlyMap<string, readonly number[]>
  readonly below: ReadonlyMap<string, readonly number[]>
}

export interface HostIndexBuilder {
  readonly index: HostIndex
  /** Adds one set of patterns and answers the id it is known by from then on. */
  add(patterns: Iterable<HostPattern>): number
}

export function buildHostIndex(): HostIndexBuilder {
  const exact = new Map<string, number[]>()
  const below = new Map<string, number[]>()
  let count = 0
  return {
    index: { exact, below },
    add: (patterns) => {
      const id = count++
      for (const pattern of patterns) {
        const map = pattern.below ? below : exact
        const ids = map.get(pattern.host)
        if (ids === undefined) map.set(pattern.host, [id])
        else if (ids.at(-1) !== id) ids.push(id)
      }
      return id
    },
  }
}

const NONE: ReadonlySet<number> = new Set()

/** The ids of all sets that a host is in: by its own name, or by `*.` and a name it is below. */
export function setsOfHost(index: HostIndex, host: Host): ReadonlySet<number> {
  const own = index.exact.get(host)
  let found: Set<number> | null = own === undefined ? null : new Set(own)
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    const ids = index.below.get(host.slice(dot + 1))
    if (ids === undefined) continue
    found ??= new Set()
    for (const id of ids) found.add(id)
  }
  return found ?? NONE
}

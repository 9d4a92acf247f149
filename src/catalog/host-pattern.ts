/** Host patterns, `x` and `*.x`, and the index that finds the exact host first and then the longest suffix. */
import { parseHost } from '../net/host.ts'

/**
 * `label` is what a host below the wildcard must begin with: `api.*.x` is api.a.x and not a.x. Only the catalogue's own
 * surfaces use it; a policy writes `x` and `*.x`.
 */
export interface HostPattern {
  readonly name: string
  readonly wildcard: boolean
  readonly label: string | null
}

const LABELLED = /^([a-z0-9-]+)\.(\*\..+)$/

/** Null for what is no host name: addresses, a bare `*`, a star anywhere but in front. */
export function parseHostPattern(text: string): HostPattern | null {
  const [, label = null, below = text] = LABELLED.exec(text) ?? []
  const wildcard = below.startsWith('*.')
  const name = parseHost(wildcard ? below.slice(2) : below)
  return name === null ? null : { name, wildcard, label }
}

export interface HostIndex<T> {
  readonly exact: ReadonlyMap<string, T>
  /** By x, for `*.x`. */
  readonly below: ReadonlyMap<string, T>
}

export function findHost<T>({ exact, below }: HostIndex<T>, host: string): T | null {
  const named = exact.get(host)
  if (named !== undefined) return named
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    const suffix = below.get(host.slice(dot + 1))
    if (suffix !== undefined) return suffix
  }
  return null
}

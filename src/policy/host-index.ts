/** Every host pattern of a policy in one index, so that a host is looked up once, however many rules and lists there are. */
import assert from 'node:assert'
import type { Host } from '../net/host.ts'
import type { HostPattern } from './host-pattern.ts'
import { eachSetAt, findName, findNamesAbove, type HostTable, HostTableBuilder, namesOf } from './host-table.ts'

export interface HostIndex {
  readonly exact: HostTable
  /** By x, for `*.x`. */
  readonly below: HostTable
  /** How many sets there are; their ids are the numbers below it. */
  readonly sets: number
}

export interface HostIndexBuilder {
  /** Adds one set of patterns and answers the id it is known by from then on. */
  add(patterns: Iterable<HostPattern>): number
  /** Begins a set, and answers its id and what adds a pattern to it, for as long as no other set is begun. */
  begin(): { readonly id: number; readonly put: (pattern: HostPattern) => void }
  finish(): HostIndex
}

export function buildHostIndex(): HostIndexBuilder {
  const exact = new HostTableBuilder()
  const below = new HostTableBuilder()
  let sets = 0
  const begin: HostIndexBuilder['begin'] = () => {
    const id = sets++
    return { id, put: (pattern) => (pattern.below ? below : exact).put(pattern.host, id) }
  }
  return { begin, add: adder(begin), finish: () => ({ exact: exact.finish(), below: below.finish(), sets }) }
}

/**
 * Stands for a builder where the index is already made, by the same compilation in another thread: it only counts, and
 * makes sure of each pattern that it is in the index under its id. What differs is a bug, and throws.
 */
export function adoptHostIndex(index: HostIndex): HostIndexBuilder {
  let sets = 0
  const begin: HostIndexBuilder['begin'] = () => {
    const id = sets++
    return { id, put: (pattern) => assert(isIn(index, pattern, id), `the index does not have ${pattern.host}`) }
  }
  return {
    begin,
    add: adder(begin),
    finish: () => {
      assert(sets === index.sets, 'the index has other sets than the policy')
      return index
    },
  }
}

const NONE: ReadonlySet<number> = new Set()

/** The ids of all sets that a host is in: by its own name, or by `*.` and a name it is below. */
export function setsOfHost({ exact, below }: HostIndex, host: Host): ReadonlySet<number> {
  const own = findName(exact, host)
  const above: number[] = []
  findNamesAbove(below, host, (at) => above.push(at))
  if (own === -1 && above.length === 0) return NONE
  const found = new Set<number>()
  const take = (set: number): void => void found.add(set)
  if (own !== -1) eachSetAt(exact, own, take)
  for (const at of above.toReversed()) eachSetAt(below, at, take)
  return found
}

export function isEmptySet({ exact, below }: HostIndex, id: number): boolean {
  return !exact.sets.includes(id) && !below.sets.includes(id)
}

/** Every pattern of the index as it is written, each once. */
export function* patternsIn({ exact, below }: HostIndex): Iterable<string> {
  yield* namesOf(exact)
  for (const name of namesOf(below)) yield `*.${name}`
}

function adder(begin: HostIndexBuilder['begin']): HostIndexBuilder['add'] {
  return (patterns) => {
    const { id, put } = begin()
    for (const pattern of patterns) put(pattern)
    return id
  }
}

function isIn(index: HostIndex, { host, below }: HostPattern, id: number): boolean {
  const table = below ? index.below : index.exact
  const at = findName(table, host)
  let found = false
  if (at !== -1) eachSetAt(table, at, (set) => (found ||= set === id))
  return found
}

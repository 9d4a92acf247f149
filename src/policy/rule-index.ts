/** Rules by what they ask of a destination, so that a decision reads the few that can match there, and not ten thousand. */
import type { Condition, Places } from './conditions/condition.ts'
import type { RepositoryIndex } from './repository-index.ts'
import type { Sight } from './sight.ts'

/** Each rule stands under one of its conditions, or under none; lists are positions in `rules`, ascending. */
export interface RuleIndex {
  readonly size: number
  readonly anywhere: readonly number[]
  readonly byPlace: Readonly<Record<Places['by'], ReadonlyMap<Key, readonly number[]>>>
  /** The rules of `byPlace['repository-set']` by the hosts of those sets, for a repository that is not known. */
  readonly byRepositoryHost: ReadonlyMap<string, readonly number[]>
}

export interface RuleIndexBuilder {
  readonly index: RuleIndex
  /** Rules come in order, as their conditions. */
  add(conditions: readonly Condition[]): void
}

type Key = string | number

/** The more a condition tells hosts apart, the sooner it is the one that its rule stands under. */
const BY: readonly Places['by'][] = ['repository-set', 'host-set', 'service', 'category', 'port']

export function buildRuleIndex(repositories: RepositoryIndex): RuleIndexBuilder {
  const anywhere: number[] = []
  const byPlace = {
    'repository-set': new Map<Key, number[]>(),
    'host-set': new Map<Key, number[]>(),
    service: new Map<Key, number[]>(),
    category: new Map<Key, number[]>(),
    port: new Map<Key, number[]>(),
  }
  const byRepositoryHost = new Map<string, number[]>()
  let size = 0
  return {
    index: {
      get size() {
        return size
      },
      anywhere,
      byPlace,
      byRepositoryHost,
    },
    add: (conditions) => {
      const position = size++
      const places = placesOf(conditions)
      if (places === null) {
        anywhere.push(position)
        return
      }
      for (const key of places.keys) addTo(byPlace[places.by], key, position)
      if (places.by !== 'repository-set') return
      for (const set of places.keys) {
        for (const host of repositories.hostsOfSets[set] ?? []) addTo(byRepositoryHost, host, position)
      }
    },
  }
}

/**
 * The positions of all rules that are not "no" for want of a place, ascending, each once. What is left out has a condition
 * that is "no" at this sight, and so would be passed over; what is in has to be asked in full.
 */
export function positionsAt(index: RuleIndex, sight: Sight): Positions {
  const { byPlace } = index
  const { service, announcers, hostSets, repositorySets, subject } = sight
  const lists: (readonly number[])[] = []
  const take = (list: readonly number[] | undefined): void => {
    if (list !== undefined && list.length > 0) lists.push(list)
  }
  take(index.anywhere)
  take(byPlace.port.get(subject.destination.port))
  if (service !== null) {
    take(byPlace.service.get(service.id))
    take(byPlace.category.get(service.category))
  }
  for (const announcer of announcers) {
    take(byPlace.service.get(announcer.id))
    take(byPlace.category.get(announcer.category))
  }
  for (const set of hostSets) take(byPlace['host-set'].get(set))
  for (const set of repositorySets.known) take(byPlace['repository-set'].get(set))
  for (const host of repositorySets.hosts) take(index.byRepositoryHost.get(host))
  return new Positions(lists)
}

// With more lists than these, looking at the head of each costs more than sorting them all.
const HEADS_MAX = 8

/** Ascending lists read as one, from the first to the last, and no further than asked. */
export class Positions {
  readonly #lists: readonly (readonly number[])[]
  readonly #heads: number[]

  constructor(lists: readonly (readonly number[])[]) {
    this.#lists = lists.length <= HEADS_MAX ? lists : [lists.flat().sort((left, right) => left - right)]
    this.#heads = this.#lists.map(() => 0)
  }

  /** -1 after the last. */
  next(): number {
    let least = Infinity
    for (let list = 0; list < this.#lists.length; list++) {
      const head = this.#lists[list]?.[this.#heads[list] ?? 0]
      if (head !== undefined && head < least) least = head
    }
    if (least === Infinity) return -1
    for (let list = 0; list < this.#lists.length; list++) this.#skip(list, least)
    return least
  }

  #skip(list: number, position: number): void {
    let head = this.#heads[list] ?? 0
    while (this.#lists[list]?.[head] === position) head++
    this.#heads[list] = head
  }
}

function placesOf(conditions: readonly Condition[]): Places | null {
  const all = conditions.flatMap(({ places }) => places ?? [])
  return all.toSorted((left, right) => BY.indexOf(left.by) - BY.indexOf(right.by))[0] ?? null
}

function addTo<K extends Key>(lists: Map<K, number[]>, key: K, position: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [position])
  else if (list.at(-1) !== position) list.push(position)
}

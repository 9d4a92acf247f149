/** Every repository pattern of a policy in one index by host and name, so that a repository is looked up once for all rules. */
import { type Catalog, foldsCase } from '../catalog/catalog.ts'
import type { Repository } from '../flow/subject.ts'
import { parseHost } from '../net/host.ts'
import { matchesSegments, parseSegmentPattern, type SegmentPattern } from './segment-pattern.ts'

export interface RepositoryIndex {
  readonly byHost: ReadonlyMap<string, HostPatterns>
  /** The hosts that each set names, by its id. */
  readonly hostsOfSets: readonly (readonly string[])[]
}

/** The patterns on one host. Most name one repository, or all of one owner: those are looked up, and the rest is asked one by one. */
interface HostPatterns {
  readonly sets: Set<number>
  /** By the whole name. */
  readonly whole: Map<string, Entry[]>
  /** By the first segment. */
  readonly owned: Map<string, Entry[]>
  readonly wild: Entry[]
}

interface Entry {
  readonly pattern: RepositoryPattern
  readonly set: number
}

/** `HOST/OWNER/REPO` with its host apart: a pattern always names one host, and wildcards stand behind it. */
export interface RepositoryPattern {
  readonly host: string
  readonly rest: SegmentPattern
}

/** Sets that a repository is in, or that it could turn out to be in. */
export interface RepositorySets {
  has(set: number): boolean
  /** The ids one by one, where the repository is known. */
  readonly known: Iterable<number>
  /** The hosts of the index that it can be on, where it is not known. */
  readonly hosts: readonly string[]
}

export interface RepositoryIndexBuilder {
  readonly index: RepositoryIndex
  /** Begins a set, and answers the id it is known by from then on and what adds a pattern to it. */
  begin(): { readonly id: number; readonly put: (pattern: RepositoryPattern) => void }
}

export const NO_REPOSITORY_SETS: RepositorySets = { has: () => false, known: [], hosts: [] }

export function buildRepositoryIndex(): RepositoryIndexBuilder {
  const byHost = new Map<string, HostPatterns>()
  const hostsOfSets: string[][] = []
  return {
    index: { byHost, hostsOfSets },
    begin: () => {
      const set = hostsOfSets.length
      const hosts: string[] = []
      hostsOfSets.push(hosts)
      const put = (pattern: RepositoryPattern): void => {
        const patterns = valueAt(byHost, pattern.host, emptyHost)
        entriesFor(patterns, pattern.rest).push({ pattern, set })
        if (patterns.sets.has(set)) return
        patterns.sets.add(set)
        hosts.push(pattern.host)
      }
      return { id: set, put }
    },
  }
}

/** Reads a pattern, folded and without `.git` as repositories are. Null where it is none. */
export function parseRepositoryPattern(text: string, catalog: Catalog): RepositoryPattern | null {
  const parts = splitRepository(text)
  const host = parts === null ? null : parseHost(parts.host)
  if (parts === null || host === null) return null
  const rest = parseSegmentPattern(fold(parts.rest, foldsCase(catalog, host)))
  return rest === null ? null : { host, rest }
}

/** The sets that a repository is in. */
export function setsOfRepository(index: RepositoryIndex, repository: Repository, catalog: Catalog): RepositorySets {
  const parts = splitRepository(repository)
  if (parts === null) return NO_REPOSITORY_SETS
  const host = parts.host.toLowerCase()
  const patterns = index.byHost.get(host)
  if (patterns === undefined) return NO_REPOSITORY_SETS
  // Folded here once more: a spelling that slipped through must not slip past a rule.
  const name = fold(parts.rest, foldsCase(catalog, host))
  const segments = name.split('/')
  const found = new Set<number>()
  for (const { set } of patterns.whole.get(name) ?? []) found.add(set)
  for (const entries of [patterns.owned.get(segments[0] ?? '') ?? [], patterns.wild]) {
    for (const { pattern, set } of entries) {
      if (!found.has(set) && matchesSegments(pattern.rest, segments)) found.add(set)
    }
  }
  return { has: (set) => found.has(set), known: found, hosts: [] }
}

/** The sets that some repository on one of these hosts could be in. */
export function setsOnHosts(index: RepositoryIndex, hosts: readonly string[]): RepositorySets {
  const named = hosts.filter((host) => index.byHost.has(host))
  if (named.length === 0) return NO_REPOSITORY_SETS
  const has = (set: number): boolean => named.some((host) => index.byHost.get(host)?.sets.has(set) === true)
  return { has, known: [], hosts: named }
}

function emptyHost(): HostPatterns {
  return { sets: new Set(), whole: new Map(), owned: new Map(), wild: [] }
}

function entriesFor(patterns: HostPatterns, { text }: SegmentPattern): Entry[] {
  if (!text.includes('*')) return valueAt(patterns.whole, text, () => [])
  const [owner = ''] = text.split('/', 1)
  return owner.includes('*') ? patterns.wild : valueAt(patterns.owned, owner, () => [])
}

function valueAt<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function splitRepository(text: string): { host: string; rest: string } | null {
  const slash = text.indexOf('/')
  return slash <= 0 ? null : { host: text.slice(0, slash), rest: text.slice(slash + 1) }
}

function fold(path: string, folds: boolean): string {
  return folds ? path.toLowerCase().replace(/\.git$/, '') : path.replace(/\.git$/, '')
}

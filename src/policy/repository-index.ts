/** Every repository pattern of a policy in one index by host, so that a repository is looked up once for all rules. */
import { type Catalog, foldsCase } from '../catalog/catalog.ts'
import type { Repository } from '../flow/subject.ts'
import { parseHost } from '../net/host.ts'
import { matchesSegments, parseSegmentPattern, type SegmentPattern } from './segment-pattern.ts'

export interface RepositoryIndex {
  readonly byHost: ReadonlyMap<string, readonly Entry[]>
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

export interface RepositoryIndexBuilder {
  readonly index: RepositoryIndex
  /** Adds one set of patterns and answers the id it is known by from then on. */
  add(patterns: readonly RepositoryPattern[]): number
}

export function buildRepositoryIndex(): RepositoryIndexBuilder {
  const byHost = new Map<string, Entry[]>()
  let count = 0
  return {
    index: { byHost },
    add: (patterns) => {
      const set = count++
      for (const pattern of patterns) {
        const entries = byHost.get(pattern.host)
        if (entries === undefined) byHost.set(pattern.host, [{ pattern, set }])
        else entries.push({ pattern, set })
      }
      return set
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

/** The ids of all sets that a repository is in. */
export function setsOfRepository(
  index: RepositoryIndex,
  repository: Repository,
  catalog: Catalog,
): ReadonlySet<number> {
  const found = new Set<number>()
  const parts = splitRepository(repository)
  if (parts === null) return found
  const host = parts.host.toLowerCase()
  const entries = index.byHost.get(host) ?? []
  // Folded here once more: a spelling that slipped through must not slip past a rule.
  const segments = entries.length === 0 ? [] : fold(parts.rest, foldsCase(catalog, host)).split('/')
  for (const { pattern, set } of entries) {
    if (!found.has(set) && matchesSegments(pattern.rest, segments)) found.add(set)
  }
  return found
}

/** The ids of all sets that some repository on one of these hosts could be in. */
export function setsOnHosts(index: RepositoryIndex, hosts: readonly string[]): ReadonlySet<number> {
  return new Set(hosts.flatMap((host) => (index.byHost.get(host) ?? []).map(({ set }) => set)))
}

function splitRepository(text: string): { host: string; rest: string } | null {
  const slash = text.indexOf('/')
  return slash <= 0 ? null : { host: text.slice(0, slash), rest: text.slice(slash + 1) }
}

function fold(path: string, folds: boolean): string {
  return folds ? path.toLowerCase().replace(/\.git$/, '') : path.replace(/\.git$/, '')
}

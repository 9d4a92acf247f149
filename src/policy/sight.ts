/** What one look at a subject shows: the look-ups that conditions share, made once for all rules. */
import { type Catalog, repositoryHostsOf, type Service, serviceOf, serviceWithId } from '../catalog/catalog.ts'
import type { FactName, SecondHop, Subject } from '../flow/subject.ts'
import { type HostIndex, setsOfHost } from './host-index.ts'
import {
  NO_REPOSITORY_SETS,
  type RepositoryIndex,
  type RepositorySets,
  setsOfRepository,
  setsOnHosts,
} from './repository-index.ts'

export interface Sight {
  readonly subject: Subject
  /** The service that the host belongs to, or that announced a second hop; null for an unknown host and for a literal address. */
  readonly service: Service | null
  /** The services that a request may turn out to be announced by, while it is not read; most often there are none. */
  readonly announcers: readonly Service[]
  /** Ids of the host sets that the host is in. */
  readonly hostSets: ReadonlySet<number>
  /** Ids of the sets that the repository is in; while it is not known, of those that it could turn out to be in. */
  readonly repositorySets: RepositorySets
}

export interface Indexes {
  readonly catalog: Catalog
  readonly hosts: HostIndex
  readonly repositories: RepositoryIndex
}

const NONE: ReadonlySet<number> = new Set()

export function look(indexes: Indexes, subject: Subject): Sight {
  const { host } = subject.destination
  // A literal address satisfies conditions on destinations only by address.
  if (host === null) return { ...NOWHERE, subject }
  return {
    subject,
    service:
      subject.hop.state === 'known'
        ? serviceWithId(indexes.catalog, subject.hop.service)
        : serviceOf(indexes.catalog, host),
    announcers: announcersOf(indexes.catalog, subject.hop),
    hostSets: setsOfHost(indexes.hosts, host),
    repositorySets: repositorySetsOf(indexes, subject),
  }
}

const NOWHERE = { service: null, announcers: [], hostSets: NONE, repositorySets: NO_REPOSITORY_SETS } as const

const NOBODY: readonly Service[] = []

function announcersOf(catalog: Catalog, hop: SecondHop): readonly Service[] {
  if (hop.state !== 'possible') return NOBODY
  return hop.services.flatMap((id) => serviceWithId(catalog, id) ?? [])
}

function repositorySetsOf({ repositories, catalog }: Indexes, subject: Subject): RepositorySets {
  const { repository, destination, hop } = subject
  if (repositories.byHost.size === 0 || repository.state === 'absent' || destination.host === null) {
    return NO_REPOSITORY_SETS
  }
  if (repository.state === 'known') return setsOfRepository(repositories, repository.value, catalog)
  const announced = hop.state === 'possible' ? hop.repositories.map((name) => name.slice(0, name.indexOf('/'))) : []
  return setsOnHosts(repositories, [...repositoryHostsOf(catalog, destination.host), ...announced])
}

/** How a fact of the subject stands, the operation included. */
export function stateOf(subject: Subject, fact: FactName): 'known' | 'absent' | 'unseen' | 'never' {
  if (fact === 'hop') return subject.hop.state === 'possible' ? 'unseen' : 'known'
  if (fact !== 'operation') {
    const about = subject[fact]
    // What was looked at in part only may hide anything in the rest.
    if (about.state === 'known' && isPartial(about.value)) return 'never'
    return about.state === 'atLeast' ? 'unseen' : about.state
  }
  const { operation } = subject
  switch (operation.state) {
    case 'known':
      return 'known'
    case 'unseen':
    case 'opened':
      return 'unseen'
    case 'opaque':
      return 'never'
    case 'tunnel':
      return operation.inside
    default:
      return operation satisfies never
  }
}

function isPartial(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'incomplete' in value && isFilled(value.incomplete)
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0
}

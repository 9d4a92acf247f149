/** What one look at a subject shows: the look-ups that conditions share, made once for all rules. */
import { type Catalog, repositoryHostsOf, type Service, serviceOf } from '../catalog/catalog.ts'
import type { FactName, Subject } from '../flow/subject.ts'
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
  /** The service that the host belongs to; null for an unknown host and for a literal address. */
  readonly service: Service | null
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
  if (host === null) return { subject, service: null, hostSets: NONE, repositorySets: NO_REPOSITORY_SETS }
  return {
    subject,
    service: serviceOf(indexes.catalog, host),
    hostSets: setsOfHost(indexes.hosts, host),
    repositorySets: repositorySetsOf(indexes, subject),
  }
}

function repositorySetsOf({ repositories, catalog }: Indexes, { repository, destination }: Subject): RepositorySets {
  if (repositories.byHost.size === 0 || repository.state === 'absent' || destination.host === null) {
    return NO_REPOSITORY_SETS
  }
  if (repository.state === 'known') return setsOfRepository(repositories, repository.value, catalog)
  return setsOnHosts(repositories, repositoryHostsOf(catalog, destination.host))
}

/** How a fact of the subject stands, the operation included. */
export function stateOf(subject: Subject, fact: FactName): 'known' | 'absent' | 'unseen' | 'never' {
  if (fact !== 'operation') return subject[fact].state
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

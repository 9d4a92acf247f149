/** What a policy adds to the catalogue: instances of its kinds, services of one's own, and rows in front of the catalogue's. */
import { isName } from './route-template.ts'
import type { Route, ServiceEntry, Surface } from './service-entry.ts'
import type { Category } from './vocabulary.ts'

/** One server of a kind, under one or more names. */
export interface ServiceInstance {
  readonly id: string
  readonly kind: string
  readonly hosts: readonly string[]
  /** Rows in front of those of its kind. */
  readonly operations?: readonly Route[]
}

/** A service that the catalogue knows nothing of. */
export interface OwnService
  extends Pick<Surface, 'repositories' | 'git' | 'projects' | 'reserved' | 'lenient' | 'unmatched'> {
  readonly id: string
  readonly category: Category
  readonly hosts: readonly string[]
  readonly reads?: Surface['reads']
  readonly foldsCase?: boolean
  readonly operations?: readonly Route[]
}

/** Rows in front of those that the catalogue has for one of its services. */
export interface ServiceExtension {
  readonly id: string
  /** Of the service's hosts, as the catalogue spells them; all of them where not said. */
  readonly hosts?: readonly string[]
  readonly operations: readonly Route[]
}

export type PolicyService = ServiceInstance | OwnService | ServiceExtension

export function isInstance(service: PolicyService): service is ServiceInstance {
  return 'kind' in service
}

export function isExtension(service: PolicyService): service is ServiceExtension {
  return !isInstance(service) && !('category' in service)
}

/** `hosts` are those of the service, folded and each once. */
export function entryOfOwn(own: OwnService, hosts: readonly string[]): ServiceEntry {
  const { id, category, operations = [], reads, foldsCase = false, reserved = [] } = own
  const surface: Surface = {
    hosts,
    reads: reads ?? (category === 'object-storage' ? 'download' : 'web-read'),
    // Its exact hosts are names of one server, as those of an instance are.
    repositories: own.repositories?.map((host) => host.toLowerCase()) ?? ['{host}'],
    ...(own.git === undefined ? {} : { git: own.git }),
    ...(own.projects === undefined ? {} : { projects: own.projects }),
    ...(own.lenient === undefined ? {} : { lenient: own.lenient }),
    ...(own.unmatched === undefined ? {} : { unmatched: own.unmatched }),
    reserved: [...new Set(reserved.map((word) => word.toLowerCase()))],
    routes: operations,
  }
  return { id, kind: 'web', category, foldsCase, surfaces: [surface] }
}

/** The surfaces with rows in front: at those of `hosts`, or at all. Paths of rows are whole, as a client sends them. */
export function putInFront(
  surfaces: readonly Surface[],
  rows: readonly Route[],
  hosts?: readonly string[],
): readonly Surface[] {
  return surfaces.flatMap((surface): readonly Surface[] => {
    const extended = hosts === undefined ? surface.hosts : surface.hosts.filter((host) => hosts.includes(host))
    const front = rows.flatMap((row) => rowBelow(row, surface.below) ?? [])
    if (extended.length === 0 || front.length === 0 || surface.ssh === true) return [surface]
    const others = surface.hosts.filter((host) => !extended.includes(host))
    const rest = others.length === 0 ? [] : [{ ...surface, hosts: others }]
    return [{ ...surface, hosts: extended, routes: [...front, ...surface.routes] }, ...rest]
  })
}

const NAMING = ['{owner}', '{repo}', '{team_project}', '{project}', '{path}', '{reserved}']

/** The row as it reads from where a surface's routes begin; null for one that is never there. */
function rowBelow(row: Route, below: string | undefined): Route | null {
  const rest = below === undefined ? [] : below.slice(1).split('/')
  const parts = row.path === '/' ? [] : row.path.slice(1).split('/')
  for (const segment of rest) {
    const [part = ''] = parts
    if (part === '**') break
    // What names a repository is no word that the server itself has there.
    if (part !== segment && (!isName(part) || NAMING.includes(part))) return null
    parts.shift()
  }
  return { ...row, path: `/${parts.join('/')}` }
}

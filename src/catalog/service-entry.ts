/** The form in which services are written down: one object literal of `ServiceEntry` for each, in `services/`. */
import type { OpaqueOperation, Operation } from '../flow/operation.ts'
import type { Category, Kind } from './vocabulary.ts'

/** An operation that is read off a request. */
export type InnerOperation = Exclude<Operation, OpaqueOperation>

/** `GET` stands for every reading method: GET, HEAD and OPTIONS. */
export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export const WRITES: readonly RouteMethod[] = ['POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Where the data of a request lands.
 * - `none`: in no repository.
 * - `unknown`: in a repository that the address does not name (a fork goes to a new owner), or names without proof.
 */
export type Landing = 'none' | 'unknown'

/** One row: these methods on this path do this. Rows are read in order and the first that matches decides. */
export interface Route {
  readonly methods: readonly RouteMethod[]
  /**
   * `{name}` is one segment, `**` any number of segments, none included. `{owner}` and `{repo}` name the
   * repository; `{reserved}` is one of the surface's reserved words, which `{owner}` never is.
   */
  readonly path: string
  readonly operation: InnerOperation
  /** Where not said: the repository that `{owner}` and `{repo}` name, and none where the path has neither. */
  readonly lands?: Landing
  /** The field of a JSON body that carries a file in base64: its size is the file's and not the text's. */
  readonly base64?: string
}

/** Hosts that have the same routes. */
export interface Surface {
  /**
   * `x`, or `*.x` for what is below x and not x. In a kind, `{host}` stands for every host of the instance, and `api.{host}`
   * for hosts that begin with that label, where the instance names its hosts by a wildcard.
   */
  readonly hosts: readonly string[]
  /** Where the routes begin on a host that serves more than one surface: `/api/v3`. */
  readonly below?: string
  /** What a reading request is called that no route matches. */
  readonly reads: 'api-read' | 'web-read' | 'download'
  /** The hosts under which its repositories are named, the usual one first; where not said, each host names its own. */
  readonly repositories?: readonly string[]
  /** How git addresses name the repository here; where not said, git is not served here and its addresses prove nothing. */
  readonly git?: 'owner/repo' | 'path'
  /** Where a request lands that no route matches; `unknown` where not said. */
  readonly unmatched?: Landing
  /** First segments that are pages of the service and never an owner, in lower case. */
  readonly reserved?: readonly string[]
  readonly routes: readonly Route[]
}

export interface ServiceEntry {
  /** The name that records and messages use. */
  readonly id: string
  /** `web` for a service that is known by its hosts alone. */
  readonly kind: Kind | 'web'
  readonly category: Category
  /** Whether two spellings of a repository's name that differ in case are one repository. */
  readonly foldsCase: boolean
  /** Of surfaces with the same host, the first whose `below` the path has counts; the one without `below` is the last. */
  readonly surfaces: readonly Surface[]
}

/** A kind is an entry whose hosts a policy fills in. */
export type KindEntry = Omit<ServiceEntry, 'id'>

/** Services that are known by their hosts alone, as `id: hosts`; `routes` are the same for all of them. */
export function knownByHost(
  category: Category,
  services: Readonly<Record<string, readonly string[]>>,
  routes: readonly Route[] = [],
): readonly ServiceEntry[] {
  const reads = category === 'object-storage' ? 'download' : 'web-read'
  return Object.entries(services).map(([id, hosts]) => {
    return { id, kind: 'web', category, foldsCase: false, surfaces: [{ hosts, reads, unmatched: 'none', routes }] }
  })
}

/** The same rows below a path: `/contents/**` below `/repos/{owner}/{repo}`. */
export function mount(prefix: string, routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({ ...route, path: `${prefix}${route.path}` }))
}

/** The same rows below a path that names the repository by number, which tells nobody which one it is. */
export function mountUnnamed(prefix: string, routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({ ...route, path: `${prefix}${route.path}`, lands: 'unknown' }))
}

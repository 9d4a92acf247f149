/** The form in which services are written down: one object literal of `ServiceEntry` for each, in `services/`. */
import type { OpaqueOperation, Operation } from '../flow/operation.ts'
import type { Category, Kind } from './vocabulary.ts'

/** An operation that is read off a request. */
export type InnerOperation = Exclude<Operation, OpaqueOperation>

/** Whose mutations a body of GraphQL may name. */
export type GraphqlDialect = 'github' | 'gitlab'

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
   * `{name}` is one segment, `**` any number of segments, none included. The repository is named by `{owner}` and `{repo}`,
   * with `{team_project}` between them where there is one; by `{project}`, which is a number or has its slashes encoded
   * (`group%2Fproject`); or by `{path}`, which stands first and is two segments or more, up to the first that is equal to
   * the next of the template. `{reserved}` is one of the surface's reserved words, which `{owner}`, and the beginning of
   * `{path}`, never are.
   */
  readonly path: string
  readonly operation: InnerOperation
  /** Where not said: the repository that the path names, and none where it names none. */
  readonly lands?: Landing
  /** The field of a JSON body that carries a file in base64: its size is the file's and not the text's. */
  readonly base64?: string
  /** The form of the body, where only the body tells what is done; `operation` is what it is taken for unread. */
  readonly body?: 'mega-commands' | { readonly graphql: GraphqlDialect }
  /** Fields of a JSON body that do one thing more: a `private` among the settings of a repository. */
  readonly fields?: Readonly<Record<string, InnerOperation>>
  /** `**` is the path of the file that is written. */
  readonly namesFile?: true
  /** Only where there is no content: then nothing leaves but an address, which this service only reads by. */
  readonly empty?: true
  /**
   * Only where these parameters stand in the query, with that value; `true` is any, none included. A row that writes matches
   * every spelling that a server may read so; one of what policies give away freely takes each parameter once, as spelled.
   */
  readonly query?: Readonly<Record<string, string | true>>
  /** Only where Content-Type is one of these media types: lower case, without parameters; `multipart/*` is all of a kind. */
  readonly types?: readonly string[]
  /** Where the answer says that the rest of this upload goes: what is sent there is this operation on this repository. */
  readonly announces?: Announcement
}

/**
 * - `location`: in the Location field.
 * - `json`: in that field of a JSON answer, as `data.href`; `*` is each item of a list.
 */
export type Announcement = { readonly in: 'location' } | { readonly in: 'json'; readonly field: string }

/**
 * How a git address names its repository.
 * - `owner/repo`: by two segments; of more or fewer nobody knows what they are.
 * - `group/repo`: by two segments or more.
 * - `path`: by all its segments.
 * - `scm`: by the two behind `/scm`.
 * - `azure`: ORGANIZATION/PROJECT/_git/REPO, or ORGANIZATION/_git/REPO where both have one name.
 */
export type GitNaming = 'owner/repo' | 'group/repo' | 'path' | 'scm' | 'azure'

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
  readonly git?: GitNaming
  /** SSH is spoken here and nothing else: there is nothing to read, whatever a suffix of the host says. */
  readonly ssh?: true
  /** The path behind which `{project}` stands, the only segment in which an encoded slash is no ambiguity. */
  readonly projects?: string
  /** The host's label before this domain is the owner, and stands in front of the path: `acme.x/app` is `/acme/app`. */
  readonly ownerBelow?: string
  /**
   * The server takes other cases of its own words, and words with a format behind them (`merge.json`): rows that write match
   * those too, so that no spelling slips from the strict row into a wide one.
   */
  readonly lenient?: true
  /** Where a request lands that no route matches; `unknown` where not said. */
  readonly unmatched?: Landing
  /** First segments that are pages of the service and never an owner, in lower case. */
  readonly reserved?: readonly string[]
  readonly routes: readonly Route[]
}

export interface ServiceEntry {
  /** The name that records and messages use. */
  readonly id: string
  /** A kind of a policy's, or one that exists only once; `web` for a service that is known by its hosts alone. */
  readonly kind: Kind | 'gitee' | 'mega' | 'web'
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
  const read = category === 'object-storage' ? 'download' : 'web-read'
  return Object.entries(services).map(([id, hosts]) => {
    return {
      id,
      kind: 'web',
      category,
      foldsCase: false,
      surfaces: [{ hosts, reads: read, unmatched: 'none', routes }],
    }
  })
}

/** A service whose rows differ from host to host, and that holds no repositories. */
export function webService(id: string, category: Category, ...surfaces: readonly Surface[]): ServiceEntry {
  return { id, kind: 'web', category, foldsCase: false, surfaces }
}

/** `unnamed` is what a reading request is called that no row names; where reads are doubted, it is an unknown write. */
export function webSurface(
  unnamed: Surface['reads'],
  hosts: readonly string[],
  ...routes: readonly (readonly Route[])[]
): Surface {
  return { hosts, reads: unnamed, unmatched: 'none', routes: routes.flat() }
}

/** A row for each path, with the methods that it is documented with. */
export function rowsFor(
  methods: readonly RouteMethod[],
  operation: InnerOperation,
  paths: readonly string[],
  more: Pick<Route, 'query' | 'types' | 'announces' | 'empty'> = {},
): readonly Route[] {
  return paths.map((path) => ({ methods, path, operation, ...more }))
}

/** Rows for all that changes something, as `path: operation`, in order. */
export function writes(rows: Readonly<Record<string, InnerOperation>>, lands?: Landing): readonly Route[] {
  return Object.entries(rows).map(([path, operation]) => ({
    methods: WRITES,
    path,
    operation,
    ...(lands === undefined ? {} : { lands }),
  }))
}

/** Rows for reading requests, as `path: operation`, in order. */
export function reads(
  rows: Readonly<Record<string, 'api-read' | 'web-read' | 'download'>>,
  lands?: Landing,
): readonly Route[] {
  return writes(rows, lands).map((route) => ({ ...route, methods: ['GET'] }))
}

/** Rows for signing in and out: these paths and no others, for what is taken for a sign-in is rarely refused. */
export function signIns(...paths: readonly string[]): readonly Route[] {
  return paths.map((path) => ({ methods: ['POST'], path, operation: 'sign-in', lands: 'none' }))
}

/** The hosts that speak SSH on the port of HTTPS, for the repositories of another host. */
export function sshHosts(hosts: readonly string[], repositories: readonly string[]): Surface {
  return { hosts, repositories, reads: 'web-read', ssh: true, routes: [] }
}

/** A service of the catalogue that is one server of a kind. */
export function serverOf(id: string, kind: KindEntry, host: string, more: readonly Surface[] = []): ServiceEntry {
  const own = kind.surfaces.filter((surface) => surface.hosts.includes('{host}'))
  return { ...kind, id, surfaces: [...own.map((surface) => ({ ...surface, hosts: [host] })), ...more] }
}

/** The same rows below a path: `/contents/**` below `/repos/{owner}/{repo}`. */
export function mount(prefix: string, routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({ ...route, path: `${prefix}${route.path}` }))
}

/** The same rows below a path that names the repository by number, which tells nobody which one it is. */
export function mountUnnamed(prefix: string, routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({ ...route, path: `${prefix}${route.path}`, lands: 'unknown' }))
}

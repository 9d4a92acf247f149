/** Compiles the services, the catalogue's own and a policy's instances, into an index of hosts. */
import type { Host } from '../net/host.ts'
import { suggestion } from '../text/suggest.ts'
import { findHost, type HostIndex, type HostPattern, parseHostPattern } from './host-pattern.ts'
import {
  entryOfOwn,
  isExtension,
  isInstance,
  type OwnService,
  type PolicyService,
  putInFront,
  type ServiceExtension,
  type ServiceInstance,
} from './own-service.ts'
import { type RouteTable, routeTableOf } from './route-table.ts'
import type { ServiceEntry, Surface } from './service-entry.ts'
import { KIND_ENTRIES, SERVICE_ENTRIES } from './services.ts'
import { type Category, KINDS, type Kind } from './vocabulary.ts'

export interface Service {
  readonly id: string
  readonly kind: string
  readonly category: Category
  /** `x`, or `*.x` for what is below x and not x. */
  readonly hosts: readonly string[]
}

export interface CatalogProblem {
  readonly service: string
  readonly message: string
  readonly hint?: string | undefined
}

export interface CompiledSurface {
  readonly surface: Surface
  readonly below: readonly string[]
  /** The segments, those of `below` included, behind which the one stands that names a repository with encoded slashes. */
  readonly projects: readonly string[] | null
  readonly routes: RouteTable
}

/** What one host pattern leads to. */
interface Place {
  readonly service: Service
  readonly foldsCase: boolean
  /** The instance's first exact host, under which all its exact hosts name their repositories; null: each its own. */
  readonly canonical: string | null
  readonly plain: CompiledSurface[]
  /** Surfaces for hosts that begin with a label, below a wildcard. */
  readonly labelled: Map<string, CompiledSurface[]>
}

/** Surfaces of one host, in the entry's order, and where its repositories are named. */
export interface LocatedHost {
  readonly service: Service
  readonly foldsCase: boolean
  readonly surfaces: readonly CompiledSurface[]
  /** Reads a surface's `repositories` for this host. */
  readonly base: string
}

export interface Catalog {
  readonly services: readonly Service[]
  readonly byId: ReadonlyMap<string, Service>
  readonly index: HostIndex<Place>
}

/** How many services a policy may add or extend. */
export const POLICY_SERVICES_MAX = 1_000
/** How many host patterns all of them may add. */
export const INSTANCE_PATTERNS_MAX = 10_000
/** How many rows all of them may add. */
export const POLICY_ROUTES_MAX = 5_000

/**
 * Compiles the catalogue together with what a policy adds. What a problem names is left out; a pattern that two services
 * name stays with the first, and the catalogue comes before the policy.
 */
export function compileCatalog(added: readonly PolicyService[]): {
  catalog: Catalog
  problems: readonly CatalogProblem[]
} {
  const builder = new Builder()
  const good = withinLimits(added, builder)
  const extensions = new Map(good.filter(isExtension).map((extension) => [extension.id, extension]))
  for (const entry of SERVICE_ENTRIES) builder.addEntry(extended(entry, extensions.get(entry.id), builder))
  for (const { id } of extensions.values()) {
    if (builder.services.some((service) => service.id === id)) continue
    const hint = suggestion(id, builder.ids()) ?? 'a service of your own names `category` and `hosts`'
    builder.report(id, `no service of the catalogue is named "${id}"`, hint)
  }
  for (const service of good) if (!isExtension(service)) builder.addOwn(service)
  return {
    catalog: {
      services: builder.services,
      byId: new Map(builder.services.map((service) => [service.id, service])),
      index: { exact: builder.exact, below: builder.below },
    },
    problems: builder.problems,
  }
}

/** The services up to the first past a limit, and those behind it that add less. */
function withinLimits(added: readonly PolicyService[], builder: Builder): readonly PolicyService[] {
  let [patterns, routes] = [0, 0]
  return added.filter(({ id, hosts = [], operations = [] }, at) => {
    patterns += hosts.length
    routes += operations.length
    if (patterns > INSTANCE_PATTERNS_MAX)
      builder.report(id, `the services name more than ${INSTANCE_PATTERNS_MAX} hosts`)
    else if (routes > POLICY_ROUTES_MAX)
      builder.report(id, `the services have more than ${POLICY_ROUTES_MAX} operations`)
    else if (at >= POLICY_SERVICES_MAX) builder.report(id, `a policy has at most ${POLICY_SERVICES_MAX} services`)
    else return true
    return false
  })
}

function extended(entry: ServiceEntry, extension: ServiceExtension | undefined, builder: Builder): ServiceEntry {
  if (extension === undefined) return entry
  const known = new Set(entry.surfaces.flatMap(({ hosts }) => hosts))
  const hosts = extension.hosts?.map((host) => host.toLowerCase())
  const strange = hosts?.find((host) => !known.has(host))
  if (strange !== undefined) {
    builder.report(entry.id, `"${strange}" is no host of the service ${entry.id}`, suggestion(strange, known))
  }
  return { ...entry, surfaces: putInFront(entry.surfaces, extension.operations, hosts) }
}

/** The service that a host belongs to: by its exact name, else by the longest suffix. */
export function serviceOf(catalog: Catalog, host: Host): Service | null {
  return findHost(catalog.index, host)?.service ?? null
}

/** The service that an announcement names; null for one that a reload took away. */
export function serviceWithId(catalog: Catalog, id: string): Service | null {
  return catalog.byId.get(id) ?? null
}

/** Whether nothing but SSH is spoken at a host, on whatever port: `ssh.github.com` serves it on that of HTTPS. */
export function isSshHost(catalog: Catalog, host: string): boolean {
  return locate(catalog, host)?.surfaces.some(({ surface }) => surface.ssh === true) ?? false
}

/**
 * The hosts under which repositories that are reached through this host are named; a host that nobody knows names its own.
 * The exact hosts of an instance are names of one server, and its repositories are named under the first of them: a rule on
 * `git.acme.example/**` is not escaped through an alias. Hosts below a wildcard are servers of their own.
 */
export function repositoryHostsOf(catalog: Catalog, host: Host): readonly string[] {
  const located = locate(catalog, host)
  if (located === null) return [host]
  return [...new Set(located.surfaces.flatMap(({ surface }) => repositoryHosts(surface, located.base, host)))]
}

/** Whether names of repositories under this host are one name whatever their case; at an unknown host they are not. */
export function foldsCase(catalog: Catalog, repositoryHost: string): boolean {
  return findHost(catalog.index, repositoryHost)?.foldsCase ?? false
}

export function locate(catalog: Catalog, host: string): LocatedHost | null {
  const place = findHost(catalog.index, host)
  if (place === null) return null
  const dot = host.indexOf('.')
  const labelled = place.labelled.get(host.slice(0, dot))
  const { service, foldsCase: folds } = place
  if (labelled === undefined) return { service, foldsCase: folds, surfaces: place.plain, base: place.canonical ?? host }
  const parent = host.slice(dot + 1)
  // `api.x` may stand beside an `x` that is an alias: both lead to the same server.
  const base = findHost(catalog.index, parent)?.canonical ?? parent
  return { service, foldsCase: folds, surfaces: labelled, base }
}

export function repositoryHosts(surface: Surface, base: string, host: string): readonly string[] {
  return surface.repositories?.map((name) => name.replace('{host}', base)) ?? [host]
}

class Builder {
  readonly exact = new Map<string, Place>()
  readonly below = new Map<string, Place>()
  readonly services: Service[] = []
  readonly problems: CatalogProblem[] = []

  report(service: string, message: string, hint?: string): void {
    this.problems.push({ service, message, hint })
  }

  ids(): readonly string[] {
    return this.services.map(({ id }) => id)
  }

  addEntry(entry: ServiceEntry): void {
    const hosts = [...new Set(entry.surfaces.flatMap((surface) => surface.hosts.map(unlabelled)))]
    this.#add(entry, hosts, ({ hosts: own }) => own, null)
  }

  addOwn(own: ServiceInstance | OwnService): void {
    const { id, hosts } = own
    const good = hosts.filter((host) => this.#isGood(id, host)).map((host) => host.toLowerCase())
    if (isInstance(own) && !isKind(own.kind))
      this.report(id, `"${own.kind}" is no kind of service; there are ${KINDS.join(', ')}`)
    else if (this.services.some((service) => service.id === id))
      this.report(id, 'a service of this name is there already')
    else if (hosts.length === 0) this.report(id, 'names no host')
    else if (good.length > 0) this.#addGood(own, [...new Set(good)])
  }

  #addGood(own: ServiceInstance | OwnService, hosts: readonly string[]): void {
    const canonical = hosts.find((host) => !host.startsWith('*.')) ?? null
    if (!isInstance(own)) {
      this.#add(entryOfOwn(own, hosts), hosts, (surface) => surface.hosts, canonical)
    } else if (isKind(own.kind)) {
      const kind = KIND_ENTRIES[own.kind]
      const surfaces = putInFront(kind.surfaces, own.operations ?? [])
      const fill = (surface: Surface): readonly string[] => surface.hosts.flatMap((host) => fillHost(host, hosts))
      this.#add({ id: own.id, ...kind, surfaces }, hosts, fill, canonical)
    }
  }

  #isGood(id: string, host: string): boolean {
    const pattern = parseHostPattern(host)
    const good = pattern !== null && pattern.label === null
    if (!good) this.report(id, `"${host}" is no host name; write x.example, or *.x.example for what is below it`)
    return good
  }

  #add(
    entry: ServiceEntry,
    hosts: readonly string[],
    hostsOf: (surface: Surface) => readonly string[],
    canonical: string | null,
  ): void {
    const own = hosts.filter((host) => this.#isFree(entry.id, host))
    const service: Service = { id: entry.id, kind: entry.kind, category: entry.category, hosts: own }
    this.services.push(service)
    for (const host of own) {
      const { wildcard } = knownPattern(host)
      const place = { service, foldsCase: entry.foldsCase, canonical: wildcard ? null : canonical }
      this.#mapFor(host).set(knownPattern(host).name, { ...place, plain: [], labelled: new Map() })
    }
    for (const surface of entry.surfaces) for (const host of hostsOf(surface)) this.#place(service, surface, host)
  }

  #isFree(id: string, host: string): boolean {
    const taken = this.#mapFor(host).get(knownPattern(host).name)
    if (taken !== undefined) this.report(id, `"${host}" belongs to the service ${taken.service.id} already`)
    return taken === undefined
  }

  #place(service: Service, surface: Surface, host: string): void {
    const { name, label } = knownPattern(host)
    const place = this.#mapFor(host).get(name)
    if (place?.service !== service) return
    const below = segmentsOf(surface.below)
    const projects = surface.projects === undefined ? null : [...below, ...segmentsOf(surface.projects)]
    const compiled = { surface, below, projects, routes: routeTableOf(surface) }
    if (label === null) place.plain.push(compiled)
    else place.labelled.set(label, [...(place.labelled.get(label) ?? []), compiled])
  }

  #mapFor(host: string): Map<string, Place> {
    return knownPattern(host).wildcard ? this.below : this.exact
  }
}

/** `api.{host}` is a label for a wildcard only: which names beside an exact host are the same server, nobody said. */
function fillHost(template: string, hosts: readonly string[]): readonly string[] {
  const filling = template === '{host}' ? hosts : hosts.filter((host) => host.startsWith('*.'))
  return filling.map((host) => template.replace('{host}', host))
}

function segmentsOf(path: string | undefined): readonly string[] {
  return path?.slice(1).split('/') ?? []
}

function unlabelled(host: string): string {
  const { name, wildcard } = knownPattern(host)
  return wildcard ? `*.${name}` : name
}

function knownPattern(host: string): HostPattern {
  const pattern = parseHostPattern(host)
  if (pattern === null) throw new Error(`no host pattern: ${host}`)
  return pattern
}

function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text)
}

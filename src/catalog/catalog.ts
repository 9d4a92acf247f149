/** Compiles the services, the catalogue's own and a policy's instances, into an index of hosts. */
import type { Host } from '../net/host.ts'
import { findHost, type HostIndex, type HostPattern, parseHostPattern } from './host-pattern.ts'
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

/** A service of one's own, as a policy's `services:` names it: one server under one or more names. */
export interface ServiceInstance {
  readonly id: string
  readonly kind: string
  readonly hosts: readonly string[]
}

export interface CatalogProblem {
  readonly service: string
  readonly message: string
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
  readonly index: HostIndex<Place>
}

/** How many host patterns a policy's instances may add. */
export const INSTANCE_PATTERNS_MAX = 10_000

/**
 * Compiles the catalogue together with a policy's instances. What a problem names is left out; a pattern that two services
 * name stays with the first, and the catalogue comes before the policy.
 */
export function compileCatalog(instances: readonly ServiceInstance[]): {
  catalog: Catalog
  problems: readonly CatalogProblem[]
} {
  const builder = new Builder()
  for (const entry of SERVICE_ENTRIES) builder.addEntry(entry)
  let patterns = 0
  for (const instance of instances) {
    patterns += instance.hosts.length
    if (patterns <= INSTANCE_PATTERNS_MAX) builder.addInstance(instance)
    else builder.report(instance.id, `the services name more than ${INSTANCE_PATTERNS_MAX} hosts`)
  }
  return {
    catalog: { services: builder.services, index: { exact: builder.exact, below: builder.below } },
    problems: builder.problems,
  }
}

/** The service that a host belongs to: by its exact name, else by the longest suffix. */
export function serviceOf(catalog: Catalog, host: Host): Service | null {
  return findHost(catalog.index, host)?.service ?? null
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

  report(service: string, message: string): void {
    this.problems.push({ service, message })
  }

  addEntry(entry: ServiceEntry): void {
    const hosts = [...new Set(entry.surfaces.flatMap((surface) => surface.hosts.map(unlabelled)))]
    this.#add(entry, hosts, ({ hosts: own }) => own, null)
  }

  addInstance({ id, kind, hosts }: ServiceInstance): void {
    const good = hosts.filter((host) => this.#isGood(id, host)).map((host) => host.toLowerCase())
    if (!isKind(kind)) this.report(id, `"${kind}" is no kind of service; there are ${KINDS.join(', ')}`)
    else if (this.services.some((service) => service.id === id))
      this.report(id, 'a service of this name is there already')
    else if (hosts.length === 0) this.report(id, 'names no host')
    else if (good.length > 0) this.#addGood(id, kind, [...new Set(good)])
  }

  #addGood(id: string, kind: Kind, hosts: readonly string[]): void {
    const canonical = hosts.find((host) => !host.startsWith('*.')) ?? null
    const fill = (surface: Surface): readonly string[] => surface.hosts.flatMap((host) => fillHost(host, hosts))
    this.#add({ id, ...KIND_ENTRIES[kind] }, hosts, fill, canonical)
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

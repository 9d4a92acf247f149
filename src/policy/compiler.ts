/** What conditions are compiled with: the policy's names, the indexes they fill, and where their problems go. */
import { type Catalog, repositoryHostsOf, serviceOf } from '../catalog/catalog.ts'
import type { Limit } from '../flow/verdict.ts'
import type { Cidr } from '../net/address.ts'
import { parseHost } from '../net/host.ts'
import type { Problem } from '../text/problem.ts'
import { suggestion } from '../text/suggest.ts'
import type { Path } from '../text/yaml.ts'
import type { Condition } from './conditions/condition.ts'
import type { HostIndexBuilder } from './host-index.ts'
import { parseRepositoryPattern, type RepositoryIndexBuilder, type RepositoryPattern } from './repository-index.ts'
import type { DestinationInput } from './schema-rule.ts'
import type { PolicySource } from './source.ts'

/** A `to` or an `except`, and where it stands. */
export interface DestinationPart {
  readonly key: 'to' | 'except'
  readonly input: DestinationInput
  readonly path: Path
  /** Without `ports`, hosts mean 80 and 443 here. */
  readonly impliesWebPorts: boolean
}

/** Whoever is in one of the networks, or is one of the users. */
export interface Group {
  readonly networks: readonly Cidr[]
  readonly users: readonly string[]
}

/** The names that a policy gives to things. */
export interface Names {
  readonly groups: ReadonlyMap<string, Group>
  /** Ids of host sets. */
  readonly lists: ReadonlyMap<string, number>
  /** Ids of repository sets. */
  readonly repositories: ReadonlyMap<string, number>
  readonly budgets: ReadonlyMap<string, Limit>
}

/** The errors of a whole policy that are shown; a thousand more help nobody. */
const PROBLEMS_MAX = 200

export class Compiler {
  readonly catalog: Catalog
  readonly hosts: HostIndexBuilder
  readonly repositories: RepositoryIndexBuilder
  readonly problems: Problem[] = []
  readonly #source: PolicySource
  readonly #shared = new Map<string, Condition>()
  #names: Names = { groups: new Map(), lists: new Map(), repositories: new Map(), budgets: new Map() }

  constructor(source: PolicySource, catalog: Catalog, hosts: HostIndexBuilder, repositories: RepositoryIndexBuilder) {
    this.#source = source
    this.catalog = catalog
    this.hosts = hosts
    this.repositories = repositories
  }

  /** Makes the names known that rules refer to. */
  define(names: Names): void {
    this.#names = names
  }

  /** One condition for all rules that ask for the same: `make` depends on nothing that `key` does not tell. */
  share<C extends Condition | null>(key: string, make: () => C): Condition | C {
    const known = this.#shared.get(key)
    if (known !== undefined) return known
    const made = make()
    if (made !== null) this.#shared.set(key, made)
    return made
  }

  report(path: Path, message: string, hint?: string, severity: Problem['severity'] = 'error', part?: 'key'): void {
    if (this.problems.length >= PROBLEMS_MAX) return
    const problem: Problem = { severity, message, ...this.#source.locate(path, part) }
    this.problems.push(hint === undefined ? problem : { ...problem, hint })
  }

  group(name: string, path: Path): Group | null {
    return this.#resolve(this.#names.groups, 'group', name, path)
  }

  list(name: string, path: Path): number | null {
    return this.#resolve(this.#names.lists, 'list', name, path)
  }

  repositorySet(name: string, path: Path): readonly number[] {
    const id = this.#resolve(this.#names.repositories, 'set of repositories', name, path)
    return id === null ? [] : [id]
  }

  budget(name: string, path: Path): Limit | null {
    return this.#resolve(this.#names.budgets, 'budget', name, path)
  }

  service(id: string, path: Path): void {
    const services = new Map(this.catalog.services.map((service) => [service.id, service]))
    this.#resolve(services, 'service', id, path)
  }

  /** Compiles patterns into one set. `place` answers where the pattern at a position stands. */
  addRepositories(patterns: readonly string[], place: (at: number) => Path): number {
    const { id, put } = this.repositories.begin()
    for (const [at, text] of patterns.entries()) {
      const pattern = this.repositoryPattern(text, place(at))
      if (pattern !== null) put(pattern)
    }
    return id
  }

  repositoryPattern(text: string, path: Path): RepositoryPattern | null {
    const pattern = parseRepositoryPattern(text, this.catalog)
    if (pattern === null) {
      const bare = /^(?:[a-z]+:\/\/|git@)([^:/]+)[:/](.+)$/i.exec(text)
      const hint = bare === null ? 'write it as github.com/acme/*' : `write \`${bare[1] ?? ''}/${bare[2] ?? ''}\``
      this.report(path, `\`${text}\` is not HOST/OWNER/REPO`, hint)
      return null
    }
    const host = parseHost(pattern.host)
    const service = host === null ? null : serviceOf(this.catalog, host)
    const names = host === null ? [] : repositoryHostsOf(this.catalog, host)
    if (service === null) {
      this.report(path, `no service is known at ${pattern.host}`, 'name it under `services`', 'warning')
    } else if (!names.includes(pattern.host)) {
      // A pattern under an alias, or under the host of an API, would never match anything.
      const hint = names[0] === undefined ? undefined : `did you mean \`${names[0]}/${pattern.rest.text}\`?`
      this.report(path, `no repository is named under ${pattern.host}`, hint)
    } else if (service.kind === 'github' && !text.includes('**') && pattern.rest.text.split('/').length !== 2) {
      this.report(path, `\`${text}\` matches no repository`, `write it as ${pattern.host}/OWNER/REPO`, 'warning')
    }
    return pattern
  }

  #resolve<T>(map: ReadonlyMap<string, T>, what: string, name: string, path: Path): T | null {
    const found = map.get(name)
    if (found !== undefined) return found
    const hint = map.size === 0 ? undefined : suggestion(name, map.keys())
    this.report(path, `no ${what} is named \`${name}\``, hint)
    return null
  }
}

/** The form in which the mutations of a GraphQL API are written down, and how lists of them are put together. */
import assert from 'node:assert'
import type { InnerOperation, Landing } from './service-entry.ts'

export interface Mutation {
  readonly operation: InnerOperation
  /**
   * Where the input names what the mutation lands in: dotted paths, below `input`, of fields that hold a node id. Those that
   * an input has all count; where it has none of them, nobody can say where it lands.
   */
  readonly ids?: readonly string[]
  /** Dotted path, below `input`, of a field that holds the full name of the repository: OWNER/NAME. */
  readonly repositoryName?: string
  /** Only where neither of the two is: in no repository (a user's status), or in one that the input does not name. */
  readonly lands?: Landing
}

/** By name. It has no prototype: `constructor` is no mutation. */
export type Mutations = Readonly<Partial<Record<string, Mutation>>>

export function mutations(...lists: readonly Mutations[]): Mutations {
  const all: Record<string, Mutation> = Object.create(null)
  for (const [name, mutation] of lists.flatMap((list) => Object.entries(list))) {
    assert(mutation !== undefined && all[name] === undefined, `a mutation stands once: ${name}`)
    all[name] = mutation
  }
  return Object.freeze(all)
}

/** Mutations of one operation, each with the fields of its input that hold the ids, space between them. */
export function byId(operation: InnerOperation, rows: Readonly<Record<string, string>>): Mutations {
  const list = Object.entries(rows).map(([name, ids]) => [name, { operation, ids: ids.split(' ') }])
  return Object.fromEntries(list)
}

/** Mutations of one operation, each with the field of its input that holds the repository's name. */
export function byName(operation: InnerOperation, rows: Readonly<Record<string, string>>): Mutations {
  const list = Object.entries(rows).map(([name, repositoryName]) => [name, { operation, repositoryName }])
  return Object.fromEntries(list)
}

/** Mutations of one operation that name no repository in which they land; `names` has spaces between them. */
export function landing(lands: Landing, operation: InnerOperation, names: string): Mutations {
  const list = names.trim().split(/\s+/)
  return Object.fromEntries(list.map((name) => [name, { operation, lands }]))
}

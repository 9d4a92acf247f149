/** What answers told of repositories: their ids to the client that heard them, their visibility to all. For a short time. */
import { LRUCache } from 'lru-cache'
import type { RepositoryMemory } from '../flow/bindings.ts'
import type { Repository, Visibility } from '../flow/subject.ts'

export interface MemoryLimits {
  readonly idsMax: number
  readonly repositoriesMax: number
  readonly lifetimeMs: number
}

/** A repository may be handed to somebody else, or be opened to the public, while it is remembered. */
export const MEMORY_LIMITS: MemoryLimits = { idsMax: 100_000, repositoriesMax: 100_000, lifetimeMs: 10 * 60 * 1000 }

/** Characters of an id; longer ones are not remembered. */
export const idCharactersMax = 256

interface Known<T> {
  readonly value: T
  readonly endsAt: number
}

export function createRepositoryMemory(limits: MemoryLimits = MEMORY_LIMITS): RepositoryMemory {
  const ids = new LRUCache<string, Known<Repository>>({ max: limits.idsMax })
  const visibilities = new LRUCache<Repository, Known<Visibility>>({ max: limits.repositoriesMax })
  return {
    learn(client, news, now) {
      const endsAt = now + limits.lifetimeMs
      for (const id of news.ids) {
        if (id.length <= idCharactersMax) ids.set(keyOf(client, news.service, id), { value: news.repository, endsAt })
      }
      if (news.visibility !== null) visibilities.set(news.repository, { value: news.visibility, endsAt })
    },
    repositoryOf: (client, service, id, now) => alive(ids.get(keyOf(client, service, id)), now),
    visibilityOf: (repository, now) => alive(visibilities.get(repository), now),
  }
}

function alive<T>(known: Known<T> | undefined, now: number): T | null {
  return known === undefined || known.endsAt <= now ? null : known.value
}

function keyOf(client: string, service: string, id: string): string {
  // The id is the client's to choose, and a user's name has spaces.
  return JSON.stringify([service, id, client])
}

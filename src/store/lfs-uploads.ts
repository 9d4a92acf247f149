/** Objects of LFS that were sent ahead of a push, counted in memory by client and repository, for a short time. */
import { LRUCache } from 'lru-cache'
import type { LfsSent, LfsUploads } from '../flow/bindings.ts'

export interface LfsUploadLimits {
  /** Clients and repositories that are counted for, one pair each; past them the longest untouched is forgotten. */
  readonly pairsMax: number
  /** Between two objects, and between the last one and its push: however long all of them take. */
  readonly silenceMsMax: number
}

export const LFS_UPLOAD_LIMITS: LfsUploadLimits = { pairsMax: 10_000, silenceMsMax: 15 * 60 * 1000 }

/** Characters of a repository's name; for one with a longer name nothing is counted. */
export const repositoryCharactersMax = 1_024

interface Entry {
  readonly sent: LfsSent
  readonly endsAt: number
}

export function createLfsUploads(limits: LfsUploadLimits = LFS_UPLOAD_LIMITS): LfsUploads {
  const entries = new LRUCache<string, Entry>({ max: limits.pairsMax })
  const alive = (key: string, now: number): LfsSent | null => {
    const entry = entries.get(key)
    return entry === undefined || entry.endsAt <= now ? null : entry.sent
  }
  return {
    note(client, repository, bytes, now) {
      if (repository.length > repositoryCharactersMax) return
      const key = keyOf(client, repository)
      const before = alive(key, now) ?? { objects: 0, bytes: 0 }
      const sent = { objects: before.objects + 1, bytes: before.bytes + bytes }
      entries.set(key, { sent, endsAt: now + limits.silenceMsMax })
    },
    sentBy: (client, repository, now) => alive(keyOf(client, repository), now),
    settle: (client, repository) => void entries.delete(keyOf(client, repository)),
  }
}

function keyOf(client: string, repository: string): string {
  // A user's name has spaces, and so may a repository's.
  return JSON.stringify([repository, client])
}

/** The ports of second hops: upload addresses that a service announced to a client, what its answers told of repositories, and LFS. */
import type { Destination } from '../net/destination.ts'
import type { Fact } from './fact.ts'
import type { OpaqueOperation, Operation } from './operation.ts'
import type { Repository, SecondHop, Visibility } from './subject.ts'

/** An address that an answer named, and what a request to it is judged as. */
export interface Announced {
  /** As the answer spelled it: only a request to exactly this address is one. */
  readonly url: string
  /** What it was announced for: a request by another method is not one. */
  readonly methods: readonly string[]
  /** The service's id. */
  readonly service: string
  readonly operation: Exclude<Operation, OpaqueOperation>
  readonly repository: Fact<Repository>
  /** How much one request to it may carry; null where the answer did not say. */
  readonly bytesMax: number | null
  /** How many requests it is good for, repeated ones included. */
  readonly triesMax: number
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** `client` tells clients apart: an announcement is for the one that heard it. */
export interface Bindings {
  announce(client: string, announced: Announced, now: number): void
  /** What a request to this destination may be, while it is not read. */
  possibleAt(client: string, destination: Destination, now: number): SecondHop
  /** The announcement of this very address, by one try less; null where there is none, or it is used up or over. */
  take(client: string, destination: Destination, method: string, target: string, now: number): Announced | null
}

/** What an answer told of a repository. */
export interface RepositoryNews {
  readonly service: string
  readonly repository: Repository
  /** Numbers and node ids by which the service names the repository, or what is in it. */
  readonly ids: readonly string[]
  readonly visibility: Visibility | null
}

export interface RepositoryMemory {
  learn(client: string, news: RepositoryNews, now: number): void
  /** The repository that an answer to this client named by that id. */
  repositoryOf(client: string, service: string, id: string, now: number): Repository | null
  visibilityOf(repository: Repository, now: number): Visibility | null
}

/** Objects of LFS that a client has sent to one repository. */
export interface LfsSent {
  readonly objects: number
  readonly bytes: number
}

/** What went out ahead of a push: git-lfs sends its objects first, and only then is the push judged. */
export interface LfsUploads {
  note(client: string, repository: Repository, bytes: number, now: number): void
  /** What no push has followed yet; null for nothing. */
  sentBy(client: string, repository: Repository, now: number): LfsSent | null
  /** A push has followed. */
  settle(client: string, repository: Repository): void
}

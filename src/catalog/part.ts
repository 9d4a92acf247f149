/** One thing that a request does. Each is judged alone, and one denial denies the whole. */
import { ABSENT, type Fact, NEVER, UNSEEN } from '../flow/fact.ts'
import type { RefUpdate, Repository, Visibility } from '../flow/subject.ts'
import type { AnswerShape } from './graphql-answer.ts'
import type { InnerOperation } from './service-entry.ts'

export interface Part {
  /** Null while only the body tells, and it is not read yet. */
  readonly operation: InnerOperation | null
  readonly repository: Fact<Repository>
  /** Where the request names only by number or node id what it lands in: an answer seen before may tell the repository. */
  readonly ids: readonly string[]
  readonly ref: Fact<RefUpdate>
  readonly visibility: Fact<Visibility>
  readonly ciFiles: Fact<boolean>
}

/** What a body tells of one part; what it leaves out is as the head says. */
export type Told = Partial<Part> & {
  readonly operation: InnerOperation
  /** Where the answer to it will name a repository. */
  readonly answer?: AnswerShape
}

/** The operations that write files, into which a workflow may be slipped; what is unknown may be one of them. */
const WRITES_FILES: readonly (InnerOperation | null)[] = ['git-push', 'file-write', 'ref-write', 'unknown-write', null]

/** A part of which nothing is known but what it does and where it lands. */
export function partOf(
  operation: InnerOperation | null,
  repository: Fact<Repository>,
  more: Partial<Omit<Part, 'operation' | 'repository'>> = {},
): Part {
  return {
    operation,
    repository,
    ids: [],
    ref: operation === 'git-push' ? UNSEEN : ABSENT,
    visibility: visibilityAt(repository),
    ciFiles: WRITES_FILES.includes(operation) ? (operation === null ? UNSEEN : NEVER) : ABSENT,
    ...more,
  }
}

/** The part that the head tells, as the body tells it. */
export function toldOf(head: Part, told: Told): Part {
  const { operation, repository = head.repository, answer: _, ...more } = told
  return { ...partOf(operation, repository, { ids: head.ids }), ...more }
}

function visibilityAt({ state }: Fact<Repository>): Fact<Visibility> {
  return state === 'absent' ? ABSENT : state === 'unseen' ? UNSEEN : NEVER
}

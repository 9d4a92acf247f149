/** What a request is, as the catalogue says it from the head alone. */
import type { Fact } from '../flow/fact.ts'
import type { Repository } from '../flow/subject.ts'
import type { Service } from './catalog.ts'
import type { Announcement, GraphqlDialect, InnerOperation } from './service-entry.ts'

export interface RequestHead {
  /** A host, or the text of an address: nothing in the catalogue, and what is named there is named under it. */
  readonly host: string
  /** As sent; methods are case-sensitive (RFC 9110 section 9.1), so that `get` is no reading method. */
  readonly method: string
  /** Origin-form as sent: path and query. */
  readonly target: string
  readonly contentType: string | null
  readonly hasContent: boolean
}

export interface Classification {
  readonly service: Service | null
  readonly operation: InnerOperation
  /**
   * `known`: HOST/OWNER/REPO. `absent`: there is none in it. `never`: the address does not tell, because nothing matched,
   * because it can be read in more than one way, or because the data lands where only the body or the server knows.
   */
  readonly repository: Fact<Repository>
  /** By which number the address names what it lands in, where it does: an answer seen before may tell the repository. */
  readonly ids: readonly string[]
  /** The path of the file that it writes, from the root of the repository, where the address names one. */
  readonly file: string | null
  /** How its payload is found; `git-push` is a receive-pack request. */
  readonly body: BodyForm
  /** The template that matched, for the record. */
  readonly route: string | null
  /** Where its answer says that the rest of this upload goes; null where it says nothing of the kind. */
  readonly announces: Announcement | null
}

/**
 * How the payload of a body is told from what stands around it.
 * - `plain`: all of it is payload.
 * - `git-push`: a list of refs, then the pack.
 * - `git-fetch`, `lfs-locks`: a read that is a POST, and one only while its body is what that protocol asks with; anything
 *   else in it makes it an `unknown-write`.
 * - `short-git-fetch`, `short-lfs-locks`, `short-lfs-batch`: the same to a host that nobody vouches for, where ids and names are
 *   words to whoever runs it: a read only as long as an address could be that asks as much by GET.
 * - `mega-commands`: a list of commands, which alone say what is done; unread, it is taken for an upload.
 * - `lfs-batch`: it says whether objects are uploaded or downloaded.
 * - `{ graphql }`: documents, which alone say what is done, in repositories that are named under `host`.
 * - `{ base64 }`: JSON in which that field carries the payload as base64.
 * - `{ fields }`: JSON in which these fields do one thing more each.
 */
export type BodyForm =
  | 'plain'
  | 'git-push'
  | 'git-fetch'
  | 'lfs-locks'
  | 'lfs-batch'
  | 'short-git-fetch'
  | 'short-lfs-locks'
  | 'short-lfs-batch'
  | 'mega-commands'
  | GraphqlForm
  | { readonly base64: string }
  | FieldsForm

export interface GraphqlForm {
  readonly graphql: GraphqlDialect
  readonly host: string
  readonly foldsCase: boolean
}

export interface FieldsForm {
  readonly fields: Readonly<Record<string, InnerOperation>>
  /** False where more may count than the body, or where a server may read it as something else than JSON: each may stand in it. */
  readonly isJson: boolean
}

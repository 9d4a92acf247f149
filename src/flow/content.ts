/** What was found inside an upload: the nouns that conditions on its content, the record and the people read. */

/** Where a piece of content lies, from the outside in. */
export interface Place {
  /** Object id of the commit that first brought it in, in hexadecimal; null outside of a push, and where no commit names it. */
  readonly commit: string | null
  /**
   * Steps from the upload inwards: the name of a form field or JSON field, a path in a repository or an archive. Empty for the
   * upload itself.
   */
  readonly within: readonly string[]
}

/** A credential. Never the secret itself. */
export interface SecretFinding {
  /** Id of the rule, in kebab-case: `github-token`. */
  readonly rule: string
  /** What it is, for people: "a personal access token of GitHub". */
  readonly title: string
  readonly place: Place
  /** From 1. */
  readonly line: number
  /** The line around it, shortened, with the secret blotted out. */
  readonly excerpt: string
}

/** How much of the upload is source that was indexed as one's own. */
export interface OwnSource {
  /** Bytes of content that match, and all bytes of content that were looked at. */
  readonly bytes: number
  readonly ofBytes: number
  /** By repository, as it was named at `weir index`; the one with the most first. */
  readonly repositories: readonly OwnRepository[]
}

export interface OwnRepository {
  readonly name: string
  /** Pieces that are the same byte for byte as a blob of it, and pieces that carry parts of one. */
  readonly blobs: number
  readonly partial: number
  readonly bytes: number
}

/** What was not looked at, in words: what was not found may then still be there. */
interface Look {
  readonly incomplete: readonly string[]
}

export interface PayloadFacts extends Look {
  /** Media types by the bytes, of all that is in it, each once. */
  readonly types: readonly string[]
  /** Paths of files: of a push, in archives, and as forms and addresses name them. */
  readonly files: readonly string[]
  /** What is enciphered, and where, in words. */
  readonly encrypted: readonly string[]
  /** Kinds of archives, each once. */
  readonly archives: readonly string[]
  /** Of the piece with the most, in bits a byte; 0 where no piece is large enough to tell. */
  readonly entropy: number
}

export interface SecretFacts extends Look {
  readonly findings: readonly SecretFinding[]
}

export interface SourceFacts extends Look {
  readonly source: OwnSource
}

/** What is in the pack of a push. */
export interface PackFacts extends Look {
  readonly objects: number
  /** Bytes, inflated; 0 where there is none. */
  readonly largestBlob: number
  /** A commit without parents: a history that has nothing to do with the repository's own. */
  readonly newRoot: boolean
  /** Addresses of authors and committers, each once. */
  readonly authors: readonly string[]
  /** Files that the forge runs, such as `.github/workflows/ci.yml`. */
  readonly ciFiles: readonly string[]
  /** Such files that its trees name without their content: they did not change, or other files were moved there. */
  readonly ciNamed: readonly string[]
}

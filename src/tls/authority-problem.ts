/** What is wrong with the inspection CA: which file, what, and what to do about it. */

export class AuthorityProblem extends Error {
  /** The file or folder at fault. */
  readonly file: string

  constructor(file: string, problem: string, cause?: unknown) {
    super(`${file}: ${problem}`, cause === undefined ? undefined : { cause })
    this.name = 'AuthorityProblem'
    this.file = file
  }
}

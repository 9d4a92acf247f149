/** What is wrong with a file of certificates or keys: which file, what, and what to do about it. */

/** Makes the error about one file. */
export type Blame = (problem: string, cause?: unknown) => Error

export class KeyFileProblem extends Error {
  /** The file or folder at fault. */
  readonly file: string

  constructor(file: string, problem: string, cause?: unknown) {
    super(`${file}: ${problem}`, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.file = file
  }
}

/** Of the inspection CA. */
export class AuthorityProblem extends KeyFileProblem {}

export function blameAuthority(file: string): Blame {
  return (problem, cause) => new AuthorityProblem(file, problem, cause)
}

export function blameKeyFile(file: string): Blame {
  return (problem, cause) => new KeyFileProblem(file, problem, cause)
}

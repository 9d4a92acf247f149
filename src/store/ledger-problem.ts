/** Why the file of the ledger cannot be used, as a sentence for the operator. */

export class LedgerProblem extends Error {
  constructor(problem: string, cause?: unknown) {
    super(problem, cause === undefined ? undefined : { cause })
    this.name = 'LedgerProblem'
  }
}

/** One guard, the change that takes it away, and the test that must then fail. */

export interface Mutant {
  /** What the guard keeps out. */
  readonly guard: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  readonly test: string
  /** The tests of that file that are run, as a pattern over their names. Never one that would dial off this machine. */
  readonly named: string
}

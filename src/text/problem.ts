/** What is wrong with a text that a person wrote, and where: the answer of every reader of policies, lists and settings. */

/** A stretch within one line. Lines and columns count from 1, in UTF-16 code units; `endColumn` is the first one after it. */
export interface Span {
  readonly line: number
  readonly column: number
  readonly endColumn?: number
}

export interface Problem extends Span {
  readonly severity: 'error' | 'warning'
  /** One sentence without full stop: what is wrong, in the words of the text. */
  readonly message: string
  readonly file: string
  /** What to do about it, as a question or an instruction. */
  readonly hint?: string
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error')
}

/** Problems in the order of the text, file by file, so that a person can work from top to bottom. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))]
  const rank = new Map(files.map((file, at) => [file, at]))
  return [...problems].sort(
    (left, right) =>
      (rank.get(left.file) ?? 0) - (rank.get(right.file) ?? 0) || left.line - right.line || left.column - right.column,
  )
}

/** What `weir check` and `weir test` found, in the form that every report is made from. */
import type { Problem } from '../../text/problem.ts'

/** What a remark is about, and what a program sorts it by. */
export const REMARK_KINDS = {
  policy: 'Something is wrong with a policy, or does nothing.',
  'case-file': 'Something is wrong with a file of cases.',
  case: 'The policy says otherwise than a case expects.',
  coverage: 'No case shows a rule at work.',
} as const
export type RemarkKind = keyof typeof REMARK_KINDS

export interface Remark {
  readonly kind: RemarkKind
  readonly problem: Problem
  /** More lines for a person, such as the reasons rule by rule. */
  readonly details?: readonly string[]
}

/** One thing that holds or does not. */
export interface Check {
  readonly name: string
  readonly file: string
  /** Null where it is about the whole file. */
  readonly line: number | null
  /** Null where it holds. */
  readonly remark: Remark | null
}

/** All of one policy. */
export interface Suite {
  readonly name: string
  readonly checks: readonly Check[]
  /** What is worth saying, and no failure. */
  readonly notes: readonly Remark[]
}

export function remarksOf(suites: readonly Suite[]): readonly Remark[] {
  return suites.flatMap(({ checks, notes }) => [...checks.flatMap(({ remark }) => remark ?? []), ...notes])
}

/** The remark as text: what is wrong, what to do about it, and the details. */
export function textOf({ problem, details = [] }: Remark): string {
  return [problem.message, ...(problem.hint === undefined ? [] : [problem.hint]), ...details].join('\n')
}

/** Walks one case through the checkpoints, revealing what each reveals, and holds what the policy says against what it must say. */
import type { FactName, Subject } from '../flow/subject.ts'
import type { Checkpoint, Limit, Verdict } from '../flow/verdict.ts'
import { parseSize } from '../text/quantity.ts'
import { type CaseFrame, flowOf } from './case-flow.ts'
import type { CaseInput, Expected } from './case-schema.ts'
import type { CompiledPolicy } from './compiled.ts'
import { decide } from './decide.ts'
import { holdToLimits, type Upload } from './limit-words.ts'
import { needsUser } from './needs-user.ts'
import { CREDENTIALS_WANTED } from './refusal.ts'

export interface Walked {
  /** Undecided where it depends on something that the case does not name. */
  readonly verdict: Verdict
  readonly checkpoint: Checkpoint
  readonly opened: boolean
  /** What was seen when the verdict fell. */
  readonly subject: Subject
}

/** One thing that came out otherwise, both sides in the words of the case. */
export interface Mismatch {
  readonly key: keyof Expected
  readonly expected: string
  readonly got: string
}

export interface Judged {
  readonly walked: Walked
  /** Empty where the case holds. */
  readonly mismatches: readonly Mismatch[]
}

/** The client is asked for its credentials. */
const ASKED: Verdict = {
  action: 'deny',
  denial: { code: 'credentials-needed', rule: null, message: CREDENTIALS_WANTED, unseen: [] },
  wouldDeny: [],
}

export function judgeCase(policy: CompiledPolicy, row: CaseInput, frame: CaseFrame): Judged {
  const walked = walkCase(policy, row, frame)
  return { walked, mismatches: compare(row.expect, walked) }
}

function walkCase(policy: CompiledPolicy, row: CaseInput, frame: CaseFrame): Walked {
  const { stages, size, sentBytes, upload, secure } = flowOf(policy, row, frame)
  let last: Walked | null = null
  for (const { checkpoint, subject } of stages) {
    const opened = secure && (checkpoint === 'request' || checkpoint === 'body')
    if (needsUser(policy, subject)) return { verdict: ASKED, checkpoint, opened, subject }
    const verdict = decide(policy, subject)
    last = { verdict, checkpoint, opened, subject }
    // What is inspected whatever the rules say is judged by what is in it.
    const isDecided = verdict.action === 'deny' || subject.operation.state !== 'opened'
    if (verdict.action !== 'undecided' && isDecided) return holdWalked(last, { size, sentBytes }, upload)
  }
  if (last === null) throw new Error('a flow has at least one stage')
  return last
}

/** The size of a request is known when all of its body is. */
function holdWalked(walked: Walked, amounts: Upload, upload: 'request' | 'tunnel'): Walked {
  const verdict = holdToLimits(walked.verdict, amounts, upload)
  if (verdict === walked.verdict) return walked
  return { ...walked, verdict, checkpoint: upload === 'request' ? 'body' : walked.checkpoint }
}

/** The rule that a verdict names, or waits for; null for the default. */
export function ruleOf(verdict: Verdict): string | null {
  return verdict.action === 'deny' ? verdict.denial.rule : verdict.rule
}

function compare(expected: Expected, { verdict, checkpoint, opened }: Walked): readonly Mismatch[] {
  if (verdict.action === 'undecided') {
    return [{ key: 'action', expected: expected.action, got: `undecided: it ${dependence(verdict.needs)}` }]
  }
  const denial = verdict.action === 'deny' ? verdict.denial : null
  const limits = verdict.action === 'allow' ? verdict.limits : []
  const wouldDeny = verdict.wouldDeny.map(({ rule }) => rule)
  const sides: readonly (readonly [key: keyof Expected, got: unknown, holds: boolean])[] = [
    ['action', verdict.action, expected.action === verdict.action],
    ['rule', ruleOf(verdict), expected.rule === ruleOf(verdict)],
    ['checkpoint', checkpoint, expected.checkpoint === checkpoint],
    ['code', denial?.code ?? 'none', expected.code === denial?.code],
    ['message', denial?.message ?? 'none', expected.message === denial?.message],
    ['opened', opened, expected.opened === opened],
    ['wouldDeny', wouldDeny, isSameList(expected.wouldDeny ?? [], wouldDeny, Object.is)],
    ['limits', limits.map(itemOfLimit), isSameList(expected.limits ?? [], limits, isLimit)],
  ]
  return sides.flatMap(([key, got, holds]) => {
    const wanted = expected[key]
    // Of another action there is nothing to say but who says it.
    const matters = key === 'action' || key === 'rule' || expected.action === verdict.action
    return wanted === undefined || holds || !matters ? [] : [{ key, expected: textOf(wanted), got: textOf(got) }]
  })
}

function dependence(needs: readonly FactName[]): string {
  return `depends on the ${needs.join(' and the ')}, which the case does not name`
}

function isLimit(item: string | number, limit: Limit): boolean {
  return item === limit.budget || (limit.per === 'request' && parseSize(item) === limit.size)
}

/** As a case would write it. */
function itemOfLimit({ size, budget }: Limit): string | number {
  return budget ?? size
}

function isSameList<A, B>(left: readonly A[], right: readonly B[], same: (left: A, right: B) => boolean): boolean {
  return left.length === right.length && right.every((item, at) => same(left[at] as A, item))
}

/** As the case would have to be written. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The verdict on a subject: total, pure, and given as soon as nothing unseen can change it (weir.md, "Order and values"). */
import type { FactName, Subject } from '../flow/subject.ts'
import type { Limit, Verdict, WouldDeny } from '../flow/verdict.ts'
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import { denialOf, doubtOf } from './refusal.ts'
import { look, type Sight } from './sight.ts'
import { tenantObstacle } from './tenants.ts'
import { type Enough, factsOf, type Walk, walkRules } from './walk.ts'

export function decide(policy: CompiledPolicy, subject: Subject): Verdict {
  const verdict = decideByRules(policy, subject)
  if (verdict.action === 'deny') return verdict
  const obstacle = tenantObstacle(policy, subject)
  if (obstacle === null) return verdict
  if (obstacle !== 'unopened') return { action: 'deny', denial: obstacle, wouldDeny: reportsOf(verdict) }
  return verdict.action === 'undecided' ? verdict : { action: 'undecided', rule: null, needs: ['operation'] }
}

function decideByRules(policy: CompiledPolicy, subject: Subject): Verdict {
  const sight = look(policy, subject)
  const walk = walkRules(policy, sight, undefined, untilApart())
  const [firstOpen] = openThatMatter(walk)
  if (firstOpen !== undefined) {
    return { action: 'undecided', rule: firstOpen.name, needs: factsOf(firstOpen, sight, 'unseen') }
  }
  return finish(walk, sight)
}

/**
 * The verdict on a request that does several things: each part is judged alone, and one denial denies the whole.
 * What is allowed is held to the limits of all parts. A request without parts is a bug, and throws.
 */
export function decideParts(policy: CompiledPolicy, subjects: readonly Subject[]): Verdict {
  const verdicts = subjects.map((subject) => decide(policy, subject))
  const [first] = verdicts
  if (first === undefined) throw new Error('a request has at least one part')
  if (verdicts.length === 1) return first
  const denied = verdicts.find((verdict) => verdict.action === 'deny')
  if (denied !== undefined) return { ...denied, wouldDeny: mergeReports(verdicts) }
  const undecided = verdicts.filter((verdict) => verdict.action === 'undecided')
  const [waiting] = undecided
  if (waiting !== undefined) {
    const needs = new Set<FactName>(undecided.flatMap((verdict) => verdict.needs))
    return { action: 'undecided', rule: waiting.rule, needs: [...needs] }
  }
  const limits = verdicts.flatMap((verdict) => (verdict.action === 'allow' ? verdict.limits : []))
  const rule = first.action === 'allow' ? first.rule : null
  const allow = { action: 'allow', rule, limits: strictest(limits), wouldDeny: mergeReports(verdicts) } as const
  const watches = new Set(verdicts.flatMap((verdict) => (verdict.action === 'allow' ? (verdict.watches ?? []) : [])))
  return watches.size === 0 ? allow : { ...allow, watches: [...watches] }
}

/** The open rules after which another one ends otherwise: only of those does it matter whether they match. */
export function openThatMatter({ open, terminal }: Pick<Walk, 'open' | 'terminal'>): readonly CompiledRule[] {
  return open.slice(0, open.findLastIndex((rule) => !endsAlike(rule, terminal)) + 1)
}

/** Ends a walk at an open rule that ends otherwise than the first open one that `counts`: by then it is sure that this one matters. */
export function untilApart(counts: (rule: CompiledRule) => boolean = () => true): Enough {
  let first: CompiledRule | null = null
  return (rule) => {
    if (first !== null) return !endsAlike(rule, first)
    if (counts(rule)) first = rule
    return false
  }
}

/** Whether two rules end in the same action under the same limits: then it does not matter which of them decides. */
function endsAlike(left: CompiledRule, right: CompiledRule): boolean {
  if (left.action !== right.action) return false
  return left.action === 'deny' || keyOfLimits(left.limits) === keyOfLimits(right.limits)
}

function finish({ terminal, terminalOutcome, wouldDeny, watching }: Walk, sight: Sight): Verdict {
  if (terminal.action === 'allow') {
    const watches = [...new Set(watching.flatMap((rule) => factsOf(rule, sight, 'unseen')))]
    const allow = { action: 'allow', rule: terminal.name, limits: terminal.limits, wouldDeny } as const
    return watches.length === 0 ? allow : { ...allow, watches }
  }
  const isDoubt = terminalOutcome === 'doubt'
  const denial = isDoubt ? doubtOf(terminal, factsOf(terminal, sight, 'never')) : denialOf(terminal, sight.subject)
  return { action: 'deny', denial, wouldDeny }
}

function keyOfLimits(limits: readonly Limit[]): string {
  if (limits.length === 0) return ''
  return limits
    .map(
      (limit) =>
        `${limit.per} ${'windowMs' in limit ? limit.windowMs : ''} ${limit.size} ${limit.budget ?? ''} ${limit.counts ?? ''}`,
    )
    .sort()
    .join('\n')
}

/** One limit for each budget, and one for each way to count without one, each the smallest that was asked for. */
function strictest(limits: readonly Limit[]): readonly Limit[] {
  const kept = new Map<string, Limit>()
  for (const limit of limits) {
    const key = limit.budget === null ? `/${limit.counts ?? ''}` : limit.budget
    const other = kept.get(key)
    if (other === undefined || limit.size < other.size) kept.set(key, limit)
  }
  return [...kept.values()]
}

function mergeReports(verdicts: readonly Verdict[]): readonly WouldDeny[] {
  const reports = verdicts.flatMap(reportsOf)
  return [...new Map(reports.map((report) => [report.rule, report])).values()]
}

function reportsOf(verdict: Verdict): readonly WouldDeny[] {
  return verdict.action === 'undecided' ? [] : verdict.wouldDeny
}

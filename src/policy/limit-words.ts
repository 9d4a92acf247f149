/** Limits in words, and an upload of a known size held against them; what budgets have used up already, nobody knows here. */
import type { Denial, Limit, Verdict } from '../flow/verdict.ts'
import { formatDuration } from '../text/duration.ts'
import { formatSize } from '../text/quantity.ts'

/** `50 MB a request`, `1 GB per user in 1 day (budget daily)`, `16 KB sent a request`. */
export function wordsOfLimit(limit: Limit): string {
  const size = `${formatSize(limit.size)}${limit.counts === undefined ? '' : ' sent'}`
  if (limit.per !== 'request') {
    return `${size} per ${limit.per} in ${formatDuration(limit.windowMs)} (budget ${limit.budget})`
  }
  return `${size} a request${limit.budget === null ? '' : ` (budget ${limit.budget})`}`
}

/** What is known of an upload before it is made, in bytes; null for what is not. */
export interface Upload {
  readonly size: number | null
  readonly sentBytes: number | null
}

/**
 * The verdict on an upload, as far as it is known: denied where it is larger than the limit for one request, or than a whole
 * budget, so that no wait would let it pass. `kind` is a request or a tunnel.
 */
export function holdToLimits(verdict: Verdict, upload: Upload, kind: 'request' | 'tunnel'): Verdict {
  if (verdict.action !== 'allow') return verdict
  for (const counts of COUNTS) {
    const bytes = upload[counts]
    const sizeMax = requestMax(verdict.limits, counts)
    if (bytes === null) continue
    if (sizeMax !== null && bytes > sizeMax) {
      return denyBeyond(verdict.rule, kind === 'tunnel' ? null : sizeMax, counts, verdict.wouldDeny)
    }
    const budget = verdict.limits.find((limit) => countsOf(limit) === counts && bytes > limit.size)
    if (budget === undefined) continue
    const message = `this would pass the budget ${budget.budget ?? ''} of ${formatSize(budget.size)}, even if none of it were used`
    return denied('budget', verdict.rule, message, verdict.wouldDeny)
  }
  return verdict
}

/** What a limit counts: the payload, or all that goes out. */
export type Counts = 'size' | 'sentBytes'
export const COUNTS: readonly Counts[] = ['size', 'sentBytes']

export function countsOf(limit: Limit): Counts {
  return limit.counts ?? 'size'
}

/** Of one request, in bytes; null where nothing limits it. */
export function requestMax(limits: readonly Limit[], counts: Counts): number | null {
  const sizes = limits.flatMap((limit) => (limit.per === 'request' && countsOf(limit) === counts ? limit.size : []))
  return sizes.length === 0 ? null : Math.min(...sizes)
}

/** The denial of a request that is larger than `sizeMax` bytes; null for a tunnel, whose limit its client cannot act on. */
export function denyBeyond(
  rule: string | null,
  sizeMax: number | null,
  counts: Counts = 'size',
  wouldDeny: Denied['wouldDeny'] = [],
): Denied {
  if (sizeMax === null) return denied('limit', rule, 'this tunnel reached its limit of bytes sent', wouldDeny)
  const what = counts === 'size' ? 'upload' : 'request, its address and fields included,'
  return denied(
    'limit',
    rule,
    `this ${what} is larger than the limit of ${formatSize(sizeMax)} for one request`,
    wouldDeny,
  )
}

type Denied = Extract<Verdict, { action: 'deny' }>

function denied(code: Denial['code'], rule: string | null, message: string, wouldDeny: Denied['wouldDeny']): Denied {
  return { action: 'deny', denial: { code, rule, message, unseen: [] }, wouldDeny }
}

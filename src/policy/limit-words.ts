/** Limits in words, and an upload of a known size held against them; what budgets have used up already, nobody knows here. */
import type { Denial, Limit, Verdict } from '../flow/verdict.ts'
import { formatDuration } from '../text/duration.ts'
import { formatSize } from '../text/quantity.ts'

/** `50 MB a request`, `1 GB per user in 1 day (budget daily)`. */
export function wordsOfLimit(limit: Limit): string {
  if (limit.per !== 'request') {
    return `${formatSize(limit.size)} per ${limit.per} in ${formatDuration(limit.windowMs)} (budget ${limit.budget})`
  }
  return `${formatSize(limit.size)} a request${limit.budget === null ? '' : ` (budget ${limit.budget})`}`
}

/**
 * The verdict on an upload of `size` bytes, null for one of unknown size: denied where it is larger than the limit for one
 * request, or than a whole budget, so that no wait would let it pass. `upload` is a request or a tunnel.
 */
export function holdToLimits(verdict: Verdict, size: number | null, upload: 'request' | 'tunnel'): Verdict {
  if (verdict.action !== 'allow' || size === null) return verdict
  const sizeMax = requestSizeMax(verdict.limits)
  if (sizeMax !== null && size > sizeMax) {
    return denyBeyond(verdict.rule, upload === 'tunnel' ? null : sizeMax, verdict.wouldDeny)
  }
  const budget = verdict.limits.find((limit) => size > limit.size)
  if (budget === undefined) return verdict
  const message = `this would pass the budget ${budget.budget ?? ''} of ${formatSize(budget.size)}, even if none of it were used`
  return denied('budget', verdict.rule, message, verdict.wouldDeny)
}

/** Of one request, in bytes; null where nothing limits it. */
export function requestSizeMax(limits: readonly Limit[]): number | null {
  const sizes = limits.flatMap((limit) => (limit.per === 'request' ? limit.size : []))
  return sizes.length === 0 ? null : Math.min(...sizes)
}

/** The denial of a request that is larger than `sizeMax` bytes; null for a tunnel, whose limit its client cannot act on. */
export function denyBeyond(rule: string | null, sizeMax: number | null, wouldDeny: Denied['wouldDeny'] = []): Denied {
  const message =
    sizeMax === null
      ? 'this tunnel reached its limit of bytes sent'
      : `this upload is larger than the limit of ${formatSize(sizeMax)} for one request`
  return denied('limit', rule, message, wouldDeny)
}

type Denied = Extract<Verdict, { action: 'deny' }>

function denied(code: Denial['code'], rule: string | null, message: string, wouldDeny: Denied['wouldDeny']): Denied {
  return { action: 'deny', denial: { code, rule, message, unseen: [] }, wouldDeny }
}

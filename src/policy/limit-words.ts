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
  const passed = verdict.limits.filter((limit) => size > limit.size)
  const perRequest = passed.filter(({ per }) => per === 'request').map((limit) => limit.size)
  if (perRequest.length > 0) {
    return denied(verdict, 'limit', upload === 'tunnel' ? TUNNEL_ENDS : uploadBeyond(Math.min(...perRequest)))
  }
  const [budget] = passed
  if (budget === undefined) return verdict
  return denied(
    verdict,
    'budget',
    `this would pass the budget ${budget.budget ?? ''} of ${formatSize(budget.size)}, even if none of it were used`,
  )
}

const TUNNEL_ENDS = 'this tunnel reached its limit of bytes sent'

function uploadBeyond(sizeMax: number): string {
  return `this upload is larger than the limit of ${formatSize(sizeMax)} for one request`
}

function denied(
  { rule, wouldDeny }: Extract<Verdict, { action: 'allow' }>,
  code: Denial['code'],
  message: string,
): Verdict {
  return { action: 'deny', denial: { code, rule, message, unseen: [] }, wouldDeny }
}

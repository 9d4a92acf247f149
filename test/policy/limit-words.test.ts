/** Limits in words, and what an upload of a known size may be under them. */
import { describe, expect, it } from 'vitest'
import type { Limit, RequestLimit, Verdict, WindowLimit } from '../../src/flow/verdict.ts'
import { denyBeyond, holdToLimits, requestMax, type Upload, wordsOfLimit } from '../../src/policy/limit-words.ts'

const DAILY: WindowLimit = { per: 'user', windowMs: 86_400_000, size: 2_000, budget: 'daily' }
const WOULD_DENY = [{ rule: 'soon', message: 'Not from next week on.' }]

function each(size: number, budget: string | null = null): RequestLimit {
  return { per: 'request', size, budget }
}

function within(...limits: readonly Limit[]): Verdict {
  return { action: 'allow', rule: 'ours', limits, wouldDeny: WOULD_DENY }
}

function denial(code: 'limit' | 'budget', message: string): Verdict {
  return { action: 'deny', denial: { code, rule: 'ours', message, unseen: [] }, wouldDeny: WOULD_DENY }
}

function sized(size: number | null): Upload {
  return { size, sentBytes: null }
}

describe('a limit in words', () => {
  it.each<[string, Limit]>([
    ['50 MB a request', each(50e6)],
    ['1 kB a request (budget upload)', each(1_000, 'upload')],
    ['2 kB per user in 1 day (budget daily)', DAILY],
    ['2 kB sent per user in 1 day (budget daily)', { ...DAILY, counts: 'sentBytes' }],
    ['1 kB sent a request', { ...each(1_000), counts: 'sentBytes' }],
  ])('is %s', (words, limit) => {
    expect(wordsOfLimit(limit)).toBe(words)
  })
})

describe('an upload of a known size', () => {
  it.each<[string, Verdict, number]>([
    ['without a limit', within(), 1e12],
    ['at the limit for one request', within(each(1_000)), 1_000],
    ['as large as a whole budget', within(DAILY), 2_000],
    ['at the strictest of all', within(DAILY, each(3_000), each(1_000)), 1_000],
  ])('goes on %s', (_, verdict, size) => {
    expect(holdToLimits(verdict, sized(size), 'request')).toBe(verdict)
    expect(holdToLimits(verdict, sized(size), 'tunnel')).toBe(verdict)
  })

  it.each<[string, Verdict]>([
    ['the limit for one request', within(each(1_000))],
    ['the strictest of several, and not a wider budget', within(DAILY, each(3_000), each(1_000))],
  ])('is denied one byte past %s', (_, verdict) => {
    const ofRequest = 'this upload is larger than the limit of 1 kB for one request'
    expect(holdToLimits(verdict, sized(1_001), 'request')).toEqual(denial('limit', ofRequest))
    const ofTunnel = 'this tunnel reached its limit of bytes sent'
    expect(holdToLimits(verdict, sized(1_001), 'tunnel')).toEqual(denial('limit', ofTunnel))
  })

  it.each<[string, Verdict]>([
    ['a whole budget', within(DAILY)],
    ['the smaller of two', within({ ...DAILY, size: 9_000, budget: 'weekly' }, DAILY)],
    ['a budget that is smaller than the limit for one request', within(each(2_001), DAILY)],
  ])('is denied one byte past %s', (_, verdict) => {
    const words = 'this would pass the budget daily of 2 kB, even if none of it were used'
    expect(holdToLimits(verdict, sized(2_001), 'request')).toEqual(denial('budget', words))
    expect(holdToLimits(verdict, sized(2_001), 'tunnel')).toEqual(denial('budget', words))
  })

  it.each<[string, Verdict]>([
    ['denied', denial('limit', 'as it was')],
    ['undecided', { action: 'undecided', rule: 'ours', needs: ['operation'] }],
  ])('stays %s where it was', (_, verdict) => {
    expect(holdToLimits(verdict, sized(1), 'request')).toBe(verdict)
    expect(holdToLimits(verdict, sized(null), 'request')).toBe(verdict)
  })

  it('is none where the size is not known', () => {
    const verdict = within(each(0), { ...DAILY, size: 0 })
    expect(holdToLimits(verdict, sized(null), 'request')).toBe(verdict)
  })
})

describe('the limit on one request', () => {
  it.each<[readonly Limit[], number | null]>([
    [[], null],
    [[DAILY], null],
    [[each(70), DAILY, each(60)], 60],
  ])('of %j is %s', (limits, size) => {
    expect(requestMax(limits, 'size')).toBe(size)
  })

  it('denies for itself alone, where nobody says what else would', () => {
    expect(denyBeyond('ours', 1_000)).toEqual({
      ...denial('limit', 'this upload is larger than the limit of 1 kB for one request'),
      wouldDeny: [],
    })
  })
})

describe('what is counted', () => {
  const SENT: Limit = { ...each(1_000), counts: 'sentBytes' }

  it('is held to the limits that count it, and to no other', () => {
    expect(holdToLimits(within(SENT), { size: 1_001, sentBytes: null }, 'request').action).toBe('allow')
    expect(holdToLimits(within(SENT), { size: null, sentBytes: 1_000 }, 'request').action).toBe('allow')
    const beyond = 'this request, its address and fields included, is larger than the limit of 1 kB for one request'
    expect(holdToLimits(within(SENT), { size: 0, sentBytes: 1_001 }, 'request')).toEqual(denial('limit', beyond))
    const daily: Limit = { ...DAILY, counts: 'sentBytes' }
    expect(holdToLimits(within(daily), { size: 2_001, sentBytes: 2_000 }, 'request').action).toBe('allow')
    expect(holdToLimits(within(daily), { size: 0, sentBytes: 2_001 }, 'request').action).toBe('deny')
    expect([requestMax([SENT], 'size'), requestMax([SENT], 'sentBytes')]).toEqual([null, 1_000])
  })
})

/** What holds of every policy and every flow: verdicts are total, early ones keep, and order does not matter. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCatalog } from '../../src/catalog/catalog.ts'
import type { Subject } from '../../src/flow/subject.ts'
import type { Verdict } from '../../src/flow/verdict.ts'
import { decide, decideParts } from '../../src/policy/decide.ts'
import { explain } from '../../src/policy/explain.ts'
import { stateOf } from '../../src/policy/sight.ts'
import { chaos, cover, randomPolicy, truth, type Veil, veil } from './arbitraries.ts'
import { referenceVerdict } from './reference.ts'

const { catalog } = compileCatalog([{ id: 'our-git', kind: 'git', hosts: ['git.acme.example'] }])
const OPTIONS = { seed: 1, numRuns: 120 } as const
const many = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 20, maxLength: 60 })

/** What must not change when more is seen. */
function endOf(verdict: Verdict): string {
  if (verdict.action !== 'allow') return verdict.action
  const limits = verdict.limits.map((limit) => JSON.stringify(limit))
  return `allow ${limits.sort().join(',')}`
}

describe('decide', () => {
  it('answers whatever it is asked', () => {
    const property = fc.property(randomPolicy, many(chaos(catalog)), ({ policy }, subjects) => {
      for (const subject of subjects) {
        const verdict = decide(policy, subject)
        if (verdict.action !== 'undecided') continue
        expect(verdict.needs.length).toBeGreaterThan(0)
        for (const fact of verdict.needs) expect(stateOf(subject, fact)).toBe('unseen')
      }
    })
    fc.assert(property, OPTIONS)
  })

  it('decides once everything is seen', () => {
    const property = fc.property(randomPolicy, many(truth(catalog)), ({ policy }, subjects) => {
      for (const subject of subjects) expect(decide(policy, subject).action).not.toBe('undecided')
    })
    fc.assert(property, OPTIONS)
  })

  it('never takes an early verdict back', () => {
    let early = 0
    const property = fc.property(randomPolicy, many(fc.tuple(truth(catalog), veil)), (random, flows) => {
      for (const [subject, hidden] of flows) {
        const first = decide(random.policy, cover(subject, hidden, random))
        if (first.action === 'undecided') continue
        early++
        expect(endOf(decide(random.policy, subject))).toBe(endOf(first))
      }
    })
    fc.assert(property, { ...OPTIONS, numRuns: 300 })
    expect(early).toBeGreaterThan(1_000)
  })

  it('comes to the same end in whatever order facts are revealed', () => {
    const orders = fc.shuffledSubarray(['address', 'repository', 'method', 'ref', 'operation'] as const, {
      minLength: 5,
    })
    const property = fc.property(
      randomPolicy,
      many(truth(catalog)),
      orders,
      orders,
      (random, subjects, left, right) => {
        for (const subject of subjects) expect(revealing(subject, left)).toBe(revealing(subject, right))

        function revealing(full: Subject, order: readonly (keyof Veil)[]): string {
          for (let seen = 0; seen <= order.length; seen++) {
            const isHidden = (fact: keyof Veil): boolean => !order.slice(0, seen).includes(fact)
            const hidden: Veil = {
              address: isHidden('address'),
              repository: isHidden('repository'),
              method: isHidden('method'),
              ref: isHidden('ref'),
              more: isHidden('more'),
              operation: isHidden('operation') ? 'unseen' : 'seen',
            }
            const verdict = decide(random.policy, cover(full, hidden, random))
            if (verdict.action !== 'undecided') return endOf(verdict)
          }
          throw new Error('undecided though everything is seen')
        }
      },
    )
    fc.assert(property, { ...OPTIONS, numRuns: 300 })
  })

  it('says what the plain reading of the policy says, where everything is known', () => {
    const rules = new Set<string | null>()
    const property = fc.property(randomPolicy, many(truth(catalog)), ({ input, policy }, subjects) => {
      for (const subject of subjects) {
        if (subject.operation.state !== 'known' || subject.repository.state === 'never') continue
        const verdict = decide(policy, subject)
        if (verdict.action === 'undecided') throw new Error('undecided')
        const rule = verdict.action === 'allow' ? verdict.rule : verdict.denial.rule
        const wouldDeny = verdict.wouldDeny.map((report) => report.rule)
        rules.add(rule)
        expect({ action: verdict.action, rule, wouldDeny }).toEqual(referenceVerdict(input, subject, catalog))
      }
    })
    fc.assert(property, { ...OPTIONS, numRuns: 300 })
    expect(rules.size).toBeGreaterThan(4)
  })
})

describe('decideParts', () => {
  it('denies the whole for one denial, and allows no more than each part', () => {
    const property = fc.property(
      randomPolicy,
      fc.array(chaos(catalog), { minLength: 1, maxLength: 4 }),
      ({ policy }, parts) => {
        const each = parts.map((part) => decide(policy, part))
        const whole = decideParts(policy, parts)
        const actions = each.map(({ action }) => action)
        expect(whole.action).toBe(
          actions.includes('deny') ? 'deny' : actions.includes('undecided') ? 'undecided' : 'allow',
        )
        if (whole.action !== 'allow') return
        for (const limit of each.flatMap((verdict) => (verdict.action === 'allow' ? verdict.limits : []))) {
          const held = whole.limits.filter(({ budget }) => budget === limit.budget).map(({ size }) => size)
          expect(Math.min(...held)).toBeLessThanOrEqual(limit.size)
        }
      },
    )
    fc.assert(property, OPTIONS)
  })
})

describe('explain', () => {
  it('explains the verdict that decide gives', () => {
    const property = fc.property(randomPolicy, many(chaos(catalog)), ({ policy }, subjects) => {
      for (const subject of subjects) {
        const { verdict, rules } = explain(policy, subject)
        expect(verdict).toEqual(decide(policy, subject))
        const deciding = rules.filter(({ decides }) => decides)
        expect(deciding).toHaveLength(verdict.action === 'undecided' ? 0 : 1)
        const [rule] = deciding
        if (rule === undefined || verdict.action === 'undecided') continue
        expect(rule.rule).toBe(verdict.action === 'allow' ? verdict.rule : verdict.denial.rule)
        const isDoubt = verdict.action === 'deny' && verdict.denial.code === 'doubt'
        expect(rule.outcome).toBe(isDoubt ? 'matches by doubt' : 'matches')
        for (const { why } of rules.flatMap(({ conditions }) => conditions)) expect(why).not.toBe('')
      }
    })
    fc.assert(property, { ...OPTIONS, numRuns: 60 })
  })
})

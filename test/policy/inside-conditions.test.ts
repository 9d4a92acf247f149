/** Conditions on what stands inside a request: each fact in each of its states, as a deny rule, so that doubt shows. */
import { describe, expect, it } from 'vitest'
import { ABSENT, type Amount, type Fact, known, NEVER, UNSEEN } from '../../src/flow/fact.ts'
import type { InsideFacts, SecondHop, Visibility } from '../../src/flow/subject.ts'
import { inspectionNeeds } from '../../src/policy/inspection.ts'
import type { RuleInput } from '../../src/policy/schema-rule.ts'
import { look } from '../../src/policy/sight.ts'
import { evaluateRule } from '../../src/policy/walk.ts'
import { loadText } from './load.ts'
import { destination, subject, type Words } from './subjects.ts'

type When = NonNullable<RuleInput['when']>

function sightOf(rule: Partial<RuleInput>, words: Words) {
  const { policy, problems } = loadText(JSON.stringify({ version: 1, rules: [{ name: 'r', action: 'deny', ...rule }] }))
  expect(problems).toEqual([])
  const [compiled] = policy.rules
  if (compiled === undefined) throw new Error('no rule')
  return { policy, compiled, sight: look(policy, subject(words)) }
}

function outcomeOf(rule: Partial<RuleInput>, words: Words): string {
  const { compiled, sight } = sightOf(rule, words)
  return evaluateRule(compiled, sight)
}

function outcomesOf(when: When, inside: readonly Partial<InsideFacts>[]): string {
  return inside.map((facts) => outcomeOf({ when }, { inside: facts })).join(' ')
}

describe('paths', () => {
  const paths = (...facts: readonly (string | Fact<string>)[]): readonly Partial<InsideFacts>[] =>
    facts.map((fact) => ({ path: typeof fact === 'string' ? known(fact) : fact }))

  it.each<[string | string[], readonly (string | Fact<string>)[], string]>([
    ['/api/**', ['/api', '/api/a', '/api/a/b', '/apix', '/', '/x/api'], 'yes yes yes no no no'],
    ['/*/settings', ['/a/settings', '/settings', '/a/b/settings', '/a/settings/b'], 'yes no no no'],
    ['/', ['/', '/a'], 'yes no'],
    ['/**', ['/', '/a', '/a/b'], 'yes yes yes'],
    [['/a', '/@me'], ['/a', '/@me', '/b', '/A'], 'yes yes no no'],
    ['/api/**', [ABSENT, UNSEEN, NEVER], 'no unseen doubt'],
  ])('%s of %j is %s', (pattern, facts, outcomes) => {
    expect(outcomesOf({ paths: pattern }, paths(...facts))).toBe(outcomes)
  })
})

describe('amounts', () => {
  const STATES: readonly [Amount, string][] = [
    [known(1_000), 'no'],
    [known(1_001), 'yes'],
    [{ state: 'atLeast', value: 0 }, 'unseen'],
    [{ state: 'atLeast', value: 1_000 }, 'unseen'],
    [{ state: 'atLeast', value: 1_001 }, 'yes'],
    [ABSENT, 'no'],
    [UNSEEN, 'unseen'],
    [NEVER, 'doubt'],
  ]

  it.each(STATES)('of %j', (amount, outcome) => {
    for (const over of ['1 kB', 1_000]) {
      expect(outcomesOf({ size: { over } }, [{ size: amount }])).toBe(outcome)
      expect(outcomesOf({ sentBytes: { over } }, [{ sentBytes: amount }])).toBe(outcome)
    }
  })

  it('are each of its own', () => {
    const facts = { size: known(5_000), sentBytes: known(10) }
    expect(outcomesOf({ sentBytes: { over: 100 } }, [facts])).toBe('no')
    expect(outcomesOf({ size: { over: 100 } }, [facts])).toBe('yes')
  })
})

describe('facts of a repository', () => {
  it.each<[When['visibility'], readonly Fact<Visibility>[], string]>([
    ['public', [known('public'), known('internal'), known('private')], 'yes no no'],
    [['public', 'internal'], [known('public'), known('internal'), known('private')], 'yes yes no'],
    ['public', [ABSENT, UNSEEN, NEVER], 'no unseen doubt'],
  ])('visibility %s of %j', (visibility, facts, outcomes) => {
    if (visibility === undefined) throw new Error('no visibility')
    expect(
      outcomesOf(
        { visibility },
        facts.map((fact) => ({ visibility: fact })),
      ),
    ).toBe(outcomes)
  })

  it.each([
    [true, 'yes no no unseen doubt'],
    [false, 'no yes no unseen doubt'],
  ])('files that a forge runs: %s', (ciFiles, outcomes) => {
    const facts = [known(true), known(false), ABSENT, UNSEEN, NEVER]
    expect(
      outcomesOf(
        { ciFiles },
        facts.map((fact) => ({ ciFiles: fact })),
      ),
    ).toBe(outcomes)
  })
})

describe('why', () => {
  const whyOf = (when: When, inside: Partial<InsideFacts>): string => {
    const { compiled, sight } = sightOf({ when }, { inside })
    return compiled.conditions.map((condition) => condition.why(sight)).join('; ')
  }

  it.each<[When, Partial<InsideFacts>, RegExp]>([
    [{ paths: '/a' }, { path: known('/a') }, /path \/a is among \/a$/],
    [{ paths: '/a' }, { path: known('/b') }, /path \/b is not among \/a$/],
    [{ size: { over: '1 kB' } }, { size: known(2_000) }, /payload of 2 kB is over 1 kB$/],
    [{ size: { over: '1 kB' } }, { size: known(1_000) }, /payload of 1 kB is not over 1 kB$/],
    [{ sentBytes: { over: '1 kB' } }, { sentBytes: { state: 'atLeast', value: 5 } }, /is not whole yet$/],
    [{ visibility: 'public' }, { visibility: known('private') }, /the repository is private, not public$/],
    [{ ciFiles: true }, { ciFiles: known(false) }, /it writes no file that the forge runs$/],
  ])('%j of %j', (when, inside, words) => expect(whyOf(when, inside)).toMatch(words))
})

describe('a second hop', () => {
  const STORE = 'store.example:443'
  const POSSIBLE: SecondHop = { state: 'possible', services: ['github'], repositories: ['github.com/acme/app'] }
  const KNOWN: SecondHop = { state: 'known', service: 'github' }
  const NONE: SecondHop = { state: 'none' }
  const at = (to: RuleInput['to'], hop: SecondHop, words: Words = {}): string =>
    outcomeOf(to === undefined ? {} : { to }, { to: STORE, hop, ...words })

  it('is of the service that announced it, where it is one', () => {
    for (const to of [{ services: 'github' }, { category: 'code-repository' as const }]) {
      expect([NONE, POSSIBLE, KNOWN].map((hop) => at(to, hop))).toEqual(['no', 'unseen', 'yes'])
    }
    for (const to of [{ services: 'gitlab' }, { category: 'paste' as const }]) {
      expect([NONE, POSSIBLE, KNOWN].map((hop) => at(to, hop))).toEqual(['no', 'no', 'no'])
    }
  })

  it('does not take a host from its own service before it is one', () => {
    const own = { to: 'gitlab.com:443' }
    const outcomes = (services: string) => [NONE, POSSIBLE, KNOWN].map((hop) => at({ services }, hop, own))
    expect(outcomes('gitlab')).toEqual(['yes', 'unseen', 'no'])
    expect(outcomes('github')).toEqual(['no', 'unseen', 'yes'])
  })

  it('is at a host and never at an address', () => {
    expect([POSSIBLE, KNOWN].map((hop) => at({ services: 'github' }, hop, { to: '203.0.113.7:443' }))).toEqual([
      'no',
      'no',
    ])
  })

  it('lands where it was announced, or nobody knows yet', () => {
    const to = { repositories: 'ours' }
    const text = (repository: string) =>
      JSON.stringify({ version: 1, repositories: { ours: [repository] }, rules: [{ name: 'r', action: 'deny', to }] })
    const outcome = (repository: string, words: Words): string => {
      const { policy } = loadText(text(repository))
      const [compiled] = policy.rules
      if (compiled === undefined) throw new Error('no rule')
      return evaluateRule(compiled, look(policy, subject({ to: STORE, ...words })))
    }
    const tunnel = { operation: { state: 'tunnel', inside: 'unseen' }, repository: 'unseen', hop: POSSIBLE } as const
    expect(outcome('github.com/acme/*', tunnel)).toBe('unseen')
    expect(outcome('gitlab.com/acme/*', tunnel)).toBe('no')
    const request = { operation: 'lfs-upload', repository: 'github.com/acme/app', hop: KNOWN }
    expect(outcome('github.com/acme/*', request)).toBe('yes')
    expect(outcome('github.com/mallory/*', request)).toBe('no')
  })

  it('is what a tunnel is opened for', () => {
    const { policy } = loadText(
      'version: 1\ndefault: allow\nrules: [{ name: r, to: { services: github }, operations: [write], action: deny }]',
    )
    const place = destination(STORE)
    const { client, at: now } = subject({ to: STORE })
    const needs = [NONE, POSSIBLE].map((hop) => inspectionNeeds(policy, place, client, now, hop) !== null)
    expect(needs).toEqual([false, true])
  })
})

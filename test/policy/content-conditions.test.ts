/** Conditions on what is in an upload: found, not found, and not found in what could be looked at. As deny rules, so that doubt shows. */
import { describe, expect, it } from 'vitest'
import type { PackFacts, PayloadFacts, SecretFacts, SourceFacts } from '../../src/flow/content.ts'
import { ABSENT, type Fact, known, NEVER, UNSEEN } from '../../src/flow/fact.ts'
import { contentFacts, type InsideFacts } from '../../src/flow/subject.ts'
import { NOTHING_IN_IT, unlooked } from '../../src/flow/unlooked.ts'
import { decide } from '../../src/policy/decide.ts'
import { explain } from '../../src/policy/explain.ts'
import type { RuleInput } from '../../src/policy/schema-rule.ts'
import { findSecretRules } from '../../src/policy/secret-findings.ts'
import { look } from '../../src/policy/sight.ts'
import { evaluateRule } from '../../src/policy/walk.ts'
import { loadText } from './load.ts'
import { subject } from './subjects.ts'

type When = NonNullable<RuleInput['when']>

const HIDDEN = ['an archive is enciphered']
const PAYLOAD: PayloadFacts = { types: [], files: [], encrypted: [], archives: [], entropy: 0, incomplete: [] }
const PACK: PackFacts = {
  objects: 3,
  largestBlob: 1_000,
  newRoot: false,
  authors: ['ada@acme.example'],
  ciFiles: [],
  ciNamed: [],
  incomplete: [],
}

function policyOf(rule: Partial<RuleInput>) {
  const { policy, problems } = loadText(
    JSON.stringify({ version: 1, default: 'allow', rules: [{ name: 'r', action: 'deny', ...rule }] }),
  )
  expect(problems).toEqual([])
  return policy
}

function outcomes(when: When, ...inside: readonly Partial<InsideFacts>[]): string {
  const policy = policyOf({ when })
  const [compiled] = policy.rules
  if (compiled === undefined) throw new Error('no rule')
  return inside.map((facts) => evaluateRule(compiled, look(policy, subject({ inside: facts })))).join(' ')
}

function payload(facts: Partial<PayloadFacts>): Partial<InsideFacts> {
  return { payload: known({ ...PAYLOAD, ...facts }) }
}

function secrets(rules: readonly string[], incomplete: readonly string[] = []): Partial<InsideFacts> {
  const place = { commit: null, within: [] }
  const findings = rules.map((rule) => ({ rule, title: `a ${rule}`, place, line: 1, excerpt: '' }))
  return { secrets: known<SecretFacts>({ findings, incomplete }) }
}

function source(name: string, bytes: number, incomplete: readonly string[] = []): Partial<InsideFacts> {
  const repositories = bytes === 0 ? [] : [{ name, blobs: 1, partial: 0, bytes }]
  return { ownSource: known<SourceFacts>({ source: { bytes, ofBytes: 1_000, repositories }, incomplete }) }
}

function pack(facts: Partial<PackFacts>): Partial<InsideFacts> {
  const operation = { state: 'known', operation: 'git-push' } as const
  return { pack: known({ ...PACK, ...facts }), ...({ operation } as object) }
}

const FACTS: readonly (readonly [keyof InsideFacts, When])[] = [
  ['payload', { types: 'application/zip' }],
  ['payload', { encrypted: true }],
  ['payload', { archive: true }],
  ['payload', { entropy: { over: 7 } }],
  ['payload', { files: '*.pem' }],
  ['secrets', { secrets: true }],
  ['secrets', { secrets: false }],
  ['ownSource', { ownSource: true }],
  ['pack', { newRoot: true }],
  ['pack', { newRoot: false }],
  ['pack', { largestBlob: { over: 1 } }],
  ['pack', { objects: { over: 1 } }],
  ['pack', { authors: '*@acme.example' }],
]

it.each(FACTS)('what %s is not seen of leaves %j open, and what is never seen is doubt', (fact, when) => {
  const states: readonly Fact<never>[] = [ABSENT, UNSEEN, NEVER]
  expect(outcomes(when, ...states.map((state) => ({ [fact]: state })))).toBe('no unseen doubt')
})

describe('what could be looked at in part only', () => {
  it.each(FACTS)('is doubt of %s where %j was not found', (_fact, when) => {
    expect(outcomes(when, unlooked('the scanners are busy'))).toBe('doubt')
  })

  it('matters no more once something is found', () => {
    expect(outcomes({ types: 'application/zip' }, payload({ types: ['application/zip'], incomplete: HIDDEN }))).toBe(
      'yes',
    )
    expect(outcomes({ secrets: true }, secrets(['private-key'], HIDDEN))).toBe('yes')
    expect(outcomes({ secrets: false }, secrets(['private-key'], HIDDEN))).toBe('no')
    expect(outcomes({ ownSource: true }, source('acme/app', 1, HIDDEN))).toBe('yes')
    expect(outcomes({ newRoot: true }, pack({ newRoot: true, incomplete: HIDDEN }))).toBe('yes')
  })

  it('is told in words', () => {
    const policy = policyOf({ when: { secrets: true } })
    const verdict = decide(policy, subject({ inside: secrets([], HIDDEN) }))
    expect(verdict).toMatchObject({ action: 'deny', denial: { code: 'doubt', unseen: ['secrets'] } })
    expect(verdict).toMatchObject({
      denial: { message: expect.stringContaining('whether a secret is in it stays hidden') },
    })
    const [rule] = explain(policy, subject({ inside: secrets([], HIDDEN) })).rules
    expect(JSON.stringify(rule)).toContain('not all could be looked at: an archive is enciphered')
  })
})

describe('a request without a body', () => {
  it('has nothing in it, which is known', () => {
    expect(outcomes({ secrets: true }, NOTHING_IN_IT)).toBe('no')
    expect(outcomes({ secrets: false, encrypted: false }, NOTHING_IN_IT)).toBe('yes')
  })
})

it.each<[When, readonly Partial<InsideFacts>[], string]>([
  [{ types: 'image/*' }, [payload({ types: ['image/png'] }), payload({ types: ['text/plain'] })], 'yes no'],
  [{ types: ['application/zip', 'a/b'] }, [payload({ types: ['x/y', 'a/b'] }), payload({ types: ['a/bc'] })], 'yes no'],
  [{ encrypted: true }, [payload({ encrypted: ['a zip'] }), payload({})], 'yes no'],
  [{ encrypted: false }, [payload({ encrypted: ['a zip'] }), payload({})], 'no yes'],
  [{ archive: true }, [payload({ archives: ['tar'] }), payload({})], 'yes no'],
  [{ entropy: { over: 7.9 } }, [payload({ entropy: 7.9 }), payload({ entropy: 7.91 })], 'no yes'],
  [
    { files: '*.pem' },
    [payload({ files: ['a/b/c.pem'] }), payload({ files: ['c.pem', 'd'] }), payload({})],
    'yes yes no',
  ],
  [{ files: '/src/**' }, [payload({ files: ['src/a/b'] }), payload({ files: ['lib/src/a'] })], 'yes no'],
  [
    { files: { outside: ['docs/**', '*.md'] } },
    [payload({ files: ['docs/a', 'x/b.md'] }), payload({ files: ['docs/a', 'c'] })],
    'no yes',
  ],
  [{ secrets: ['private-key'] }, [secrets(['private-key']), secrets(['jwt']), secrets([])], 'yes no no'],
  [{ ownSource: true }, [source('acme/app', 1), source('acme/app', 0)], 'yes no'],
  [{ ownSource: false }, [source('acme/app', 1), source('acme/app', 0)], 'no yes'],
  [{ ownSource: { share: { over: 0.2 } } }, [source('a', 200), source('a', 201)], 'no yes'],
  [{ ownSource: { size: { over: '1 kB' } } }, [source('a', 1_000), source('a', 1_001)], 'no yes'],
  [{ ownSource: { repositories: 'acme/*' } }, [source('acme/app', 1), source('other/app', 1)], 'yes no'],
  [{ newRoot: true }, [pack({ newRoot: true }), pack({})], 'yes no'],
  [{ newRoot: false }, [pack({ newRoot: true }), pack({})], 'no yes'],
  [{ largestBlob: { over: '1 kB' } }, [pack({ largestBlob: 1_000 }), pack({ largestBlob: 1_001 })], 'no yes'],
  [{ objects: { over: 3 } }, [pack({ objects: 3 }), pack({ objects: 4 })], 'no yes'],
  [
    { authors: '*@acme.example' },
    [pack({ authors: ['Ada@ACME.example'] }), pack({ authors: ['a@x.acme.example'] })],
    'yes no',
  ],
  [
    { authors: { outside: ['*@acme.example', 'bob@b.example'] } },
    [pack({ authors: ['a@acme.example', 'Bob@b.example'] }), pack({ authors: ['a@acme.example', 'eve@b.example'] })],
    'no yes',
  ],
])('%j', (when, facts, expected) => {
  expect(outcomes(when, ...facts)).toBe(expected)
})

describe('files that a forge runs, in a push', () => {
  it.each<[boolean, Partial<PackFacts>, string]>([
    [true, { ciFiles: ['.github/workflows/ci.yml'] }, 'yes'],
    [true, {}, 'no'],
    [true, { ciNamed: ['.gitlab-ci.yml'] }, 'doubt'],
    [true, { ciFiles: ['.github/workflows/ci.yml'], ciNamed: ['.gitlab-ci.yml'], incomplete: HIDDEN }, 'yes'],
    [true, { incomplete: HIDDEN }, 'doubt'],
    [false, { ciFiles: ['.github/workflows/ci.yml'] }, 'no'],
    [false, {}, 'yes'],
    [false, { ciNamed: ['.gitlab-ci.yml'] }, 'doubt'],
  ])('%j of %j is %s', (wanted, facts, outcome) => {
    const policy = policyOf({ when: { ciFiles: wanted } })
    const [rule] = policy.rules
    if (rule === undefined) throw new Error('no rule')
    const push = {
      ...subject({ inside: { ciFiles: NEVER } }),
      operation: { state: 'known', operation: 'git-push' } as const,
    }
    expect(evaluateRule(rule, look(policy, { ...push, pack: known({ ...PACK, ...facts }) }))).toBe(outcome)
  })
})

describe('a rule that only reports', () => {
  const policy = policyOf({ mode: 'report', when: { secrets: true } })

  it('holds nothing, and says what it waits for', () => {
    const verdict = decide(policy, subject({ inside: contentFacts(UNSEEN) }))
    expect(verdict).toMatchObject({ action: 'allow', rule: null, watches: ['secrets'] })
  })

  it('waits for nothing more once it is known', () => {
    const verdict = decide(policy, subject({ inside: secrets(['jwt']) }))
    expect(verdict).toEqual({
      action: 'allow',
      rule: null,
      limits: [],
      wouldDeny: [expect.objectContaining({ rule: 'r' })],
    })
  })
})

describe('a rule for secrets that Weir does not have', () => {
  const warningsOf = (asked: string | string[]): readonly string[] => {
    const loaded = loadText(
      JSON.stringify({ version: 1, rules: [{ name: 'r', action: 'deny', when: { secrets: asked } }] }),
    )
    return findSecretRules(loaded.source.input).map(
      ({ path, message, hint }) => `${path.join('.')}: ${message}, ${hint ?? ''}`,
    )
  }

  it.each<[string | string[], readonly string[]]>([
    ['private-key', []],
    [
      'privat-key',
      ['rules.0.when.secrets: Weir has no rule for secrets named `privat-key`, did you mean `private-key`?'],
    ],
    [
      ['private-key', 'our-own'],
      [
        'rules.0.when.secrets.1: Weir has no rule for secrets named `our-own`, a rule of your own is brought with --secret-rules',
      ],
    ],
  ])('%j', (asked, warnings) => {
    expect(warningsOf(asked)).toEqual(warnings)
  })
})

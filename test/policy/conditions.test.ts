import { describe, expect, it } from 'vitest'
import type { OperationFact } from '../../src/flow/subject.ts'
import type { RuleInput } from '../../src/policy/schema-rule.ts'
import { look } from '../../src/policy/sight.ts'
import { evaluateRule } from '../../src/policy/walk.ts'
import { loadText } from './load.ts'
import { operation, subject, type Words } from './subjects.ts'

const FACTS: Readonly<Record<string, OperationFact>> = {
  unseen: { state: 'unseen' },
  tunnel: { state: 'tunnel', inside: 'unseen' },
  pinned: { state: 'tunnel', inside: 'never' },
  bypassed: { state: 'tunnel', inside: 'absent' },
  opened: { state: 'opened' },
  ssh: operation('ssh'),
  unknown: operation('unknown-protocol'),
  upgrade: operation('upgrade'),
  push: operation('git-push'),
  read: operation('web-read'),
}

/** What becomes of a rule with one more key, for what is asked. */
function outcomeOf(rule: Partial<RuleInput>, words: Words): string {
  const { policy } = loadText(JSON.stringify({ version: 1, rules: [{ name: 'r', action: 'deny', ...rule }] }))
  const [compiled] = policy.rules
  if (compiled === undefined) throw new Error('no rule')
  return evaluateRule(compiled, look(policy, subject(words)))
}

// Columns: unseen, tunnel, pinned, bypassed, opened, ssh, unknown, upgrade, push, read. As a deny rule, so that doubt shows.
const OPERATIONS = [
  ['all', undefined, 'yes    yes    yes   yes yes    yes   yes   yes   yes yes'],
  ['one request', ['git-push'], 'unseen unseen doubt no  unseen doubt doubt doubt yes no '],
  ['a family', ['write', 'admin'], 'unseen unseen doubt no  unseen doubt doubt doubt yes no '],
  ['tunnels', ['tunnel'], 'unseen yes    yes   yes no     no    no    no    no  no '],
  ['ssh', ['ssh'], 'unseen no     no    no  no     yes   no    no    no  no '],
  ['upgrades', ['upgrade'], 'unseen unseen doubt no  unseen no    no    yes   no  no '],
  ['everything opaque', ['opaque'], 'unseen yes    yes   yes unseen yes   yes   yes   no  no '],
  ['reads and tunnels', ['read', 'tunnel'], 'unseen yes    yes   yes unseen doubt doubt doubt no  yes'],
  [
    'every request',
    ['read', 'sign-in', 'telemetry', 'write', 'admin'],
    'unseen unseen doubt no  unseen doubt doubt doubt yes yes',
  ],
  [
    'every request and upgrades',
    ['read', 'sign-in', 'telemetry', 'write', 'admin', 'upgrade'],
    'unseen unseen doubt no  yes    doubt doubt yes   yes yes',
  ],
  [
    'every family',
    ['read', 'sign-in', 'telemetry', 'write', 'admin', 'opaque'],
    'yes    yes    yes   yes yes    yes   yes   yes   yes yes',
  ],
] as const

describe('operations', () => {
  it.each(OPERATIONS)('of a deny rule, %s', (_, operations, row) => {
    const rule = operations === undefined ? {} : { operations: [...operations] }
    const outcomes = Object.values(FACTS).map((fact) => outcomeOf(rule, { operation: fact }))
    expect(outcomes).toEqual(row.trim().split(/ +/))
  })

  it('of an allow rule without the key are all but ssh and unknown protocols, and doubt is no proof', () => {
    const outcomes = Object.values(FACTS).map((fact) => outcomeOf({ action: 'allow' }, { operation: fact }))
    expect(outcomes).toEqual(['unseen', 'yes', 'yes', 'yes', 'yes', 'no', 'no', 'yes', 'yes', 'yes'])
  })
})

describe('refs', () => {
  it.each([
    ['a branch', { refs: 'main' }, push('refs/heads/main'), 'yes'],
    ['a branch of another case', { refs: 'main' }, push('refs/heads/Main'), 'no'],
    ['a tag of its name', { refs: 'main' }, push('refs/tags/main'), 'no'],
    ['every ref', { refs: '**' }, push('refs/tags/v1'), 'yes'],
    ['every tag', { refs: 'refs/tags/**' }, push('refs/tags/a/b'), 'yes'],
    ['a name anywhere', { refs: '**/main' }, push('refs/tags/main'), 'yes'],
    ['a deletion', { deletes: true }, push('refs/heads/main', 'delete'), 'yes'],
    ['no deletion', { deletes: true }, push('refs/heads/main', 'update'), 'no'],
    ['anything but a deletion', { deletes: false }, push('refs/heads/main', 'create'), 'yes'],
    ['a deletion again', { deletes: false }, push('refs/heads/main', 'delete'), 'no'],
    ['no push', { deletes: false }, { operation: 'git-push', ref: 'absent' }, 'no'],
    ['a ref to come', { refs: 'main' }, { operation: 'git-push', ref: 'unseen' }, 'unseen'],
    ['a ref that stays hidden', { refs: 'main' }, { operation: 'git-push', ref: 'never' }, 'doubt'],
  ] as const)('%s', (_, when, words, outcome) => {
    expect(outcomeOf({ when: { ...when } }, words)).toBe(outcome)
  })
})

describe('repositories', () => {
  const ours: Partial<RuleInput> = { to: { repositories: ['github.com/acme/*'] } }

  it.each([
    ['ours', { to: 'github.com', repository: 'github.com/acme/a' }, 'yes'],
    ['through the api', { to: 'api.github.com', repository: 'github.com/acme/a' }, 'yes'],
    ['another', { to: 'github.com', repository: 'github.com/evil/a' }, 'no'],
    ['none', { to: 'github.com', repository: 'absent' }, 'no'],
    ['one to come', { to: 'api.github.com', repository: 'unseen' }, 'unseen'],
    ['one that stays hidden', { to: 'api.github.com', repository: 'never' }, 'doubt'],
    ['one to come where ours cannot be', { to: 'gitlab.com', repository: 'unseen' }, 'no'],
    ['one that stays hidden where ours cannot be', { to: 'gitlab.com', repository: 'never' }, 'no'],
    ['any at a literal address', { to: '140.82.121.4', repository: 'never' }, 'no'],
    ['no HOST/OWNER/REPO at all', { to: 'github.com', repository: 'acme' }, 'no'],
  ] as const)('%s', (_, words, outcome) => {
    expect(outcomeOf(ours, words)).toBe(outcome)
  })
})

function push(name: string, kind: 'create' | 'update' | 'delete' = 'update'): Words {
  return { operation: 'git-push', ref: { name, kind } }
}

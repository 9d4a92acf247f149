/** Which rules a walk comes by, where it ends, and what it keeps of those before. */
import { describe, expect, it } from 'vitest'
import type { OperationFact } from '../../src/flow/subject.ts'
import { look, type Sight } from '../../src/policy/sight.ts'
import { someRuleAt, walkRules } from '../../src/policy/walk.ts'
import { loadText } from './load.ts'
import { subject } from './subjects.ts'

const { policy } = loadText(`version: 1
rules:
  - { name: far, to: { hosts: far.example }, action: allow }
  - { name: would-allow, mode: report, action: allow }
  - { name: would-deny, mode: report, action: deny, message: Do not. }
  - { name: writes, operations: [write], action: deny }
  - { name: reads, operations: [read], action: allow }
`)

function sightOf(to: string, operation: string | OperationFact = { state: 'unseen' }): Sight {
  return look(policy, subject({ to, operation }))
}

describe('a walk', () => {
  it('goes past what is open, to the rule that decides', () => {
    const { open, terminal } = walkRules(policy, sightOf('a.example'))
    expect([...open, terminal].map(({ name }) => name)).toEqual(['writes', 'reads', null])
  })

  it('ends where it is enough, at a rule that is open itself', () => {
    const { open, terminal, terminalOutcome } = walkRules(
      policy,
      sightOf('a.example'),
      undefined,
      ({ name }) => name === 'reads',
    )
    expect([...open, terminal].map(({ name }) => name)).toEqual(['writes', 'reads'])
    expect(terminalOutcome).toBe('yes')
  })

  it('keeps of the rules that report what they would have denied, and nothing of what they would have allowed', () => {
    const { wouldDeny } = walkRules(policy, sightOf('a.example', 'web-read'))
    expect(wouldDeny).toEqual([{ rule: 'would-deny', message: 'Do not.' }])
  })

  it('is not begun with an index of other rules: it could pass over a refusal', () => {
    const more = { ...policy, rules: [...policy.rules.slice(0, 1), ...policy.rules] }
    expect(() => walkRules(more, sightOf('a.example'))).toThrow('the index is of other rules')
  })
})

describe('some rule', () => {
  it.each([
    ['far', 'far.example', true],
    ['far', 'a.example', false],
    ['reads', 'a.example', true],
    ['nowhere', 'a.example', false],
  ])('%s at %s: %s', (wanted, to, expected) => {
    expect(someRuleAt(policy, sightOf(to), ({ name }) => name === wanted)).toBe(expected)
  })
})

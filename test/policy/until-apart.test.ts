/** Which open rules matter, and how far a walk must go to know: two rules are alike where they end alike, limits included. */
import { describe, expect, it } from 'vitest'
import type { CompiledRule } from '../../src/policy/compiled.ts'
import { openThatMatter, untilApart } from '../../src/policy/decide.ts'
import { loadText } from './load.ts'

const { policy } = loadText(`
version: 1
default: deny
budgets:
  one: { per: user, window: 1 day, size: 5 MB }
  two: { per: user, window: 1 day, size: 5 MB }
  hourly: { per: user, window: 1 h, size: 5 MB }
  shared: { per: client, window: 1 day, size: 5 MB }
  small: { per: user, window: 1 day, size: 4 MB }
rules:
  - { name: allow, to: { hosts: a.example }, action: allow }
  - { name: allow-too, to: { hosts: b.example }, action: allow }
  - { name: deny, to: { hosts: c.example }, action: deny }
  - { name: deny-too, to: { hosts: d.example }, action: deny }
  - { name: one, to: { hosts: e.example }, limits: [{ budget: one }], action: allow }
  - { name: two, to: { hosts: f.example }, limits: [{ budget: two }], action: allow }
  - { name: hourly, to: { hosts: g.example }, limits: [{ budget: hourly }], action: allow }
  - { name: shared, to: { hosts: h.example }, limits: [{ budget: shared }], action: allow }
  - { name: small, to: { hosts: i.example }, limits: [{ budget: small }], action: allow }
  - { name: request, to: { hosts: j.example }, limits: [{ per: request, size: 5 MB }], action: allow }
  - { name: both, to: { hosts: k.example }, limits: [{ budget: one }, { budget: two }], action: allow }
  - { name: both-turned, to: { hosts: l.example }, limits: [{ budget: two }, { budget: one }], action: allow }
`)

function rule(name: string): CompiledRule {
  const found = policy.rules.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no rule ${name}`)
  return found
}

function matter(open: readonly string[], terminal: string): readonly (string | null)[] {
  return openThatMatter({ open: open.map(rule), terminal: rule(terminal) }).map(({ name }) => name)
}

describe('open rules', () => {
  it.each([
    ['allow', 'allow-too'],
    ['deny', 'deny-too'],
    ['one', 'one'],
    ['both', 'both-turned'],
  ])('do not matter where they end alike: %s, %s', (left, right) => {
    expect(matter([left], right)).toEqual([])
    expect(matter([right], left)).toEqual([])
  })

  it.each([
    ['allow', 'deny'],
    ['allow', 'one'],
    ['one', 'two'],
    ['one', 'hourly'],
    ['one', 'shared'],
    ['one', 'small'],
    ['one', 'request'],
    ['one', 'both'],
  ])('matter where they do not: %s, %s', (left, right) => {
    expect(matter([left], right)).toEqual([left])
    expect(matter([right], left)).toEqual([right])
  })

  it('matter up to the last one that ends otherwise', () => {
    expect(matter(['allow', 'deny', 'allow-too'], 'allow')).toEqual(['allow', 'deny'])
    expect(matter([], 'allow')).toEqual([])
  })

  it('of denials are alike whatever limits they have', () => {
    const limited = { ...rule('deny'), limits: rule('one').limits }
    expect(openThatMatter({ open: [limited], terminal: rule('deny-too') })).toEqual([])
  })
})

describe('a walk', () => {
  function ends(enough: (each: CompiledRule) => boolean, names: readonly string[]): readonly boolean[] {
    return names.map((name) => enough(rule(name)))
  }

  it('ends at the first open rule that ends otherwise than the first', () => {
    expect(ends(untilApart(), ['allow', 'allow-too', 'deny', 'allow', 'one'])).toEqual([
      false,
      false,
      true,
      false,
      true,
    ])
  })

  it('ends at none before one that counts, and then by that one', () => {
    const enough = untilApart(({ name }) => name === 'one')
    expect(ends(enough, ['allow', 'deny', 'one', 'one', 'two', 'deny'])).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ])
  })
})

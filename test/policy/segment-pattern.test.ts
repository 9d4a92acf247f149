import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesSegments, parseSegmentPattern, patternCharactersMax } from '../../src/policy/segment-pattern.ts'
import { glob } from './reference.ts'

function matches(pattern: string, text: string): boolean {
  const parsed = parseSegmentPattern(pattern)
  if (parsed === null) throw new Error(`no pattern: ${pattern}`)
  return matchesSegments(parsed, text.split('/'))
}

describe('matchesSegments', () => {
  it.each([
    ['acme/app', 'acme/app'],
    ['acme/*', 'acme/app'],
    ['acme/*', 'acme/.github'],
    ['acme/app-*', 'acme/app-'],
    ['acme/*-app', 'acme/my-app'],
    ['acme/a*b*c', 'acme/a--b--b--c'],
    ['**', 'a'],
    ['**', 'a/b/c'],
    ['acme/**', 'acme'],
    ['acme/**', 'acme/a/b'],
    ['**/app', 'app'],
    ['**/app', 'a/b/app'],
    ['a/**/z', 'a/z'],
    ['a/**/z', 'a/b/c/z'],
    ['a/**/m/**/z', 'a/m/z'],
    ['a/**/m/**/z', 'a/x/m/m/y/z'],
    ['a/**/**/z', 'a/z'],
    ['**/a/*/**', 'x/a/b'],
    ['refs/heads/feature(x)', 'refs/heads/feature(x)'],
  ])('%s has %s', (pattern, text) => {
    expect(matches(pattern, text)).toBe(true)
  })

  it.each([
    ['acme/app', 'acme/apps'],
    ['acme/app', 'Acme/app'],
    ['acme/*', 'acme'],
    ['acme/*', 'acme/a/b'],
    ['acme/*', 'acme-evil/app'],
    ['acme/app-*', 'acme/app'],
    ['a*a', 'a'],
    ['a*b*a', 'aba-'],
    ['a/**/z', 'a'],
    ['a/**/a', 'a'],
    ['a/**/m/**/z', 'a/z'],
    ['**/a/*', 'x/a'],
    ['refs/heads/feature(x)', 'refs/heads/featurex'],
    ['a.c', 'abc'],
  ])('%s has not %s', (pattern, text) => {
    expect(matches(pattern, text)).toBe(false)
  })

  it('agrees with a regular expression', () => {
    const piece = fc.stringMatching(/^[ab*]{1,4}$/).filter((text) => !text.includes('**'))
    const pattern = fc.array(fc.oneof({ weight: 2, arbitrary: piece }, { weight: 1, arbitrary: fc.constant('**') }), {
      minLength: 1,
      maxLength: 6,
    })
    const text = fc.array(fc.stringMatching(/^[ab]{1,4}$/), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(pattern, text, (parts, segments) => {
        expect(matches(parts.join('/'), segments.join('/'))).toBe(glob(parts.join('/'), segments.join('/')))
      }),
      { seed: 1, numRuns: 20_000 },
    )
  })

  it('takes no time over what makes a backtracking matcher hang', () => {
    const start = performance.now()
    expect(matches(`${'*a'.repeat(250)}b`, 'a'.repeat(4_000))).toBe(false)
    expect(matches(`${'**/a/'.repeat(100)}b`, Array.from({ length: 4_000 }, () => 'a').join('/'))).toBe(false)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

describe('parseSegmentPattern', () => {
  it.each(['', '/', 'a/', '/a', 'a//b', 'a**', 'a/**b', '***'])('refuses %j', (text) => {
    expect(parseSegmentPattern(text)).toBeNull()
  })

  it('takes 512 characters', () => {
    expect(parseSegmentPattern('a'.repeat(patternCharactersMax))).not.toBeNull()
    expect(parseSegmentPattern('a'.repeat(patternCharactersMax + 1))).toBeNull()
  })
})

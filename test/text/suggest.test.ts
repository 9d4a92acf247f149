import { describe, expect, it } from 'vitest'
import { suggest, suggestion } from '../../src/text/suggest.ts'

describe('suggest', () => {
  it.each([
    ['acton', ['name', 'action'], 'action'],
    ['aciton', ['name', 'action'], 'action'],
    ['Operations', ['operations'], 'operations'],
    ['code_repository', ['code-repository', 'paste'], 'code-repository'],
    ['hots', ['hosts', 'ports'], 'hosts'],
    ['dent', ['deny', 'allow'], 'deny'],
    ['ab', ['abc', 'abd'], 'abc'],
  ])('takes %s among %j for %s', (word, candidates, meant) => {
    expect(suggest(word, candidates)).toBe(meant)
  })

  it.each([
    ['secrets', ['methods', 'refs', 'deletes']],
    ['xyz', ['abc']],
    ['', ['a']],
    ['same', ['same']],
  ])('has nothing for %s among %j', (word, candidates) => {
    expect(suggest(word, candidates)).toBeNull()
    expect(suggestion(word, candidates)).toBeUndefined()
  })

  it('asks', () => {
    expect(suggestion('acton', ['action'])).toBe('did you mean `action`?')
  })

  it('looks at words of up to 100 characters', () => {
    const word = 'a'.repeat(100)
    expect(suggest(word, ['a'.repeat(99)])).toBe('a'.repeat(99))
    expect(suggest(`${word}a`, [word])).toBeNull()
    expect(suggest(word, [`${word}a`])).toBeNull()
  })

  it('looks at 5,000 candidates', () => {
    const others = Array.from({ length: 4_999 }, () => 'something else')
    expect(suggest('acton', [...others, 'action'])).toBe('action')
    expect(suggest('acton', [...others, 'nothing', 'action'])).toBeNull()
  })
})

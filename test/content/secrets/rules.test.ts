/** The rules themselves: names that last, keywords that the prefilter can use, and no rule of secretlint that nobody thought of. */
import { describe, expect, it } from 'vitest'
import {
  KEYWORD_CHARACTERS_MAX,
  KEYWORD_CHARACTERS_MIN,
  KEYWORDS_MAX,
  compileLiterals,
} from '../../../src/content/secrets/literals.ts'
import { AFTER_BYTES_MAX, BEFORE_BYTES_MAX, type PointRule } from '../../../src/content/secrets/rule.ts'
import { compileRules } from '../../../src/content/secrets/rule-set.ts'
import { OWN_RULES } from '../../../src/content/secrets/rules/all.ts'
import {
  ADOPTED_NAMES,
  NOT_ADOPTED,
  PRESET_NAMES,
  SECRETLINT_RULES,
} from '../../../src/content/secrets/secretlint-rules.ts'
import { githubToken } from './upload.ts'

describe('every rule', () => {
  it('has a name in kebab-case, a title, and keywords in lower case', () => {
    for (const { id, title, keywords } of OWN_RULES) {
      expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
      expect(title).toMatch(/^(?:an?|the) \S/)
      expect(keywords.length, id).toBeGreaterThan(0)
      for (const keyword of keywords) {
        expect(keyword).toBe(keyword.toLowerCase())
        expect(keyword.length).toBeGreaterThanOrEqual(KEYWORD_CHARACTERS_MIN)
      }
    }
  })

  it('has a name of its own among the rules of one kind', () => {
    const ids = OWN_RULES.filter(({ kind }) => kind === 'point').map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the rules of secretlint', () => {
  it('are each taken in or left out with a reason', () => {
    expect(PRESET_NAMES.toSorted()).toEqual([...ADOPTED_NAMES, ...Object.keys(NOT_ADOPTED)].toSorted())
  })

  it('find at a keyword what they know, and call it as ours do', () => {
    const rule = SECRETLINT_RULES.find(({ id }) => id === 'github-token')
    const token = githubToken(9)
    expect(rule?.sweep(`x = "${token}"`)).toEqual([{ start: 5, end: 5 + token.length }])
    for (const { id } of SECRETLINT_RULES) {
      expect(OWN_RULES.filter((own) => own.kind === 'point').map((own) => own.id)).toContain(id)
    }
  })

  it('heed no comment that would switch them off', () => {
    const rule = SECRETLINT_RULES.find(({ id }) => id === 'github-token')
    expect(rule?.sweep(`// secretlint-disable\nx = "${githubToken(9)}"`)).toHaveLength(1)
  })
})

describe('keywords', () => {
  const places = (keywords: readonly string[], text: string, from = 0, to = text.length): readonly string[] => {
    const told: string[] = []
    const bytes = Buffer.from(text, 'latin1')
    compileLiterals(keywords).each(bytes, from, to, bytes.length, (place, number) => told.push(`${number}@${place}`))
    return told
  }

  it('are found in any case, also in one another', () => {
    expect(places(['token', 'ken'], 'a TOKEN, a Token')).toEqual(['0@2', '1@4', '0@11', '1@13'])
  })

  it('are found where they start in the stretch, though they end behind it', () => {
    expect(places(['token'], '..token', 0, 3)).toEqual(['0@2'])
    expect(places(['token'], '..token', 3, 7)).toEqual([])
  })

  it('are not what only folds to the same five bits', () => {
    expect(places(['a-b', '0123'], 'a\rb A-B PQRS')).toEqual(['0@4'])
  })

  it('are of three to 64 characters of ASCII', () => {
    expect(() => compileLiterals(['ab'])).toThrow('a keyword of 2 bytes')
    expect(() => compileLiterals(['a'.repeat(KEYWORD_CHARACTERS_MAX + 1)])).toThrow('a keyword of 65 bytes')
    expect(() => compileLiterals(['a'.repeat(KEYWORD_CHARACTERS_MAX)])).not.toThrow()
    expect(() => compileLiterals(['caf\u00e9'])).toThrow('a keyword of 4 bytes')
  })
})

describe('a set of rules', () => {
  const rule = (keywords: readonly string[], before = 0, after = 10): PointRule => {
    return { kind: 'point', id: 'x', title: 'x', keywords, before, after, rank: 1, find: () => null }
  }
  const words = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, at) => `w${String(at).padStart(5, '0')}`)

  it('has a limit of keywords', () => {
    expect(compileRules([rule(words(KEYWORDS_MAX))]).calls).toHaveLength(KEYWORDS_MAX)
    expect(() => compileRules([rule(words(KEYWORDS_MAX + 1))])).toThrow(`${KEYWORDS_MAX + 1} keywords`)
  })

  it('looks no farther than the windows overlap', () => {
    expect(() => compileRules([rule(['abc'], BEFORE_BYTES_MAX, AFTER_BYTES_MAX)])).not.toThrow()
    expect(() => compileRules([rule(['abc'], BEFORE_BYTES_MAX + 1)])).toThrow('looks too far')
    expect(() => compileRules([rule(['abc'], 0, AFTER_BYTES_MAX + 1)])).toThrow('looks too far')
  })
})

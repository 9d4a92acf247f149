import { describe, expect, it } from 'vitest'
import { partsOfFields } from '../../src/catalog/json-fields.ts'
import { known, NEVER } from '../../src/flow/fact.ts'
import { parseStrictJson } from '../../src/wire/json-object.ts'

const FIELDS = { private: 'repo-visibility', visibility: 'repo-visibility' } as const

/** `OPERATION,OPERATION VISIBILITY`, where `-` is as the head says and `?` one that cannot be told. */
function show(body: unknown, fields: Parameters<typeof partsOfFields>[1] = FIELDS): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const parts = partsOfFields('settings-write', fields, parseStrictJson(Buffer.from(text)))
  const [first] = parts
  for (const { visibility } of parts) expect(visibility).toEqual(first?.visibility)
  const { visibility } = first ?? {}
  const seen = visibility === undefined ? '-' : visibility.state === 'known' ? visibility.value : '?'
  return `${parts.map(({ operation }) => operation).join()} ${seen}`
}

describe('the settings of a repository', () => {
  it.each<[string, unknown, string]>([
    ['are settings', { description: 'x' }, 'settings-write -'],
    ['are settings where there are none', {}, 'settings-write -'],
    ['open it', { private: false }, 'repo-visibility public'],
    ['close it', { visibility: 'private' }, 'repo-visibility private'],
    ['close it in two ways', { visibility: 'internal', private: true }, 'repo-visibility internal'],
    ['do both', { description: 'x', private: false }, 'settings-write,repo-visibility public'],
    ['say two things', { visibility: 'private', private: false }, 'repo-visibility ?'],
    ['say two things, the other way round', { visibility: 'public', private: true }, 'repo-visibility ?'],
    ['say it in a word that is none', { visibility: 'PUBLIC' }, 'repo-visibility ?'],
    ['say it in a word that is none, and in one that is', { visibility: 'open', private: true }, 'repo-visibility ?'],
    ['say it in text', { private: 'false' }, 'repo-visibility ?'],
    ['say nothing by it', { private: null }, 'repo-visibility ?'],
    ['are settings further in', { a: { private: false } }, 'settings-write -'],
    ['have the name of every object', '{"__proto__":{"private":false}}', 'settings-write -'],
    ['open it in capitals', { Private: false }, 'settings-write,repo-visibility ?'],
    ['open it in capitals behind it', { private: true, PRIVATE: false }, 'settings-write,repo-visibility ?'],
    ['open it with a long s', { viſibility: 'public' }, 'settings-write,repo-visibility ?'],
  ])('%s', (_, body, shown) => expect(show(body)).toBe(shown))

  it.each(['', 'private=false', '[{"private":false}]', 'null', '{"private":true,"private":false}', '{"a":1'])(
    'may be anything where they cannot be read: %s',
    (body) => expect(show(body)).toBe('settings-write,repo-visibility ?'),
  )

  it('of a repository that is made say who can read it, and do nothing more', () => {
    expect(show({ name: 'x', private: true }, {})).toBe('settings-write private')
    expect(show('x', {})).toBe('settings-write ?')
    expect(show({}, {})).toBe('settings-write -')
  })

  it('are given as facts', () => {
    expect(partsOfFields('repo-create', {}, parseStrictJson(Buffer.from('{"private":false}')))).toEqual([
      { operation: 'repo-create', visibility: known('public') },
    ])
    expect(partsOfFields('repo-create', {}, { state: 'more' })).toEqual([
      { operation: 'repo-create', visibility: NEVER },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { isRefName, isRefPrefix } from '../../src/wire/ref-name.ts'

describe('the name of a ref', () => {
  it.each([
    'refs/heads/main',
    'refs/heads/a/b.c/d',
    'refs/stash',
    'refs/for/main%topic=x,r=a@example',
    'refs/heads/@',
    'refs/heads/é',
    'refs/heads/lock',
    'refs/heads/-x',
    'refs/heads/{a}',
  ])('may be %j', (name) => {
    expect(isRefName(name)).toBe(true)
  })

  it.each([
    ['without refs/', 'main'],
    ['of HEAD', 'HEAD'],
    ['only refs/', 'refs/'],
    ['in capitals', 'REFS/heads/main'],
    ['with two dots', 'refs/heads/a..b'],
    ['that climbs', 'refs/heads/../../config'],
    ['with a part that begins with a dot', 'refs/heads/.a'],
    ['with a part that ends with .lock', 'refs/heads/a.lock/b'],
    ['that ends with a dot', 'refs/heads/a.'],
    ['that ends with a slash', 'refs/heads/a/'],
    ['with two slashes', 'refs/heads//a'],
    ['with @{', 'refs/heads/a@{1}'],
    ['with a space', 'refs/heads/a b'],
    ['with a tab', 'refs/heads/a\tb'],
    ['with an LF', 'refs/heads/a\n'],
    ['with a NUL', 'refs/heads/a\0'],
    ['with a DEL', 'refs/heads/a\x7f'],
    ['with a C1 control', 'refs/heads/a\x9b'],
    ...Array.from('~^:?*[\\').map((character) => [`with ${character}`, `refs/heads/a${character}b`]),
  ])('may not be one %s', (_, name) => {
    expect(isRefName(name ?? '')).toBe(false)
  })
})

describe('the beginning of a name', () => {
  it.each(['HEAD', 'v1.0', 'v1.', 'refs/heads/', 'refs/heads/fea', 'main', '@', 'é'])('may be %j', (text) => {
    expect(isRefPrefix(text)).toBe(true)
  })

  it.each(['', 'a secret', 'a..', 'a..b', 'a~1', 'a^', 'a:b', 'a*', 'a[b', 'a\\b', 'a@{1', 'a\tb', 'a\x7f'])(
    'may not be %j',
    (text) => {
      expect(isRefPrefix(text)).toBe(false)
    },
  )
})

import { describe, expect, it } from 'vitest'
import { pathFact, readPath, readPathAround, TARGET_CHARACTERS_MAX } from '../../src/catalog/path.ts'

describe('readPath', () => {
  it.each([
    ['a path without escapes', '/acme/widget', [['acme', 'widget']]],
    ['escapes of what needs none', '/%61cme/a%2Db', [['acme', 'a-b']]],
    ['an escape that changes nothing else, in upper case', '/a%5bb', [['a%5Bb']]],
    ['a name that ends with a dot', '/acme/widget.', [['acme', 'widget.']]],
    ['a decoded percent sign before one digit alone', '/a%254g', [['a%254g']]],
    ['an encoded slash', '/a%2fb', [['a%2Fb'], ['a', 'b']]],
    ['an encoded question mark', '/a%3Fb', [['a%3Fb'], ['a']]],
    ['one right after the first slash', '/%3Fa', [['%3Fa'], []]],
    ['one before a slash at the end', '/a%3Fb/', [['a%3Fb'], ['a']]],
  ])('reads %s: %s', (_, path, readings) => {
    expect(readPath(path)).toMatchObject({ state: 'normal', readings })
  })

  it.each([
    ['that does not begin with a slash', 'acme/widget'],
    ['in which one escape completes another', '/a%4%31'],
  ])('calls a path odd %s: %s', (_, path) => {
    expect(readPath(path).state).toBe('odd')
  })

  it('looks at no path that is longer than a target may be', () => {
    const path = `/${'a'.repeat(TARGET_CHARACTERS_MAX - 1)}`
    expect([path, `${path}a`].map((each) => readPath(each).state)).toEqual(['normal', 'excess'])
  })
})

describe('readPathAround', () => {
  it('keeps the one segment whole, and reads the others in every way', () => {
    const path = '/projects/acme%2f%77idget/issues%2f1'
    expect(readPathAround(path, 1)).toMatchObject({
      state: 'normal',
      readings: [
        ['projects', 'acme%2Fwidget', 'issues%2F1'],
        ['projects', 'acme%2Fwidget', 'issues', '1'],
      ],
    })
  })

  it('is as strict about the others', () => {
    expect(readPathAround('/projects/acme%2Fwidget/..', 1)).toEqual({ state: 'odd' })
  })
})

describe('pathFact', () => {
  it.each([
    ['/', '/'],
    ['/?a=/b', '/'],
    ['/acme/widget?x=%zz', '/acme/widget'],
    ['/acme/widget/', '/acme/widget'],
    ['/%61cme', '/acme'],
    ['/%40me/a%21b', '/@me/a!b'],
    ['/a%20b', '/a b'],
    ['/caf%C3%A9', '/café'],
    ['/a%254g', '/a%4g'],
    ['/A', '/A'],
  ])('%s is %s', (target, path) => expect(pathFact(target)).toEqual({ state: 'known', value: path }))

  it.each([
    ['', 'nothing'],
    ['*', 'an asterisk'],
    ['/a%2Fb', 'an encoded slash'],
    ['/a%3Fb', 'an encoded question mark'],
    ['/a/../b', 'a way back'],
    ['/a//b', 'an empty segment'],
    ['/a;b', 'a parameter'],
    ['/%2561', 'an escape of an escape'],
    ['/%ff', 'what is no text'],
    ['/%zz', 'a broken escape'],
    ['/%EF%BC%A0me', 'a wide form'],
    ['/cafe%CC%81', 'a letter in two'],
    [`/${'a'.repeat(TARGET_CHARACTERS_MAX)}`, 'too much'],
  ])('of %s nobody can tell: %s', (target) => expect(pathFact(target)).toEqual({ state: 'never' }))
})

import { describe, expect, it } from 'vitest'
import { valuesAt, valuesMax } from '../../src/catalog/values-at.ts'

describe('values at a path', () => {
  const VALUE = { a: { b: [{ c: 1 }, { c: null }, { d: 2 }, { c: [3] }], 'b.c': 4 }, n: null, e: '' }

  it.each<[string, readonly unknown[]]>([
    ['a.b.*.c', [1, [3]]],
    ['a.b.*.c.*', [3]],
    ['a.b', [VALUE.a.b]],
    ['a.b.c', []],
    ['a.b.0', [{ c: 1 }]],
    ['a.*', []],
    ['n', []],
    ['n.a', []],
    ['e', ['']],
    ['e.length', []],
    ['a.b.length', [4]],
    ['constructor', []],
    ['__proto__', []],
  ])('%s', (path, values) => expect(valuesAt(VALUE, path)).toEqual(values))

  it('are none of what is no object', () => {
    for (const value of [null, undefined, 'abc', 5]) expect(valuesAt(value, 'length')).toEqual([])
  })

  it(`are ${valuesMax}, and of more there is one that is nothing`, () => {
    const of = (count: number) => ({ a: Array.from({ length: count }, () => ({ b: 'x' })) })
    expect(valuesAt(of(valuesMax), 'a.*.b')).toHaveLength(valuesMax)
    expect(valuesAt(of(valuesMax + 1), 'a.*.b')).toEqual([{}])
    const nested = Array.from({ length: 2 }, () => ({ b: Array.from({ length: valuesMax / 2 + 1 }, () => 'x') }))
    expect(valuesAt(nested, '*.b.*')).toEqual([{}])
  })
})

/** JSON that may be none, and objects in it. */
import { describe, expect, it } from 'vitest'
import { isJsonObject, parseJson } from '../../src/wire/json.ts'

describe('parseJson', () => {
  it.each([
    ['{"a":[1,null]}', { a: [1, null] }],
    ['null', null],
    ['', undefined],
    ['{', undefined],
    ["{'a':1}", undefined],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })
})

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['{}', false],
    [1, false],
    [true, false],
    [undefined, false],
  ])('%j: %s', (value, is) => expect(isJsonObject(value)).toBe(is))
})

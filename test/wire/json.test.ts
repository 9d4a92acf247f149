/** JSON that may be none. */
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/wire/json.ts'

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

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictJson, strictJsonDepthMax, strictJsonMarksMax } from '../../src/wire/json-object.ts'

function parse(text: string): { readonly value: unknown } | string {
  const parsed = parseStrictJson(Buffer.from(text))
  if (parsed.state === 'more') throw new Error('it never wants more')
  if (parsed.state === 'bad') return parsed.fault
  expect(parsed.size).toBe(Buffer.byteLength(text))
  return { value: parsed.value }
}

describe('a JSON text', () => {
  it.each([
    '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}',
    ' [ ] ',
    'null',
    '"a \\"quoted\\" \\\\"',
    '{"":0," ":{"":1}}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"\\\\","b":":"}',
    '{"__proto__":1,"constructor":2}',
    '{"é":1,"e\\u0301":2}',
  ])('%s', (text) => expect(parse(text)).toEqual({ value: JSON.parse(text) as unknown }))

  it.each([
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once in other words', '{"a":1,"\\u0061":2}'],
    ['a name twice further in', '[{"b":[{"a":1,"c":{},"a":2}]}]'],
    ['a name twice around an object', '{"a":{"a":1},"a":2}'],
    ['a name twice around a string that looks like an end', '{"a":"}","a":2}'],
    ['the name of every object twice', '{"__proto__":1,"__proto__":2}'],
    ['the empty name twice', '{"":1,"":2}'],
    ['a byte order mark', '\ufeff{}'],
    ['nothing', ''],
    ['two texts', '{}{}'],
    ['half a text', '{"a":'],
    ['a string without an end', '{"a":"b\\"'],
    ['a colon alone', ':'],
    ['ends before its beginnings', '}]":"'],
    ['a comment', '{"a":1/*,"a":2*/}'],
    ['a zero byte behind it', '{}\0'],
  ])('is none with %s', (_, text) => expect(parse(text)).toEqual(expect.any(String)))

  it('is none where it is not UTF-8', () => {
    for (const text of ['{"a":"\xff"}', '{"a":"\xc0\xaf"}', '{"a":"\xed\xa0\x80"}']) {
      expect(parseStrictJson(Buffer.from(text, 'latin1'))).toEqual({ state: 'bad', fault: 'it is not UTF-8' })
    }
    expect(parseStrictJson(Buffer.from('\ufeff{"a":1}', 'utf16le')).state).toBe('bad')
  })

  it(`stands ${strictJsonDepthMax} deep and no deeper`, () => {
    const of = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
    expect(parse(of(strictJsonDepthMax))).toEqual(expect.any(Object))
    expect(parse(of(strictJsonDepthMax + 1))).toMatch(/more than 128 deep/)
  })

  it(`has ${strictJsonMarksMax} lists, objects and members and no more`, () => {
    const of = (marks: number): string => `[${'{},'.repeat(marks - 2)}[]]`
    expect(parse(of(strictJsonMarksMax))).toEqual(expect.any(Object))
    expect(parse(of(strictJsonMarksMax + 1))).toMatch(/more than 500000/)
    const members = Array.from({ length: strictJsonMarksMax }, (_, at) => `"${at}":0`).join()
    expect(parse(`{${members}}`)).toMatch(/more than 500000/)
  })

  it('may have one string that is megabytes long', () => {
    const long = 'x'.repeat(8 * 1024 * 1024)
    expect(parse(`{"a":"${long}"}`)).toEqual({ value: { a: long } })
    expect(parse(`{"a":"${long}","a":1}`)).toMatch(/names `a` twice/)
    expect(parse(`{"${long}":1,"${long}":1}`)).toHaveLength('it names `` twice in one object'.length + 64)
  })

  it('of any value is that value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(parse(text)).toEqual({ value: JSON.parse(text) as unknown })
      }),
      { seed: 5, numRuns: 500 },
    )
  })

  it('names nothing twice, whichever of two a reader takes', () => {
    const name = fc.constantFrom('"a"', '"\\u0061"', '"b"', '"\\""')
    const member = fc.tuple(name, fc.constantFrom('1', '"a"', '{"a":1}', '["a",{"b":":"}]'))
    fc.assert(
      fc.property(fc.array(member, { maxLength: 4 }), (members) => {
        const names = members.map(([spelled]) => JSON.parse(spelled) as string)
        const text = `{${members.map(([spelled, value]) => `${spelled}:${value}`).join()}}`
        expect(typeof parse(text) === 'string').toBe(new Set(names).size < names.length)
      }),
      { seed: 6, numRuns: 1000 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { validate } from '../../src/text/validate.ts'
import { parseYaml } from '../../src/text/yaml.ts'

function check(schema: z.ZodType, text: string): readonly string[] {
  const { source } = parseYaml(text, 'a.yaml')
  if (source === null) throw new Error('not YAML')
  const { value, problems } = validate(schema, source)
  expect(value === null).toBe(problems.length > 0)
  return problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? '' : ` (${hint})`}`,
  )
}

const item = z.strictObject({ kind: z.enum(['one', 'two']), size: z.int().min(1).max(9).optional() })
const schema = z.strictObject({
  name: z.string(),
  flag: z.boolean().optional(),
  either: z.union([z.string(), z.array(item).min(1).max(2)]).optional(),
  shape: z.union([z.strictObject({ file: z.string() }), z.strictObject({ hosts: z.array(z.string()) })]).optional(),
  word: z.union([z.enum(['red', 'blue']), z.array(z.enum(['red', 'blue']))]).optional(),
  names: z.record(z.string().regex(/^[a-z]+$/, 'must be small letters'), z.int()).optional(),
})

describe('validate', () => {
  it('answers the typed value', () => {
    const { source } = parseYaml('name: a\n', 'a.yaml')
    expect(source === null ? null : validate(schema, source).value).toEqual({ name: 'a' })
  })

  it.each([
    ['a missing key', 'flag: true', ['1:1 `name` is missing']],
    ['a key that was meant', 'nane: x', ['1:1 unknown key `nane` (did you mean `name`?)']],
    [
      'a key that nobody meant',
      'name: x\nother: y',
      ['2:1 unknown key `other` (one of: name, flag, either, shape, word, names)'],
    ],
    ['text for a flag', 'name: x\nflag: "yes"', ['2:7 must be true or false']],
    ['a flag for text', 'name: true', ['1:7 must be text (put it in quotes: "true")']],
    ['neither text nor a list', 'name: x\neither: 5', ['2:9 must be text or a list (put it in quotes: "5")']],
    ['an empty list', 'name: x\neither: []', ['2:9 must not be empty']],
    ['a long list', 'name: x\neither: [{ kind: one }, { kind: one }, { kind: one }]', ['2:9 must be at most 2 items']],
    ['a bad item', 'name: x\neither: [{ kind: tow }]', ['2:18 `tow` is not known here (did you mean `two`?)']],
    [
      'a key of an item',
      'name: x\neither: [{ kind: one, sise: 2 }]',
      ['2:23 unknown key `sise` (did you mean `size`?)'],
    ],
    ['a number that is too large', 'name: x\neither: [{ kind: one, size: 10 }]', ['2:29 must be at most 9']],
    ['a number that is too small', 'name: x\neither: [{ kind: one, size: 0 }]', ['2:29 must be at least 1']],
    ['a fraction', 'name: x\neither: [{ kind: one, size: 1.5 }]', ['2:29 must be a whole number']],
    [
      'a number in quotes',
      'name: x\neither: [{ kind: one, size: "1" }]',
      ['2:29 must be a number (remove the quotes)'],
    ],
    ['the nearest of two shapes', 'name: x\nshape: { hosts: [1] }', ['2:18 must be text (put it in quotes: "1")']],
    ['one word of few', 'name: x\nword: green', ['2:7 `green` is not known here (one of: red, blue)']],
    ['a word in a list', 'name: x\nword: [blu]', ['2:8 `blu` is not known here (did you mean `blue`?)']],
    ['no word at all', 'name: x\nword: { a: 1 }', ['2:7 must be text or a list']],
    ['a bad name', 'name: x\nnames: { A: 1 }', ['2:10 must be small letters']],
    [
      'in the order of the text',
      'flag: 1\nx: 1\nname: 2',
      [
        '1:7 must be true or false',
        '2:1 unknown key `x` (one of: name, flag, either, shape, word, names)',
        '3:7 must be text (put it in quotes: "2")',
      ],
    ],
  ])('reports %s', (_, text, problems) => {
    expect(check(schema, text)).toEqual(problems)
  })

  it('passes on the hint of a check', () => {
    const checked = z.string().superRefine((_text, context) => {
      context.addIssue({ code: 'custom', message: 'is wrong', params: { hint: 'do this' } })
    })
    expect(check(z.strictObject({ a: checked }), 'a: b')).toEqual(['1:4 is wrong (do this)'])
  })

  it('shows 100 problems', () => {
    expect(check(z.array(z.string()), ones(100))).toHaveLength(100)
    expect(check(z.array(z.string()), ones(101))).toHaveLength(100)
  })
})

function ones(count: number): string {
  return `[${Array.from({ length: count }, () => '1').join(', ')}]`
}

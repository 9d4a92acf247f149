import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonNameCharactersMax, jsonPathCharactersMax } from '../../src/wire/json-path.ts'
import { jsonPlainCharactersMax, JsonStringReader, jsonStringsDepthMax } from '../../src/wire/json-strings.ts'
import { textPieceBytes } from '../../src/wire/text-bytes.ts'
import { tell } from './events.ts'

const read = (text: string | Uint8Array) => tell(() => new JsonStringReader(), text)

/** What JSON.parse makes of it, in the words of the reader. */
function stringsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (Array.isArray(value)) return value.flatMap((item, at) => stringsOf(item, `${path}[${at}]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => stringsOf(item, path === '' ? name : `${path}.${name}`))
}

describe('the strings of a JSON text', () => {
  it.each<[string, [string, string][]]>([
    ['"a"', [['', 'a']]],
    ['{}', []],
    [
      '{"a":"b","c":{"d":["e",1,"f",[[]],{"g":"h"}]},"i":""}',
      [
        ['a', 'b'],
        ['c.d[0]', 'e'],
        ['c.d[2]', 'f'],
        ['c.d[4].g', 'h'],
        ['i', ''],
      ],
    ],
    [
      ' [ "a" , "b" ] ',
      [
        ['[0]', 'a'],
        ['[1]', 'b'],
      ],
    ],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac"', [['', '"\\/\b\f\n\r\tAé€']]],
    ['"\\ud83d\\ude00 😀"', [['', '😀 😀']]],
    ['"\\ud83d \\ude00\\ud83dx"', [['', '\ufffd \ufffd\ufffdx']]],
    ['{"\\u0061":"b"}', [['a', 'b']]],
    ['\ufeff{"a":"b"}', [['a', 'b']]],
    [
      '{"a":"b"}\n{"a":"c"}\n',
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
    ],
    ['{"a":true,"b":-1.5e3,"c":null,"d":"e"}', [['d', 'e']]],
  ])('%s', (text, began) => {
    expect(read(text)).toEqual({ began, fault: null })
  })

  it('are those of JSON.parse', () => {
    const texts = fc.tuple(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), fc.nat(2))
    fc.assert(
      fc.property(texts, ([value, indent]) => {
        const text = JSON.stringify(value, null, indent)
        const parsed: unknown = JSON.parse(text)
        const { began, fault } = read(text)
        expect(fault).toBeNull()
        // A name that looks like an index comes first in an object, and names may hold what is a mark in a path.
        expect(began.map(([, string]) => string).toSorted()).toEqual(
          stringsOf(parsed)
            .map(([, string]) => string.toWellFormed())
            .toSorted(),
        )
      }),
      { seed: 8, numRuns: 60 },
    )
  })

  it.each([
    ['{', 'it ends within a value'],
    ['"a', 'it ends within a value'],
    ['["a"', 'it ends within a value'],
    ['{"a"}', 'it is no JSON at byte 4'],
    ['{"a":"b",}', 'it is no JSON at byte 9'],
    ['{a:1}', 'it is no JSON at byte 1'],
    ['["a"}', 'it is no JSON at byte 4'],
    ['["a" "b"]', 'it is no JSON at byte 5'],
    ['"a\nb"', 'it is no JSON at byte 2'],
    ['"\\x"', 'it is no JSON at byte 2'],
    ['"\\u12g4"', 'it is no JSON at byte 5'],
    [']', 'it is no JSON at byte 0'],
    ["{'a':1}", 'it is no JSON at byte 1'],
    ['[truth]', 'it is no JSON at byte 6'],
    ['[01]', 'it is no JSON at byte 3'],
    ['-', 'it is no JSON at byte 0'],
  ])('%s: %s', (text, fault) => {
    expect(read(text).fault).toBe(fault)
  })

  it('before a fault are told', () => {
    expect(read('{"a":"b","c":"d\n"}').began).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('may stand as deep as the limit, and no deeper', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}"a"${']'.repeat(depth)}`
    expect(read(nested(jsonStringsDepthMax)).fault).toBeNull()
    expect(read(nested(jsonStringsDepthMax + 1)).fault).toBe(`its values stand more than ${jsonStringsDepthMax} deep`)
  })

  it('stand beside numbers as long as the limit, and no longer', () => {
    const numbered = (digits: number): string => `[${'1'.repeat(digits)},"a"]`
    expect(read(numbered(jsonPlainCharactersMax))).toEqual({ began: [['[1]', 'a']], fault: null })
    expect(read(numbered(jsonPlainCharactersMax + 1)).fault).toBe(`it is no JSON at byte ${jsonPlainCharactersMax + 1}`)
  })

  it('are told in pieces, however long they are', () => {
    const long = 'é\\"'.repeat(textPieceBytes)
    expect(read(`{"a":"${long}","b":"c"}`).began).toEqual([
      ['a', long.replaceAll('\\"', '"')],
      ['b', 'c'],
    ])
  })

  it('of names are told once they are longer than what is kept', () => {
    const [kept, longer] = ['n'.repeat(jsonNameCharactersMax), 'n'.repeat(jsonNameCharactersMax + 1)]
    expect(read(`{"${kept}":"v"}`).began).toEqual([[kept, 'v']])
    expect(read(`{"${longer}":"v"}`).began).toEqual([
      [`${kept}…`, longer],
      [`${kept}…`, 'v'],
    ])
    const longest = 'n'.repeat(3 * textPieceBytes)
    expect(read(`{"${longest}":1}`).began).toEqual([[`${kept}…`, longest]])
  })

  it('have a path that is cut at its beginning', () => {
    const text = `${'{"some-long-name":'.repeat(40)}"v"${'}'.repeat(40)}`
    const [[path] = ['']] = read(text).began
    expect(path).toMatch(/^….*some-long-name$/)
    expect(path).toHaveLength(jsonPathCharactersMax)
  })
})

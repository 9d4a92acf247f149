import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { megaCommandsBytesMax, megaCommandsMax, parseMegaCommands } from '../../src/wire/mega-commands.ts'

function parse(text: string): readonly string[] | string {
  const parsed = parseMegaCommands(Buffer.from(text))
  if (parsed.state === 'more') throw new Error('it never wants more')
  if (parsed.state === 'bad') return parsed.fault
  expect(parsed.size).toBe(Buffer.byteLength(text))
  return parsed.value
}

describe('a list of commands', () => {
  it.each([
    ['of one', '[{"a":"f","c":1}]', ['f']],
    [
      'of several, in order',
      '[{"a":"us","user":"ada@acme.example"},{"a":"ug","v":1},{"a":"g","n":"x"}]',
      ['us', 'ug', 'g'],
    ],
    ['that is one object', '{"a":"f"}', ['f']],
    ['with white space', ' [ { "a" : "f" , "c" : 1 } ]\n', ['f']],
    ['with null among its values', '[{"a":"u","t":null,"s":[null]}]', ['u']],
    ['with lists of values', '[{"a":"u","t":["x","y"],"s":5}]', ['u']],
    ['with white space in a string', '[{"a":"up","name":" a  b "}]', ['up']],
    ['with an escape that must be', '[{"a":"up","name":"a\\"b\\\\ \\n"}]', ['up']],
    ['with characters outside ASCII', '[{"a":"up","name":"é😀"}]', ['up']],
  ])('%s', (_, text, names) => expect(parse(text)).toEqual(names))

  it.each([
    ['nothing', ''],
    ['no JSON', 'f'],
    ['no commands', '[]'],
    ['a number', '-11'],
    ['null', 'null'],
    ['a command that is null', '[null]'],
    ['a command that is a list', '[["a","f"]]'],
    ['a command without a name', '[{"c":1}]'],
    ['a name that is a number', '[{"a":1}]'],
    ['one command without a name', '[{"a":"f"},{}]'],
    ['two lists', '[{"a":"f"}][{"a":"p"}]'],
    ['half of one', '[{"a":"f"'],
    ['a name twice', '[{"a":"p","a":"f"}]'],
    ['a name twice, the other way round', '[{"a":"f","a":"p"}]'],
    ['another field twice', '[{"a":"f","c":1,"c":2}]'],
    ['a name twice, once in other words', '[{"a":"f","\\u0061":"p"}]'],
    ['a name in other words', '[{"\\u0061":"f"}]'],
    ['an escape that need not be', '[{"a":"\\u0066"}]'],
    ['an escaped slash', '[{"a":"f","c":"\\/"}]'],
    ['a number in other words', '[{"a":"f","c":1.0}]'],
    ['a number that is too large', '[{"a":"f","c":12345678901234567890}]'],
    ['an object inside', '[{"a":"f","x":{"a":"p"}}]'],
    ['an object in a list behind a value', '[{"a":"f","x":["q",{"a":"p"}]}]'],
    ['a list in a list behind a value', '[{"a":"f","x":["q",["p"]]}]'],
    ['a command that is text', '["f"]'],
    ['a list in a list', '[{"a":"f","x":[["p"]]}]'],
    ['a comment', '[{"a":"f"}/*x*/]'],
    ['single quotes', "[{'a':'f'}]"],
    ['a byte order mark', '\ufeff[{"a":"f"}]'],
    ['a space that is none of JSON', '[{"a":\u00a0"f"}]'],
  ])('is none with %s', (_, text) => expect(parse(text)).toEqual(expect.any(String)))

  it('is none where it is not UTF-8', () => {
    expect(parseMegaCommands(Buffer.from('[{"a":"f","c":"\xff"}]', 'latin1')).state).toBe('bad')
  })

  it(`has ${megaCommandsBytesMax} bytes and no more`, () => {
    const of = (bytes: number): string => `[{"a":"f","c":"${'x'.repeat(bytes - 18)}"}]`
    expect(parse(of(megaCommandsBytesMax))).toEqual(['f'])
    expect(parse(of(megaCommandsBytesMax + 1))).toMatch(/longer than/)
  })

  it(`has ${megaCommandsMax} commands and no more`, () => {
    const of = (count: number): string => JSON.stringify(Array.from({ length: count }, () => ({ a: 'f' })))
    expect(parse(of(megaCommandsMax))).toHaveLength(megaCommandsMax)
    expect(parse(of(megaCommandsMax + 1))).toMatch(/more than/)
  })

  it('never hides a command from a reader that takes the first of two, or the last', () => {
    const name = fc.constantFrom('a', '\\u0061', 'b', 'A')
    const field = fc.tuple(name, fc.constantFrom('"f"', '"p"', '1', '"\\u0070"'), fc.constantFrom('', ' '))
    const command = fc.array(field, { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 2 }), (commands) => {
        const objects = commands.map(
          (fields) => `{${fields.map(([key, value, space]) => `"${key}":${space}${value}`).join()}}`,
        )
        const parsed = parse(`[${objects.join()}]`)
        if (typeof parsed === 'string') return
        for (const fields of commands)
          expect(fields.filter(([key]) => key === 'a' || key === '\\u0061')).toHaveLength(1)
        expect(parsed).toEqual(commands.map((fields) => (fields.find(([key]) => key === 'a')?.[1] ?? '').slice(1, -1)))
      }),
      { seed: 3, numRuns: 2000 },
    )
  })
})

import { Kind, parse, visit } from 'graphql'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graphqlNameCharactersMax, GraphqlStringReader } from '../../src/wire/graphql-strings.ts'
import { textPieceBytes } from '../../src/wire/text-bytes.ts'
import { tell } from './events.ts'

const read = (text: string | Uint8Array): readonly [unknown, string][] => {
  return tell(() => new GraphqlStringReader(), text).began.map(([name, value]) => [name, value])
}

function isAmbiguous(text: string): boolean {
  const reader = new GraphqlStringReader()
  for (const byte of Buffer.from(text)) reader.push(Uint8Array.of(byte)).next()
  reader.end().next()
  return reader.isAmbiguous
}

describe('the strings of a GraphQL document', () => {
  it.each<[string, [string, string][]]>([
    ['{ viewer { login } }', []],
    ['{ f(a: "b") }', [['a', 'b']]],
    [
      '{ f(a: "", b: "c") }',
      [
        ['a', ''],
        ['b', 'c'],
      ],
    ],
    [
      '{ f(a: ["b", "c"]) }',
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
    ],
    [
      '{ f(path: "a.pem" contents:"aGk=") }',
      [
        ['path', 'a.pem'],
        ['contents', 'aGk='],
      ],
    ],
    ['{ f(a: "\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u{1F600}") }', [['a', '"\\/\b\f\n\r\tAé😀']]],
    ['{ f(a: "\\ud83d\\ude00\\ud83d \\ude00") }', [['a', '😀\ufffd \ufffd']]],
    ['{ f(a: "\\q\\u00g\\u{z}b") }', [['a', 'qgz}b']]],
    ['# "no string\n{ f(a: "b") } # "\n', [['a', 'b']]],
    [
      '{ f(a: "never ends\n b: "c") }',
      [
        ['a', 'never ends'],
        ['b', 'c'],
      ],
    ],
    ['{ f(a: "never ends', [['a', 'never ends']]],
    ['{ f(a: """b""") }', [['a', 'b']]],
    [
      '{ f(a: """\n    b\n      "c" \\n ""\n\t\\"""\n""", d: "e") }',
      [
        ['a', 'b\n"c" \\n ""\n"""\n'],
        ['d', 'e'],
      ],
    ],
    ['{ f(a: """b \\" \\"" c""") }', [['a', 'b \\" \\"" c']]],
    ['{ f(a: """never ends', [['a', 'never ends']]],
    ['é"b"', [['', 'b']]],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it('are those of the reference implementation', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 20 })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        const text = `mutation { f(${values.map((each, at) => `a${at}: ${JSON.stringify(each)}`).join(', ')}) }`
        const found: [unknown, string][] = []
        visit(parse(text), {
          Argument: (node) => {
            if (node.value.kind === Kind.STRING) found.push([node.name.value, node.value.value])
          },
        })
        expect(read(text)).toEqual(found)
      }),
      { numRuns: 60 },
    )
  })

  it('keep a name up to its limit, and are told in pieces', () => {
    const name = 'n'.repeat(graphqlNameCharactersMax)
    const long = 'x\\u0041'.repeat(textPieceBytes)
    expect(read(`{ f(${name}: "a", ${name}n: "b") }`)).toEqual([
      [name, 'a'],
      [name, 'b'],
    ])
    expect(read(`{ f(a: "${long}") }`)[0]?.[1]).toBe('xA'.repeat(textPieceBytes))
  })

  it.each([
    ['{ f }\r\n# a\r\n', false],
    ['# a\r"""\n{ f(a: "b") }', true],
    ['{ f }\r', true],
  ])('%j may be read otherwise by others: %s', (text, expected) => {
    expect(isAmbiguous(text)).toBe(expected)
  })
})

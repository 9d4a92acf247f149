import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { parseYaml, type YamlSource, yamlBytesMax } from '../../src/text/yaml.ts'

function parse(text: string): YamlSource {
  const { source, problems } = parseYaml(text, 'a.yaml')
  expect(problems).toEqual([])
  if (source === null) throw new Error('no source')
  return source
}

function messagesOf(text: string): readonly string[] {
  const { source, problems } = parseYaml(text, 'a.yaml')
  expect(source === null).toBe(problems.length > 0)
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

describe('parseYaml', () => {
  it('reads values of YAML 1.2', () => {
    const text = 'a: no\nb: 07:00\nc: 2026-12-31T18:00Z\nd: [1, true, null, ~]\ne: 0x10\n'
    expect(parse(text).value).toEqual({ a: 'no', b: '07:00', c: '2026-12-31T18:00Z', d: [1, true, null, null], e: 16 })
  })

  it('reads past a byte order mark and carriage returns', () => {
    expect(parse('\ufeffa: 1\r\nb: 2\r\n').value).toEqual({ a: 1, b: 2 })
  })

  it('takes a merge key for a key', () => {
    expect(parse('"<<": { a: 1 }\n').value).toEqual({ '<<': { a: 1 } })
  })

  it('reports each doubled key', () => {
    expect(messagesOf('a: 1\nb: 2\na: 3\nb: 4\n')).toEqual(['3:1 `a` stands twice', '4:1 `b` stands twice'])
  })

  it('reports the cause and not its echoes', () => {
    expect(messagesOf('- a\nb: c\n')).toHaveLength(1)
  })

  it('stops at 4 MiB', () => {
    const filler = '#'.repeat(yamlBytesMax - 5)
    expect(messagesOf(`a: 1\n${filler}`)).toEqual([])
    expect(messagesOf(`a: 1\n${filler}#`)).toEqual(['1:1 the file is larger than 4 MiB'])
    // Bytes are counted, not characters.
    expect(messagesOf(`a: 1\n#${'\u00e9'.repeat(yamlBytesMax / 2)}`)).toEqual(['1:1 the file is larger than 4 MiB'])
  })

  it('stops at 32 levels, however deep the rest is', () => {
    expect(messagesOf(nest(32))).toEqual([])
    expect(messagesOf(`a: { b: ${'e: '.repeat(20_000)}1 }`)).toEqual(['1:1 nested deeper than 32 levels'])
    expect(messagesOf(nest(33))).toEqual(['1:33 nested deeper than 32 levels'])
    for (const bomb of ['[', '{a: ', '- ', '? ', 'a:\n ']) expect(messagesOf(bomb.repeat(20_000))).not.toEqual([])
  })

  it('shows 20 problems', () => {
    expect(messagesOf(twice(20))).toHaveLength(20)
    expect(messagesOf(twice(21))).toHaveLength(20)
  })

  it('expands no alias, so that a small text stays small', () => {
    const bomb = `a: &a [x]\n${Array.from({ length: 20 }, (_, at) => `b${at}: [*a, *a, *a]\n`).join('')}`
    expect(messagesOf(bomb)[0]).toBe('2:6 `*a` is a YAML alias, and aliases are not read')
  })

  it('never throws, whatever it is fed', () => {
    const fragments = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '*',
      '&x ',
      '!t ',
      '|',
      '>',
      '#',
      '\t',
      '%',
      '---',
      '?',
      '\u0000',
      '\ud800',
    )
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 30 }), (parts) => {
        const { source, problems } = parseYaml(parts.join(''), 'a.yaml')
        expect(source === null).toBe(problems.length > 0)
      }),
      { seed: 1, numRuns: 1_000 },
    )
  })

  it('reads what is written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue({ maxDepth: 3 })), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        expect(JSON.stringify(parse(stringify(value, { aliasDuplicateObjects: false })).value)).toBe(
          JSON.stringify(value),
        )
      }),
      { seed: 1, numRuns: 200 },
    )
  })
})

describe('locate', () => {
  const source = parse('top:\n  list:\n    - name: x\n      to: { hosts: [a, bb] }\n  empty:\n7: seven\n')

  it.each([
    [['top', 'list', 0, 'name'], 'value', { line: 3, column: 13, endColumn: 14 }],
    [['top', 'list', 0, 'name'], 'key', { line: 3, column: 7, endColumn: 11 }],
    [['top', 'list', 0, 'to', 'hosts', 1], 'value', { line: 4, column: 24, endColumn: 26 }],
    [['top', 'empty'], 'value', { line: 5, column: 3, endColumn: 8 }],
    [['7'], 'value', { line: 6, column: 4, endColumn: 9 }],
    [[], 'value', { line: 1, column: 1 }],
  ] as const)('finds %j, the %s', (path, part, span) => {
    expect(source.locate(path, part)).toEqual(span)
  })

  it('finds what is nearest to a path that does not exist', () => {
    expect(source.locate(['top', 'list', 0, 'name', 3])).toEqual({ line: 3, column: 13, endColumn: 14 })
    expect(source.locate(['top', 'list', 9])).toEqual(source.locate(['top', 'list']))
    expect(source.locate(['nothing'])).toEqual({ line: 1, column: 1 })
  })
})

function nest(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`
}

function twice(count: number): string {
  return Array.from({ length: count }, (_, at) => `a${at}: 1\na${at}: 2\n`).join('')
}

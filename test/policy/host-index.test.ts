import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHost } from '../../src/net/host.ts'
import { buildHostIndex, setsOfHost } from '../../src/policy/host-index.ts'
import { hostListBytesMax, parseHostList } from '../../src/policy/host-list.ts'
import { type HostPattern, parseHostPattern } from '../../src/policy/host-pattern.ts'

function pattern(text: string): HostPattern {
  const parsed = parseHostPattern(text)
  if (parsed === null) throw new Error(`no pattern: ${text}`)
  return parsed
}

function host(text: string): NonNullable<ReturnType<typeof parseHost>> {
  const parsed = parseHost(text)
  if (parsed === null) throw new Error(`no host: ${text}`)
  return parsed
}

describe('parseHostPattern', () => {
  it.each([
    ['GitHub.com.', 'github.com', false],
    ['*.Acme.example', 'acme.example', true],
    ['*.com', 'com', true],
    ['b\u00fccher.example', 'xn--bcher-kva.example', false],
    ['localhost', 'localhost', false],
  ])('reads %s', (text, name, below) => {
    expect(parseHostPattern(text)).toEqual({ host: name, below })
  })

  it.each([
    '',
    '*',
    '*.',
    '**.a',
    'a.*',
    'a.*.b',
    '*a.example',
    '*.*.example',
    '10.0.0.1',
    '*.10.0.0.1',
    '0x7f.1',
    '[::1]',
    'a b',
    'a/b',
    'a:1',
  ])('refuses %j', (text) => {
    expect(parseHostPattern(text)).toBeNull()
  })
})

describe('setsOfHost', () => {
  it('finds every set by name and by suffix', () => {
    const builder = buildHostIndex()
    const { index } = builder
    builder.add(['a.example', 'b.example'].map(pattern))
    builder.add(['*.example'].map(pattern))
    builder.add(['*.a.example', 'a.example', 'a.example'].map(pattern))
    expect([...setsOfHost(index, host('a.example'))]).toEqual([0, 2, 1])
    expect([...setsOfHost(index, host('x.a.example'))]).toEqual([2, 1])
    expect([...setsOfHost(index, host('example'))]).toEqual([])
    expect([...setsOfHost(index, host('bexample'))]).toEqual([])
    expect([...setsOfHost(index, host('xa.example'))]).toEqual([1])
  })

  it('agrees with looking at each pattern', () => {
    const name = fc
      .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 })
      .map((labels) => labels.join('.'))
    const text = fc.tuple(fc.boolean(), name).map(([below, one]) => (below ? `*.${one}` : one))
    fc.assert(
      fc.property(fc.array(fc.array(text, { maxLength: 4 }), { maxLength: 5 }), name, (sets, asked) => {
        const builder = buildHostIndex()
        for (const set of sets) builder.add(set.map(pattern))
        const plain = sets.flatMap((set, id) =>
          set.some((one) => (one.startsWith('*.') ? asked.endsWith(one.slice(1)) : one === asked)) ? [id] : [],
        )
        expect([...setsOfHost(builder.index, host(asked))].sort((left, right) => left - right)).toEqual(plain)
      }),
      { seed: 1, numRuns: 1_000 },
    )
  })
})

describe('parseHostList', () => {
  it('reads one host a line, with comments and any line ends', () => {
    const { patterns, problems } = parseHostList('\ufeff# top\r\na.example\r\n\n  *.b.example # why\n', 'l.txt')
    expect(problems).toEqual([])
    expect(patterns.map(({ host: name, below }) => [name, below])).toEqual([
      ['a.example', false],
      ['b.example', true],
    ])
  })

  it('shows 20 problems', () => {
    expect(parseHostList(badLines(20), 'l.txt').problems).toHaveLength(20)
    expect(parseHostList(badLines(21), 'l.txt').problems).toHaveLength(20)
  })

  it('stops at 64 MiB', () => {
    const full = `a.example\n#${' '.repeat(hostListBytesMax - 11)}`
    expect(parseHostList(full, 'l.txt').problems).toEqual([])
    expect(parseHostList(`${full} `, 'l.txt').problems[0]?.message).toBe('the file is larger than 64 MiB')
  })
})

function badLines(count: number): string {
  return Array.from({ length: count }, (_, at) => `bad ${at}\n`).join('')
}

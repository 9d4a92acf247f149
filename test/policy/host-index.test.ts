import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHost } from '../../src/net/host.ts'
import { adoptHostIndex, buildHostIndex, type HostIndex, patternsIn, setsOfHost } from '../../src/policy/host-index.ts'
import { hostListBytesMax, parseHostList } from '../../src/policy/host-list.ts'
import { type HostPattern, parseHostPattern } from '../../src/policy/host-pattern.ts'
import { findName, type HostTable, HostTableBuilder, type HostTableOptions } from '../../src/policy/host-table.ts'
import type { Problem } from '../../src/text/problem.ts'

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
    builder.add(['a.example', 'b.example'].map(pattern))
    builder.add(['*.example'].map(pattern))
    builder.add(['*.a.example', 'a.example', 'a.example'].map(pattern))
    const index = builder.finish()
    expect([...setsOfHost(index, host('a.example'))]).toEqual([0, 2, 1])
    expect([...setsOfHost(index, host('x.a.example'))]).toEqual([2, 1])
    expect([...setsOfHost(index, host('example'))]).toEqual([])
    expect([...setsOfHost(index, host('bexample'))]).toEqual([])
    expect([...setsOfHost(index, host('xa.example'))]).toEqual([1])
  })

  it('agrees with looking at each pattern', () => {
    fc.assert(
      fc.property(someSets, name, (sets, asked) => {
        const plain = sets.flatMap((set, id) =>
          set.some((one) => (one.startsWith('*.') ? asked.endsWith(one.slice(1)) : one === asked)) ? [id] : [],
        )
        expect([...setsOfHost(indexOf(sets), host(asked))].sort((left, right) => left - right)).toEqual(plain)
      }),
      { seed: 1, numRuns: 1_000 },
    )
  })

  it('agrees with maps of names, in the order of its answers too', () => {
    fc.assert(
      fc.property(someSets, fc.array(name, { maxLength: 20 }), (sets, asked) => {
        const index = indexOf(sets)
        for (const one of asked) expect([...setsOfHost(index, host(one))]).toEqual(setsByMaps(sets, one))
      }),
      { seed: 2, numRuns: 1_000 },
    )
  })

  it('knows its patterns again', () => {
    const sets = [['a.example', '*.a.example'], ['*.a.example', 'b.example', 'a.example'], []]
    expect([...patternsIn(indexOf(sets))]).toEqual(['a.example', 'b.example', '*.a.example'])
    expect(indexOf(sets).sets).toBe(3)
  })
})

describe('adoptHostIndex', () => {
  const sets = [['a.example'], ['*.b.example', 'a.example'], []]

  it('gives the ids that the index was made with, and the index itself', () => {
    const index = indexOf(sets)
    const adopted = adoptHostIndex(index)
    expect(sets.map((set) => adopted.add(set.map(pattern)))).toEqual([0, 1, 2])
    expect(adopted.finish()).toBe(index)
  })

  it.each([
    ['a pattern that is not there', [['c.example']]],
    ['a pattern that is there in another set', [[], ['a.example'], ['*.b.example']]],
    ['a name that is there with a star', [['a.example'], ['b.example']]],
    ['a set too few', sets.slice(0, 2)],
    ['a set too many', [...sets, []]],
  ])('refuses %s', (_, others) => {
    const adopted = adoptHostIndex(indexOf(sets))
    expect(() => {
      for (const set of others) adopted.add(set.map(pattern))
      adopted.finish()
    }).toThrow(/the index/)
  })
})

describe('HostTableBuilder', () => {
  const names = Array.from({ length: 200 }, (_, at) => `n${at}.example`)
  const tableOf = (options: HostTableOptions): HostTable => {
    const builder = new HostTableBuilder(options)
    for (const [at, one] of names.entries()) builder.put(one, at)
    return builder.finish()
  }

  it('keeps every name near the slot of its hash, with another seed where one crowds them', () => {
    expect(tableOf({}).seed).toBe(0)
    const table = tableOf({ probesMax: 4, seedsMax: 10_000 })
    expect(table.seed).toBeGreaterThan(0)
    expect(names.map((one) => findName(table, one))).toEqual([...names.keys()])
    expect(findName(table, 'n200.example')).toBe(-1)
  })

  it('gives up when no seed spreads the names', () => {
    expect(() => tableOf({ probesMax: 0, seedsMax: 3 })).toThrow('under no seed')
  })

  it('finds in a full table no name that is not there, whatever slot it falls on', () => {
    const table = tableOf({})
    const others = Array.from({ length: 10_000 }, (_, at) => `m${at % 1_000}.exampl${at % 7}`)
    expect(others.filter((one) => findName(table, one) !== -1)).toEqual([])
  })
})

describe('parseHostList', () => {
  it('reads one host a line, with comments and any line ends', () => {
    const { patterns, problems } = readList('\ufeff# top\r\na.example\r\n\n  *.b.example # why\n')
    expect(problems).toEqual([])
    expect(patterns.map((one) => [one.host, one.below])).toEqual([
      ['a.example', false],
      ['b.example', true],
    ])
  })

  it('says where each bad line stands', () => {
    const { problems } = readList('a.example\n\n  bad host # why\n10.0.0.1')
    expect(problems.map(({ line, column, endColumn }) => [line, column, endColumn])).toEqual([
      [3, 3, 11],
      [4, 1, 9],
    ])
  })

  it.each(['', '\n\n', '# nothing\n', '\ufeff'])('refuses a list without hosts: %j', (text) => {
    expect(readList(text).problems.map(({ message }) => message)).toEqual(['the list is empty'])
  })

  it('shows 20 problems', () => {
    expect(readList(badLines(20)).problems).toHaveLength(20)
    expect(readList(badLines(21)).problems).toHaveLength(20)
  })

  it('stops at 64 MiB', () => {
    const full = `a.example\n#${' '.repeat(hostListBytesMax - 11)}`
    expect(readList(full).problems).toEqual([])
    expect(readList(`${full} `).problems[0]?.message).toBe('the file is larger than 64 MiB')
  })
})

const name = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'))

const someSets = fc.array(
  fc.array(
    fc.tuple(fc.boolean(), name).map(([below, one]) => (below ? `*.${one}` : one)),
    { maxLength: 6 },
  ),
  { maxLength: 6 },
)

function indexOf(sets: readonly (readonly string[])[]): HostIndex {
  const builder = buildHostIndex()
  for (const set of sets) builder.add(set.map(pattern))
  return builder.finish()
}

/** The index once more, as plainly as it can be written. */
function setsByMaps(sets: readonly (readonly string[])[], asked: string): readonly number[] {
  const byPattern = new Map<string, Set<number>>()
  for (const [id, set] of sets.entries()) {
    for (const one of set) byPattern.set(one, (byPattern.get(one) ?? new Set()).add(id))
  }
  const labels = asked.split('.')
  const suffixes = labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`)
  return [...new Set([asked, ...suffixes].flatMap((one) => [...(byPattern.get(one) ?? [])]))]
}

function readList(text: string): { patterns: readonly HostPattern[]; problems: readonly Problem[] } {
  const patterns: HostPattern[] = []
  const problems = parseHostList(text, 'l.txt', (one) => patterns.push(one))
  return { patterns, problems }
}

function badLines(count: number): string {
  return Array.from({ length: count }, (_, at) => `bad ${at}\n`).join('')
}

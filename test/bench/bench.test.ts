/** The pure parts of the bench, and one quick run of it against Weir itself. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { MEASURES, quicken } from './measures.ts'
import { parseOptions } from './options.ts'
import { parseStat, treeOf } from './process-times.ts'
import { parseSquidVersion } from './squid.ts'
import { type Round, type Spread, summarize } from './statistics.ts'
import { formatRate, ratioOf, type Row, renderTable } from './table.ts'
import { weirEntry } from './weir.ts'
import { amountOf, type Work } from './work.ts'

const ticksPerSecond = 100

describe('a stat line', () => {
  const rest = 'S 7 42 42 0 -1 4194304 101 0 1 0 300 20 4000 1 20 0 1 0 93014 3133440 394'

  it.each([
    ['a plain name', `42 (squid) ${rest}`],
    ['a name with spaces and parentheses', `42 (a) S 9 (b) c) ${rest}\n`],
  ])('with %s gives parent and ticks', (_, text) => {
    expect(parseStat(text)).toEqual({ pid: 42, parent: 7, ticks: 4321 })
  })

  it.each([
    ['that ends early', '42 (squid) S 7 42'],
    ['that is empty', ''],
    ['with a word for a number', '42 (squid) S seven 42 42 0 -1 4194304 101 0 1 0 300 20 4000 1 20'],
  ])('%s is refused', (_, text) => {
    expect(() => parseStat(text)).toThrow('not a stat line')
  })
})

describe('a tree of processes', () => {
  const stats = [
    [30, 20],
    [10, 1],
    [20, 10],
    [21, 10],
    [11, 1],
  ].map(([pid = 0, parent = 0]) => ({ pid, parent, ticks: 1 }))

  it('holds all descendants, and nothing beside', () => {
    expect(treeOf(10, stats).map(({ pid }) => pid)).toEqual([10, 20, 21, 30])
  })

  it('is empty when its root is gone', () => {
    expect(treeOf(12, stats)).toEqual([])
  })
})

describe('a summary of rounds', () => {
  const round = (amount: number, cpuSeconds: number): Round => ({ amount, cpuSeconds, wallSeconds: 9 })

  it('has the middle one of an odd number', () => {
    const rounds = [round(900, 1), round(100, 1), round(400, 2)]
    expect(summarize(rounds, ticksPerSecond)).toEqual({ median: 200, lowest: 100, highest: 900, precise: true })
  })

  it('has the mean of the middle two of an even number', () => {
    const rounds = [round(40, 1), round(10, 1), round(20, 1), round(30, 1)]
    expect(summarize(rounds, ticksPerSecond)).toMatchObject({ median: 25, lowest: 10, highest: 40 })
  })

  it('is null without rounds', () => {
    expect(summarize([], ticksPerSecond)).toBeNull()
  })

  it.each([
    [0.2, true],
    [0.19, false],
  ])('calls a round of %d s precise: %s', (cpuSeconds, precise) => {
    expect(summarize([round(1, 9), round(1, cpuSeconds)], ticksPerSecond)?.precise).toBe(precise)
  })

  it('counts a round below the clock as one tick', () => {
    expect(summarize([round(5, 0)], ticksPerSecond)).toMatchObject({ median: 500, precise: false })
  })
})

describe('the table', () => {
  const spread = (median: number, precise = true): Spread => ({
    median,
    lowest: median - 1,
    highest: median + 1,
    precise,
  })
  const both: Row = { measure: 'a', title: 'tunnels', unit: 'requests', weir: spread(1500), squid: spread(1000) }
  const alone: Row = { measure: 'b', title: 'download', unit: 'MB', weir: spread(50, false), squid: null }

  it('shows Weir beside Squid, and a dash where there is none', () => {
    expect(renderTable([both, alone])).toBe(
      [
        'measure   per CPU second   Weir                 Squid               Weir/Squid',
        'tunnels   requests        1 500  (1 499–1 501)  1 000  (999–1 001)        1.50',
        'download  MB              ~50.0    (49.0–51.0)      –                        –',
      ].join('\n'),
    )
  })

  it('has a ratio where both were measured', () => {
    expect(ratioOf(both)).toBe(1.5)
    expect(ratioOf(alone)).toBeNull()
  })

  it.each([
    [0.123_45, '0.123'],
    [99.94, '99.9'],
    [100.4, '100'],
    [999, '999'],
    [1_234_567, '1 234 567'],
  ])('writes %d as %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text)
  })
})

describe('the command line', () => {
  it('measures everything five times by default', () => {
    expect(parseOptions([])).toEqual({
      measures: MEASURES,
      rounds: 5,
      warmUps: 2,
      proxies: ['weir', 'squid'],
      quick: false,
      json: false,
    })
  })

  it('takes what is named, in the order of the list', () => {
    const options = parseOptions(['--only', 'inspected-upload', '--only', 'new-tunnels', '--proxy', 'weir', '--json'])
    expect(options?.measures.map(({ name }) => name)).toEqual(['new-tunnels', 'inspected-upload'])
    expect(options).toMatchObject({ proxies: ['weir'], json: true })
  })

  it('answers --help with null', () => {
    expect(parseOptions(['--help'])).toBeNull()
  })

  it.each([
    ['--rounds', '1', 1],
    ['--rounds', '100', 100],
  ])('%s %s', (flag, text, rounds) => {
    expect(parseOptions([flag, text])?.rounds).toBe(rounds)
  })

  it.each([
    ['--rounds', '0'],
    ['--rounds', '101'],
    ['--rounds', 'many'],
    ['--only', 'everything'],
    ['--proxy', 'nginx'],
    ['--fast', ''],
  ])('refuses %s %s', (flag, text) => {
    expect(() => parseOptions([flag, text])).toThrow()
  })
})

describe('the measures', () => {
  it.each([...MEASURES, ...MEASURES.map(quicken)])('$name shares $work.requests requests evenly', ({ work }) => {
    expect(work.requests % work.connections).toBe(0)
  })

  it.each<[string, Partial<Work>, number]>([
    ['requests', { requests: 80 }, 80],
    ['megabytes of 10⁶ bytes', { kind: 'upload', requests: 2, bodyBytes: 2_500_000 }, 5],
  ])('count %s', (_, work, amount) => {
    expect(amountOf({ kind: 'visit', requests: 1, connections: 1, bodyBytes: 0, ...work })).toBe(amount)
  })
})

describe('the answer of squid -v', () => {
  const answer = (options: string): string => `Squid Cache: Version 5.7\nconfigure options:  ${options}\n`
  const tls = "'--with-openssl' '--enable-ssl-crtd'"

  it.each([
    ['a path', `'--prefix=/usr' '--libexecdir=/usr/lib/squid' ${tls}`, '/usr/lib/squid/security_file_certgen'],
    [
      'a path below the prefix',
      `'--prefix=/opt' '--libexecdir=\${prefix}/lib' ${tls}`,
      '/opt/lib/security_file_certgen',
    ],
  ])('with %s gives the helper', (_, options, certgen) => {
    expect(parseSquidVersion('/sbin/squid', answer(options))).toEqual({
      binary: '/sbin/squid',
      certgen,
      version: '5.7',
    })
  })

  it.each([
    ['without OpenSSL', "'--libexecdir=/usr/lib/squid' '--with-gnutls' '--enable-ssl-crtd'"],
    ['without its helper', "'--libexecdir=/usr/lib/squid' '--with-openssl'"],
  ])('%s is no Squid for this', (_, options) => {
    expect(parseSquidVersion('/sbin/squid', answer(options))).toBeNull()
  })
})

describe.runIf(process.platform === 'linux' && existsSync(weirEntry))('a quick run', () => {
  it('measures one thing through Weir', async () => {
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    const parameters = ['--quick', '--json', '--proxy', 'weir', '--only', 'new-tunnels']
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...parameters])
    expect(JSON.parse(stdout)).toMatchObject({
      measures: [{ measure: 'new-tunnels', weir: { rounds: [{ amount: 80 }] }, squid: null }],
    })
  })
})

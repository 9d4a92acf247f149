/** Names to addresses: hosts file before DNS, both families, kept for as long as is believed, and never waited for too long. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Host, parseHost } from '../../src/net/host.ts'
import { type HostsFile, openHostsFile } from '../../src/proxy/hosts-file.ts'
import { ADDRESSES_MAX, createResolver, type DnsQueries, type NameResolver } from '../../src/proxy/resolver.ts'
import { temporaryFolder } from './folder.ts'
import { addressOf } from './world.ts'

const TIMEOUT_MS = 10_000
const NO_HOSTS: HostsFile = { lookup: async () => [] }

type Answer = readonly (readonly [address: string, ttl: number])[] | Error | 'never'

interface Made {
  readonly resolver: NameResolver
  readonly asked: string[]
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000 })
})
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0)
  vi.useRealTimers()
})

/** Answers by family: one after the other, the last again and again. */
function make(
  four: readonly Answer[],
  six: readonly Answer[] = [[]],
  options: { hosts?: HostsFile; cacheEntriesMax?: number } = {},
): Made {
  const asked: string[] = []
  const queries = (family: string, answers: readonly Answer[]) => {
    let turn = 0
    return async (name: string): Promise<{ address: string; ttl: number }[]> => {
      asked.push(`${family} ${name}`)
      const answer = answers[Math.min(turn++, answers.length - 1)] ?? []
      if (answer === 'never') return new Promise(() => undefined)
      if (answer instanceof Error) throw answer
      return answer.map(([address, ttl]) => ({ address, ttl }))
    }
  }
  const dns: DnsQueries = { resolve4: queries('A', four), resolve6: queries('AAAA', six) }
  const { hosts = NO_HOSTS, cacheEntriesMax = 100 } = options
  return { resolver: createResolver({ hosts, timeoutMs: TIMEOUT_MS, cacheEntriesMax, now: Date.now, dns }), asked }
}

function host(text: string): Host {
  const parsed = parseHost(text)
  if (parsed === null) throw new Error(`not a host: ${text}`)
  return parsed
}

const NAME = host('git.example')

async function textsOf(resolver: NameResolver, name = NAME): Promise<string[]> {
  return (await resolver.resolve(name)).map(({ text }) => text)
}

describe('an answer', () => {
  it('has both families, IPv4 first', async () => {
    const { resolver, asked } = make(
      [
        [
          ['192.0.2.1', 60],
          ['192.0.2.2', 60],
        ],
      ],
      [[['2001:db8::1', 60]]],
    )
    expect(await textsOf(resolver)).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1'])
    expect(asked).toEqual(['A git.example', 'AAAA git.example'])
  })

  it.each<[string, Answer, Answer, string[]]>([
    ['IPv4 alone, IPv6 failing', [['192.0.2.1', 60]], new Error('ENODATA'), ['192.0.2.1']],
    ['IPv6 alone, IPv4 failing', new Error('ESERVFAIL'), [['2001:db8::1', 60]], ['2001:db8::1']],
    [
      'an address that is none',
      [
        ['256.0.0.1', 60],
        ['192.0.2.1', 60],
      ],
      [],
      ['192.0.2.1'],
    ],
    ['an IPv4 address wrapped in IPv6', [], [['::ffff:127.0.0.1', 60]], ['127.0.0.1']],
  ])('%s', async (_, four, six, expected) => {
    expect(await textsOf(make([four], [six]).resolver)).toEqual(expected)
  })

  it.each([
    ['at its limit', ADDRESSES_MAX, ADDRESSES_MAX],
    ['past it', ADDRESSES_MAX + 1, ADDRESSES_MAX],
  ])('is cut %s', async (_, given, expected) => {
    const many = Array.from({ length: given }, (_each, at) => [`192.0.2.${at}`, 60] as const)
    expect(await textsOf(make([many], [[['2001:db8::1', 60]]]).resolver)).toHaveLength(expected)
  })

  it.each<[string, Answer, Answer]>([
    ['no such name', new Error('ENOTFOUND'), new Error('ENOTFOUND')],
    ['no address', [], []],
    ['no address that is one', [['0x7f.1', 60]], []],
  ])('is refused for %s', async (_, four, six) => {
    const { resolver } = make([four], [six])
    await expect(resolver.resolve(NAME)).rejects.toMatchObject({ name: 'ProxyError', code: 'upstream-unresolvable' })
  })
})

describe('the cache', () => {
  /** Asks at 0, just before and at `ttlMs`, and tells how often DNS was asked. */
  async function askedAround(made: Made, ttlMs: number): Promise<number[]> {
    const counts: number[] = []
    for (const wait of [0, ttlMs - 2, 4]) {
      await vi.advanceTimersByTimeAsync(wait)
      await made.resolver.resolve(NAME).catch(() => undefined)
      counts.push(made.asked.length / 2)
    }
    // The cache keeps its own reading of the clock for a millisecond.
    await vi.advanceTimersByTimeAsync(2)
    return counts
  }

  it.each<[string, Answer, Answer, number]>([
    ['the TTL', [['192.0.2.1', 60]], [], 60_000],
    [
      'the shortest TTL',
      [
        ['192.0.2.1', 60],
        ['192.0.2.2', 30],
      ],
      [['2001:db8::1', 20]],
      20_000,
    ],
    ['a second for a TTL of 0', [['192.0.2.1', 0]], [], 1_000],
    ['five minutes for a day', [['192.0.2.1', 86_400]], [], 300_000],
    ['five seconds where there is none', new Error('ENOTFOUND'), new Error('ENOTFOUND'), 5_000],
  ])('keeps an answer for %s', async (_, four, six, ttlMs) => {
    expect(await askedAround(make([four], [six]), ttlMs)).toEqual([1, 1, 2])
  })

  it('keeps so many names at most', async () => {
    const { resolver, asked } = make([[['192.0.2.1', 60]]], [[]], { cacheEntriesMax: 2 })
    for (const name of ['a.example', 'b.example', 'a.example', 'b.example']) await resolver.resolve(host(name))
    expect(asked).toHaveLength(4)
    await resolver.resolve(host('c.example'))
    await resolver.resolve(host('a.example'))
    expect(asked).toHaveLength(8)
    await vi.advanceTimersByTimeAsync(2)
  })

  it('asks once for all who wait', async () => {
    const { resolver, asked } = make([[['192.0.2.1', 60]]])
    const answers = await Promise.all([
      resolver.resolve(NAME),
      resolver.resolve(NAME),
      resolver.resolve(host('GIT.example.')),
    ])
    expect(answers.map((answer) => answer[0]?.text)).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.1'])
    expect(asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(2)
  })
})

describe('the hosts file', () => {
  it('answers before DNS, which is then not asked', async () => {
    const hosts: HostsFile = { lookup: async (name) => (name === NAME ? [addressOf('10.0.0.1')] : []) }
    const { resolver, asked } = make([[['192.0.2.1', 60]]], [[]], { hosts })
    expect(await textsOf(resolver)).toEqual(['10.0.0.1'])
    expect(asked).toEqual([])
    expect(await textsOf(resolver, host('other.example'))).toEqual(['192.0.2.1'])
    await vi.advanceTimersByTimeAsync(2)
  })

  it('is read from the disk', async () => {
    const path = join(temporaryFolder('hosts'), 'hosts')
    writeFileSync(path, '10.0.0.7 git.example\n')
    expect(await textsOf(make([[]], [[]], { hosts: openHostsFile(path) }).resolver)).toEqual(['10.0.0.7'])
  })

  it('gives so many addresses at most', async () => {
    const many = Array.from({ length: ADDRESSES_MAX + 1 }, (_, at) => addressOf(`10.0.0.${at}`))
    const { resolver } = make([[]], [[]], { hosts: { lookup: async () => many } })
    expect(await resolver.resolve(NAME)).toHaveLength(ADDRESSES_MAX)
  })
})

describe('the timeout', () => {
  it('ends a resolution that is never answered', async () => {
    const { resolver } = make(['never'], ['never'])
    let settled = false
    const resolution = resolver.resolve(NAME).finally(() => {
      settled = true
    })
    const refused = expect(resolution).rejects.toMatchObject({ name: 'ProxyError', code: 'upstream-timeout' })
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS - 1)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await refused
  })

  it('takes the family that has answered', async () => {
    const { resolver } = make([[['192.0.2.1', 60]]], ['never'])
    const resolution = textsOf(resolver)
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS)
    expect(await resolution).toEqual(['192.0.2.1'])
    await vi.advanceTimersByTimeAsync(2)
  })

  it('does not take half a failure for a name without addresses', async () => {
    const { resolver } = make([new Error('ENODATA')], ['never'])
    const refused = expect(resolver.resolve(NAME)).rejects.toMatchObject({ code: 'upstream-timeout' })
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS)
    await refused
  })

  it('is not remembered: the next one asks again', async () => {
    const { resolver } = make(['never', [['192.0.2.1', 60]]], ['never', []])
    const refused = expect(resolver.resolve(NAME)).rejects.toMatchObject({ code: 'upstream-timeout' })
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS)
    await refused
    expect(await textsOf(resolver)).toEqual(['192.0.2.1'])
    await vi.advanceTimersByTimeAsync(2)
  })

  it('bounds a real resolver whose server never answers', async () => {
    vi.useRealTimers()
    const resolver = createResolver({
      hosts: NO_HOSTS,
      timeoutMs: 30,
      cacheEntriesMax: 1,
      now: Date.now,
      dns: { resolve4: () => new Promise(() => undefined), resolve6: () => new Promise(() => undefined) },
    })
    await expect(resolver.resolve(NAME)).rejects.toMatchObject({ code: 'upstream-timeout' })
    vi.useFakeTimers()
  })
})

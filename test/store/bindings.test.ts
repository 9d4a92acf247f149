import { describe, expect, it } from 'vitest'
import type { Announced } from '../../src/flow/bindings.ts'
import { known, NEVER } from '../../src/flow/fact.ts'
import { NO_HOP } from '../../src/flow/subject.ts'
import { announcedUrlCharactersMax, BINDING_LIMITS, createBindings } from '../../src/store/bindings.ts'
import { destination } from '../policy/subjects.ts'

const NOW = 1_000_000
const STORE = destination('store.example:443')

function announced(more: Partial<Announced> = {}): Announced {
  return {
    url: 'https://store.example/o/1?signature=x',
    methods: ['PUT'],
    service: 'github',
    operation: 'lfs-upload',
    repository: known('github.com/acme/app'),
    bytesMax: 12,
    triesMax: 2,
    expiresAt: NOW + 60_000,
    ...more,
  }
}

/** Whether a request is to what was announced. */
function isTaken(
  more: Partial<Announced> = {},
  asked: Partial<{ client: string; to: string; method: string; target: string; now: number }> = {},
): boolean {
  const bindings = createBindings()
  bindings.announce('ada', announced(more), NOW)
  const { client = 'ada', to = 'store.example:443', method = 'PUT', target = '/o/1?signature=x', now = NOW } = asked
  return bindings.take(client, destination(to), method, target, now) !== null
}

describe('an address that was announced', () => {
  it('is the one that a request names', () => {
    expect(isTaken()).toBe(true)
    const bindings = createBindings()
    bindings.announce('ada', announced(), NOW)
    expect(bindings.take('ada', STORE, 'PUT', '/o/1?signature=x', NOW)).toEqual(announced())
  })

  it.each([
    ['of another client', { client: 'bob' }],
    ['at another host', { to: 'other.example:443' }],
    ['below it', { to: 'a.store.example:443' }],
    ['at another port', { to: 'store.example:8443' }],
    ['in the clear', { to: 'store.example:80' }],
    ['by another method', { method: 'POST' }],
    ['by the method in other letters', { method: 'put' }],
    ['at another path', { target: '/o/2?signature=x' }],
    ['with another signature', { target: '/o/1?signature=y' }],
    ['without it', { target: '/o/1' }],
    ['with more behind it', { target: '/o/1?signature=x&y' }],
    ['spelled differently', { target: '/%6f/1?signature=x' }],
    ['in other letters', { target: '/O/1?signature=x' }],
    ['when its time is over', { now: NOW + 60_000 }],
  ])('is not one %s', (_, asked) => expect(isTaken({}, asked)).toBe(false))

  it.each<[string, string, string]>([
    ['HTTPS://Store.Example/o/1', 'store.example:443', '/o/1'],
    ['https://store.example:443/o/1', 'store.example:443', '/o/1'],
    ['https://store.example:8443/o/1', 'store.example:8443', '/o/1'],
    ['http://store.example/o/1', 'store.example:80', '/o/1'],
    ['https://store.example', 'store.example:443', '/'],
    ['https://store.example?x=1', 'store.example:443', '/?x=1'],
    ['https://203.0.113.7/o', '203.0.113.7:443', '/o'],
  ])('%s is at %s%s', (url, to, target) => expect(isTaken({ url }, { to, target })).toBe(true))

  it.each<[string, string]>([
    ['https://store.example@evil.example/o/1', '/o/1'],
    ['https://ada@store.example/o/1', '/o/1'],
    ['https://store.example/o/1#x', '/o/1'],
    ['ftp://store.example/o/1', '/o/1'],
    ['//store.example/o/1', '/o/1'],
    ['/o/1', '/o/1'],
    ['https:///o/1', '/o/1'],
    ['https://store.example:0443x/o/1', '/o/1'],
    ['https://store.example\\\\@evil.example/o/1', '/o/1'],
    [' https://store.example/o/1', '/o/1'],
  ])('%s leads nowhere', (url, target) => {
    for (const to of ['store.example:443', 'evil.example:443']) expect(isTaken({ url }, { to, target })).toBe(false)
  })

  it(`has ${announcedUrlCharactersMax} characters and no more`, () => {
    const of = (characters: number): string => `https://store.example/${'x'.repeat(characters - 22)}`
    for (const [characters, taken] of [
      [announcedUrlCharactersMax, true],
      [announcedUrlCharactersMax + 1, false],
    ] as const) {
      expect(isTaken({ url: of(characters) }, { target: of(characters).slice(21) })).toBe(taken)
    }
  })

  it('is good for so many tries, and announced again for as many more', () => {
    const bindings = createBindings()
    const tries = () => [0, 1, 2].map(() => bindings.take('ada', STORE, 'PUT', '/o/1?signature=x', NOW) !== null)
    bindings.announce('ada', announced(), NOW)
    expect(bindings.take('ada', STORE, 'GET', '/o/1?signature=x', NOW)).toBeNull()
    expect(tries()).toEqual([true, true, false])
    bindings.announce('ada', announced(), NOW)
    expect(tries()).toEqual([true, true, false])
  })

  it('is not one where its time was over when it was announced', () => {
    expect(isTaken({ expiresAt: NOW })).toBe(false)
    expect(isTaken({ expiresAt: Number.NaN })).toBe(false)
  })

  it('lives no longer than a day, whatever an answer says', () => {
    const asked = (after: number) => isTaken({ expiresAt: Number.MAX_SAFE_INTEGER }, { now: NOW + after })
    expect(BINDING_LIMITS.lifetimeMsMax).toBe(86_400_000)
    expect([86_400_000 - 1, 86_400_000].map(asked)).toEqual([true, false])
  })

  it('is the oldest that a client loses, and the longest unheard client', () => {
    const bindings = createBindings({ clientsMax: 2, perClientMax: 2, lifetimeMsMax: 1_000 })
    const announce = (client: string, path: string): void =>
      bindings.announce(client, announced({ url: `https://store.example/${path}` }), NOW)
    const has = (client: string, path: string): boolean => bindings.take(client, STORE, 'PUT', `/${path}`, NOW) !== null
    for (const path of ['a', 'b', 'a', 'c']) announce('ada', path)
    expect(['a', 'b', 'c'].map((path) => has('ada', path))).toEqual([true, false, true])
    announce('bob', 'a')
    announce('eve', 'a')
    expect(['ada', 'bob', 'eve'].map((client) => has(client, 'a'))).toEqual([false, true, true])
  })
})

describe('what a request may be that is not read', () => {
  const bindings = createBindings()
  bindings.announce('ada', announced(), NOW)
  bindings.announce('ada', announced({ url: 'https://store.example/2', service: 'gitlab', repository: NEVER }), NOW)
  bindings.announce('ada', announced({ url: 'https://store.example/3', expiresAt: NOW + 1 }), NOW)
  bindings.announce('ada', announced({ url: 'https://other.example/4', service: 'gitea' }), NOW)

  it('is of those who announced something at the host', () => {
    expect(bindings.possibleAt('ada', STORE, NOW)).toEqual({
      state: 'possible',
      services: ['github', 'gitlab'],
      repositories: ['github.com/acme/app'],
    })
  })

  it('is nothing for another client, elsewhere, and later', () => {
    expect(bindings.possibleAt('bob', STORE, NOW)).toBe(NO_HOP)
    expect(bindings.possibleAt('ada', destination('store.example:80'), NOW)).toBe(NO_HOP)
    expect(bindings.possibleAt('ada', STORE, NOW + 60_000)).toBe(NO_HOP)
  })
})

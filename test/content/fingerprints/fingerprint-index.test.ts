import { describe, expect, it } from 'vitest'
import { loadFingerprints } from '../../../src/content/fingerprints/fingerprint-index.ts'
import { IndexBuilder, IndexFull } from '../../../src/content/fingerprints/index-builder.ts'
import { objectIdOf } from '../../../src/content/fingerprints/object-key.ts'
import { REPOSITORIES_MAX } from '../../../src/content/fingerprints/parameters.ts'
import { makeCode } from './code.ts'
import { addAll, encodeIndex, findIn, indexOf, KEY, KEYS, openIndex } from './small-index.ts'

const APP = makeCode(1, 200)
const NEXT = makeCode(2, 200)
const FILE = encodeIndex({ 'acme/app': { 'a.ts': APP } })

describe('the file of an index', () => {
  it('that was changed in any byte, or cut, or is longer, is not taken', () => {
    for (let at = 0; at < FILE.length; at++) {
      const changed = Uint8Array.from(FILE)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(loadFingerprints(changed, KEY)).toHaveProperty('problem')
    }
    for (const size of [0, 7, 8, 12, 40, FILE.length - 1]) {
      expect(loadFingerprints(FILE.subarray(0, size), KEY)).toHaveProperty('problem')
    }
    expect(loadFingerprints(Buffer.concat([FILE, Buffer.alloc(1)]), KEY)).toHaveProperty('problem')
  })

  it.each<[what: string, bytes: Uint8Array, key: Buffer, problem: string]>([
    ['of another kind', Buffer.from('{"not":"an index"}'), KEY, 'is no index of fingerprints'],
    ['of another key', FILE, Buffer.alloc(32, 8), 'was made with another key'],
    ['that is cut', FILE.subarray(0, 20), KEY, 'is damaged: it is shorter or longer than it says'],
    ['that was changed', Buffer.concat([FILE.subarray(0, -1), Buffer.of(0)]), KEY, 'is damaged, or was changed'],
    [
      'of another version',
      Buffer.from(Buffer.from(FILE).toString('latin1').replace('"version":1', '"version":2'), 'latin1'),
      KEY,
      'is of another version of Weir; make it anew with `weir index --fresh`',
    ],
  ])('%s says so', (_, bytes, key, problem) => {
    expect(loadFingerprints(bytes, key)).toEqual({ problem })
  })

  it('has no word of what was indexed, but the names of repositories', () => {
    const text = Buffer.from(FILE).toString('latin1')
    expect(text).toContain('acme/app')
    for (const word of new Set(APP.match(/\b[a-z]+[A-Z]\w{8,}/g))) expect(text).not.toContain(word)
    expect(text).not.toContain('a.ts')
  })

  it('of another key has nothing in common with it', () => {
    const index = openIndex(FILE)
    const other = addAll(new IndexBuilder({ ...KEYS, objects: KEYS.grams, grams: KEYS.paths }, null), {
      'acme/app': { 'a.ts': APP },
    }).encode()
    const keys = new Set([...index.objects(), ...index.grams()].map(({ key }) => key))
    const others = openIndex(other)
    expect([...others.objects(), ...others.grams()].filter(({ key }) => keys.has(key))).toEqual([])
  })

  it('is read from memory that threads share, and copied nowhere', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(FILE.length))
    shared.set(FILE)
    expect(findIn(openIndex(shared), APP)?.repositories).toMatchObject([{ blobs: 1 }])
  })
})

describe('an index that grows', () => {
  const first = openIndex(encodeIndex({ 'acme/app': { 'a.ts': APP } }))

  it('has what it had, and what is new', () => {
    const grown = openIndex(addAll(new IndexBuilder(KEYS, first), { 'acme/more': { 'b.ts': NEXT } }).encode())
    expect(grown.repositories).toEqual(['acme/app', 'acme/more'])
    expect(findIn(grown, APP)?.repositories).toMatchObject([{ name: 'acme/app', blobs: 1 }])
    expect(findIn(grown, NEXT)?.repositories).toMatchObject([{ name: 'acme/more', blobs: 1 }])
    expect(findIn(grown, APP.slice(100))?.repositories).toMatchObject([{ name: 'acme/app', partial: 1 }])
  })

  it('is the same file as one that was made at once', () => {
    const blobs = { 'acme/app': { 'a.ts': APP, 'b.ts': NEXT }, 'acme/more': { 'a.ts': makeCode(3, 200) } }
    const { 'b.ts': _, ...before } = blobs['acme/app']
    const begun = openIndex(encodeIndex({ 'acme/app': before, 'acme/more': blobs['acme/more'] }))
    const grown = addAll(new IndexBuilder(KEYS, begun), blobs).encode()
    const atOnce = openIndex(encodeIndex(blobs))
    const sets = (index: typeof atOnce): readonly unknown[] => [
      index.objectCount,
      index.gramCount,
      index.sourceCount,
      [...index.objects()],
      [...index.grams()].map(({ key }) => key),
    ]
    expect(sets(openIndex(grown))).toEqual(sets(atOnce))
  })

  it('knows what it has', () => {
    const builder = new IndexBuilder(KEYS, first)
    expect(builder.has(objectIdOf('sha1', [Buffer.from(APP)]))).toBe(true)
    expect(builder.has(objectIdOf('sha1', [Buffer.from(NEXT)]))).toBe(false)
  })

  it('counts the files of a gram over all times, and forgets none that was in too many', () => {
    // The numbers make other blobs of them, with the same grams.
    const files = (from: number, to: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: to - from }, (_, at) => [`${from + at}.ts`, `${APP}\n${from + at}`]))
    const half = openIndex(encodeIndex({ app: files(0, 5) }))
    const full = openIndex(addAll(new IndexBuilder(KEYS, half), { other: files(5, 9) }).encode())
    const later = openIndex(addAll(new IndexBuilder(KEYS, full), { third: files(9, 10) }).encode())
    expect(findIn(half, APP)).not.toBeNull()
    expect(findIn(full, APP)).toBeNull()
    expect(findIn(later, APP)).toBeNull()
  })

  it('keeps the grams of a file’s versions once', () => {
    const versions = Array.from({ length: 20 }, (_, at) => APP.replace(/\n/, `\n// version ${at} of this\n`))
    const builder = new IndexBuilder(KEYS, first)
    for (const version of versions) addAll(builder, { 'acme/app': { 'a.ts': version } })
    const grown = openIndex(builder.encode())
    expect(grown.objectCount).toBe(21)
    expect(grown.sourceCount).toBe(1)
    expect(grown.gramCount).toBeLessThan(first.gramCount * 1.5)
  })

  it('attributes what two repositories have to the first', () => {
    const index = indexOf({ one: { 'a.ts': APP }, two: { 'a.ts': APP } })
    expect(findIn(index, APP)?.repositories).toMatchObject([{ name: 'one', blobs: 1 }])
  })

  it('has so many repositories and no more', () => {
    const builder = new IndexBuilder(KEYS, null)
    // One look at each name before it: as many as there may be would take long.
    const names = Array.from({ length: REPOSITORIES_MAX }, (_, at) => `r${at}`)
    for (const name of names) builder.repository(name)
    expect(() => builder.repository('one more')).toThrow(IndexFull)
    expect(builder.repository('r65535')).toBe(REPOSITORIES_MAX - 1)
  })
})

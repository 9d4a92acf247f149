import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createLfsLocksReader,
  createShortLfsLocksReader,
  lfsLocksBytesMax,
  shortLfsLocksBytesMax,
} from '../../src/wire/lfs-locks.ts'
import { checkBody } from './check-body.ts'

function check(text: string): string | null {
  return checkBody(createLfsLocksReader, Buffer.from(text))
}

describe('a request for locks', () => {
  it.each([
    ['of one ref', '{"ref":{"name":"refs/heads/main"}}'],
    ['of all', '{"cursor":"abc","limit":100,"ref":{"name":"refs/heads/main"}}\n'],
    ['before the first commit', '{"ref":{"name":"refs/heads/"}}'],
    ['of nothing in particular', '{}'],
    ['of none at all', '{"limit":0}'],
    ['with a cursor', '{ "cursor" : "a\\"b" }'],
    ['in other words', '{"c\\u0075rsor":"é"}'],
  ])('%s', (_, text) => {
    expect(check(text)).toBeNull()
  })

  it.each([
    ['nothing', ''],
    ['no JSON', 'secret'],
    ['a string', '"secret"'],
    ['a list', '[{"ref":{"name":"refs/heads/main"}}]'],
    ['null', 'null'],
    ['half of it', '{"cursor":"abc'],
    ['two of them', '{}{}'],
    ['another name', '{"gift":"secret"}'],
    ['a name of every object', '{"__proto__":{"name":"refs/heads/main"}}'],
    ['a cursor that is an object', '{"cursor":{"gift":"secret"}}'],
    ['a limit that is text', '{"limit":"secret"}'],
    ['a limit below zero', '{"limit":-1}'],
    ['half a limit', '{"limit":0.5}'],
    ['a ref that is null', '{"ref":null}'],
    ['a ref that is text', '{"ref":"refs/heads/main"}'],
    ['a cursor that is a list', '{"cursor":["secret"]}'],
    ['a cursor that is a number', '{"cursor":12345}'],
    ['a ref that is a list', '{"ref":["secret","refs/heads/main"]}'],
    ['a ref whose name is a list', '{"ref":{"name":["refs/heads/main"]}}'],
    ['a ref whose name is a number', '{"ref":{"name":12345}}'],
    ['a ref with a number more', '{"ref":{"name":"refs/heads/main","gift":12345}}'],
    ['a ref without a name', '{"ref":{}}'],
    ['a ref with more', '{"ref":{"name":"refs/heads/main","gift":"secret"}}'],
    ['a ref that is no name', '{"ref":{"name":"a secret"}}'],
    ['a cursor twice', '{"cursor":"secret","cursor":"a"}'],
    ['an object behind a name', '{"cursor":{"gift":"secret"},"cursor":"a"}'],
    ['a name twice in the ref', '{"ref":{"name":"secret","name":"refs/heads/main"}}'],
  ])('is none with %s', (_, text) => {
    expect(check(text)).toEqual(expect.any(String))
  })

  it('is none where it is not UTF-8', () => {
    expect(checkBody(createLfsLocksReader, Buffer.from('{"cursor":"\xff"}', 'latin1'))).toEqual(expect.any(String))
  })

  it(`takes ${lfsLocksBytesMax} bytes and no more`, () => {
    const of = (bytes: number): string => `{"cursor":"${'x'.repeat(bytes - 13)}"}`
    const reader = createLfsLocksReader()
    expect(reader.push(Buffer.from(of(lfsLocksBytesMax)))).toEqual({ state: 'more' })
    expect(reader.end()).toBeNull()
    const over = createLfsLocksReader()
    expect(over.push(Buffer.from(of(lfsLocksBytesMax + 1)))).toMatchObject({ state: 'bad' })
    expect(over.end()).toBe(`a request for locks is longer than ${lfsLocksBytesMax} bytes`)
  })

  it(`takes ${shortLfsLocksBytesMax} bytes and no more, and no cursor, where nobody vouches for the host`, () => {
    const short = (text: string): string | null => checkBody(createShortLfsLocksReader, Buffer.from(text))
    const asked = '{"ref":{"name":"refs/heads/main"},"limit":100}'
    expect(short(asked.padEnd(shortLfsLocksBytesMax))).toBeNull()
    expect(short(asked.padEnd(shortLfsLocksBytesMax + 1))).toBe(
      `a request for locks is longer than ${shortLfsLocksBytesMax} bytes`,
    )
    for (const cursor of ['{"cursor":"a"}', '{"cursor":""}', '{"c\\u0075rsor":"a"}'])
      expect(short(cursor)).toBe('a request for locks with a cursor')
    expect(short('{"gift":"secret"}')).toBe('a request for locks with more in it than cursor, limit and ref')
  })

  it('keeps what it was given, though the caller uses its buffer again', () => {
    const reader = createLfsLocksReader()
    const buffer = Buffer.from('{}')
    reader.push(buffer)
    buffer.fill('x')
    expect(reader.end()).toBeNull()
  })

  it('of any JSON is one only with these names', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 2 }), (text) => {
        const reader = createLfsLocksReader()
        reader.push(Buffer.from(text))
        if (reader.end() !== null) return
        for (const name of Object.keys(JSON.parse(text) as object)) expect(['cursor', 'limit', 'ref']).toContain(name)
      }),
      { seed: 33, numRuns: 500 },
    )
  })

  it('answers any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const reader = createLfsLocksReader()
        reader.push(bytes)
        expect(reader.end()).not.toBe('')
      }),
      { seed: 34, numRuns: 500 },
    )
  })
})

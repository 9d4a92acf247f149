import { describe, expect, it } from 'vitest'
import { objectIdOf } from '../../../src/content/fingerprints/object-key.ts'
import { watchOwnSource } from '../../../src/content/fingerprints/own-source.ts'
import {
  BINARY_BYTES_MIN,
  GRAM_SOURCES_MAX,
  SMALL_BYTES_MAX,
  SOURCE_BYTES_MIN,
  TEXT_BYTES_MAX,
} from '../../../src/content/fingerprints/parameters.ts'
import { createChance, editLines, pasteThird } from '../../fingerprints/edits.ts'
import { makeCode } from './code.ts'
import { findIn, indexOf, LEAF } from './small-index.ts'

const APP = makeCode(1, 300)
const LIBRARY = makeCode(2, 300)
const INDEX = indexOf({
  'github.com/acme/app': { 'src/app.ts': APP, 'src/more.ts': makeCode(3, 300) },
  'github.com/acme/library': { 'lib/index.ts': LIBRARY },
})
const STRANGER = makeCode(99, 300)

const binary = (seed: number, size: number): Uint8Array => {
  const chance = createChance(seed)
  return Uint8Array.from({ length: size }, (_, at) => (at === 0 ? 0 : Math.floor(chance() * 256)))
}

describe('own source', () => {
  it('unchanged is a blob, and all of it is one’s own', () => {
    const found = findIn(INDEX, APP)
    const bytes = Buffer.byteLength(APP)
    const repositories = [{ name: 'github.com/acme/app', blobs: 1, partial: 0, bytes }]
    expect(found).toEqual({ bytes, ofBytes: bytes, repositories })
  })

  it('is nothing of a stranger’s', () => {
    expect(findIn(INDEX, STRANGER, '', 'x')).toBeNull()
  })

  it('among others’ has its share', () => {
    const found = findIn(INDEX, STRANGER, APP, LIBRARY, STRANGER)
    expect(found?.repositories.map(({ name, blobs }) => `${name} ${blobs}`).sort()).toEqual([
      'github.com/acme/app 1',
      'github.com/acme/library 1',
    ])
    expect(found?.repositories[0]?.bytes).toBe(Math.max(APP.length, LIBRARY.length))
    expect(found?.ofBytes).toBe([STRANGER, APP, LIBRARY, STRANGER].reduce((sum, text) => sum + text.length, 0))
    expect(found?.bytes).toBe(APP.length + LIBRARY.length)
  })

  it.each<[what: string, change: (text: string) => string, share: number]>([
    ['edited in a tenth of its lines, and indented anew', (text) => editLines(text, createChance(5)), 0.6],
    ['a third of it in JSON', (text) => pasteThird(text, createChance(6)), 0.3],
    ['a half of it behind other text', (text) => `${makeCode(50, 100)}\n${text.slice(0, text.length / 2)}`, 0.2],
    ['put into JSON twice', (text) => JSON.stringify({ body: JSON.stringify({ text }) }), 0.6],
  ])('%s is a part', (_, change, share) => {
    const text = change(APP)
    const found = findIn(INDEX, text)
    expect(found?.repositories).toMatchObject([{ name: 'github.com/acme/app', blobs: 0, partial: 1 }])
    expect(found?.bytes).toBeGreaterThan(text.length * share)
    expect(found?.bytes).toBeLessThanOrEqual(text.length)
  })

  it('of two repositories in one piece is a part of each, and no byte of both', () => {
    const text = `${APP}\n${LIBRARY}`
    const found = findIn(INDEX, text)
    expect(found?.repositories).toHaveLength(2)
    expect(found?.bytes).toBeLessThanOrEqual(text.length)
    expect(found?.repositories.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(found?.bytes)
  })

  it('is no single gram: ten words may be anybody’s', () => {
    const lines = APP.split('\n')
    for (let at = 0; at + 3 < lines.length; at += 3) {
      expect(findIn(INDEX, `${STRANGER}\n${lines.slice(at, at + 2).join('\n')}\n${STRANGER}`)).toBeNull()
    }
  })

  it('comes in pieces that are overwritten behind', () => {
    const watch = watchOwnSource(INDEX)
    const reader = watch.open(LEAF)
    const reused = Buffer.alloc(100)
    for (let at = 0; at < APP.length; at += 100) {
      const size = reused.write(APP.slice(at, at + 100), 'latin1')
      void reader?.push(reused.subarray(0, size))
      reused.fill(0)
    }
    void reader?.end(null)
    expect(watch.found()?.repositories).toMatchObject([{ blobs: 1 }])
  })

  it('is known by the id that a pack gives it', () => {
    const watch = watchOwnSource(INDEX)
    const reader = watch.open(LEAF)
    // The bytes tell nothing here, so that only the id can.
    void reader?.push(Buffer.alloc(SOURCE_BYTES_MIN, 0x20))
    void reader?.end(objectIdOf('sha1', [Buffer.from(APP)]))
    expect(watch.found()?.repositories).toMatchObject([{ name: 'github.com/acme/app', blobs: 1 }])
  })
})

describe('a blob counts', () => {
  const code = makeCode(7, 40)
  const sized = (size: number): string => 'some more words '.repeat(50).slice(0, size)

  it.each<[what: string, path: string, content: string | Uint8Array, counts: boolean]>([
    ['of the least size', 'a.ts', sized(SOURCE_BYTES_MIN), true],
    ['one byte below', 'a.ts', sized(SOURCE_BYTES_MIN - 1), false],
    ['of few words', 'a.ts', `${'- '.repeat(300)}${'word '.repeat(23)}`, false],
    ['of words enough', 'a.ts', `${'- '.repeat(300)}${'word '.repeat(24)}`, true],
    ['that is binary, of the least size', 'a.png', binary(1, BINARY_BYTES_MIN), true],
    ['that is binary, one byte below', 'a.png', binary(1, BINARY_BYTES_MIN - 1), false],
    ['of the name of a licence', 'LICENSE.txt', code, false],
    ['that is a template', 'sub/.gitignore', code, false],
    ['with the text of a licence alone', 'notes.txt', licence(), false],
    ['with code behind a licence', 'a.c', `${licence()}\n${code}`, true],
    ['larger than what is kept in memory', 'a.ts', makeCode(8, 8_000), true],
    ['that is binary and large', 'a.bin', binary(2, SMALL_BYTES_MAX + 1), true],
  ])('%s', (_, path, content, counts) => {
    const found = findIn(indexOf({ app: { [path]: content } }), content)
    expect(found?.repositories ?? null).toEqual(
      counts ? [{ name: 'app', blobs: 1, partial: 0, bytes: Buffer.byteLength(content) }] : null,
    )
  })

  it.each<[what: string, path: string, content: string]>([
    ['is generated', 'a.ts', `// @generated by a tool\n${APP}`],
    ['is a list of packages', 'package-lock.json', APP],
    ['is larger than text is', 'a.ts', makeCode(9, 120_000)],
  ])('as a whole and not in parts where it %s', (_, path, content) => {
    const index = indexOf({ app: { [path]: content } })
    expect(findIn(index, content)?.repositories).toMatchObject([{ blobs: 1 }])
    expect(findIn(index, `${content.slice(0, 100_000)}\nmore`)).toBeNull()
  })

  it('in parts up to the size of text', () => {
    const content = makeCode(9, 120_000)
    expect(content.length).toBeGreaterThan(TEXT_BYTES_MAX)
    const index = indexOf({ app: { 'a.ts': content.slice(0, TEXT_BYTES_MAX) } })
    expect(findIn(index, content.slice(0, 400_000))?.repositories).toMatchObject([{ partial: 1 }])
  })
})

describe('a gram', () => {
  const code = makeCode(20, 60)
  // The numbers make other blobs of them, with the same grams.
  const files = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}.ts`, `${code}\n${at}`]))

  it('in as many files as may share it is one’s own', () => {
    expect(findIn(indexOf({ app: files(GRAM_SOURCES_MAX) }), code)?.repositories).toMatchObject([{ partial: 1 }])
  })

  it('in one more is nobody’s', () => {
    expect(findIn(indexOf({ app: files(GRAM_SOURCES_MAX + 1) }), code)).toBeNull()
  })

  it('in the same file of two repositories is in two files', () => {
    const half = files(GRAM_SOURCES_MAX / 2)
    expect(findIn(indexOf({ app: half, fork: { ...half } }), code)).not.toBeNull()
    expect(findIn(indexOf({ app: half, fork: half, more: { 'a.ts': `${code}\nx` } }), code)).toBeNull()
  })

  it('that is said twice is told once', () => {
    const lines = code.split('\n').slice(8, 12).join('\n')
    const index = indexOf({ app: { 'a.ts': `${lines}\n${makeCode(21, 60)}` } })
    expect(findIn(index, `${lines}\n${makeCode(22, 60)}\n${lines}\n${makeCode(23, 60)}\n${lines}`)).toBeNull()
  })
})

function licence(): string {
  const sentences = [
    'Redistribution and use in source and binary forms, with or without changes, are allowed under this license.',
    'Redistributions of source code must keep the copyright notice above and the disclaimer below.',
    'This software comes without any warranty, of merchantability or of anything else, and nobody is liable.',
  ]
  return sentences.join('\n').repeat(4)
}

/** The whole way through an upload: whatever it is wrapped in, its content reaches the watches, and what does not is told. */
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { createExamination } from '../../src/content/examination.ts'
import { examine, examineAllWays, hasText, textAt } from './support/examine.ts'
import { tarOf } from './support/tar.ts'

const MARKER = 'a marker: it must be seen!'

describe('an upload', () => {
  it('that is npm publish is opened down to its files', async () => {
    const tarball = gzipSync(tarOf([['package/index.js', Buffer.from(`module.exports = "${MARKER}"\n`)]]))
    const attachment = {
      content_type: 'application/octet-stream',
      data: tarball.toString('base64'),
      length: tarball.length,
    }
    const body = Buffer.from(JSON.stringify({ _id: 'a', _attachments: { 'a-1.0.0.tgz': attachment } }))
    for (const looked of await examineAllWays(body, { contentType: 'application/json' })) {
      const at = '_attachments.a-1.0.0.tgz.data › base64 › what the gzip holds › package/index.js'
      expect(textAt(looked, at)).toBe(`module.exports = "${MARKER}"\n`)
      expect(looked.facts.archive).toMatchObject({ kinds: ['gzip', 'tar'], depth: 1, members: 1 })
      expect(looked.incomplete).toEqual([])
    }
  })

  it('that is GraphQL is opened down to what is encoded in its strings', async () => {
    const zip = Buffer.from(zipSync({ 'a.txt': strToU8(MARKER) })).toString('base64')
    const escaped = zip.replaceAll(/[A-F]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
    const lines = zip.replaceAll(/(.{40})/g, '$1\n      ')
    for (const value of [`"${zip}"`, `"${escaped}"`, `"""${lines}"""`]) {
      const query = `mutation { f(path: "a", contents: ${value}) }`
      const at = 'contents › base64 › a.txt'
      for (const looked of await examineAllWays(Buffer.from(JSON.stringify({ query })))) {
        expect(textAt(looked, `query › ${at}`)).toBe(MARKER)
        expect(looked.incomplete).toEqual([])
      }
      const form = Buffer.from(new URLSearchParams({ query }).toString())
      const asForm = await examine(form, { contentType: 'application/x-www-form-urlencoded' })
      expect(textAt(asForm, `query › ${at}`)).toBe(MARKER)
      expect(textAt(await examine(Buffer.from(query), { contentType: 'application/graphql' }), at)).toBe(MARKER)
    }
    // What is no document is opened by what it is.
    expect(textAt(await examine(Buffer.from(JSON.stringify({ query: zip }))), 'query › base64 › a.txt')).toBe(MARKER)
    const odd = await examine(Buffer.from(JSON.stringify({ query: '# a\r"""\n{ f(a: "b") }' })))
    expect(odd.incomplete).toEqual(['query: its GraphQL has other strings to other readers'])
  })

  it.each(['text/plain', null, 'application/octet-stream', 'nonsense'])(
    'under %j is opened by its bytes',
    async (type) => {
      const zip = zipSync({ 'a.txt': strToU8(MARKER) })
      const json = Buffer.from(JSON.stringify({ file: Buffer.from(zip).toString('base64') }))
      const text = Buffer.from(Buffer.from(zip).toString('base64'))
      const parts = Buffer.from(`--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${MARKER}\r\n--x--\r\n`)
      expect(textAt(await examine(json, { contentType: type }), 'file › base64 › a.txt')).toBe(MARKER)
      expect(textAt(await examine(text, { contentType: type }), 'base64 › a.txt')).toBe(MARKER)
      expect(textAt(await examine(zip, { contentType: type }), 'a.txt')).toBe(MARKER)
      expect(textAt(await examine(parts, { contentType: type }), 'a')).toBe(MARKER)
    },
  )

  it('is opened by what it is said to be and by what it is', async () => {
    const parts = Buffer.concat([
      Buffer.from(zipSync({ 'a.txt': strToU8(`zip ${MARKER}`) })),
      Buffer.from(`\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\npart ${MARKER}\r\n--x--`),
    ])
    const looked = await examine(parts, { contentType: 'multipart/form-data; boundary=x' })
    expect(textAt(looked, 'a.txt')).toBe(`zip ${MARKER}`)
    expect(textAt(looked, 'a')).toBe(`part ${MARKER}`)
  })

  it('tells the watches of itself, with what is known of it', async () => {
    const { seen } = await examine(Buffer.from('hello'), { contentType: 'Text/Plain; charset=utf-8' })
    expect(seen).toMatchObject([{ at: '', declaredType: 'text/plain', size: 5 }])
  })

  it('that is empty has no facts but its size', async () => {
    const { facts, incomplete, seen } = await examine(new Uint8Array())
    expect(facts).toMatchObject({ bytes: 0, innerBytes: 0, entropy: null, archive: null })
    expect([incomplete, seen.length]).toEqual([[], 1])
  })

  it('that somebody else takes apart is opened piece by piece', async () => {
    const read: string[] = []
    const watch = {
      open: ({ place }: { place: { commit: string | null; within: readonly string[] } }) => ({
        push() {},
        end: (objectId: string | null) => {
          read.push([place.commit, ...place.within, objectId].join(' '))
        },
      }),
    }
    const examination = createExamination({ kind: 'leafs' }, { watches: [watch] })
    const reader = examination.openLeaf({
      place: { commit: 'c1', within: ['lib/a.zip'] },
      declaredType: null,
      size: null,
    })
    const zip = zipSync({ 'a.txt': strToU8(MARKER) })
    for (const byte of zip) await reader.push(Uint8Array.of(byte))
    await reader.end('b1')
    const { facts } = await examination.finish()
    expect(read).toEqual(['c1 lib/a.zip a.txt ', 'c1 lib/a.zip b1'])
    expect(facts).toMatchObject({ bytes: zip.length, archive: { kinds: ['zip'], members: 1 } })
  })

  it('fails as its watch does', async () => {
    const watch = { open: () => ({ push: () => Promise.reject(new Error('the scanner is gone')), end() {} }) }
    for (const body of [zipSync({ a: strToU8('x') }), Buffer.from('{"a":"b"}'), gzipSync('x'), Buffer.alloc(9_000)]) {
      const examination = createExamination({ kind: 'body', contentType: null, size: null }, { watches: [watch] })
      const all = async (): Promise<unknown> => {
        await examination.feed(body)
        return examination.finish()
      }
      await expect(all()).rejects.toThrow('the scanner is gone')
      examination.close()
    }
  })
})

interface Wrapping {
  readonly name: string
  /** Whether it counts as an archive. */
  readonly depth: number
  readonly wrap: (content: Buffer) => Buffer
}

const BOUNDARY = 'x-boundary-9'

const WRAPPINGS: readonly Wrapping[] = [
  { name: 'zip', depth: 1, wrap: (content) => Buffer.from(zipSync({ 'dir/a.bin': content, 'b.txt': strToU8('b') })) },
  { name: 'stored zip', depth: 1, wrap: (content) => Buffer.from(zipSync({ 'a.bin': [content, { level: 0 }] })) },
  {
    name: 'zip behind a script',
    depth: 1,
    wrap: (content) => Buffer.concat([Buffer.from('#!/bin/sh\n'), zipSync({ a: content })]),
  },
  {
    name: 'tar',
    depth: 1,
    wrap: (content) =>
      tarOf([
        ['x', Buffer.from('x')],
        ['a/b', content],
      ]),
  },
  { name: 'gzip', depth: 1, wrap: (content) => gzipSync(content) },
  { name: 'zstd', depth: 1, wrap: (content) => zstdCompressSync(content) },
  { name: 'base64', depth: 0, wrap: (content) => Buffer.from(content.toString('base64')) },
  { name: 'base64url', depth: 0, wrap: (content) => Buffer.from(content.toString('base64url')) },
  {
    name: 'lines of base64',
    depth: 0,
    wrap: (content) => Buffer.from(content.toString('base64').replaceAll(/.{76}/g, '$&\r\n')),
  },
  {
    name: 'JSON',
    depth: 0,
    wrap: (content) => Buffer.from(JSON.stringify({ a: [{ b: content.toString('base64') }] }, null, 1)),
  },
  {
    name: 'data URL',
    depth: 0,
    wrap: (content) => Buffer.from(`<img src="data:a/b;base64,${content.toString('base64')}">`),
  },
  {
    name: 'multipart',
    depth: 0,
    wrap: (content) =>
      Buffer.concat([
        Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n`),
        content,
        Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
      ]),
  },
  {
    name: 'multipart in base64',
    depth: 0,
    wrap: (content) =>
      Buffer.from(
        `--m\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString('base64')}\r\n--m--\r\n`,
      ),
  },
]

describe('a marker', () => {
  it.each(WRAPPINGS.map(({ name, wrap }) => [name, wrap] as const))('is seen in %s', async (_, wrap) => {
    for (const content of [Buffer.from(MARKER), Buffer.from(`${MARKER}\n`.repeat(400))]) {
      for (const looked of await examineAllWays(wrap(content))) {
        expect(looked.incomplete).toEqual([])
        expect(looked.seen.some(({ bytes }) => bytes.equals(content))).toBe(true)
      }
    }
  })

  it('is seen in any nesting that is not too deep', async () => {
    const layers = fc.array(fc.constantFrom(...WRAPPINGS), { minLength: 1, maxLength: 5 })
    const size = fc.constantFrom(1, 20, 300)
    await fc.assert(
      fc.asyncProperty(
        layers,
        size,
        fc.array(fc.integer({ min: 5, max: 9_000 }), { minLength: 1 }),
        async (way, times, pieces) => {
          const content = Buffer.from(`${MARKER}\n`.repeat(times))
          const body = way.reduce<Buffer>((inner, { wrap }) => wrap(inner), content)
          // Of two in one another with one boundary, the inner one would cut the outer one.
          const boundaries = way.flatMap(({ name }) => (name.startsWith('multipart') ? name : []))
          fc.pre(new Set(boundaries).size === boundaries.length)
          const looked = await examine(body, { pieces, limits: { archiveDepthMax: 5 } })
          expect(looked.incomplete).toEqual([])
          expect(looked.seen.some(({ bytes }) => bytes.equals(content))).toBe(true)
        },
      ),
      { seed: 6, numRuns: 120 },
    )
  })

  it('that lies too deep is told, at the limit and one past it', async () => {
    const nested = (depth: number): Buffer =>
      Array.from({ length: depth }).reduce<Buffer>((inner) => Buffer.from(zipSync({ a: inner })), Buffer.from(MARKER))
    const [at, past] = [await examine(nested(4)), await examine(nested(5))]
    expect([hasText(at, MARKER), at.incomplete]).toEqual([true, []])
    expect(past.facts.archive).toMatchObject({ depth: 5, unopened: { first: [{ kind: 'zip' }], more: 0 } })
    expect(past.incomplete).toEqual(['a › a › a › a: zip that was not opened: it lies in more than 4 archives'])
  })

  it('in more archives than may be is told, at the limit and one past it', async () => {
    const marked = (count: number): Buffer =>
      Buffer.from(`;base64,${gzipSync(MARKER).toString('base64')} `.repeat(count))
    const limits = { archivesMax: 3 }
    expect((await examine(marked(3), { limits })).incomplete).toEqual([])
    const past = await examine(marked(4), { limits })
    expect(past.incomplete).toEqual(['embedded base64: the upload has more than 3 archives'])
    expect(past.seen.filter(({ bytes }) => bytes.toString() === MARKER)).toHaveLength(3)
  })

  it('that lies in too many wrappings is told, at the limit and one past it', async () => {
    const nested = (depth: number): Buffer =>
      Array.from({ length: depth }).reduce<Buffer>(
        (inner) => Buffer.from(inner.toString('base64')),
        Buffer.from(MARKER.repeat(2)),
      )
    const [at, past] = [await examine(nested(12)), await examine(nested(13))]
    expect([hasText(at, MARKER), at.incomplete]).toEqual([true, []])
    expect(hasText(past, MARKER)).toBe(false)
    expect(past.incomplete).toEqual([
      `${Array.from({ length: 12 }).fill('base64').join(' › ')}: it lies in more than 12 wrappings`,
    ])
  })
})

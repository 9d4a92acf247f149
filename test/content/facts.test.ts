/** The facts of an upload: types by their bytes, what was promised and not kept, how random it is, and how large. */
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FactCounts, toldPlacesMax, typesMax } from '../../src/content/facts.ts'
import { examine } from './support/examine.ts'

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(100)])
const NOISE = Buffer.alloc(8_192)
for (let at = 0, state = 7; at < NOISE.length; at++) {
  state = (state * 48_271) % 0x7fffffff
  NOISE[at] = (state >> 8) & 0xff
}

async function factsOf(body: Uint8Array, contentType: string | null = null) {
  return (await examine(body, { contentType })).facts
}

function formOf(name: string, type: string, content: Buffer): Buffer {
  const head = `--b\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--b--\r\n')])
}

const FORM = 'multipart/form-data; boundary=b'

describe('the type', () => {
  it.each<[string, Uint8Array, string]>([
    ['text', Buffer.from('hello ü\n\tthere\r\n'), 'text/plain'],
    ['text that is long', Buffer.from('hello ü '.repeat(2_000)), 'text/plain'],
    ['JSON', Buffer.from('{"a":1}'), 'application/json'],
    ['HTML', Buffer.from('\n<!doctype html><p>'), 'text/html'],
    ['XML', Buffer.from('<?xml version="1.0"?><a/>'), 'application/xml'],
    ['SVG', Buffer.from('<?xml version="1.0"?>\n<svg xmlns="x"/>'), 'image/svg+xml'],
    ['PNG', PNG, 'image/png'],
    ['JPEG', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(200)]), 'image/jpeg'],
    ['a bitmap, which the library knows', Buffer.concat([Buffer.from('BM'), Buffer.alloc(200)]), 'image/bmp'],
    ['a program of Windows', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), 'application/x-msdownload'],
    ['a zip', zipSync({}), 'application/zip'],
    ['noise', NOISE, 'application/octet-stream'],
    ['text with a zero', Buffer.from('hello\0'), 'application/octet-stream'],
    ['text with a zero far behind', Buffer.from(`${'hello '.repeat(2_000)}\0`), 'application/octet-stream'],
    [
      'text with a broken character far behind',
      Buffer.concat([Buffer.from('hello '.repeat(2_000)), Buffer.from([0xc3])]),
      'application/octet-stream',
    ],
  ])('of %s is found', async (_, body, type) => {
    expect((await factsOf(body)).types).toEqual([type])
  })

  it('of few bytes that something else may begin with is not found', async () => {
    expect((await factsOf(Buffer.from('BM\0\0'))).types).toEqual(['application/octet-stream'])
  })

  it('of UTF-16 is text, which the watches read as UTF-8', async () => {
    const text = 'a text of Windows: ü and what it holds'
    const little = Buffer.from(text, 'utf16le')
    const big = Buffer.from(little).swap16()
    for (const body of [little, big, Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      const { facts, seen } = await examine(body)
      expect(seen.find(({ at }) => at === 'UTF-16')?.bytes.toString()).toBe(text)
      expect(facts.types).toContain('text/plain')
    }
  })

  it('of what short letters would be in base64 is not told', async () => {
    expect((await factsOf(Buffer.from(`{"sha":"${'4f2a'.repeat(10)}"}`))).types).toEqual([
      'text/plain',
      'application/json',
    ])
    const noise = Buffer.from(`{"file":"${NOISE.toString('base64')}"}`)
    expect((await factsOf(noise)).types).toContain('application/octet-stream')
  })
})

describe('what is promised', () => {
  it.each([
    ['a.png', 'image/png', PNG],
    ['a.svg', 'image/svg+xml', Buffer.from('<svg/>')],
    ['a.txt', 'text/plain', Buffer.from('text')],
    ['a.txt', 'application/octet-stream', Buffer.from('text')],
    ['a.zip', 'application/zip', Buffer.from(zipSync({ a: strToU8('x') }))],
    ['a.docx', 'application/x', Buffer.from(zipSync({ 'word/document.xml': strToU8('x') }))],
    ['a', 'a/b', NOISE],
    ['a.mp4', 'video/mp4', NOISE],
    ['a.png', 'image/png', Buffer.alloc(0)],
  ])('by %s of %s is kept', async (name, type, content) => {
    expect((await factsOf(formOf(name, type, content), FORM)).mismatches).toEqual({ first: [], more: 0 })
  })

  it.each([
    ['a.png', 'image/png', NOISE, 'image/png', 'application/octet-stream'],
    ['a.png', 'image/png', Buffer.from(zipSync({ a: strToU8('x') })), 'image/png', 'application/zip'],
    ['a.txt', 'text/plain', PNG, 'text/plain', 'image/png'],
    ['a.txt', 'application/octet-stream', PNG, 'a.txt', 'image/png'],
    ['a.zip', 'application/x', Buffer.from('text'), 'a.zip', 'text/plain'],
    ['a.jpg', 'application/octet-stream', NOISE, 'a.jpg', 'application/octet-stream'],
  ])('by %s of %s is not kept', async (name, type, content, declared, found) => {
    const place = { commit: null, within: [name] }
    expect((await factsOf(formOf(name, type, content), FORM)).mismatches).toEqual({
      first: [{ place, declared, found }],
      more: 0,
    })
  })

  it('by the type of the body itself counts too', async () => {
    expect((await factsOf(NOISE, 'text/plain')).mismatches.first).toMatchObject([
      { declared: 'text/plain', place: { within: [] } },
    ])
    expect((await factsOf(Buffer.from('{"a":1}'), 'application/json; charset=utf-8')).mismatches.first).toEqual([])
  })
})

describe('entropy', () => {
  it('is that of what was not opened, from 1 KiB on', async () => {
    const text = Buffer.from('a '.repeat(512))
    expect((await factsOf(text)).entropy).toMatchObject({ highest: 1, mean: 1, highestUntyped: null })
    expect((await factsOf(text.subarray(1))).entropy).toBeNull()
    const { entropy } = await factsOf(zipSync({ noise: NOISE, text: new Uint8Array(text) }))
    expect(entropy?.highest).toBeGreaterThan(7.9)
    expect(entropy?.highestUntyped).toBe(entropy?.highest)
    expect(entropy?.highestAt).toEqual({ commit: null, within: ['noise'] })
    expect(entropy?.mean).toBeCloseTo(((entropy?.highest ?? 0) * 8 + 1) / 9, 6)
  })

  it('of an archive that broke off is that of its bytes', async () => {
    const broken = Buffer.concat([Buffer.from(zipSync({ a: strToU8('x') })).subarray(0, -30), NOISE])
    expect((await factsOf(broken)).entropy?.highest).toBeGreaterThan(7.8)
    expect((await factsOf(zipSync({ a: strToU8('x'.repeat(9)) }))).entropy).toBeNull()
  })
})

describe('sizes', () => {
  it('are those of the upload, and of all innermost pieces', async () => {
    const body = zipSync({ a: new Uint8Array(1_000), 'b.zip': zipSync({ c: new Uint8Array(500) }) })
    expect(await factsOf(body)).toMatchObject({
      bytes: body.length,
      innerBytes: 1_500,
      pieces: 2,
      archive: { depth: 2, members: 3 },
    })
  })
})

describe('lists of places', () => {
  it('hold as many as the limit, and count the rest', () => {
    const facts = new FactCounts()
    const place = { commit: null, within: [] }
    for (let at = 0; at < toldPlacesMax + 2; at++) facts.addEncrypted({ what: String(at), place })
    expect(facts.facts(0).encrypted).toMatchObject({ more: 2 })
    expect(facts.facts(0).encrypted.first).toHaveLength(toldPlacesMax)
  })

  it('of types end at the limit', () => {
    const facts = new FactCounts()
    for (let at = 0; at < typesMax + 1; at++) facts.addType(`a/${at}`)
    const { types, moreTypes } = facts.facts(0)
    expect([types.length, moreTypes]).toEqual([typesMax, true])
  })

  it('of what could not be looked at hold as many as the limit', async () => {
    const files = Object.fromEntries(
      Array.from({ length: toldPlacesMax + 3 }, (_, at) => [`${at}.gz`, Uint8Array.of(0x1f, 0x8b, 8)]),
    )
    const { incomplete } = await examine(zipSync(files))
    expect(incomplete).toHaveLength(toldPlacesMax + 1)
    expect(incomplete.at(-1)).toBe('and 3 more')
  })
})

describe('a cabinet of Office that is encrypted', () => {
  it('is told, wherever its directory stands', async () => {
    const cfb = Buffer.alloc(20_000)
    Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(cfb)
    expect((await factsOf(cfb)).encrypted.first).toEqual([])
    for (const at of [600, 4_090, 19_000]) {
      const secret = Buffer.from(cfb)
      secret.write('EncryptedPackage', at, 'utf16le')
      for (const pieces of [[65_536], [1_000], [13]]) {
        expect((await examine(secret, { pieces })).facts.encrypted.first).toMatchObject([
          { what: 'an encrypted Office file' },
        ])
      }
    }
  })
})

/** What is encoded as text: base64 where a text is nothing else, what is marked as it, data: URLs. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { base64CharactersMin, digestCharactersMax, headBytes } from '../../../src/content/choice.ts'
import { examine, examineAllWays, hasText, textAt } from '../support/examine.ts'

const TEXT = 'a text that is long enough to be base64, and more'
const LONG = `${TEXT}\n`.repeat(300)

function base64(text: string | Buffer): string {
  return Buffer.from(text).toString('base64')
}

describe('base64', () => {
  it.each([
    ['whole', base64(TEXT), TEXT],
    ['in lines', base64(TEXT).replaceAll(/.{20}/g, '$&\n'), TEXT],
    ['for URLs', Buffer.from(`${TEXT}\u00ff\u00fe??>>`).toString('base64url'), `${TEXT}\u00ff\u00fe??>>`],
    ['without padding', base64(`${TEXT}x`).replaceAll('=', ''), `${TEXT}x`],
    ['with a line break at its end', `${base64(`${TEXT}x`)}\n`, `${TEXT}x`],
    ['that is long', base64(LONG), LONG],
  ])('%s is decoded', async (_, coded, text) => {
    for (const looked of await examineAllWays(Buffer.from(coded))) {
      expect([textAt(looked, 'base64'), looked.incomplete]).toEqual([text, []])
    }
  })

  it.each([
    ['words', 'these are words, and they are no base64'],
    ['a number of digits that none has', `${base64(TEXT).slice(0, 40)}x`],
    ['padding that is too much', `${base64(TEXT)}=`],
    ['a digest', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['text behind it', `${base64(TEXT)} and text`],
  ])('is not seen in %s', async (_, text) => {
    const looked = await examine(Buffer.from(text))
    expect(looked.seen.map(({ at }) => at)).toEqual([''])
  })

  it('has as many letters as the least, and digits of hexadecimal are more than a digest has', async () => {
    const decoded = async (text: string): Promise<boolean> =>
      textAt(await examine(Buffer.from(text)), 'base64') !== null
    expect(await decoded('Y'.repeat(base64CharactersMin))).toBe(true)
    expect(await decoded('Y'.repeat(base64CharactersMin - 4))).toBe(false)
    expect(await decoded('ab'.repeat(digestCharactersMax / 2))).toBe(false)
    expect(await decoded('ab'.repeat(digestCharactersMax / 2 + 2))).toBe(true)
  })

  it('is told by itself where it makes sense, and its letters are not content then', async () => {
    const looked = await examine(Buffer.from(base64(LONG)))
    expect(looked.seen.map(({ at }) => at)).toEqual(['base64'])
    const letters = 'thisIsNoBase64ButManyLetters'.repeat(300)
    expect((await examine(Buffer.from(letters))).seen.map(({ at }) => at)).toEqual(['', 'base64'])
  })

  it('that breaks off is told, and what stands behind it is looked at', async () => {
    const body = Buffer.from(`${base64(LONG)}!! a secret behind it`)
    for (const looked of await examineAllWays(body)) {
      expect(looked.incomplete).toEqual(['the upload: its base64 breaks off'])
      expect(textAt(looked, 'text behind the base64')).toContain('a secret behind it')
      expect(textAt(looked, 'base64')?.slice(0, LONG.length - 3)).toBe(LONG.slice(0, -3))
    }
  })

  it('is tried from the size of a beginning on, where it may still turn out to be none', async () => {
    const letters = `${'letters'.repeat(headBytes)} and a text: AKIA`
    expect(hasText(await examine(Buffer.from(letters)), ' and a text: AKIA')).toBe(true)
  })
})

describe('what is marked as base64 in a text', () => {
  it.each([
    ['an image of HTML', `<img src="data:image/png;base64,${base64(TEXT)}">`],
    ['a picture of Markdown', `text ![](data:a/b;charset=x;base64,${base64(TEXT)}) text`],
    ['the second of two', `a text ;base64,Zg== ;base64,${base64(TEXT)}`],
    ['one far behind', `${'text '.repeat(3_000)};base64,${base64(TEXT)}`],
    ['one at the end', `url: data:;base64,${base64(TEXT)}`],
  ])('is decoded in %s', async (_, text) => {
    for (const looked of await examineAllWays(Buffer.from(text))) {
      expect(
        looked.seen
          .filter(({ at }) => at === 'embedded base64')
          .at(-1)
          ?.bytes.toString(),
      ).toBe(TEXT)
      expect(hasText(looked, text)).toBe(true)
    }
  })

  it('is opened', async () => {
    const looked = await examine(Buffer.from(`<a href='data:;base64,${base64(gzipSync(TEXT))}'>`))
    expect(textAt(looked, 'embedded base64 › what the gzip holds')).toBe(TEXT)
  })
})

describe('a data: URL', () => {
  it.each([
    ['data:text/plain,a%20b%C3%BC', 'a bü', 'text/plain'],
    ['data:,a+b', 'a+b', null],
    [`data:application/json,${encodeURIComponent(LONG)}`, LONG, 'application/json'],
  ])('%s is decoded', async (url, text, type) => {
    for (const { seen } of await examineAllWays(Buffer.from(url))) {
      expect(seen.find(({ at }) => at === 'data: URL')).toMatchObject({ declaredType: type })
      expect(seen.find(({ at }) => at === 'data: URL')?.bytes.toString()).toBe(text)
    }
  })
})

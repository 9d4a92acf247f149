/** JSON, forms and parts: each value is content of its own, under its own type, and what is none is told. */
import { describe, expect, it } from 'vitest'
import { boundaryBytesMax } from '../../../src/wire/multipart.ts'
import { fieldBytesMin } from '../../../src/content/openings/fields.ts'
import { examine, examineAllWays, hasText, textAt } from '../support/examine.ts'

const FORM = 'application/x-www-form-urlencoded'
const TEXT = 'a text with an umlaut: ü'

function parts(head: string, content: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`--b\r\n${head}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n--b--\r\n')])
}

describe('JSON', () => {
  it('of a GraphQL commit is opened down to its files', async () => {
    const additions = [{ path: 'src/a.txt', contents: Buffer.from(`${TEXT} and more`).toString('base64') }]
    const body = { query: 'mutation {x}', variables: { input: { fileChanges: { additions } } } }
    for (const looked of await examineAllWays(Buffer.from(JSON.stringify(body)), { contentType: 'application/json' })) {
      expect(textAt(looked, 'variables.input.fileChanges.additions[0].contents › base64')).toBe(`${TEXT} and more`)
      expect(textAt(looked, 'variables.input.fileChanges.additions[0].path')).toBe('src/a.txt')
      expect(looked.incomplete).toEqual([])
    }
  })

  it.each(['application/json', 'application/vnd.api+json; charset=utf-8'])(
    'that is none under %s is told',
    async (type) => {
      const { incomplete } = await examine(Buffer.from('{"a":"b",}'), { contentType: type })
      expect(incomplete).toEqual(['the upload: as the JSON that it is said to be: it is no JSON at byte 9'])
    },
  )

  it('that nobody said it was is text', async () => {
    for (const text of ['[section]\nkey = value', '{{ template }}', '"quoted" text']) {
      const { incomplete, facts } = await examine(Buffer.from(text), { contentType: 'text/plain' })
      expect([incomplete, facts.types, facts.innerBytes >= text.length]).toEqual([[], ['text/plain'], true])
    }
  })

  it('in a string of JSON is opened', async () => {
    const looked = await examine(Buffer.from(JSON.stringify({ a: JSON.stringify({ b: TEXT }) })))
    expect(textAt(looked, 'a › b')).toBe(TEXT)
  })
})

describe('a value', () => {
  it.each(['application/json', FORM])(
    'of %s is told from the least size on, and else where it stands',
    async (contentType) => {
      const look = async (value: string) => {
        const body = contentType === FORM ? `a=${value}` : JSON.stringify({ a: value })
        return examine(Buffer.from(body), { contentType, pieces: [3] })
      }
      expect(textAt(await look('v'.repeat(fieldBytesMin)), 'a')).toBe('v'.repeat(fieldBytesMin))
      const short = await look('v'.repeat(fieldBytesMin - 1))
      expect(short.seen.map(({ at }) => at)).toEqual([''])
      expect(hasText(short, 'v'.repeat(fieldBytesMin - 1))).toBe(true)
    },
  )
})

describe('a form', () => {
  it('has its fields decoded', async () => {
    const fields = new URLSearchParams({ text: TEXT, file: Buffer.from(`${TEXT} and more`).toString('base64') })
    for (const looked of await examineAllWays(Buffer.from(fields.toString()), { contentType: FORM })) {
      expect(textAt(looked, 'text')).toBe(TEXT)
      expect(textAt(looked, 'file › base64')).toBe(`${TEXT} and more`)
      expect(looked.facts.types).toContain(FORM)
    }
  })

  it('that is JSON, as curl sends it, is opened as both', async () => {
    const looked = await examine(Buffer.from('{"a":"a%20value of it"}=b'), { contentType: FORM })
    expect(textAt(looked, 'a')).toBe('a%20value of it')
    const asForm = await examine(Buffer.from('{"a":"="}=a+value+of+it'), { contentType: FORM })
    expect(textAt(asForm, '{"a":"')).toBe('"}=a value of it')
  })
})

describe('a part', () => {
  const TYPE = { contentType: 'multipart/form-data; boundary=b' }

  it('is named by its file, by its field, or by its number', async () => {
    const named = await examine(parts('Content-Disposition: form-data; name="f"; filename="a.txt"', TEXT), TYPE)
    const field = await examine(parts('Content-Disposition: form-data; name="f"', TEXT), TYPE)
    const nothing = await examine(parts('A: b', TEXT), TYPE)
    expect([textAt(named, 'a.txt'), textAt(field, 'f'), textAt(nothing, 'part 1')]).toEqual([TEXT, TEXT, TEXT])
  })

  it('has a type of its own', async () => {
    const { seen } = await examine(parts('Content-Type: Image/PNG; a=b', TEXT), TYPE)
    expect(seen.find(({ at }) => at === 'part 1')?.declaredType).toBe('image/png')
  })

  it.each([
    ['base64', Buffer.from(TEXT).toString('base64')],
    ['BASE64', `${Buffer.from(TEXT).toString('base64')}\r\n`],
    ['quoted-printable', 'a text with an uml=\r\naut: =C3=BC'],
    ['8bit', TEXT],
    ['binary', TEXT],
  ])('in %s is decoded', async (encoding, coded) => {
    for (const looked of await examineAllWays(parts(`Content-Transfer-Encoding: ${encoding}`, coded), TYPE)) {
      expect([textAt(looked, 'part 1'), looked.incomplete]).toEqual([TEXT, []])
    }
  })

  it.each([
    ['Content-Transfer-Encoding: base64', 'no base64!', 'a part of it is said to be base64 and is not'],
    ['Content-Transfer-Encoding: uuencode', 'x', 'a part of it has a Content-Transfer-Encoding that is not known'],
    ['no field', 'x', 'as parts: a part has a line in its head that is no header field'],
  ])('with %s is told', async (head, content, fault) => {
    expect((await examine(parts(head, content), TYPE)).incomplete).toEqual([`the upload: ${fault}`])
  })

  it('of parts is opened', async () => {
    const inner = parts('Content-Disposition: form-data; name="i"', TEXT).toString().replaceAll('--b', '--c')
    const looked = await examine(parts('Content-Type: multipart/mixed; boundary=c', inner), TYPE)
    expect(textAt(looked, 'part 1 › i')).toBe(TEXT)
  })

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=b; boundary=c',
    `multipart/form-data; boundary=${'b'.repeat(boundaryBytesMax + 1)}`,
  ])('under %s is found by its first line, or told', async (contentType) => {
    expect(textAt(await examine(parts('Content-Disposition: form-data; name="f"', TEXT), { contentType }), 'f')).toBe(
      TEXT,
    )
    expect((await examine(Buffer.from('something else'), { contentType })).incomplete).toEqual([
      'the upload: as parts: it names no boundary that can be one',
    ])
  })

  it('under another boundary than its own is told', async () => {
    const { incomplete } = await examine(parts('A: b', TEXT), { contentType: 'multipart/form-data; boundary=x' })
    expect(incomplete).toEqual(['the upload: as parts: it ends before its last boundary'])
  })
})

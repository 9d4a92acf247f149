import { describe, expect, it } from 'vitest'
import {
  boundaryBytesMax,
  boundaryPaddingBytesMax,
  MultipartReader,
  partHeadBytesMax,
} from '../../src/wire/multipart.ts'
import { parsePartHead, partHeadersMax } from '../../src/wire/part-head.ts'
import { tell } from './events.ts'

const read = (body: string, boundary = 'b') => tell(() => new MultipartReader(boundary), body)

const NONE = { name: null, fileName: null, contentType: null, encoding: null }
const part = (content: string, head = ''): string => `--b\r\n${head}${head === '' ? '' : '\r\n'}\r\n${content}\r\n`

describe('the parts of a multipart body', () => {
  it.each<[string, string, [unknown, string][]]>([
    ['one', `${part('content')}--b--\r\n`, [[NONE, 'content']]],
    ['one without a line break at the end', `${part('content')}--b--`, [[NONE, 'content']]],
    [
      'two',
      `${part('one')}${part('two')}--b--\r\n`,
      [
        [NONE, 'one'],
        [NONE, 'two'],
      ],
    ],
    ['an empty one', `${part('')}--b--\r\n`, [[NONE, '']]],
    ['a head and nothing else', '--b\r\nA: b\r\n\r\n--b--', [[NONE, '']]],
    ['none', '--b--\r\n', []],
    [
      'text around',
      `before\r\n${part('content')}--b--\r\nbehind\r\n`,
      [
        ['preamble', 'before'],
        [NONE, 'content'],
        ['epilogue', 'behind\r\n'],
      ],
    ],
    [
      'bytes straight behind the last boundary',
      `${part('content')}--b--behind`,
      [
        [NONE, 'content'],
        ['epilogue', 'behind'],
      ],
    ],
    ['white space behind a boundary', `--b \t\r\n\r\nx\r\n--b--`, [[NONE, 'x']]],
    [
      'what begins like a boundary',
      `${part('x\r\n--bc\r\n--b-\r\n--b x')}--b--`,
      [[NONE, 'x\r\n--bc\r\n--b-\r\n--b x']],
    ],
    ['a boundary within a line', `${part('x --b\r\n y--b--')}--b--`, [[NONE, 'x --b\r\n y--b--']]],
    ['line breaks', `${part('\r\n\r\n')}--b--`, [[NONE, '\r\n\r\n']]],
    ['hyphens', `${part('\r\n------')}--b--`, [[NONE, '\r\n------']]],
  ])('%s', (_, body, began) => {
    expect(read(body)).toEqual({ began, fault: null })
  })

  it('have heads', () => {
    const head =
      'Content-Disposition: form-data; name="f"; filename="a b.txt"\r\nContent-Type: text/plain; charset=utf-8\r\nCONTENT-TRANSFER-ENCODING: Base64'
    expect(read(`${part('x', head)}--b--`).began).toEqual([
      [{ name: 'f', fileName: 'a b.txt', contentType: 'text/plain; charset=utf-8', encoding: 'base64' }, 'x'],
    ])
  })

  it.each([
    ['ends before its last boundary', part('x'), 'it ends before its last boundary'],
    ['ends within a head', '--b\r\nA: b', 'it ends before its last boundary'],
    ['has no boundary', 'text', 'it ends before its last boundary'],
    [
      'has a bare line feed in front of a boundary',
      `${part('x\n--b\r\n\r\ny')}--b--`,
      'a boundary stands behind a bare line feed',
    ],
    [
      'has a line that is no field',
      `${part('x', 'no field')}--b--`,
      'a part has a line in its head that is no header field',
    ],
    [
      'has a field twice',
      `${part('x', 'Content-Type: a/b\r\ncontent-type: c/d')}--b--`,
      'a part has two fields content-type',
    ],
  ])('a body that %s is told', (_, body, fault) => {
    expect(read(body).fault).toBe(fault)
  })

  it('have a boundary, white space and heads as long as the limits, and no longer', () => {
    const long = 'x'.repeat(boundaryBytesMax)
    expect(read(`--${long}\r\n\r\nx\r\n--${long}--`, long).fault).toBeNull()
    expect(read('', `${long}x`).fault).toBe('its boundary is empty or too long')
    expect(read('', '').fault).toBe('its boundary is empty or too long')
    const spaced = (count: number): string => `--b${' '.repeat(count)}\r\n\r\nx\r\n--b--`
    expect(read(spaced(boundaryPaddingBytesMax)).began).toEqual([[NONE, 'x']])
    expect(read(spaced(boundaryPaddingBytesMax + 1)).began).not.toContainEqual([NONE, 'x'])
    const head = (size: number): string => part('x', `A: ${'x'.repeat(size - 3)}`)
    expect(read(`${head(partHeadBytesMax)}--b--`).fault).toBeNull()
    expect(read(`${head(partHeadBytesMax + 1)}--b--`).fault).toBe(
      `the head of a part is longer than ${partHeadBytesMax} bytes`,
    )
  })
})

describe('the head of a part', () => {
  it.each([
    ['form-data; name=f', 'f', null],
    ['form-data; name="a\\"b"; filename="c;d"', 'a"b', 'c;d'],
    ['form-data; name=f; filename="x"; filename*=UTF-8\'\'%e2%82%ac.txt', 'f', '€.txt'],
    ['form-data; name=f; filename="x"; filename*=UTF-8\'\'%ff', 'f', 'x'],
    ['attachment; filename=x.zip', null, 'x.zip'],
    ['form-data; filename=""', null, ''],
  ])('%s', (disposition, name, fileName) => {
    const parsed = parsePartHead(Buffer.from(`Content-Disposition: ${disposition}`))
    expect(parsed).toMatchObject({ state: 'done', value: { name, fileName } })
  })

  it('may be folded', () => {
    const parsed = parsePartHead(Buffer.from('Content-Disposition: form-data;\r\n\tname="f"'))
    expect(parsed).toMatchObject({ value: { name: 'f' } })
  })

  it('has as many fields as the limit, and no more', () => {
    const fields = (count: number): Buffer =>
      Buffer.from(Array.from({ length: count }, (_, at) => `X-${at}: a`).join('\r\n'))
    expect(parsePartHead(fields(partHeadersMax)).state).toBe('done')
    expect(parsePartHead(fields(partHeadersMax + 1)).state).toBe('bad')
  })
})

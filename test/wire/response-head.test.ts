import { describe, expect, it } from 'vitest'
import { readResponseHead } from '../../src/wire/response-head.ts'

const read = (fields: readonly string[], status = 200, reason = 'OK') => readResponseHead(status, reason, fields)

describe('a response head', () => {
  const cases: [name: string, fields: string[], status: number, expected: string[]][] = [
    ['with a length', ['Content-Length', '3', 'X', 'y'], 200, ['Content-Length', '3', 'X', 'y']],
    ['with zeros before its length', ['content-length', '0010'], 200, ['content-length', '10']],
    ['with zeros in its length', ['Content-Length', '1002'], 200, ['Content-Length', '1002']],
    ['with a length of zeros', ['Content-Length', '000'], 200, ['Content-Length', '0']],
    [
      'with zeros before the second of two lengths',
      ['Content-Length', '3', 'content-length', '03'],
      200,
      ['Content-Length', '3', 'content-length', '3'],
    ],
    ['in chunks', ['Transfer-Encoding', 'Chunked', 'X', 'y'], 200, ['X', 'y']],
    ['of 204 with a length', ['CONTENT-LENGTH', '3', 'X', 'y'], 204, ['X', 'y']],
    ['of 304 with a length', ['Content-Length', '3'], 304, ['Content-Length', '3']],
    [
      'that nominates its length',
      ['Connection', 'content-length', 'Content-Length', '3'],
      200,
      ['Content-Length', '3'],
    ],
  ]
  it.each(cases)('%s', (_, fields, status, expected) => {
    expect(read(fields, status)).toEqual({ fields: expected, reason: 'OK' })
  })

  it.each([
    ['identity', ['identity']],
    ['gzip', ['gzip']],
    ['gzip, chunked', ['gzip, chunked']],
    ['chunked twice', ['chunked', 'chunked']],
    ['gzip and chunked in two fields', ['gzip', 'chunked']],
    ['a parameter', ['chunked;x=y']],
    ['nothing', ['']],
  ])('in another coding is refused: %s', (_, codings) => {
    const fields = codings.flatMap((coding) => ['Transfer-Encoding', coding])
    expect(read(fields)).toEqual({ fault: expect.stringContaining('Transfer-Encoding') })
  })

  it.each([
    ['plain', 'Not\tFound at all', 'Not\tFound at all'],
    ['in another script', '\ufffd\u597d', ''],
    ['with NUL', 'O\0K', ''],
    ['with CR', 'OK\rX: y', ''],
  ])('goes on with its reason where that is plain text: %s', (_, reason, expected) => {
    expect(read([], 200, reason)).toEqual({ fields: [], reason: expected })
  })
})

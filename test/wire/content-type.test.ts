import { describe, expect, it } from 'vitest'
import { contentTypeCharactersMax, parseContentType } from '../../src/wire/content-type.ts'

describe('a Content-Type field', () => {
  it.each<[string, string, [string, string | null][]]>([
    ['text/plain', 'text/plain', []],
    [' Text/PLAIN ', 'text/plain', []],
    ['text/plain;', 'text/plain', []],
    ['multipart/form-data; boundary=x', 'multipart/form-data', [['boundary', 'x']]],
    ['multipart/form-data; BOUNDARY="a b\\"c"', 'multipart/form-data', [['boundary', 'a b"c']]],
    ['multipart/form-data;boundary=a/b:c=', 'multipart/form-data', [['boundary', 'a/b:c=']]],
    ['multipart/mixed; boundary=a; boundary=b', 'multipart/mixed', [['boundary', null]]],
    [
      'a/b; c=d ; e="f"',
      'a/b',
      [
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
  ])('%s', (field, type, parameters) => {
    expect(parseContentType(field)).toEqual({ type, parameters: new Map(parameters) })
  })

  it.each([null, '', 'text', 'text/', 'a/b, c/d', 'a/b; c', 'a/b; c="d', 'a/b c', 'a/b; =c'])('%s is none', (field) => {
    expect(parseContentType(field)).toBeNull()
  })

  it('is as long as the limit, and no longer', () => {
    const field = (size: number): string => `a/b;c=${'x'.repeat(size - 6)}`
    expect(parseContentType(field(contentTypeCharactersMax))).not.toBeNull()
    expect(parseContentType(field(contentTypeCharactersMax + 1))).toBeNull()
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Base64FieldSize,
  createBase64FieldCounter,
  jsonDepthMax,
  jsonNumberCharactersMax,
} from '../../src/wire/json-base64.ts'

/** Counts `content`: whole, byte by byte and in two pieces, which must agree. */
function count(text: string): Base64FieldSize | 'bad' {
  const bytes = Buffer.from(text)
  const counted = (cuts: readonly number[]): Base64FieldSize | 'bad' => {
    const counter = createBase64FieldCounter('content')
    for (const [at, cut] of cuts.entries()) counter.push(bytes.subarray(cut, cuts[at + 1] ?? bytes.length))
    return counter.end()
  }
  const whole = counted([0])
  expect(counted(Array.from(bytes.keys())), 'byte by byte').toEqual(whole)
  for (let cut = 1; cut < Math.min(bytes.length, 200); cut++) expect(counted([0, cut]), `cut at ${cut}`).toEqual(whole)
  return whole
}

describe('a base64 field', () => {
  it.each([
    ['is counted', '{"content":"YWJj"}', 3, 14],
    ['is counted behind others', '{"a":[{"content":"x"},1.5e3,true,null],"content":"YWJj"}', 3, 52],
    ['is padded', '{"content":"YQ=="}', 1, 14],
    ['is not padded', '{"content":"YQ"}', 1, 14],
    ['is empty', '{"content":""}', 0, 14],
    ['is in the alphabet for URLs', '{"content":"-_-_"}', 3, 14],
    ['has line breaks', '{"content":"YW\\nJj\\r\\n"}', 3, 14],
    ['has escapes', '{"content":"\\u002b\\/\\u002F\\u0059"}', 3, 14],
    ['has a key with escapes', '{"c\\u006fntent":"YWJj"}', 3, 19],
    ['stands twice', '{"content":"YWJj","content":"YQ=="}', 4, 27],
    ['is not there', '{"contents":"!","conten":"!"}', 0, 29],
    ['is not a string', '{"content":{"content":"!"}}', 0, 27],
    ['is null', '{"content":null,"b":"!"}', 0, 24],
    ['is only further inside', '{"a":{"content":"!"}}', 0, 21],
    ['is in an array', '[{"content":"!"}]', 0, 17],
    ['has white space around it', ' { "content" :\t"YWJj"\r\n} ', 3, 21],
    ['is followed by a string', '{"content":"YWJj","b":"!!"}', 3, 23],
    ['is in no object', '12', 0, 2],
  ])('%s', (_, text, decoded, other) => {
    expect(() => JSON.parse(text)).not.toThrow()
    expect(count(text)).toEqual({ decoded, other })
  })

  it.each([
    '{"content":"YWJ!"}',
    '{"content":"YWJjY"}',
    '{"content":"YQ="}',
    '{"content":"YQ==="}',
    '{"content":"YWJj="}',
    '{"content":"YQ==YQ=="}',
    '{"content":"YQ=A"}',
    '{"content":"é"}',
    '{"content":"\\u2028"}',
    '{"content":"YWJj"',
    '{"content":"YWJj',
    '{"content":"YW\nJj"}',
    '{"content":"\\u00g0"}',
    '{"content":"\\x"}',
  ])('is bad: %j', (text) => {
    expect(count(text)).toBe('bad')
  })

  it.each([
    '',
    ' ',
    '{',
    '}',
    '[',
    ']',
    '{]',
    '[}',
    '[1}',
    '{"a":1]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '{,}',
    '{a:1}',
    "{'a':1}",
    '{"a" 1}',
    '{"a"::1}',
    '1 2',
    '{}{}',
    'tru',
    'trux',
    'nul l',
    'True',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '--1',
    '1-1',
    'NaN',
    '"a',
    '"\\',
    '"\\u12',
    '"\t"',
    '\ufeff{}',
    '// a\n{}',
    '[1 2]',
    '{"a":1 "b":2}',
    '"a"b',
  ])('is not found in what is not JSON: %j', (text) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(count(text)).toBe('bad')
  })

  it(`may stand under ${jsonDepthMax} levels and not one more`, () => {
    expect(count(nested(jsonDepthMax))).toEqual({ decoded: 0, other: jsonDepthMax * 2 })
    expect(count(nested(jsonDepthMax + 1))).toBe('bad')
  })

  it(`may stand beside numbers of ${jsonNumberCharactersMax} characters and not one more`, () => {
    expect(count('1'.repeat(jsonNumberCharactersMax))).toEqual({ decoded: 0, other: jsonNumberCharactersMax })
    expect(count('1'.repeat(jsonNumberCharactersMax + 1))).toBe('bad')
  })

  it('decodes to as much as a decoder makes of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.jsonValue({ maxDepth: 3 }), (content, rest) => {
        const body = JSON.stringify({ rest, content: Buffer.from(content).toString('base64'), more: rest })
        const size = count(body)
        expect(size).toMatchObject({ decoded: content.length })
      }),
      { seed: 9, numRuns: 100 },
    )
  })
})

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

describe('the size so far', () => {
  it.each([
    ['whose value is cut within a byte', '{"content":"YWJj\\u002b\\n"}'],
    ['whose value is not base64', '{"content":"YWJjYWJj!"}'],
    ['whose value holds a control character', '{"content":"YWJjYWJj\n"}'],
    ['that goes on behind its end', '{"content":"YWJjYWJj"} x'],
    ['with two values, one of them bad', '{"content":"YWJjYWJj","content":"YWJj="}'],
  ])('never shrinks in a body %s', (_, text) => {
    const counter = createBase64FieldCounter('content')
    let before = 0
    for (const byte of Buffer.from(text)) {
      counter.push(Uint8Array.of(byte))
      expect(counter.soFar).toBeGreaterThanOrEqual(before)
      before = counter.soFar
    }
    expect(counter.end()).toBe('bad')
  })
})

import { describe, expect, it } from 'vitest'
import {
  decodePktText,
  encodePktLine,
  FLUSH,
  parsePktLength,
  parsePktLine,
  pktLineBytesMax,
  pktPayloadBytesMax,
} from '../../src/wire/pkt-line.ts'
import { bytesOf, feedPrefixes } from './feed.ts'

describe('a pkt-line', () => {
  it.each([
    ['0006a\n', 'a\n'],
    ['0004', ''],
    ['000bfoobar\n', 'foobar\n'],
    ['000Bfoobar\n', 'foobar\n'],
    ['0005\0', '\0'],
    ['00099 byt', '9 byt'],
    ['000a10 byt', '10 byt'],
    ['000A10 byt', '10 byt'],
    ['000fup to an f.', 'up to an f.'],
  ])('%j holds %j', (text, payload) => {
    const parsed = feedPrefixes(parsePktLine, bytesOf(text))
    expect(parsed).toEqual({ state: 'done', size: text.length, value: { kind: 'data', payload: expect.anything() } })
    const held = parsed.state === 'done' && parsed.value.kind === 'data' ? parsed.value.payload : null
    expect(held && Buffer.from(held).toString('latin1')).toBe(payload)
  })

  it.each([
    ['0000', 'flush'],
    ['0001', 'delim'],
    ['0002', 'response-end'],
  ])('%s is %s', (text, kind) => {
    expect(feedPrefixes(parsePktLine, bytesOf(text))).toEqual({ state: 'done', size: 4, value: { kind } })
  })

  it.each([
    ['of length 3', '0003', 4],
    ['that is not hexadecimal', '00g4', 3],
    ['that has a sign', '+004', 1],
    ['that has white space', ' 004', 1],
    ['that is PACK', 'PACK', 1],
    ['next to the digits', '000:', 4],
    ['next to the letters', '000`', 4],
  ])('%s is bad, as soon as it can be', (_, text, knownAt) => {
    expect(parsePktLine(bytesOf(text).subarray(0, knownAt - 1))).toEqual({ state: 'more' })
    expect(parsePktLine(bytesOf(text).subarray(0, knownAt))).toMatchObject({ state: 'bad' })
    expect(feedPrefixes(parsePktLine, bytesOf(text))).toMatchObject({ state: 'bad' })
  })

  it('is read at an offset', () => {
    const bytes = bytesOf('0006a\n0006b\n0000')
    expect(parsePktLine(bytes, 6)).toMatchObject({ size: 6, value: { payload: bytesOf('b\n') } })
    expect(parsePktLine(bytes, 12)).toMatchObject({ size: 4, value: { kind: 'flush' } })
    expect(parsePktLine(bytes, 16)).toEqual({ state: 'more' })
  })

  it('may be 65520 bytes and not one more', () => {
    expect(pktLineBytesMax).toBe(65_520)
    const line = encodePktLine(new Uint8Array(pktPayloadBytesMax))
    expect(parsePktLine(line)).toMatchObject({ state: 'done', size: pktLineBytesMax })
    expect(parsePktLine(line.subarray(0, -1))).toEqual({ state: 'more' })
    expect(parsePktLength(bytesOf('fff0'))).toEqual({ state: 'done', value: 65_520, size: 4 })
    expect(parsePktLength(bytesOf('fff1'))).toMatchObject({ state: 'bad' })
    expect(() => encodePktLine(new Uint8Array(pktPayloadBytesMax + 1))).toThrow('too long')
  })

  it('is written as it is read', () => {
    expect(Buffer.from(encodePktLine('é\n')).toString('utf8')).toBe('0007é\n')
    expect(Buffer.from(encodePktLine('')).toString()).toBe('0004')
    expect(parsePktLine(FLUSH)).toMatchObject({ value: { kind: 'flush' } })
  })
})

describe('the text of a line', () => {
  it.each([
    ['a\n', 'a'],
    ['a', 'a'],
    ['', ''],
    ['\n', ''],
    ['\na', '\na'],
    ['a\n\n', 'a\n'],
    ['é\n', 'é'],
  ])('%j is %j', (payload, text) => {
    expect(decodePktText(Buffer.from(payload))).toBe(text)
  })

  it('is none where it is not UTF-8, and is read where it stands', () => {
    expect(decodePktText(Buffer.from('\xff', 'latin1'))).toBeNull()
    expect(decodePktText(Buffer.from('..abc..').subarray(2, 5))).toBe('abc')
  })
})

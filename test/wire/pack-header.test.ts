import { describe, expect, it } from 'vitest'
import { parsePackHeader } from '../../src/wire/pack-header.ts'
import { bytesOf, feedPrefixes } from './feed.ts'

describe('a pack header', () => {
  it.each([
    ['PACK\0\0\0\x02\0\0\0\x03', { version: 2, objects: 3 }],
    ['PACK\0\0\0\x03\0\0\0\0', { version: 3, objects: 0 }],
    ['PACK\0\0\0\x02\xff\xff\xff\xff', { version: 2, objects: 4_294_967_295 }],
  ])('%j', (text, value) => {
    expect(feedPrefixes(parsePackHeader, bytesOf(text))).toEqual({ state: 'done', value, size: 12 })
  })

  it.each([
    ['PACX', 4],
    ['0000', 1],
    ['PACK\0\0\0\x01', 8],
    ['PACK\0\0\0\x04', 8],
    ['PACK\x01\0\0\x02', 5],
  ])('%j is bad', (text, knownAt) => {
    expect(parsePackHeader(bytesOf(text).subarray(0, knownAt - 1))).toEqual({ state: 'more' })
    expect(feedPrefixes(parsePackHeader, bytesOf(text))).toMatchObject({ state: 'bad' })
  })

  it('is read from a view into other bytes', () => {
    const bytes = bytesOf('......PACK\0\0\0\x02\0\0\x01\0')
    expect(parsePackHeader(bytes.subarray(6))).toMatchObject({ value: { objects: 256 } })
  })
})

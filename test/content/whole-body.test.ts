import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeWhole } from '../../src/content/whole-body.ts'

const BODY = Buffer.from('{"a":1}')

function decode(coding: string | null, body: Uint8Array, bytesMax = 100): string | null {
  const decoded = decodeWhole(coding, body, bytesMax)
  return decoded === null ? null : Buffer.from(decoded).toString()
}

describe('a whole body', () => {
  it.each<[string | null, Uint8Array]>([
    [null, BODY],
    ['', BODY],
    ['identity', BODY],
    ['gzip', gzipSync(BODY)],
    [' GZIP ', gzipSync(BODY)],
    ['x-gzip', gzipSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['zstd', zstdCompressSync(BODY)],
  ])('under %s', (coding, body) => expect(decode(coding, body)).toBe('{"a":1}'))

  it.each<[string, Uint8Array]>([
    ['gzip, gzip', gzipSync(gzipSync(BODY))],
    ['identity, gzip', gzipSync(BODY)],
    ['compress', BODY],
    ['__proto__', BODY],
    ['gzip', BODY],
    ['gzip', gzipSync(BODY).subarray(0, -9)],
    ['gzip', Buffer.alloc(0)],
    ['deflate', deflateRawSync(BODY)],
    ['br', gzipSync(BODY)],
  ])('is nothing under %s', (coding, body) => expect(decode(coding, body)).toBeNull())

  it.each<[string, (body: Uint8Array) => Uint8Array]>([
    ['identity', (body) => body],
    ['gzip', (body) => gzipSync(body)],
    ['deflate', (body) => deflateSync(body)],
    ['br', (body) => brotliCompressSync(body)],
    ['zstd', (body) => zstdCompressSync(body)],
  ])('has as many bytes as it may under %s, and no more', (coding, encode) => {
    expect(decode(coding, encode(Buffer.alloc(1_000)), 1_000)).toHaveLength(1_000)
    expect(decode(coding, encode(Buffer.alloc(1_001)), 1_000)).toBeNull()
    expect(decode(coding, encode(Buffer.alloc(4 * 1024 * 1024)), 1_000)).toBeNull()
  })
})

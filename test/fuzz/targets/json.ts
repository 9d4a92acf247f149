/** JSON that is read whole: what has one meaning, LFS batches and their answers, and bodies whose coding is undone at once. */
import assert from 'node:assert/strict'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { decodeWhole } from '../../../src/content/whole-body.ts'
import { parseStrictJson } from '../../../src/wire/json-object.ts'
import { parseLfsBatch } from '../../../src/wire/lfs-batch.ts'
import { parseLfsBatchReply } from '../../../src/wire/lfs-batch-reply.ts'
import { mutatedBytes } from '../corpus.ts'
import { checkSentence } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const bytesOf = (texts: readonly string[]): readonly Uint8Array[] => texts.map((text) => Buffer.from(text))
const jsonBytes = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text))

const TEXTS = bytesOf([
  '{"a":1,"b":{"a":[{"c":"}\\""},null]}}',
  '[{"a":1},{"a":2}]',
  '{"\\u0061":"a:b","":{"x":"\\\\"}}',
])

const strictJson = defineTarget({
  name: 'strict-json',
  parsers: ['wire/json-object.ts#parseStrictJson'],
  inputs: fc.oneof(mutatedBytes(TEXTS, ['"a":', '\\u0061', '{', '}', '"', '\\', ':', ',"b":']), jsonBytes),
  check(bytes) {
    const parsed = parseStrictJson(bytes)
    assert(parsed.state !== 'more')
    if (parsed.state === 'bad') {
      checkSentence(parsed.fault.replaceAll(/`.*`/gs, 'x'))
      return
    }
    assert.equal(parsed.size, bytes.length)
    const text = Buffer.from(bytes).toString()
    assert.deepEqual(parsed.value, JSON.parse(text))
    // As many members are left as colons stand outside of strings.
    const colons = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1
    assert.equal(countMembers(parsed.value), colons, 'a name stands twice')
  },
})

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inside = Object.values(value).reduce((sum: number, one) => sum + countMembers(one), 0)
  return inside + (Array.isArray(value) ? 0 : Object.keys(value).length)
}

const OID = 'ab'.repeat(32)
const BATCHES = bytesOf([
  `{"operation":"download","objects":[{"oid":"${OID}","size":1}],"transfers":["basic"],"ref":{"name":"refs/heads/x"}}`,
  `{"operation":"upload","objects":[],"hash_algo":"sha256"}`,
])

const lfsBatch = defineTarget({
  name: 'lfs-batch',
  parsers: ['wire/lfs-batch.ts#parseLfsBatch'],
  inputs: fc.oneof(
    mutatedBytes(BATCHES, ['"operation":"upload",', 'download', '\\u006f', '"gift":"x",', '"size":']),
    jsonBytes,
  ),
  check(bytes) {
    const parsed = parseLfsBatch(bytes)
    assert(parsed.state !== 'more')
    if (parsed.state === 'bad') return
    const json = JSON.parse(Buffer.from(bytes).toString()) as {
      readonly operation: unknown
      readonly objects: unknown[]
    }
    assert.equal(json.operation, parsed.value)
    for (const name of Object.keys(json))
      assert(['operation', 'objects', 'transfers', 'ref', 'hash_algo'].includes(name))
    for (const object of json.objects) assert.deepEqual(Object.keys(object as object).toSorted(), ['oid', 'size'])
  },
})

const REPLIES = bytesOf([
  '{"objects":[{"oid":"x","size":5,"actions":{"upload":{"href":"https://a/1","header":{"chunk_size":"2","1":"https://a/2"},"expires_in":60}}}]}',
  '{"objects":[{"size":5,"actions":{"verify":{"href":"https://a/v","expires_at":"2026-01-02T00:00:00Z"},"download":{"href":"u"}}}]}',
])

const lfsReply = defineTarget({
  name: 'lfs-batch-reply',
  parsers: ['wire/lfs-batch-reply.ts#parseLfsBatchReply'],
  inputs: fc.oneof(
    mutatedBytes(REPLIES, ['"href":', '"actions":', '"size":-1,', '"expires_in":1e999,', '"chunk_size":']),
    jsonBytes,
  ),
  check(bytes) {
    const parsed = parseLfsBatchReply(bytes, 1_000)
    assert(parsed.state !== 'more')
    if (parsed.state === 'bad') return
    const text = Buffer.from(bytes).toString()
    for (const { href, bytesMax, expiresAt } of parsed.value) {
      assert(typeof href === 'string' && text.length > 0)
      assert(bytesMax === null || Number.isSafeInteger(bytesMax))
      assert(expiresAt === null || !Number.isNaN(expiresAt))
    }
  },
})

const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync }
const CODINGS = Object.keys(ENCODERS) as (keyof typeof ENCODERS)[]
const BYTES_MAX = 200
const encoded = fc.tuple(fc.constantFrom(...CODINGS), fc.uint8Array({ maxLength: 300 })).chain(([coding, body]) => {
  const bytes = new Uint8Array(ENCODERS[coding](body))
  return fc.record({
    coding: fc.constant(coding),
    body: fc.constant(body),
    bytes: fc.constant(bytes),
    changed: mutatedBytes([bytes]),
  })
})

const wholeBody = defineTarget({
  name: 'whole-body',
  parsers: ['content/whole-body.ts#decodeWhole'],
  inputs: encoded,
  shortRuns: 200,
  check({ coding, body, bytes, changed }) {
    const decoded = decodeWhole(coding, bytes, BYTES_MAX)
    if (body.length > BYTES_MAX) assert.equal(decoded, null)
    else assert(decoded !== null && Buffer.from(decoded).equals(body), 'not what was encoded')
    assert((decodeWhole(coding, changed, BYTES_MAX)?.length ?? 0) <= BYTES_MAX)
  },
})

export const JSON_TARGETS: readonly FuzzTarget[] = [strictJson, lfsBatch, lfsReply, wholeBody]

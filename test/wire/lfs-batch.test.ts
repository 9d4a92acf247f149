import { describe, expect, it } from 'vitest'
import { lfsBatchBytesMax, lfsBatchObjectsMax, parseLfsBatch } from '../../src/wire/lfs-batch.ts'

const OID = 'ab'.repeat(32)
const OBJECT = { oid: OID, size: 12 }
const DOWNLOAD = { operation: 'download', objects: [OBJECT] }

function parse(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const parsed = parseLfsBatch(Buffer.from(text))
  if (parsed.state === 'more') throw new Error('it never wants more')
  return parsed.state === 'bad' ? `bad: ${parsed.fault}` : parsed.value
}

describe('an LFS batch', () => {
  it.each<[string, unknown]>([
    ['as the protocol has it', DOWNLOAD],
    [
      'as git-lfs sends it',
      {
        operation: 'download',
        objects: [OBJECT, { oid: 'cd'.repeat(20), size: 0 }],
        transfers: ['lfs-standalone-file', 'basic', 'ssh'],
        ref: { name: 'refs/heads/main' },
        hash_algo: 'sha256',
      },
    ],
    ['of nothing', { operation: 'download', objects: [] }],
    ['with nulls', { ...DOWNLOAD, ref: null, hash_algo: null }],
    ['with as many transfers as there may be', { ...DOWNLOAD, transfers: Array.from({ length: 8 }, () => 'basic') }],
  ])('%s downloads, and uploads where it says so', (_, body) => {
    expect(parse(body)).toBe('download')
    expect(parse({ ...(body as object), operation: 'upload' })).toBe('upload')
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['a list', [DOWNLOAD]],
    ['no operation', { objects: [OBJECT] }],
    ['another operation', { ...DOWNLOAD, operation: 'verify' }],
    ['an operation in other letters', { ...DOWNLOAD, operation: 'Download' }],
    ['two operations', `{"operation":"download","operation":"upload","objects":[]}`],
    ['an operation in other letters beside it', { ...DOWNLOAD, Operation: 'upload' }],
    ['no objects', { operation: 'download' }],
    ['objects that are none', { operation: 'download', objects: { 0: OBJECT } }],
    ['an object with a gift', { operation: 'download', objects: [{ ...OBJECT, gift: 'secret' }] }],
    ['an object that was authenticated', { operation: 'download', objects: [{ ...OBJECT, authenticated: true }] }],
    ['an oid that is a text of another kind', { operation: 'download', objects: [{ oid: 'secret', size: 1 }] }],
    ['an oid that is too long', { operation: 'download', objects: [{ oid: `${OID}a`, size: 1 }] }],
    ['an oid with a line behind it', { operation: 'download', objects: [{ oid: `${OID}\n`, size: 1 }] }],
    ['an oid in capitals', { operation: 'download', objects: [{ oid: OID.toUpperCase(), size: 1 }] }],
    ['a size below zero', { operation: 'download', objects: [{ oid: OID, size: -1 }] }],
    ['half a size', { operation: 'download', objects: [{ oid: OID, size: 0.5 }] }],
    [
      'a size that is no number any more',
      `{"operation":"download","objects":[{"oid":"${OID}","size":9007199254740992}]}`,
    ],
    ['a size that is text', { operation: 'download', objects: [{ oid: OID, size: '1' }] }],
    ['a gift', { ...DOWNLOAD, gift: 'secret' }],
    ['a transfer that is a text', { ...DOWNLOAD, transfers: ['a secret'] }],
    ['a transfer that is too long', { ...DOWNLOAD, transfers: ['x'.repeat(65)] }],
    ['too many transfers', { ...DOWNLOAD, transfers: Array.from({ length: 9 }, () => 'basic') }],
    ['transfers that are none', { ...DOWNLOAD, transfers: 'basic' }],
    ['an algorithm that is a text', { ...DOWNLOAD, hash_algo: 'a secret' }],
    ['a ref that is no name', { ...DOWNLOAD, ref: { name: 'a secret' } }],
    ['a ref with a gift', { ...DOWNLOAD, ref: { name: 'refs/heads/main', gift: 'secret' } }],
    ['a ref that is text', { ...DOWNLOAD, ref: 'refs/heads/main' }],
    ['the name of every object', '{"operation":"download","objects":[],"__proto__":{"operation":"upload"}}'],
  ])('is none with %s', (_, body) => expect(parse(body)).toMatch(/^bad: /))

  it(`has ${lfsBatchBytesMax} bytes and no more`, () => {
    const of = (bytes: number): string => JSON.stringify(DOWNLOAD).padEnd(bytes)
    expect(parse(of(lfsBatchBytesMax))).toBe('download')
    expect(parse(of(lfsBatchBytesMax + 1))).toBe(`bad: it is longer than ${lfsBatchBytesMax} bytes`)
  })

  it(`names ${lfsBatchObjectsMax} objects and no more`, () => {
    const of = (count: number) => ({ operation: 'upload', objects: Array.from({ length: count }, () => OBJECT) })
    expect(parse(of(lfsBatchObjectsMax))).toBe('upload')
    expect(parse(of(lfsBatchObjectsMax + 1))).toMatch(/more than 5000 objects/)
  })
})

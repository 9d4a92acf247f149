import { describe, expect, it } from 'vitest'
import { fileOfAddress } from '../../src/catalog/address-file.ts'

const BYTES = 'application/octet-stream'

describe('the address of an upload', () => {
  it.each<[string, string, string | null, string | null]>([
    ['PUT', '/drop/server.pem', BYTES, 'drop/server.pem'],
    ['PUT', '/drop/a%20b%2Fc.pem?x=1', null, 'drop/a b/c.pem'],
    ['PUT', '/drop/%ff.pem', BYTES, 'drop/%ff.pem'],
    ['PUT', '/', BYTES, null],
    ['POST', '/releases/1/assets?name=server.pem&label=x', BYTES, 'server.pem'],
    ['POST', '/upload?path=/docs/a.md', 'text/plain', 'docs/a.md'],
    ['PUT', '/upload?filename=a+b.pem', BYTES, 'a b.pem'],
    ['PUT', '/upload?name=', BYTES, 'upload'],
    ['POST', '/upload/server.pem', BYTES, null],
    ['GET', '/upload?name=server.pem', null, null],
    ['PUT', '/notes/1', 'application/json; charset=utf-8', null],
    ['PUT', '/notes/1', 'application/vnd.api+json', null],
    ['PUT', '/notes?name=a', 'multipart/form-data; boundary=x', null],
    ['POST', '/notes?name=a', 'application/x-www-form-urlencoded', null],
  ])('%s %s (%s) names %s', (method, target, type, expected) => {
    expect(fileOfAddress(method, target, 'unknown-write', type)).toBe(expected)
  })

  it('of an object of LFS, or of a push, names nothing', () => {
    for (const operation of ['lfs-upload', 'git-push', 'git-fetch'] as const) {
      expect(fileOfAddress('PUT', '/objects/a.pem', operation, BYTES)).toBeNull()
    }
  })
})

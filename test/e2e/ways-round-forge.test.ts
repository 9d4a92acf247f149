/** Ways round that say one thing and do another to a code host: in the path, the method, the type, the coding or the body. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PACK } from '../proxy/pushes.ts'
import { A, B, command, packets, ZERO } from '../wire/push.ts'
import {
  type Asked,
  askInside,
  askPlain,
  expectNothingThrough,
  type Grounds,
  lastOf,
  openGrounds,
} from './support/ways-round.ts'

const CAPABILITIES = ' report-status side-band-64k'
const PUSH_TYPE = 'Content-Type: application/x-git-receive-pack-request'
const FETCH_TYPE = 'Content-Type: application/x-git-upload-pack-request'
const LFS_TYPE = 'Content-Type: application/vnd.git-lfs+json'
const GZIP = 'Content-Encoding: gzip'
const SECRET = Buffer.alloc(100_000, 'the plans of acme ')

function pushTo(ref: string): Buffer {
  return Buffer.concat([packets(command(A, B, ref, CAPABILITIES), null), PACK])
}

const PUSH = pushTo('refs/heads/feature/x')
/** A clone, in protocol version 0. */
const FETCH = Buffer.from(packets(`want ${A} ofs-delta agent=git/2.50\n`, null, 'done\n'))

/** A gzip with `hidden` in a part of its head that no decoder hands on (RFC 1952 section 2.3). */
function gzipWith(field: 'comment' | 'name' | 'extra', content: Uint8Array, hidden: Uint8Array): Buffer {
  const plain = gzipSync(content)
  const head = Buffer.from(plain.subarray(0, 10))
  head[3] = { extra: 0x04, name: 0x08, comment: 0x10 }[field]
  const length = Buffer.from([hidden.length & 0xff, hidden.length >> 8])
  const part = field === 'extra' ? [length, hidden] : [hidden, Buffer.from([0])]
  return Buffer.concat([head, ...part, plain.subarray(10)])
}

/** A frame of zstd that decoders pass over (RFC 8878 section 3.1.2). */
function skippable(hidden: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(0x184d2a50, 0)
  head.writeUInt32LE(hidden.length, 4)
  return Buffer.concat([head, hidden])
}

let grounds: Grounds
beforeAll(async () => {
  grounds = await openGrounds()
})
afterAll(() => grounds?.close())

async function refused(asked: Asked): Promise<void> {
  await expectNothingThrough(grounds, () => askInside(grounds.weir, asked))
}

async function carried(asked: Asked): Promise<void> {
  const before = grounds.secure.log.length
  const { status, answer } = await askInside(grounds.weir, asked)
  expect(status, answer).toBe(200)
  expect(grounds.secure.log.slice(before).map(({ path }) => path)).toEqual([asked.target])
}

describe('what is allowed goes through, or what is refused below would prove nothing', () => {
  it.each([
    ['a push to ours', 'github.com', '/acme/app.git/git-receive-pack', PUSH_TYPE, PUSH],
    ['a push to ours, without `.git`', 'github.com', '/acme/app/git-receive-pack', PUSH_TYPE, PUSH],
    ['a push to ours, in other case', 'github.com', '/ACME/App.git/git-receive-pack', PUSH_TYPE, PUSH],
    ['a push to ours under gzip', 'github.com', '/acme/app/git-receive-pack', GZIP, gzipSync(PUSH)],
    ['a fetch from anybody', 'github.com', '/mallory/x/git-upload-pack', FETCH_TYPE, FETCH],
    ['a sign-in', 'github.com', '/session', 'Content-Type: application/x-www-form-urlencoded', 'login=ada&password=b'],
  ])('%s', (_, host, target, field, body) => carried({ host, target, fields: [field], body }))

  it('a fetch from anybody under gzip, as git sends a long one', async () => {
    const wants = packets(
      ...Array.from({ length: 40 }, (_, at) => `want ${String(at).padStart(40, 'a')}\n`),
      null,
      'done\n',
    )
    await carried({
      host: 'github.com',
      target: '/mallory/x/git-upload-pack',
      fields: [FETCH_TYPE, GZIP],
      body: gzipSync(wants),
    })
  })
})

describe('a push to somebody else', () => {
  const TARGETS = [
    '/mallory/x.git/git-receive-pack',
    '/mallory/x/git-receive-pack',
    '/mallory/x.git/GIT-RECEIVE-PACK',
    '/mallory/x.git/%67it-receive-pack',
    '/mallory/x.git/git%2Dreceive%2Dpack',
    '/mallory/x.git/git-receive-pack/',
    '/mallory/x.git/git-receive-pack.',
    '/mallory/x.git/git-receive-pack;x',
    '/mallory/x.git/git-receive-pack%00',
    '/mallory/x.git/git-receive-pack%20',
    '/mallory/x.git/git-receive-pack%3F',
    '/mallory/x.git/git-receive-pack?service=git-upload-pack',
    '//mallory/x.git/git-receive-pack',
    '/mallory//x.git//git-receive-pack',
    '/./mallory/x.git/git-receive-pack',
    '/acme/app.git/../../mallory/x.git/git-receive-pack',
    '/acme/app.git/%2e%2e/%2e%2e/mallory/x.git/git-receive-pack',
    '/acme/app.git/..%2f..%2fmallory/x.git/git-receive-pack',
    '/acme/app.git%2f..%2f..%2fmallory%2fx.git/git-receive-pack',
    '/acme/app.git/..;/..;/mallory/x.git/git-receive-pack',
    '/acme/app.git\\..\\..\\mallory/x.git/git-receive-pack',
    '/acme/app.git/git-receive-pack/../../../mallory/x.git/git-receive-pack',
    '/acme/app.git/git-upload-pack/../git-receive-pack',
    '/acme/app.git/git-receive-pack/git-receive-pack',
    '/acme;mallory/app.git/git-receive-pack',
    '/acme%2Fapp.git/git-receive-pack',
    '/acme%00/app.git/git-receive-pack',
    '/%61cme/x/git-receive-pack',
    '/acme/app.wiki.git/git-receive-pack',
    '/acme/app.wiki/git-receive-pack',
    '/acme/app.git.git/git-receive-pack',
    '/acme/app.git/x/git-receive-pack',
    '/acme/appendix/git-receive-pack',
    '/acme/app./git-receive-pack',
    '/app/git-receive-pack',
  ]
  it.each(TARGETS)('by %s', (target) => refused({ host: 'github.com', target, fields: [PUSH_TYPE], body: PUSH }))

  it.each(TARGETS)('in the clear, by %s', async (target) => {
    const asked = { host: 'github.com', target, fields: [PUSH_TYPE], body: PUSH }
    await expectNothingThrough(grounds, () => askPlain(grounds.weir, asked))
  })

  it.each([
    ['gist.github.com', '/0123456789abcdef0123456789abcdef.git/git-receive-pack'],
    ['gist.github.com', '/acme/app.git/git-receive-pack'],
    ['gitlab.com', '/acme/app.git/git-receive-pack'],
    ['gitlab.com', '/acme/app.wiki.git/git-receive-pack'],
    ['bitbucket.org', '/acme/app.git/git-receive-pack'],
    ['codeberg.org', '/acme/app.git/git-receive-pack'],
    ['dev.azure.com', '/acme/app/_git/app/git-receive-pack'],
    ['api.github.com', '/acme/app.git/git-receive-pack'],
    ['uploads.github.com', '/acme/app.git/git-receive-pack'],
    ['www.acme.example', '/acme/app.git/git-receive-pack'],
    // `gıthub.com`, as a resolver spells it.
    ['xn--gthub-n4a.com', '/acme/app.git/git-receive-pack'],
  ])('of the same name at %s%s', (host, target) => refused({ host, target, fields: [PUSH_TYPE], body: PUSH }))
})

describe('a push under another method', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'post', 'Post', 'PROPFIND', 'MKCOL', 'TRACE', 'X'])(
    '%s',
    (method) => refused({ host: 'github.com', method, target: '/mallory/x/git-receive-pack', body: PUSH }),
  )

  it.each(['GET', 'HEAD', 'OPTIONS'])('%s is no read of anything with a body', async (method) => {
    await refused({ host: 'github.com', method, target: '/acme/app/issues', body: SECRET })
    const chunked = `${SECRET.length.toString(16)}\r\n${SECRET.toString()}\r\n0\r\n\r\n`
    const fields = ['Transfer-Encoding: chunked']
    await refused({ host: 'github.com', method, target: '/acme/app/issues', fields, body: chunked })
  })

  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'x-http-method-override'])(
    'a read is none that a server may take for a write by %s',
    async (name) => {
      const target = '/repos/mallory/x/contents/a?message=m&content=aGk='
      await refused({ host: 'api.github.com', method: 'GET', target, fields: [`${name}: PUT`] })
      await refused({ host: 'github.com', target: '/session', fields: [`${name}: PUT`], body: 'login=ada' })
      await refused({
        host: 'api.github.com',
        method: 'GET',
        target,
        fields: [`${name}: GET`, `${name}: PUT`],
      })
    },
  )

  it('a write is none the less one for saying that it is a read', async () => {
    const fields = ['X-HTTP-Method-Override: GET']
    await refused({ host: 'api.github.com', target: '/gists?_method=GET', fields, body: '{}' })
    await refused({ host: 'github.com', target: '/mallory/x/git-receive-pack?_method=GET', fields, body: PUSH })
  })

  it('a read that says that it is one goes on', () =>
    carried({ host: 'api.github.com', method: 'GET', target: '/zen', fields: ['X-HTTP-Method-Override: GET'] }))
})

describe('a push that says it is a fetch', () => {
  const target = '/mallory/x.git/git-upload-pack'
  const LONG = packets(
    ...Array.from({ length: 60 }, (_, at) => `want ${String(at).padStart(40, 'a')}\n`),
    null,
    'done\n',
  )

  it.each<readonly [string, readonly string[], Uint8Array]>([
    ['a push in its body', [FETCH_TYPE], PUSH],
    ['data in its body', [FETCH_TYPE], SECRET],
    ['data behind its body', [FETCH_TYPE], Buffer.concat([FETCH, SECRET])],
    ['a body of pkt-lines of data', [FETCH_TYPE], Buffer.from(packets(SECRET.subarray(0, 5_000), null, 'done\n'))],
    ['no type', [], FETCH],
    ['the type of a push', [PUSH_TYPE], FETCH],
    ['two types', [FETCH_TYPE, PUSH_TYPE], FETCH],
    ['data in a comment of gzip', [FETCH_TYPE, GZIP], gzipWith('comment', FETCH, SECRET)],
    ['data in the name of a gzip', [FETCH_TYPE, GZIP], gzipWith('name', FETCH, SECRET)],
    ['data in an extra field of gzip', [FETCH_TYPE, GZIP], gzipWith('extra', FETCH, SECRET.subarray(0, 60_000))],
    ['a second member of gzip', [FETCH_TYPE, GZIP], Buffer.concat([gzipSync(FETCH), gzipSync(SECRET)])],
    ['data behind a gzip', [FETCH_TYPE, GZIP], Buffer.concat([gzipSync(FETCH), SECRET])],
    [
      'data between members that decode to nothing',
      [FETCH_TYPE, GZIP],
      Buffer.concat([gzipWith('comment', Buffer.alloc(0), SECRET), gzipSync(LONG)]),
    ],
    [
      'data in a frame of zstd that is passed over',
      [FETCH_TYPE, 'Content-Encoding: zstd'],
      Buffer.concat([skippable(SECRET), zstdCompressSync(FETCH)]),
    ],
    ['a coding of a coding', [FETCH_TYPE, 'Content-Encoding: gzip, gzip'], gzipSync(gzipSync(FETCH))],
    ['two codings', [FETCH_TYPE, GZIP, 'Content-Encoding: br'], gzipSync(FETCH)],
    ['a coding that nobody knows', [FETCH_TYPE, 'Content-Encoding: x-secret'], SECRET],
    ['deflate in place of brotli', [FETCH_TYPE, 'Content-Encoding: br'], deflateSync(FETCH)],
  ])('with %s', (_, fields, body) => refused({ host: 'github.com', target, fields, body }))
})

describe('a read that is a POST carries nothing out', () => {
  it.each<readonly [string, Asked]>([
    [
      'a check of LFS locks with data',
      {
        host: 'github.com',
        target: '/m/x.git/info/lfs/locks/verify',
        fields: [LFS_TYPE],
        body: JSON.stringify({ ref: { name: 'refs/heads/a' }, data: SECRET.toString() }),
      },
    ],
    [
      'a check of LFS locks under gzip with a comment',
      {
        host: 'github.com',
        target: '/m/x.git/info/lfs/locks/verify',
        fields: [LFS_TYPE, GZIP],
        body: gzipWith('comment', Buffer.from('{"ref":{"name":"refs/heads/a"}}'), SECRET),
      },
    ],
    [
      'an upload of LFS',
      {
        host: 'github.com',
        target: '/m/x.git/info/lfs/objects/batch',
        fields: [LFS_TYPE],
        body: '{"operation":"upload","objects":[]}',
      },
    ],
    ['a sign-in longer than one', { host: 'github.com', target: '/session', body: SECRET }],
    [
      'a sign-in longer than one, in chunks',
      {
        host: 'github.com',
        target: '/session',
        fields: ['Transfer-Encoding: chunked'],
        body: `${SECRET.length.toString(16)}\r\n${SECRET.toString()}\r\n0\r\n\r\n`,
      },
    ],
    [
      'a sign-in under gzip that grows',
      { host: 'github.com', target: '/session', fields: [GZIP], body: gzipSync(SECRET) },
    ],
    [
      'a sign-in under gzip with a comment',
      { host: 'github.com', target: '/session', fields: [GZIP], body: gzipWith('comment', Buffer.from('a=b'), SECRET) },
    ],
    ['a path below a sign-in', { host: 'github.com', target: '/session/x', body: 'a=b' }],
    [
      'GraphQL',
      {
        host: 'api.github.com',
        target: '/graphql',
        fields: ['Content-Type: application/json'],
        body: '{"query":"mutation{createIssue(input:{repositoryId:1,title:2}){clientMutationId}}"}',
      },
    ],
  ])('%s', (_, asked) => refused(asked))

  it.each<readonly [string, string]>([
    ['an upload hidden among reads', '[{"a":"f","c":1},{"a":"p","t":"x","n":[]}]'],
    ['a name twice', '[{"a":"f","a":"p"}]'],
    ['a name escaped', '[{"\\u0061":"f","a":"p"}]'],
    ['a read with data in it', JSON.stringify([{ a: 'f', c: { data: SECRET.toString() } }])],
    ['reads longer than commands are', JSON.stringify([{ a: 'f', c: SECRET.toString() }])],
    ['data behind it', `[{"a":"f","c":1}] ${SECRET.toString()}`],
  ])('a list of MEGA’s commands, with %s', async (_, body) => {
    const asked = { host: 'g.api.mega.co.nz', target: '/cs?id=1', body }
    await expectNothingThrough(grounds, () => askPlain(grounds.weir, asked))
  })

  it('a file sent to MEGA’s storage in the clear', async () => {
    const asked = { host: 'gfs270n1.userstorage.mega.co.nz', target: '/ul/x/0', body: SECRET }
    await expectNothingThrough(grounds, () => askPlain(grounds.weir, asked))
  })
})

describe('a push to ours that is another', () => {
  const target = '/acme/app.git/git-receive-pack'
  const good = command(A, B, 'refs/heads/feature/x', CAPABILITIES)
  const certificate = [
    `push-cert\0${CAPABILITIES}`,
    'certificate version 0.1\n',
    'pusher Ada <ada@acme.example> 1700000000 +0000\n',
    'nonce 1-abc\n',
    '\n',
    `${A} ${B} refs/heads/main\n`,
    '-----BEGIN PGP SIGNATURE-----\n',
    '\n',
    '-----END PGP SIGNATURE-----\n',
    'push-cert-end\n',
  ]
  it.each<readonly [string, Uint8Array, readonly string[]]>([
    ['another ref', pushTo('refs/heads/main'), []],
    [
      'another ref beside an allowed one',
      Buffer.concat([packets(good, command(A, B, 'refs/heads/main'), null), PACK]),
      [],
    ],
    [
      'another ref behind the flush',
      Buffer.concat([packets(good, null, command(A, B, 'refs/heads/main'), null), PACK]),
      [],
    ],
    ['a ref in other case', pushTo('refs/heads/Feature/x'), []],
    ['a ref with dots', pushTo('refs/heads/feature/../main'), []],
    ['a ref with a second slash', pushTo('refs/heads/feature//main'), []],
    ['a ref with an end of line', pushTo('refs/heads/feature/x\nrefs/heads/main'), []],
    ['a ref with a NUL', pushTo('refs/heads/main\0refs/heads/feature/x'), []],
    ['a tag of that name', pushTo('refs/tags/feature/x'), []],
    ['a certificate for another ref', Buffer.concat([packets(...certificate, null), PACK]), []],
    ['a certificate for another ref behind a command', Buffer.concat([packets(good, ...certificate, null), PACK]), []],
    ['a command behind a certificate', Buffer.concat([packets(...certificate, good, null), PACK]), []],
    ['no pack but data', Buffer.concat([packets(good, null), SECRET]), []],
    [
      'a deletion with data',
      Buffer.concat([packets(command(A, ZERO, 'refs/heads/feature/x', CAPABILITIES), null), SECRET]),
      [],
    ],
    ['data behind a probe', Buffer.concat([packets(null), SECRET]), []],
    ['deflate', deflateSync(PUSH), ['Content-Encoding: deflate']],
    ['brotli', brotliCompressSync(PUSH), ['Content-Encoding: br']],
    ['gzip twice', gzipSync(gzipSync(PUSH)), ['Content-Encoding: gzip, gzip']],
    ['a pack under gzip that grows past the limit', gzipSync(Buffer.concat([PUSH, Buffer.alloc(2_000_000)])), [GZIP]],
    ['data past the limit in a comment of gzip', gzipWith('comment', PUSH, Buffer.alloc(2_000_000, 'x')), [GZIP]],
    [
      'a second member of gzip past the limit',
      Buffer.concat([gzipSync(PUSH), gzipSync(Buffer.alloc(2_000_000))]),
      [GZIP],
    ],
  ])('%s', (_, body, fields) => refused({ host: 'github.com', target, fields: [PUSH_TYPE, ...fields], body }))
})

describe('REST that names ours and means another', () => {
  const body = '{"message":"m","content":"aGk="}'
  it.each([
    '/repos/acme/app/../../mallory/x/contents/a',
    '/repos/acme/app/%2e%2e/%2e%2e/mallory/x/contents/a',
    '/repos/acme/app/contents/..%2f..%2f..%2f..%2fmallory/x/contents/a',
    '/repos/acme/app;x/contents/a',
    '/repos/acme/app/contents/a/',
    '/repos//acme/app/contents/a',
    '/repos/acme/app%00/contents/a',
    '/repos/acme%2fapp/contents/a',
    '/repositories/1/contents/a',
    '/Repos/mallory/x/contents/a',
    '/repos/mallory/x/contents/a?repo=acme/app',
    '/repos/acme/app.wiki/contents/a',
  ])('by PUT %s', (target) => refused({ host: 'api.github.com', method: 'PUT', target, body }))

  it('and where it means ours, it goes through', () =>
    carried({ host: 'api.github.com', method: 'PUT', target: '/repos/acme/app/contents/a', body }))
})

describe('what asks for the refs of a push', () => {
  it('is judged as the read that it is, and the push behind it as the push that it is', async () => {
    const target = '/mallory/x.git/info/refs?service=git-receive-pack'
    await carried({ host: 'github.com', method: 'GET', target })
    expect(lastOf(grounds.weir, '/mallory/x.git/info/refs')).toMatchObject({ 'weir.operation': 'git-fetch' })
  })

  it.each([
    '/mallory/x.git/info/refs?service=git-upload-pack&service=git-receive-pack',
    '/mallory/x.git/info/refs?service=git-upload-pack',
  ])('is no way to send a body: %s', (target) =>
    refused({ host: 'github.com', target, fields: [FETCH_TYPE], body: PUSH }),
  )
})

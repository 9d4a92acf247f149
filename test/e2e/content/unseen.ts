/** Uploads in which something cannot be seen, each with what the record says of it. */
import { gzipSync } from 'node:zlib'
import { BLOB, OFS_DELTA, REF_DELTA } from '../../../src/wire/pack/object-types.ts'
import { makeZip } from '../../content/support/zip.ts'
import { A, B, command, packets, ZERO } from '../../wire/push.ts'
import { buildPack, commitOf, encodeDelta, type Entry, objectId, treeOf } from '../../wire/pack/pack-builder.ts'
import { gitPush } from '../channels/git-bytes.ts'
import { json, type RequestStep, send } from '../channels/shape.ts'
import { randomBytes } from '../support/git-client.ts'
import { encryptedZip } from './files.ts'

export interface Unseen {
  readonly name: string
  readonly step: RequestStep
  /** In `weir.content.incomplete`. */
  readonly why: RegExp
}

/** Of one upload, decoded, that this test's Weir looks into. */
export const SCAN_BYTES_MAX = 4 * 1024 * 1024

const TEXT = Buffer.from('Nothing of interest.\n'.repeat(20))
const CAPABILITIES = ' report-status side-band-64k agent=git/2.50'

function put(name: string, bytes: Uint8Array, ...headers: string[]): RequestStep {
  return send('PUT', `https://drop.acme.example/${name}`, bytes, 'Content-Type: application/octet-stream', ...headers)
}

function zipIn(depth: number): Buffer {
  let zip = makeZip([{ name: 'notes.txt', content: TEXT }])
  for (let at = 1; at < depth; at++) zip = makeZip([{ name: `${at}.zip`, content: zip }])
  return zip
}

const BOMB = gzipSync(Buffer.alloc(48 * 1024 * 1024))
const ZIP = makeZip([{ name: 'notes.txt', content: randomBytes(5_000, 'broken') }])
const SEVEN_ZIP = Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), randomBytes(600, '7z')])
const RAR = Buffer.concat([Buffer.from('526172211a070100', 'hex'), randomBytes(600, 'rar')])

function blob(content: Uint8Array): Entry {
  return { kind: BLOB, content }
}

/** A push of one commit that brings these, the first of them as its file. */
export function pushOf(...entries: readonly Entry[]): RequestStep {
  const tree = treeOf({ name: 'notes.txt', id: objectId(BLOB, TEXT) })
  const commit = commitOf(objectId(tree.kind, tree.content), [A], 'Change')
  return pushBytes(buildPack({ entries: [commit, tree, ...entries] }))
}

function pushBytes(pack: Uint8Array): RequestStep {
  const head = packets(command(A, B, 'refs/heads/main', CAPABILITIES), null)
  return gitPush('https://github.com/acme/app.git/git-receive-pack', Buffer.concat([head, pack]))
}

/** No pack follows. */
export function deletionOf(ref: string): RequestStep {
  const head = packets(command(A, ZERO, ref, CAPABILITIES), null)
  return gitPush('https://github.com/acme/app.git/git-receive-pack', head)
}

const WHOLE_PACK = buildPack({ entries: [blob(TEXT)] })
const BROKEN_SUM = Buffer.concat([WHOLE_PACK.subarray(0, -1), Buffer.from([(WHOLE_PACK.at(-1) ?? 0) ^ 1])])

export const UNSEEN: readonly Unseen[] = [
  { name: 'a bomb of gzip', step: put('a.gz', BOMB), why: /comes to more than 200 times its size/ },
  {
    name: 'a bomb of zip in a zip',
    step: put(
      'a.zip',
      makeZip([{ name: 'b.zip', content: makeZip([{ name: 'c', content: Buffer.alloc(48 << 20) }]) }]),
    ),
    why: /comes to more than 200 times its size/,
  },
  { name: 'archives deeper than the depth', step: put('a.zip', zipIn(5)), why: /lies in more than 4 archives/ },
  { name: 'an encrypted zip', step: put('a.zip', encryptedZip(900)), why: /encrypted/ },
  { name: 'a 7z', step: put('a.7z', SEVEN_ZIP), why: /7z that was not opened/ },
  { name: 'a rar', step: put('a.rar', RAR), why: /rar that was not opened/ },
  { name: 'half a zip', step: put('a.zip', ZIP.subarray(0, 3_000)), why: /the upload: / },
  {
    name: 'half a gzip',
    step: put('a.gz', gzipSync(randomBytes(600, 'half')).subarray(0, 300)),
    why: /its gzip ends too early/,
  },
  {
    name: 'a Content-Encoding that nobody knows',
    step: put('a', TEXT, 'Content-Encoding: compress'),
    why: /its Content-Encoding is not known/,
  },
  {
    name: 'two Content-Encodings',
    step: put('a', gzipSync(gzipSync(TEXT)), 'Content-Encoding: gzip, gzip'),
    why: /its Content-Encoding is not known/,
  },
  {
    name: 'a comment in a Content-Encoding',
    step: put('a', withComment(TEXT, 'a'.repeat(400)), 'Content-Encoding: gzip'),
    why: /its Content-Encoding carries more than it decodes to/,
  },
  {
    name: 'JSON that is none',
    step: json('POST', 'https://api.acme.example/notes', '{"a" "b"}'),
    why: /as the JSON that it is said to be/,
  },
  {
    name: 'more than may be looked at',
    step: put('a.txt', Buffer.alloc(SCAN_BYTES_MAX + 1, 'Nothing.\n')),
    why: /larger than may be looked at/,
  },
  {
    name: 'a Content-Encoding that decodes to more than may be looked at',
    step: put('a.txt', gzipSync(Buffer.alloc(SCAN_BYTES_MAX + 1, 'Nothing.\n')), 'Content-Encoding: gzip'),
    why: /larger than may be looked at/,
  },
  {
    name: 'a thin pack',
    step: pushOf({ kind: REF_DELTA, baseId: 'c'.repeat(40), content: encodeDelta(40, [{ from: 0, size: 40 }]) }),
    why: /the pack is thin: it lacks the bases of 1 objects/,
  },
  {
    name: 'a pack with an object that does not inflate',
    step: pushOf({ ...blob(TEXT), deflated: Buffer.from('no zlib at all') }),
    why: /the pack cannot be read/,
  },
  { name: 'a pack with a wrong checksum', step: pushBytes(BROKEN_SUM), why: /the pack cannot be read/ },
  { name: 'half a pack', step: pushBytes(WHOLE_PACK.subarray(0, -25)), why: /the pack cannot be read/ },
  {
    name: 'a pack with bytes behind its end',
    step: pushBytes(Buffer.concat([WHOLE_PACK, TEXT])),
    why: /the pack cannot be read/,
  },
  {
    name: 'a delta that does not fit its base',
    step: pushOf(blob(TEXT), {
      kind: OFS_DELTA,
      back: 1,
      content: encodeDelta(TEXT.length + 1, [{ from: 0, size: TEXT.length + 1 }]),
    }),
    why: /pack cannot be read|could not be built/,
  },
]

/** A gzip whose head has a comment (RFC 1952 section 2.3). */
export function withComment(content: Buffer, comment: string): Buffer {
  const gzip = gzipSync(content)
  const head = Buffer.from(gzip.subarray(0, 10))
  head[3] = 0x10
  return Buffer.concat([head, Buffer.from(`${comment}\0`, 'latin1'), gzip.subarray(10)])
}

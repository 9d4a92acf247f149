/** What git sends when it pushes: a pack with one file, and the list of refs before it. */
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { A, B, command, packets, ZERO } from '../../wire/push.ts'
import { CANARY, type RequestStep, send } from './shape.ts'

const CAPABILITIES = ' report-status side-band-64k agent=git/2.50'
export const PUSH_TYPE = 'Content-Type: application/x-git-receive-pack-request'
export const FETCH_TYPE = 'Content-Type: application/x-git-upload-pack-request'
export const LFS_TYPE = 'Content-Type: application/vnd.git-lfs+json'
export const LFS_ACCEPT = 'Accept: application/vnd.git-lfs+json'

/** A pack of one blob, stored and not compressed, so that whoever receives it can be asked for the words in it. */
function packOf(content: string): Uint8Array {
  const size = Buffer.byteLength(content)
  const head = Buffer.from([0x80 | (3 << 4) | (size & 0x0f), size >> 4])
  const body = Buffer.concat([
    Buffer.from('PACK\0\0\0\x02\0\0\0\x01', 'latin1'),
    head,
    deflateSync(content, { level: 0 }),
  ])
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}

const PACK = packOf(`the plans: ${CANARY}`)

function pushOf(ref: string, { from = A, to = B, more = '' } = {}): Uint8Array {
  return Buffer.concat([packets(command(from, to, ref, CAPABILITIES + more), null), PACK])
}

export const PUSH = pushOf('refs/heads/main')
export const PUSH_TAG = pushOf('refs/tags/v1', { from: ZERO })
export const PUSH_SHA256 = pushOf('refs/heads/main', {
  from: 'a'.repeat(64),
  to: 'b'.repeat(64),
  more: ' object-format=sha256',
})
/** No pack at all: the name says it. */
export const DELETION = Buffer.from(packets(command(A, ZERO, `refs/heads/${CANARY}`, CAPABILITIES), null))
export const PUSH_OPTION = Buffer.concat([
  packets(command(A, B, 'refs/heads/main', `${CAPABILITIES} push-options`), null, `note=${CANARY}`, null),
  PACK,
])

export function gitPush(url: string, body: Uint8Array = PUSH, ...headers: string[]): RequestStep {
  return send('POST', url, body, PUSH_TYPE, 'Accept: application/x-git-receive-pack-result', ...headers)
}

/** Holds a body to what git-lfs asks with before a push: which locks there are (git-lfs, docs/api/locking, "List Locks for Verification"). */

import { isUtf8 } from 'node:buffer'
import { isJsonObject, parseJson } from './json.ts'
import type { BodyCheck } from './body-check.ts'
import { bad, MORE, type Parse } from './parse.ts'
import { isRefPrefix } from './ref-name.ts'

/** The whole body; git-lfs sends some 100 bytes. */
export const lfsLocksBytesMax = 4 * 1024
/** The whole body to a host that nobody vouches for. */
export const shortLfsLocksBytesMax = 1024

export function createLfsLocksReader(): BodyCheck {
  return createReader(lfsLocksBytesMax, checkLocks)
}

/** Without a cursor, which is free text. */
export function createShortLfsLocksReader(): BodyCheck {
  return createReader(shortLfsLocksBytesMax, checkShortLocks)
}

function createReader(bytesMax: number, check: (bytes: Buffer) => string | null): BodyCheck {
  const pieces: Uint8Array[] = []
  let bytes = 0
  let answer: Parse<null> = MORE
  return {
    push(piece) {
      bytes += piece.length
      if (bytes > bytesMax) answer = bad(`a request for locks is longer than ${bytesMax} bytes`)
      // A copy: the caller may reuse its bytes. An empty piece is none, or there could be any number of them.
      if (answer.state === 'more' && piece.length > 0) pieces.push(Uint8Array.from(piece))
      return answer
    },
    end: () => (answer.state === 'bad' ? answer.fault : check(Buffer.concat(pieces))),
  }
}

const STRINGS = /"(?:[^"\\]|\\.)*"/g

function checkLocks(bytes: Buffer): string | null {
  const text = bytes.toString('utf8')
  const body = isUtf8(bytes) ? parseJson(text) : null
  if (!isJsonObject(body)) return 'a request for locks that is no JSON object'
  const { cursor, limit, ref, ...more } = body
  const known =
    (cursor === undefined || typeof cursor === 'string') &&
    (limit === undefined || (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0)) &&
    (ref === undefined || isRef(ref))
  if (!known || Object.keys(more).length > 0) return 'a request for locks with more in it than cursor, limit and ref'
  // Of two values under one name only the last is seen here: the strings of the text tell of the other.
  const strings = Object.keys(body).length + (cursor === undefined ? 0 : 1) + (ref === undefined ? 0 : 2)
  return text.match(STRINGS)?.length === strings || strings === 0 ? null : 'a request for locks with a name twice'
}

function checkShortLocks(bytes: Buffer): string | null {
  const fault = checkLocks(bytes)
  if (fault !== null) return fault
  const body = parseJson(bytes.toString('utf8'))
  return isJsonObject(body) && 'cursor' in body ? 'a request for locks with a cursor' : null
}

function isRef(value: unknown): boolean {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return false
  // Before the first commit git-lfs asks for `refs/heads/`, and on a detached head for `HEAD`.
  return typeof value['name'] === 'string' && isRefPrefix(value['name'])
}

/** What an LFS batch request asks for (git-lfs, docs/api/batch): to upload objects, or to download them. */

import { isJsonObject } from './json.ts'
import { parseStrictJson } from './json-object.ts'
import { bad, done, type Parse } from './parse.ts'
import { isRefPrefix } from './ref-name.ts'

/** The whole body: git-lfs asks for 100 objects at a time, with some 100 bytes for each. */
export const lfsBatchBytesMax = 1024 * 1024
/** The whole body to a host that nobody vouches for: room for what git-lfs asks for at a time. */
export const shortLfsBatchBytesMax = 16 * 1024
export const lfsBatchObjectsMax = 5_000

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
const WORD = /^[a-z0-9._-]{1,64}$/i

/** Reads a whole body. Bad where it carries anything that the protocol does not have. */
export function parseLfsBatch(bytes: Uint8Array): Parse<'upload' | 'download'> {
  if (bytes.length > lfsBatchBytesMax) return bad(`it is longer than ${lfsBatchBytesMax} bytes`)
  const parsed = parseStrictJson(bytes)
  if (parsed.state !== 'done') return parsed
  if (!isJsonObject(parsed.value)) return bad('it is no object')
  const { operation, objects, transfers = [], ref = null, hash_algo: algorithm = null, ...more } = parsed.value
  if (operation !== 'upload' && operation !== 'download') return bad('its operation is neither upload nor download')
  if (!Array.isArray(objects) || !objects.every(isPointer)) return bad('its objects are not all an oid and a size')
  if (objects.length > lfsBatchObjectsMax) return bad(`it names more than ${lfsBatchObjectsMax} objects`)
  const isKnown =
    Array.isArray(transfers) &&
    transfers.length <= 8 &&
    transfers.every(isWord) &&
    (algorithm === null || isWord(algorithm)) &&
    (ref === null || isRef(ref))
  if (!isKnown || Object.keys(more).length > 0) return bad('it has more in it than the protocol')
  return done(operation, bytes.length)
}

function isPointer(value: unknown): boolean {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return false
  const { oid, size } = value
  return typeof oid === 'string' && OID.test(oid) && typeof size === 'number' && Number.isSafeInteger(size) && size >= 0
}

function isRef(value: unknown): boolean {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return false
  return typeof value['name'] === 'string' && isRefPrefix(value['name'])
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && WORD.test(value)
}

/** The answer to an LFS batch request: for each object, the addresses where it goes or comes from (git-lfs, docs/api/batch). */

import { isJsonObject } from './json.ts'
import { parseStrictJson } from './json-object.ts'
import { bad, done, type Parse } from './parse.ts'

export interface LfsAction {
  readonly kind: 'upload' | 'verify' | 'download'
  readonly href: string
  /** Of the object, or of one part of it; null for what is asked about it. */
  readonly bytesMax: number | null
  /** Milliseconds since the epoch; null where it does not say. */
  readonly expiresAt: number | null
}

/** The whole answer: a batch of 100 objects with presigned addresses has some 300 kB. */
export const lfsReplyBytesMax = 2 * 1024 * 1024
export const lfsActionsMax = 10_000

const KINDS = ['upload', 'verify', 'download'] as const

/** `now` in milliseconds since the epoch. Objects and actions in another form are passed over: nothing is announced by them. */
export function parseLfsBatchReply(bytes: Uint8Array, now: number): Parse<readonly LfsAction[]> {
  if (bytes.length > lfsReplyBytesMax) return bad(`it is longer than ${lfsReplyBytesMax} bytes`)
  const parsed = parseStrictJson(bytes)
  if (parsed.state !== 'done') return parsed
  const objects = isJsonObject(parsed.value) ? parsed.value['objects'] : null
  if (!Array.isArray(objects)) return bad('it has no list of objects')
  const actions = objects.flatMap((object) => actionsOf(object, now))
  return actions.length > lfsActionsMax
    ? bad(`it names more than ${lfsActionsMax} addresses`)
    : done(actions, bytes.length)
}

function actionsOf(object: unknown, now: number): readonly LfsAction[] {
  if (!isJsonObject(object)) return []
  const { size, actions } = object
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || !isJsonObject(actions)) return []
  return KINDS.flatMap((kind): readonly LfsAction[] => {
    const action = actions[kind]
    if (!isJsonObject(action) || typeof action['href'] !== 'string') return []
    const expiresAt = expiryOf(action, now)
    const first: LfsAction = { kind, href: action['href'], bytesMax: kind === 'upload' ? size : null, expiresAt }
    return [first, ...partsOf(kind, action['header'], size, expiresAt)]
  })
}

/** Hugging Face names the address of each part of a large object among the header fields, by its number. */
function partsOf(
  kind: LfsAction['kind'],
  header: unknown,
  size: number,
  expiresAt: number | null,
): readonly LfsAction[] {
  if (kind !== 'upload' || !isJsonObject(header)) return []
  const { chunk_size: chunk } = header
  const bytesMax = typeof chunk === 'string' || typeof chunk === 'number' ? Math.min(Number(chunk), size) : size
  if (!Number.isSafeInteger(bytesMax)) return []
  return Object.entries(header).flatMap(([name, href]): readonly LfsAction[] =>
    /^\d{1,6}$/.test(name) && typeof href === 'string' ? [{ kind, href, bytesMax, expiresAt }] : [],
  )
}

/** `expires_in` stands over `expires_at`. */
function expiryOf(
  { expires_in: seconds, expires_at: instant }: Readonly<Record<string, unknown>>,
  now: number,
): number | null {
  if (typeof seconds === 'number' && Number.isFinite(seconds) && seconds !== 0) return now + seconds * 1000
  const at = typeof instant === 'string' ? Date.parse(instant) : Number.NaN
  // The year 1, as some servers write what never ends, has no meaning here.
  return Number.isFinite(at) && at > 0 ? at : null
}

/**
 * Recognises git's smart HTTP protocol (gitprotocol-http) and the LFS API (git-lfs, docs/api) by the shape of the path, on
 * any host: a git server that no list knows is one all the same.
 */
import { isOfType, isUtf8OfType } from './media-type.ts'
import type { Segments } from './path.ts'
import type { InnerOperation } from './service-entry.ts'

export interface GitShape {
  readonly operation: InnerOperation
  /** The path before git's own segments, which names the repository. */
  readonly repository: Segments
  readonly body: 'plain' | 'git-push' | 'git-fetch' | 'lfs-locks' | 'lfs-batch'
  readonly route: string
}

interface GitRequest {
  readonly method: string
  readonly query: string
  readonly contentType: string | null
  readonly segments: Segments
}

const FETCH_SERVICES: readonly string[] = ['git-upload-pack', 'git-upload-archive']
const SERVICES: readonly string[] = [...FETCH_SERVICES, 'git-receive-pack']

/** Null where the request is none of git's. */
export function recogniseGit(request: GitRequest): GitShape | null {
  const shape = recogniseSmartHttp(request) ?? recogniseLfs(request)
  if (shape === null) return null
  // With git's words inside the repository's path, where the repository ends is each server's own reading.
  return shape.repository.some(isGitWord)
    ? { ...shape, operation: 'unknown-write', body: 'plain', repository: [] }
    : shape
}

function recogniseSmartHttp({ method, query, contentType, segments }: GitRequest): GitShape | null {
  const last = segments[segments.length - 1] ?? ''
  const before = segments.slice(0, -1)
  if (last === 'git-receive-pack') {
    // Of a push no content type is asked: a lenient server asks none either.
    return method === 'POST'
      ? { operation: 'git-push', repository: before, body: 'git-push', route: '/**/git-receive-pack' }
      : { operation: 'unknown-write', repository: before, body: 'plain', route: '/**/git-receive-pack' }
  }
  if (FETCH_SERVICES.includes(last) && method === 'POST') {
    // A POST is a read only with proof: the type that a server of this protocol insists on, and then its body.
    const proven = isOfType(contentType, [`application/x-${last}-request`])
    return {
      operation: proven ? 'git-fetch' : 'unknown-write',
      repository: before,
      body: proven ? 'git-fetch' : 'plain',
      route: `/**/${last}`,
    }
  }
  if (last === 'refs' && before[before.length - 1] === 'info' && isReading(method) && asksForRefs(query)) {
    // For a push too: the push is judged at its POST, so that git shows the refusal per ref.
    return { operation: 'git-fetch', repository: before.slice(0, -1), body: 'plain', route: '/**/info/refs' }
  }
  return null
}

function recogniseLfs({ method, contentType, segments }: GitRequest): GitShape | null {
  const at = segments.findIndex((segment, index) => segment === 'lfs' && segments[index - 1] === 'info')
  if (at === -1) return null
  const rest = segments.slice(at + 1)
  const proven = isUtf8OfType(contentType, ['application/vnd.git-lfs+json'])
  const operation = lfsOperation(isReading(method) ? 'GET' : method, rest, proven)
  if (operation === null) return null
  const named = rest[0] === 'objects' ? '/**/info/lfs/objects/**' : '/**/info/lfs/locks/**'
  // Its body says all of it, and is held to that as strictly under the type of any JSON.
  const isJson = proven || isUtf8OfType(contentType, ['application/json'])
  const isBatch = method === 'POST' && isJson && rest.join('/') === 'objects/batch'
  const isLocks = operation === 'lock-check' && !isReading(method)
  const body = isBatch ? 'lfs-batch' : isLocks ? 'lfs-locks' : 'plain'
  return { operation, repository: segments.slice(0, at - 1), body, route: named }
}

function lfsOperation(method: string, [what, first, second]: Segments, proven: boolean): InnerOperation | null {
  // Whether a batch uploads or downloads stands in its body; unread, it announces an upload.
  if (what === 'objects') return method === 'GET' ? 'download' : 'lfs-upload'
  if (what !== 'locks') return null
  if (method === 'GET') return 'lock-check'
  if (method !== 'POST') return 'unknown-write'
  if (first === 'verify' && second === undefined) return proven ? 'lock-check' : 'unknown-write'
  return first === undefined || second === 'unlock' ? 'metadata-write' : 'unknown-write'
}

/** True where every `service` that the query names is one of git's, whichever of them the server heeds. */
function asksForRefs(query: string): boolean {
  const services = new URLSearchParams(query).getAll('service')
  return services.length > 0 && services.every((service) => SERVICES.includes(service))
}

function isGitWord(segment: string): boolean {
  return SERVICES.includes(segment.toLowerCase())
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

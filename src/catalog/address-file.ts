/** The name of the file that an upload of bare bytes has in its address: the path of a PUT, or a parameter that names it. */
import type { InnerOperation } from './service-entry.ts'

/** Bodies that name their files themselves, if they have any. */
const WRAPPED =
  /^\s*(?:application\/(?:[^;]*\+)?json|application\/x-www-form-urlencoded|multipart\/|application\/x-git-)/i
/** Names by what they are and not by what they are called. */
const NAMELESS: readonly InnerOperation[] = ['git-push', 'git-fetch', 'lfs-upload']
const PARAMETERS = ['name', 'filename', 'fileName', 'file_name', 'path']

/** Null where it names none. Escapes are undone where they can be. */
export function fileOfAddress(
  method: string,
  target: string,
  operation: InnerOperation,
  contentType: string | null,
): string | null {
  if (!['PUT', 'POST', 'PATCH'].includes(method) || NAMELESS.includes(operation)) return null
  if (WRAPPED.test(contentType ?? '')) return null
  const [path = '', query = ''] = target.split('?', 2)
  const parameters = new URLSearchParams(query)
  const named = PARAMETERS.map((name) => parameters.get(name) ?? '').find((value) => value !== '')
  if (named !== undefined) return named.replace(/^\/+/, '')
  return method === 'PUT' ? decode(path).replace(/^\/+/, '') || null : null
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return path
    throw error
  }
}

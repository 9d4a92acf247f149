/**
 * What lets a page's script read why its request to another origin was refused (Fetch standard, "HTTP extensions"): without
 * it a browser hides the answer, and all that is seen is an error of CORS.
 */
import type { Asker } from './form.ts'

export const originCharactersMax = 512
export const preflightCharactersMax = 4_096

// An origin as browsers write it, or `null` for one that has no name: nothing that could end the field or begin another.
const ORIGIN = /^(?:null|[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9.:[\]_-]+)$/
const METHOD = /^[A-Za-z]+$/
const FIELD_NAMES = /^[A-Za-z0-9_-]+(?: ?, ?[A-Za-z0-9_-]+)*$/

/** For an answer of Weir's own, with nothing in it but Weir's words: any page that may ask may read it. */
export function crossOriginFields(origin: string | null): string[] {
  if (!isOrigin(origin)) return []
  return [
    'Access-Control-Allow-Origin',
    origin,
    'Access-Control-Allow-Credentials',
    'true',
    'Access-Control-Expose-Headers',
    'Weir-Event, Proxy-Status',
    'Vary',
    'Origin',
  ]
}

/**
 * The leave that a refused preflight asks for; null where it gets none. It is given only to a request that is refused itself:
 * then the browser sends that one, and its script reads the refusal. To any other request Weir would vouch for a site that
 * was never asked, so `asker.preflight` is null there. It holds for this once.
 */
export function grantFields({ origin, preflight }: Asker): string[] | null {
  if (!isOrigin(origin) || preflight === null || !METHOD.test(preflight.method)) return null
  const headers = preflight.headers ?? ''
  if (headers.length > preflightCharactersMax || (headers !== '' && !FIELD_NAMES.test(headers))) return null
  return [
    'Access-Control-Allow-Methods',
    preflight.method,
    ...(headers === '' ? [] : ['Access-Control-Allow-Headers', headers]),
    'Access-Control-Max-Age',
    '0',
  ]
}

function isOrigin(origin: string | null): origin is string {
  return typeof origin === 'string' && origin.length <= originCharactersMax && ORIGIN.test(origin)
}

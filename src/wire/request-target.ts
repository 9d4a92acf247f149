/** What a request line asks for, in one of the four forms that a proxy may be sent (RFC 9112 section 3.2). */

import { type Destination, parseAuthority } from '../net/destination.ts'

export type RequestTarget =
  | { readonly form: 'authority'; readonly destination: Destination }
  | { readonly form: 'absolute'; readonly destination: Destination; readonly path: string }
  | { readonly form: 'origin'; readonly path: string }
  | { readonly form: 'asterisk' }
  | { readonly form: 'bad'; readonly fault: string }

export const targetCharactersMax = 65_536

/**
 * Reads the target of a request line. `path` is the path and query as sent, never decoded or resolved: whoever judges it and
 * whoever is sent it read the same characters. In absolute-form without a path it is `/`, or `*` for OPTIONS (section 3.2.4).
 */
export function parseTarget(method: string, target: string): RequestTarget {
  if (target.length > targetCharactersMax) return bad(`the target is longer than ${targetCharactersMax} characters`)
  if (!isVisibleAscii(target)) return bad('the target has characters that a target may not have')
  // A fragment is the client's own business (RFC 9110 section 4.2.5); servers disagree about what to do with one.
  if (target.includes('#')) return bad('the target has a fragment')
  if (method === 'CONNECT') return parseAuthorityForm(target)
  if (target === '*') return method === 'OPTIONS' ? { form: 'asterisk' } : bad(`${method} has no target *`)
  if (target.startsWith('/')) return { form: 'origin', path: target }
  return parseAbsoluteForm(method, target)
}

/** True for one or more characters from `!` to `~`: nothing that could end a target, or that servers decode at will. */
export function isVisibleAscii(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}

function parseAuthorityForm(target: string): RequestTarget {
  const destination = parseAuthority(target, null)
  return destination === null ? bad('CONNECT needs HOST:PORT and nothing else') : { form: 'authority', destination }
}

function parseAbsoluteForm(method: string, target: string): RequestTarget {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?]*)(.*)$/i.exec(target)
  if (match === null) return bad('the target is neither a path nor a URL')
  const [, scheme = '', authority = '', rest = ''] = match
  if (/^https$/i.test(scheme)) return bad('an https:// URL is asked for through CONNECT')
  if (!/^http$/i.test(scheme)) return bad('a URL with another scheme than http://')
  const destination = parseAuthority(authority, 80)
  if (destination === null) return bad('the host of the URL is not HOST or HOST:PORT')
  return { form: 'absolute', destination, path: pathOf(method, rest) }
}

function pathOf(method: string, rest: string): string {
  if (rest === '') return method === 'OPTIONS' ? '*' : '/'
  return rest.startsWith('/') ? rest : `/${rest}`
}

function bad(fault: string): RequestTarget {
  return { form: 'bad', fault }
}

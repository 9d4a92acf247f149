/** The parent proxy: where every upstream is reached through another proxy. */
import { parseAddress, type Address } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import { type Host, parseHost } from '../net/host.ts'
import { type StaticRule, staticAnswer } from './static-resolution.ts'

export interface ParentProxy {
  readonly host: Host | Address
  readonly port: number
  /** The value of Proxy-Authorization (RFC 7617), where the URL has credentials. */
  readonly authorization: string | null
}

const DEFAULT_PORT = 3128

/** Whether the parent resolves and reaches a destination: what the operator wrote down as a static answer goes past it. */
export function isReachedByParent(
  settings: { readonly upstreamProxy?: ParentProxy | undefined; readonly resolve: readonly StaticRule[] },
  { host, port }: Destination,
): boolean {
  return settings.upstreamProxy !== undefined && (host === null || staticAnswer(settings.resolve, host, port) === null)
}

/** Reads `http://[USER:PASSWORD@]HOST[:PORT]`. Null for anything else, a path included. */
export function parseParentProxy(text: string): ParentProxy | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (url.protocol !== 'http:' || url.pathname !== '/' || url.search !== '' || url.hash !== '') return null
  const name = url.hostname.replace(/^\[|\]$/g, '')
  const host = parseAddress(name) ?? parseHost(name)
  if (host === null) return null
  // URL leaves out the scheme's own port, so that an explicit 80 has to be read off the text.
  const port = url.port === '' ? (/:80\/?$/.test(text) ? 80 : DEFAULT_PORT) : Number(url.port)
  const credentials = credentialsOf(url)
  return credentials === undefined ? null : { host, port, authorization: credentials }
}

/** Undefined where the percent encoding is broken. */
function credentialsOf({ username, password }: URL): string | null | undefined {
  if (username === '' && password === '') return null
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

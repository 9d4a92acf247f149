/** Where a client asks to go: a name or a literal address, and a port (RFC 9110 section 7.1, authority without userinfo). */
import { type Address, parseAddress } from './address.ts'
import { type Host, parseHost } from './host.ts'

export type Destination =
  | { readonly host: Host; readonly literal: null; readonly port: number }
  | { readonly host: null; readonly literal: Address; readonly port: number }

/**
 * Reads `HOST:PORT`, `ADDRESS:PORT` or `[IPV6]:PORT`. Without a port, `defaultPort` stands in, and null where there is none
 * (CONNECT must name its port). Null too for userinfo, a path, white space, and every odd spelling of an address or port.
 */
export function parseAuthority(text: string, defaultPort: number | null): Destination | null {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\%]+)(?::([1-9]\d{0,4}))?$/i.exec(text)
  if (match === null) return null
  const [, name = '', portText] = match
  const port = portText === undefined ? defaultPort : Number(portText)
  if (port === null || port > 65_535) return null
  const literal = parseAddress(name)
  if (literal !== null) return { host: null, literal, port }
  const host = parseHost(name)
  return host === null ? null : { host, literal: null, port }
}

/** The name as a client wrote it, for records and messages: `github.com`, `[2001:db8::1]`. */
export function nameOf(destination: Destination): string {
  if (destination.host !== null) return destination.host
  return destination.literal.family === 6 ? `[${destination.literal.text}]` : destination.literal.text
}

export function authorityOf(destination: Destination): string {
  return `${nameOf(destination)}:${destination.port}`
}

export function sameName(left: Destination, right: Destination): boolean {
  return nameOf(left) === nameOf(right)
}

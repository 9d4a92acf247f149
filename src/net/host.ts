/** A DNS name as a value: folded, ASCII, without trailing dot, and never an address in disguise (RFC 1123, RFC 5890). */
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

declare const brand: unique symbol

/** A host name in lower-case A-label form. Only `parseHost` makes one. */
export type Host = string & { readonly [brand]: 'Host' }

const HOST_CHARACTERS_MAX = 253
const LABEL_CHARACTERS_MAX = 63
// Underscore is outside RFC 1123 but is served in practice; nothing else is.
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/

/**
 * Reads a host name. One trailing dot is dropped, case is folded, U-labels become A-labels.
 * Null for an address in any spelling: a last label that a resolver might read as a number (`0177.1`, `0x7f000001`,
 * `2130706433`) is an address to inet_aton (WHATWG URL, "ends in a number"), whatever it looks like to a list of hosts.
 */
export function parseHost(text: string): Host | null {
  if (text.length === 0 || text.length > HOST_CHARACTERS_MAX + 1) return null
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  const ascii = isAscii(bare) ? bare.toLowerCase() : foldInternational(bare)
  if (ascii.length === 0 || ascii.length > HOST_CHARACTERS_MAX || isIP(ascii) !== 0) return null
  const labels = ascii.split('.')
  for (const label of labels) if (label.length > LABEL_CHARACTERS_MAX || !LABEL.test(label)) return null
  if (readsAsNumber(labels[labels.length - 1] ?? '')) return null
  return ascii as Host
}

/** Empty where it is not a name. */
function foldInternational(text: string): string {
  // Node reads its argument as the host of a URL: it would cut at a slash, drop a tab and decode `%2e`.
  return /^[a-z0-9._\u0080-\uffff-]+$/i.test(text) ? domainToASCII(text) : ''
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

function readsAsNumber(label: string): boolean {
  return /^[0-9]+$/.test(label) || /^0x[0-9a-f]*$/.test(label)
}

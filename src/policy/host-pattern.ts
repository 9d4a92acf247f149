/** A host as a policy names it: `github.com`, or `*.acme.example` for every name below acme.example and not itself. */
import { isIP } from 'node:net'
import { type Host, parseHost } from '../net/host.ts'

export interface HostPattern {
  readonly host: Host
  /** True for `*.host`. */
  readonly below: boolean
}

/** Null for everything that is not a name, or a name after `*.`; `whyNotHostPattern` says why. */
export function parseHostPattern(text: string): HostPattern | null {
  const below = text.startsWith('*.')
  const host = parseHost(below ? text.slice(2) : text)
  return host === null ? null : { host, below }
}

export function formatHostPattern(pattern: HostPattern): string {
  return pattern.below ? `*.${pattern.host}` : pattern.host
}

/** What is wrong with a pattern that does not parse, and what to write. */
export function whyNotHostPattern(text: string): { readonly message: string; readonly hint?: string } | null {
  if (parseHostPattern(text) !== null) return null
  if (text === '*' || text === '**') {
    return { message: '`*` alone names no host', hint: 'leave the key out to mean every host' }
  }
  if (isIP(text.split('/')[0] ?? '') !== 0) {
    return { message: `\`${text}\` is an address, not a host name`, hint: 'use `networks` for addresses' }
  }
  const url = /^[a-z]+:\/\/([^/:]+)/i.exec(text)
  if (url !== null) return { message: `\`${text}\` is a URL, not a host name`, hint: `write \`${url[1] ?? ''}\`` }
  if (/^[^/]+:\d+$/.test(text)) return { message: `\`${text}\` has a port`, hint: 'use `ports` for ports' }
  if (text.includes('/')) return { message: `\`${text}\` has a path`, hint: `write \`${text.split('/')[0] ?? ''}\`` }
  if (text.includes('*')) {
    const hint = 'write `*.` in front of a name to mean every name below it'
    return { message: `\`${text}\` has a \`*\` that is not the first part`, hint }
  }
  return { message: `\`${text}\` is not a host name` }
}

/** Static answers in place of DNS: which address and port stand for a name and a port, as curl's `--connect-to`. */
import type { Address } from '../net/address.ts'
import { type Host, parseHost } from '../net/host.ts'
import { parseBracketed } from './listen.ts'

/** The names a rule is for: one host, every name below a host (and not the host itself), or every name. */
export type NamePattern =
  | { readonly kind: 'exact'; readonly host: Host }
  | { readonly kind: 'below'; readonly host: Host }
  | { readonly kind: 'any' }

export interface StaticRule {
  readonly names: NamePattern
  /** The port that the client asks for. */
  readonly port: number
  readonly answer: StaticAnswer
}

export interface StaticAnswer {
  readonly address: Address
  readonly port: number
}

/**
 * Reads `HOST:PORT:ADDRESS:PORT`, HOST a name, `*.name` or `*`, IPv6 in brackets.
 * HOST is never an address: a literal is dialled as it is, or the address that was judged is not the one that is dialled.
 */
export function parseStaticRule(text: string): StaticRule | null {
  const match = /^([^:[\]]+):(\d{1,5}):(\[[^\]]+\]|[^:[\]]+):(\d{1,5})$/.exec(text)
  if (match === null) return null
  const [, nameText = '', portText = '', addressText = '', answerPortText = ''] = match
  const names = parseNames(nameText)
  const address = parseBracketed(addressText)
  const port = parsePort(portText)
  const answerPort = parsePort(answerPortText)
  if (names === null || address === null || port === null || answerPort === null) return null
  return { names, port, answer: { address, port: answerPort } }
}

/** The answer for a name: its own before that of the longest suffix before that of `*`; of equals the first. */
export function staticAnswer(rules: readonly StaticRule[], host: Host, port: number): StaticAnswer | null {
  let best: StaticRule | null = null
  for (const rule of rules) {
    if (rule.port !== port || !covers(rule.names, host)) continue
    if (best === null || precision(rule.names) > precision(best.names)) best = rule
  }
  return best === null ? null : best.answer
}

function parseNames(text: string): NamePattern | null {
  if (text === '*') return { kind: 'any' }
  const below = text.startsWith('*.')
  const host = parseHost(below ? text.slice(2) : text)
  return host === null ? null : { kind: below ? 'below' : 'exact', host }
}

function parsePort(text: string): number | null {
  const port = Number(text)
  return port >= 1 && port <= 65_535 ? port : null
}

function covers(names: NamePattern, host: Host): boolean {
  if (names.kind === 'any') return true
  return names.kind === 'exact' ? host === names.host : host.endsWith(`.${names.host}`)
}

function precision(names: NamePattern): number {
  if (names.kind === 'any') return 0
  return names.kind === 'exact' ? Number.POSITIVE_INFINITY : names.host.length
}

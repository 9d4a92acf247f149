/** Client certificates: which one is shown to which upstreams. */
import { type Host, parseHost } from '../net/host.ts'

export interface ClientCertificate {
  readonly host: Host
  /** Whether every name below `host` is meant, and not `host` itself. */
  readonly below: boolean
  readonly file: string
}

/** Reads `HOST:FILE`, HOST a name or `*.name`. Null for anything else. */
export function parseClientCertificate(text: string): ClientCertificate | null {
  const colon = text.indexOf(':')
  if (colon <= 0 || colon === text.length - 1) return null
  const written = text.slice(0, colon)
  const below = written.startsWith('*.')
  const host = parseHost(below ? written.slice(2) : written)
  return host === null ? null : { host, below, file: text.slice(colon + 1) }
}

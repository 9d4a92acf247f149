/** A request by its URL, as a person names it: where it goes, and what the catalogue says that it does. */
import type { Classification } from '../catalog/classification.ts'
import { classify } from '../catalog/classify.ts'
import { type Destination, nameOf, parseAuthority } from '../net/destination.ts'
import type { CompiledPolicy } from './compiled.ts'

export interface RequestUrl {
  readonly scheme: 'http' | 'https' | 'ssh' | 'git'
  readonly destination: Destination
  /** Origin-form: path and query. */
  readonly target: string
  /** TLS is spoken there. */
  readonly secure: boolean
}

const DEFAULT_PORTS: Readonly<Record<RequestUrl['scheme'], number>> = { http: 80, https: 443, ssh: 22, git: 9418 }

/** Without a scheme https:// is meant. Null for what is no URL, or of another scheme. */
export function parseRequestUrl(text: string): RequestUrl | null {
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  // Of a host of some 16 kB canParse says yes, and the constructor throws.
  const url = URL.parse(written)
  if (url === null) return null
  const scheme = url.protocol.slice(0, -1)
  if (!isScheme(scheme)) return null
  const destination = parseAuthority(`${url.hostname}:${url.port || DEFAULT_PORTS[scheme]}`, null)
  if (destination === null) return null
  return { scheme, destination, target: `${url.pathname}${url.search}`, secure: scheme === 'https' }
}

/** `size` in bytes of upload, null where none is named. A push or a fetch has the type that git gives it. */
export function classifyRequest(
  { catalog }: CompiledPolicy,
  { destination, target }: RequestUrl,
  method: string,
  size: number | null,
): Classification {
  const [path = ''] = target.split('?', 1)
  const service = /\/(git-(?:upload|receive)-pack)$/.exec(path)?.[1]
  return classify(catalog, {
    host: nameOf(destination),
    method,
    target,
    contentType: service === undefined ? null : `application/x-${service}-request`,
    hasContent: !['GET', 'HEAD', 'OPTIONS'].includes(method) || (size ?? 0) > 0,
  })
}

function isScheme(name: string): name is RequestUrl['scheme'] {
  return Object.hasOwn(DEFAULT_PORTS, name)
}

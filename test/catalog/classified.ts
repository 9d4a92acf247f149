/** Requests in one line, and their classification in one line, for tables. */
import { type Catalog, compileCatalog } from '../../src/catalog/catalog.ts'
import type { Classification, RequestHead } from '../../src/catalog/classification.ts'
import { classify } from '../../src/catalog/classify.ts'
import type { ServiceInstance } from '../../src/catalog/own-service.ts'
import { type Host, parseHost } from '../../src/net/host.ts'

export const INSTANCES: readonly ServiceInstance[] = [
  {
    id: 'acme-github',
    kind: 'github',
    hosts: ['git.acme.example', 'code.acme.example', '*.git.acme.example', '*.code.acme.example'],
  },
  { id: 'corp-gitlab', kind: 'gitlab', hosts: ['code.corp.example', 'old-code.corp.example', '*.corp.example'] },
  { id: 'corp-bitbucket', kind: 'bitbucket', hosts: ['stash.acme.example'] },
  { id: 'corp-gitea', kind: 'gitea', hosts: ['gitea.acme.example'] },
  { id: 'corp-forgejo', kind: 'forgejo', hosts: ['forgejo.acme.example'] },
  { id: 'corp-tfs', kind: 'azure-devops', hosts: ['tfs.acme.example'] },
  { id: 'acme-git', kind: 'git', hosts: ['src.acme.example', 'old-src.acme.example', '*.repos.acme.example'] },
]

export const CATALOG: Catalog = compileCatalog(INSTANCES).catalog

export function host(text: string): Host {
  const parsed = parseHost(text)
  if (parsed === null) throw new Error(`no host: ${text}`)
  return parsed
}

/** `HOST/PATH` and a method; whether there is content follows the method unless it is said. */
export function classifyUrl(method: string, url: string, more: Partial<RequestHead> = {}): Classification {
  const slash = url.indexOf('/')
  const hasContent = !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method)
  const head = { host: host(url.slice(0, slash)), method, target: url.slice(slash), contentType: null, hasContent }
  return classify(CATALOG, { ...head, ...more })
}

/** `OPERATION REPOSITORY SERVICE`, where `-` is none and `?` one that cannot be told. */
export function show({ operation, repository, service }: Classification): string {
  const named =
    repository.state === 'known' ? repository.value : { absent: '-', never: '?', unseen: '!' }[repository.state]
  return `${operation} ${named} ${service?.id ?? '-'}`
}

/** The kind `github`: GitHub Enterprise Server, and GitHub's own tenants under ghe.com, which are laid out alike. */
import type { KindEntry, ServiceEntry, Surface } from '../service-entry.ts'
import { GRAPHQL_ROUTES, REST_ROUTES, UPLOAD_ROUTES } from './github-rest.ts'
import { GIST_ROUTES, RESERVED, WEB_ROUTES } from './github-web.ts'

const REPOSITORIES = ['{host}', 'gist.{host}']

export const GITHUB_SERVER: KindEntry = {
  kind: 'github',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    { hosts: ['{host}'], below: '/api/v3', repositories: REPOSITORIES, reads: 'api-read', routes: REST_ROUTES },
    { hosts: ['{host}'], below: '/api/uploads', repositories: REPOSITORIES, reads: 'api-read', routes: UPLOAD_ROUTES },
    { hosts: ['{host}'], below: '/api', repositories: REPOSITORIES, reads: 'api-read', routes: GRAPHQL_ROUTES },
    { hosts: ['{host}'], below: '/gist', repositories: REPOSITORIES, reads: 'web-read', routes: GIST_ROUTES },
    {
      hosts: ['{host}'],
      repositories: ['{host}'],
      reads: 'web-read',
      git: 'owner/repo',
      reserved: RESERVED,
      lenient: true,
      routes: WEB_ROUTES,
    },
    // With subdomain isolation, and on ghe.com, each surface has a host of its own.
    { hosts: ['api.{host}'], repositories: REPOSITORIES, reads: 'api-read', routes: REST_ROUTES },
    { hosts: ['uploads.{host}'], repositories: REPOSITORIES, reads: 'api-read', routes: UPLOAD_ROUTES },
    { hosts: ['gist.{host}'], repositories: ['gist.{host}'], reads: 'web-read', routes: GIST_ROUTES },
    {
      hosts: ['codeload.{host}', 'raw.{host}'],
      repositories: ['{host}'],
      reads: 'download',
      routes: [{ methods: ['GET'], path: '/{owner}/{repo}/**', operation: 'download' }],
    },
  ],
}

export const GITHUB_TENANTS: ServiceEntry = {
  ...GITHUB_SERVER,
  id: 'github-tenants',
  surfaces: GITHUB_SERVER.surfaces.map((surface): Surface => ({ ...surface, hosts: surface.hosts.map(atTenants) })),
}

function atTenants(host: string): string {
  return host.replace('{host}', '*.ghe.com')
}

/** GitLab: the kind, gitlab.com, and public servers of the same software. */
import { type KindEntry, type ServiceEntry, serverOf, sshHosts, writes } from '../service-entry.ts'
import { GRAPHQL_ROUTES, REST_ROUTES } from './gitlab-rest.ts'
import { RESERVED, WEB_ROUTES } from './gitlab-web.ts'

const REPOSITORIES = ['{host}']

export const GITLAB_SERVER: KindEntry = {
  kind: 'gitlab',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    {
      hosts: ['{host}'],
      below: '/api/v4',
      repositories: REPOSITORIES,
      projects: '/projects',
      reads: 'api-read',
      lenient: true,
      routes: REST_ROUTES,
    },
    { hosts: ['{host}'], below: '/api', repositories: REPOSITORIES, reads: 'api-read', routes: GRAPHQL_ROUTES },
    {
      hosts: ['{host}'],
      repositories: REPOSITORIES,
      reads: 'web-read',
      git: 'group/repo',
      reserved: RESERVED,
      lenient: true,
      routes: WEB_ROUTES,
    },
    {
      hosts: ['registry.{host}'],
      repositories: REPOSITORIES,
      reads: 'download',
      routes: writes({ '/v2/**': 'package-publish' }, 'unknown'),
    },
  ],
}

const OWN = ['gitlab.com']

export const GITLAB: readonly ServiceEntry[] = [
  serverOf('gitlab', GITLAB_SERVER, 'gitlab.com', [
    sshHosts(['altssh.gitlab.com'], OWN),
    {
      hosts: ['registry.gitlab.com'],
      repositories: OWN,
      reads: 'download',
      routes: writes({ '/v2/**': 'package-publish' }, 'unknown'),
    },
    {
      hosts: ['snowplowprd.trx.gitlab.net'],
      reads: 'web-read',
      unmatched: 'none',
      routes: ['/com.snowplowanalytics.snowplow/tp2', '/-/collect_events'].map((path) => {
        return { methods: ['POST'], path, operation: 'telemetry' }
      }),
    },
    { hosts: ['*.gitlab-static.net'], reads: 'download', unmatched: 'none', routes: [] },
    { hosts: ['*.gitlab.com', '*.gitlab.net'], repositories: OWN, reads: 'web-read', routes: [] },
  ]),
  serverOf('framagit', GITLAB_SERVER, 'framagit.org'),
  serverOf('salsa', GITLAB_SERVER, 'salsa.debian.org'),
  serverOf('gitgud', GITLAB_SERVER, 'gitgud.io'),
  serverOf('gnome-gitlab', GITLAB_SERVER, 'gitlab.gnome.org'),
  serverOf('freedesktop-gitlab', GITLAB_SERVER, 'gitlab.freedesktop.org'),
  serverOf('kde-invent', GITLAB_SERVER, 'invent.kde.org'),
]

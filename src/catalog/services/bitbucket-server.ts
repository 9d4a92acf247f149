/** The kind `bitbucket`: Bitbucket Server and Data Center (developer.atlassian.com/server/bitbucket/rest). */
import { type KindEntry, mount, type Route, reads, signIns, writes } from '../service-entry.ts'

const NAMED = '/projects/{owner}/repos/{repo}'

const REPOSITORY: readonly Route[] = [
  // POST on a repository itself forks it, and PUT may move it to another project.
  { methods: ['POST'], path: '', operation: 'repo-fork', lands: 'unknown' },
  { methods: ['PUT'], path: '', operation: 'repo-visibility', lands: 'unknown' },
  { methods: ['DELETE'], path: '', operation: 'repo-delete' },
  // The body names the repository that the request is opened in.
  ...writes({ '/pull-requests': 'issue-write' }, 'unknown'),
  ...writes({
    '/browse/**': 'file-write',
    '/branches/**': 'ref-write',
    '/tags/**': 'ref-write',
    '/default-branch': 'settings-write',
    '/commits/{sha}/comments/**': 'issue-write',
    '/commits/{sha}/builds/**': 'metadata-write',
    '/commits/{sha}/deployments/**': 'metadata-write',
    '/commits/{sha}/watch': 'metadata-write',
    '/pull-requests/{id}/merge': 'ref-write',
    '/pull-requests/{id}/rebase': 'ref-write',
    '/pull-requests/**': 'issue-write',
    '/attachments/**': 'file-upload',
    '/labels/**': 'metadata-write',
    '/watch': 'metadata-write',
    '/webhooks/**': 'hook-add',
    '/hook-scripts/**': 'hook-add',
    '/settings/**': 'settings-write',
    '/permissions/**': 'access-write',
    '/secret-scanning/**': 'settings-write',
  }),
]

const ELSEWHERE = [
  ...writes(
    {
      '/api/{version}/projects/{project_key}/repos': 'repo-create',
      '/build-status/{version}/commits/**': 'metadata-write',
      '/branch-permissions/{version}/**': 'settings-write',
      '/mirroring/{version}/**': 'settings-write',
    },
    'unknown',
  ),
  ...writes({
    '/api/{version}/projects/{project_key}/permissions/**': 'access-write',
    '/api/{version}/projects/{project_key}/webhooks/**': 'hook-add',
    '/api/{version}/projects/{project_key}/hook-scripts/**': 'hook-add',
    '/api/{version}/projects/{project_key}/settings/**': 'settings-write',
    '/api/{version}/projects/{project_key}': 'settings-write',
    '/api/{version}/projects': 'settings-write',
    '/api/{version}/hook-scripts/**': 'hook-add',
    '/api/{version}/admin/permissions/**': 'access-write',
    '/api/{version}/admin/**': 'settings-write',
    '/keys/{version}/**': 'key-add',
    '/ssh/{version}/**': 'key-add',
    '/gpg/{version}/**': 'key-add',
    '/access-tokens/{version}/**': 'access-write',
  }),
]

const MODULES = writes({
  [`/git/{version}${NAMED}/**`]: 'ref-write',
  [`/sync/{version}${NAMED}/**`]: 'ref-write',
  [`/branch-utils/{version}${NAMED}/branches`]: 'ref-write',
  [`/branch-permissions/{version}${NAMED}/**`]: 'settings-write',
  [`/default-reviewers/{version}${NAMED}/**`]: 'settings-write',
  [`/keys/{version}${NAMED}/**`]: 'key-add',
  [`/access-tokens/{version}${NAMED}/**`]: 'access-write',
  [`/comment-likes/{version}${NAMED}/**`]: 'issue-write',
  [`/insights/{version}${NAMED}/**`]: 'artifact-upload',
  '/git-lfs/storage/{owner}/{repo}/**': 'lfs-upload',
})

const REST_ROUTES: readonly Route[] = [
  ...signIns('/oauth2/latest/token', '/tsv/1.0/authenticate'),
  ...mount(`/api/{version}${NAMED}`, REPOSITORY),
  ...MODULES,
  ...ELSEWHERE,
  ...reads({
    [`/api/{version}${NAMED}/raw/**`]: 'download',
    [`/api/{version}${NAMED}/archive`]: 'download',
    [`/api/{version}${NAMED}/**`]: 'api-read',
    '/git-lfs/storage/{owner}/{repo}/**': 'download',
    '/api/{version}/application-properties': 'api-read',
    '/api/{version}/users/{user}': 'api-read',
  }),
]

const WEB_ROUTES: readonly Route[] = [
  ...signIns('/j_atl_security_check', '/login', '/plugins/servlet/samlconsumer'),
  ...writes({
    [`${NAMED}/attachments`]: 'file-upload',
    [`${NAMED}/settings/**`]: 'settings-write',
  }),
  ...reads({
    [`${NAMED}/raw/**`]: 'download',
    [`${NAMED}/**`]: 'web-read',
    '/': 'web-read',
    '/projects': 'web-read',
    '/dashboard': 'web-read',
    '/login': 'web-read',
  }),
]

export const BITBUCKET_SERVER: KindEntry = {
  kind: 'bitbucket',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    {
      hosts: ['{host}'],
      below: '/rest',
      repositories: ['{host}'],
      reads: 'api-read',
      lenient: true,
      routes: REST_ROUTES,
    },
    { hosts: ['{host}'], repositories: ['{host}'], reads: 'web-read', git: 'scm', lenient: true, routes: WEB_ROUTES },
  ],
}

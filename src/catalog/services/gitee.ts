/** Gitee: gitee.com and its REST API, version 5 (gitee.com/api/v5/swagger). */
import { mount, type Route, reads, type ServiceEntry, signIns, writes } from '../service-entry.ts'

const HOST = 'gitee.com'

const REPOSITORY: readonly Route[] = [
  ...reads({ '/raw/**': 'download', '/zipball': 'download', '/tarball': 'download', '/**': 'api-read' }),
  { methods: ['POST', 'PUT', 'DELETE'], path: '/contents/**', operation: 'file-write', base64: 'content' },
  ...writes({ '/forks': 'repo-fork', '/transfer': 'repo-transfer' }, 'unknown'),
  ...writes({
    '/commits': 'file-write',
    '/branches/{branch}/protection': 'settings-write',
    '/branches/{branch}/setting': 'settings-write',
    '/branches/setting/**': 'settings-write',
    '/branches/**': 'ref-write',
    '/tags/**': 'ref-write',
    '/protected_tags/**': 'settings-write',
    '/releases/**': 'release-upload',
    '/pulls/{number}/merge': 'ref-write',
    '/pulls/**': 'issue-write',
    '/issues/**': 'issue-write',
    '/comments/**': 'issue-write',
    '/commits/{sha}/comments': 'issue-write',
    '/labels/**': 'issue-write',
    '/milestones/**': 'issue-write',
    '/wiki/**': 'file-write',
    '/hooks/**': 'hook-add',
    '/keys/**': 'key-add',
    '/collaborators/**': 'access-write',
    '/pages/builds': 'ci-run',
    '/check-runs/**': 'metadata-write',
    '/push_config': 'settings-write',
    '/reviewer': 'settings-write',
    '/baidu_statistic_key': 'settings-write',
    // It empties the repository.
    '/clear': 'repo-delete',
  }),
  { methods: ['PATCH'], path: '', operation: 'repo-visibility' },
  { methods: ['DELETE'], path: '', operation: 'repo-delete' },
]

const REST_ROUTES: readonly Route[] = [
  // The repository of an issue is a field of the body.
  { methods: ['POST'], path: '/repos/{org}/issues', operation: 'issue-write', lands: 'unknown' },
  { methods: ['PATCH'], path: '/repos/{org}/issues/{number}', operation: 'issue-write', lands: 'unknown' },
  ...writes(
    {
      '/user/repos': 'repo-create',
      '/orgs/{org}/repos': 'repo-create',
      '/enterprises/{enterprise}/repos': 'repo-create',
      '/gists/**': 'gist-write',
    },
    'unknown',
  ),
  ...mount('/repos/{owner}/{repo}', REPOSITORY),
  ...writes({
    '/user/keys/**': 'key-add',
    '/user/starred/{owner}/{repo}': 'metadata-write',
    '/user/subscriptions/{owner}/{repo}': 'metadata-write',
    '/user/memberships/**': 'access-write',
    '/user/**': 'account-write',
    '/users/organization': 'account-write',
    '/orgs/{org}/memberships/**': 'access-write',
    '/orgs/{org}': 'settings-write',
    '/enterprises/{enterprise}/members/**': 'access-write',
    '/notifications/**': 'metadata-write',
  }),
  ...reads(
    { '/user/**': 'api-read', '/users/**': 'api-read', '/orgs/**': 'api-read', '/search/**': 'api-read' },
    'none',
  ),
]

const RESERVED: readonly string[] = `
  api about all-about-git appclient apps dashboard education enterprises events explore features gists help login logout
  notifications oauth organizations passwords profile projects repos search settings signup stars terms users
`
  .trim()
  .split(/\s+/)

const WEB_ROUTES: readonly Route[] = [
  ...signIns('/login', '/check_user_login', '/logout', '/oauth/token'),
  ...writes({ '/oauth/authorize': 'access-write' }),
  ...writes({ '/profile/sshkeys/**': 'key-add', '/profile/**': 'account-write', '/signup': 'account-write' }),
  ...writes({ '/projects': 'repo-create', '/gists/**': 'gist-write' }, 'unknown'),
  ...reads({
    '/{owner}/{repo}/raw/**': 'download',
    '/{owner}/{repo}/repository/archive/**': 'download',
    '/{owner}/{repo}/**': 'web-read',
    '/': 'web-read',
    '/{owner}': 'web-read',
    '/{reserved}/**': 'web-read',
  }),
]

export const GITEE: ServiceEntry = {
  id: 'gitee',
  kind: 'gitee',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    { hosts: [HOST], below: '/api/v5', repositories: [HOST], reads: 'api-read', lenient: true, routes: REST_ROUTES },
    { hosts: [HOST], below: '/api', repositories: [HOST], reads: 'api-read', routes: [] },
    {
      hosts: [HOST],
      repositories: [HOST],
      reads: 'web-read',
      git: 'owner/repo',
      reserved: RESERVED,
      lenient: true,
      routes: WEB_ROUTES,
    },
    { hosts: ['*.gitee.com'], repositories: [HOST], reads: 'web-read', routes: [] },
  ],
}

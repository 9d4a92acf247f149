/** Bitbucket Cloud: bitbucket.org, its API, and what its clients sign in with and upload to. */
import { reads, type ServiceEntry, signIns, sshHosts, writes } from '../service-entry.ts'
import { REST_ROUTES } from './bitbucket-rest.ts'

const REPOSITORIES = ['bitbucket.org']

const RESERVED: readonly string[] = `
  !api account api blog dashboard plans product repo site snippets socialauth support workspaces xhr
`
  .trim()
  .split(/\s+/)

const WEB_ROUTES = [
  ...signIns('/account/signin', '/account/signout', '/site/oauth2/access_token'),
  ...writes({ '/site/oauth2/authorize': 'access-write' }),
  ...writes({ '/repo/create': 'repo-create', '/repo/import': 'repo-create', '/snippets/**': 'gist-write' }, 'unknown'),
  ...reads({
    '/{owner}/{repo}/raw/**': 'download',
    '/{owner}/{repo}/get/**': 'download',
    '/{owner}/{repo}/downloads/**': 'download',
    '/{owner}/{repo}/**': 'web-read',
    '/': 'web-read',
    '/{owner}': 'web-read',
    '/{reserved}/**': 'web-read',
  }),
]

export const BITBUCKET: ServiceEntry = {
  id: 'bitbucket',
  kind: 'bitbucket',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    { hosts: ['api.bitbucket.org'], below: '/2.0', repositories: REPOSITORIES, reads: 'api-read', routes: REST_ROUTES },
    { hosts: ['api.bitbucket.org'], repositories: REPOSITORIES, reads: 'api-read', routes: [] },
    // The same API for the pages, with their cookies in place of a token.
    { hosts: REPOSITORIES, below: '/!api/2.0', repositories: REPOSITORIES, reads: 'api-read', routes: REST_ROUTES },
    { hosts: REPOSITORIES, below: '/api/2.0', repositories: REPOSITORIES, reads: 'api-read', routes: REST_ROUTES },
    { hosts: REPOSITORIES, reads: 'web-read', git: 'owner/repo', reserved: RESERVED, routes: WEB_ROUTES },
    sshHosts(['altssh.bitbucket.org'], REPOSITORIES),
    // Second hops: whose file it is was said where the address came from.
    {
      hosts: ['bbuseruploads.s3.amazonaws.com'],
      repositories: REPOSITORIES,
      reads: 'download',
      routes: writes({ '/**': 'release-upload' }, 'unknown'),
    },
    {
      hosts: ['api.media.atlassian.com'],
      repositories: REPOSITORIES,
      reads: 'download',
      routes: writes({ '/**': 'file-upload' }, 'unknown'),
    },
    {
      hosts: ['id.atlassian.com', 'auth.atlassian.com'],
      reads: 'web-read',
      unmatched: 'none',
      routes: signIns(
        '/login',
        '/login/callback',
        '/login/authorize',
        '/logout',
        '/rest/check-username',
        '/rest/authenticate',
        '/authorize',
        '/oauth/token',
        '/usernamepassword/login',
        '/co/authenticate',
        '/u/login',
      ),
    },
    { hosts: ['*.bitbucket.org'], repositories: REPOSITORIES, reads: 'web-read', routes: [] },
  ],
}

/** GitHub's REST API (docs.github.com/rest): every route that writes, and which reads name no repository. */
import { mount, mountUnnamed, type Route, WRITES } from '../service-entry.ts'
import { REPOSITORY_ROUTES } from './github-rest-repository.ts'

const PACKAGES: readonly Route[] = [{ methods: ['POST', 'DELETE'], path: '/packages/**', operation: 'package-publish' }]

const ORGANIZATION: readonly Route[] = [
  { methods: ['GET'], path: '/teams/{team}/repos/{owner}/{repo}', operation: 'api-read' },
  { methods: ['GET'], path: '/**', operation: 'api-read' },
  { methods: ['PATCH'], path: '', operation: 'settings-write' },
  { methods: ['DELETE'], path: '', operation: 'account-write' },
  // The repository's name is in the body.
  { methods: ['POST'], path: '/repos', operation: 'repo-create', lands: 'unknown', fields: {} },
  { methods: WRITES, path: '/actions/secrets/**', operation: 'secret-write' },
  { methods: WRITES, path: '/actions/variables/**', operation: 'secret-write' },
  { methods: WRITES, path: '/codespaces/secrets/**', operation: 'secret-write' },
  { methods: WRITES, path: '/dependabot/secrets/**', operation: 'secret-write' },
  { methods: WRITES, path: '/private-registries/**', operation: 'secret-write' },
  { methods: WRITES, path: '/actions/runners/**', operation: 'compute-admin' },
  { methods: WRITES, path: '/actions/hosted-runners/**', operation: 'compute-admin' },
  { methods: WRITES, path: '/actions/runner-groups/**', operation: 'compute-admin' },
  { methods: WRITES, path: '/actions/**', operation: 'settings-write' },
  { methods: WRITES, path: '/hooks/**', operation: 'hook-add' },
  { methods: WRITES, path: '/teams/{team}/discussions/**', operation: 'issue-write' },
  { methods: ['PUT', 'DELETE'], path: '/teams/{team}/repos/{owner}/{repo}', operation: 'access-write' },
  { methods: WRITES, path: '/teams/**', operation: 'access-write' },
  { methods: WRITES, path: '/members/{member}/codespaces/**', operation: 'compute-admin' },
  { methods: WRITES, path: '/members/**', operation: 'access-write' },
  { methods: WRITES, path: '/memberships/**', operation: 'access-write' },
  { methods: WRITES, path: '/public_members/**', operation: 'access-write' },
  { methods: WRITES, path: '/outside_collaborators/**', operation: 'access-write' },
  { methods: WRITES, path: '/invitations/**', operation: 'access-write' },
  { methods: WRITES, path: '/organization-roles/**', operation: 'access-write' },
  { methods: WRITES, path: '/personal-access-tokens/**', operation: 'access-write' },
  { methods: WRITES, path: '/personal-access-token-requests/**', operation: 'access-write' },
  { methods: WRITES, path: '/dependabot/repository-access/**', operation: 'access-write' },
  { methods: WRITES, path: '/migrations/**', operation: 'account-write' },
  { methods: WRITES, path: '/copilot/billing/**', operation: 'account-write' },
  { methods: WRITES, path: '/settings/billing/**', operation: 'account-write' },
  { methods: WRITES, path: '/settings/**', operation: 'settings-write' },
  { methods: WRITES, path: '/blocks/**', operation: 'settings-write' },
  { methods: WRITES, path: '/code-security/**', operation: 'settings-write' },
  { methods: WRITES, path: '/interaction-limits', operation: 'settings-write' },
  { methods: WRITES, path: '/issue-types/**', operation: 'settings-write' },
  { methods: WRITES, path: '/org-properties/**', operation: 'settings-write' },
  { methods: WRITES, path: '/properties/**', operation: 'settings-write' },
  { methods: WRITES, path: '/rulesets/**', operation: 'settings-write' },
  { methods: WRITES, path: '/secret-scanning/**', operation: 'settings-write' },
  { methods: ['POST'], path: '/artifacts/metadata/**', operation: 'metadata-write' },
  { methods: ['POST'], path: '/attestations/delete-request', operation: 'metadata-write' },
  { methods: ['DELETE'], path: '/attestations/**', operation: 'metadata-write' },
  { methods: WRITES, path: '/campaigns/**', operation: 'metadata-write' },
  { methods: WRITES, path: '/projectsV2/**', operation: 'issue-write' },
  ...PACKAGES,
]

const ONESELF: readonly Route[] = [
  { methods: ['GET'], path: '/starred/{owner}/{repo}', operation: 'api-read' },
  { methods: ['GET'], path: '/**', operation: 'api-read' },
  { methods: ['PATCH'], path: '', operation: 'account-write' },
  { methods: ['POST'], path: '/repos', operation: 'repo-create', lands: 'unknown', fields: {} },
  { methods: WRITES, path: '/keys/**', operation: 'key-add' },
  { methods: WRITES, path: '/gpg_keys/**', operation: 'key-add' },
  { methods: WRITES, path: '/ssh_signing_keys/**', operation: 'key-add' },
  { methods: WRITES, path: '/codespaces/secrets/**', operation: 'secret-write' },
  { methods: ['POST'], path: '/codespaces/{codespace}/publish', operation: 'repo-create', lands: 'unknown' },
  // Which repository a codespace stands on, and where its export goes, is in the body or on the server.
  { methods: WRITES, path: '/codespaces/**', operation: 'compute-admin', lands: 'unknown' },
  { methods: WRITES, path: '/emails/**', operation: 'account-write' },
  { methods: ['PATCH'], path: '/email/visibility', operation: 'account-write' },
  { methods: WRITES, path: '/social_accounts/**', operation: 'account-write' },
  { methods: WRITES, path: '/following/**', operation: 'account-write' },
  { methods: WRITES, path: '/blocks/**', operation: 'account-write' },
  { methods: WRITES, path: '/interaction-limits', operation: 'account-write' },
  { methods: WRITES, path: '/migrations/**', operation: 'account-write' },
  { methods: WRITES, path: '/installations/**', operation: 'access-write' },
  { methods: WRITES, path: '/memberships/**', operation: 'access-write' },
  { methods: WRITES, path: '/repository_invitations/**', operation: 'access-write' },
  { methods: ['PUT', 'DELETE'], path: '/starred/{owner}/{repo}', operation: 'metadata-write' },
  { methods: WRITES, path: '/{user_id}/projectsV2/**', operation: 'issue-write' },
  ...PACKAGES,
]

const OTHER_USERS: readonly Route[] = [
  { methods: ['GET'], path: '/**', operation: 'api-read' },
  { methods: ['POST'], path: '/attestations/delete-request', operation: 'metadata-write' },
  { methods: ['DELETE'], path: '/attestations/**', operation: 'metadata-write' },
  { methods: WRITES, path: '/projectsV2/**', operation: 'issue-write' },
  ...PACKAGES,
]

const APPS: readonly Route[] = [
  { methods: ['POST'], path: '/app-manifests/{code}/conversions', operation: 'account-write' },
  { methods: WRITES, path: '/app/hook/**', operation: 'hook-add' },
  // An app signs in by asking for the token of an installation, and checks and revokes tokens in the same way.
  { methods: ['POST'], path: '/app/installations/{id}/access_tokens', operation: 'sign-in' },
  { methods: ['DELETE'], path: '/installation/token', operation: 'sign-in' },
  { methods: WRITES, path: '/applications/{client_id}/token', operation: 'sign-in' },
  { methods: ['POST'], path: '/applications/{client_id}/token/scoped', operation: 'sign-in' },
  { methods: ['DELETE'], path: '/applications/{client_id}/grant', operation: 'access-write' },
  { methods: WRITES, path: '/app/installations/**', operation: 'access-write' },
  { methods: ['GET'], path: '/app/**', operation: 'api-read', lands: 'none' },
]

const ENTERPRISE: readonly Route[] = [
  { methods: ['GET'], path: '/**', operation: 'api-read' },
  { methods: WRITES, path: '/teams/**', operation: 'access-write' },
  { methods: WRITES, path: '/actions/**', operation: 'settings-write' },
  { methods: WRITES, path: '/code-security/**', operation: 'settings-write' },
]

// A gist is known by its number; whose it is, and so its name under gist.github.com, the address does not prove.
const GISTS: readonly Route[] = [
  { methods: ['GET'], path: '/gists/**', operation: 'api-read', lands: 'unknown' },
  { methods: ['PUT', 'DELETE'], path: '/gists/{gist_id}/star', operation: 'metadata-write', lands: 'unknown' },
  { methods: WRITES, path: '/gists/**', operation: 'gist-write', lands: 'unknown' },
]

const ABOUT_NO_REPOSITORY = [
  '/',
  '/advisories/**',
  '/apps/**',
  '/assignments/**',
  '/classrooms/**',
  '/codes_of_conduct/**',
  '/emojis',
  '/events',
  '/feeds',
  '/gitignore/**',
  '/installation/**',
  '/issues',
  '/licenses/**',
  '/marketplace_listing/**',
  '/meta',
  '/notifications/**',
  '/octocat',
  '/organizations',
  '/rate_limit',
  '/repositories',
  '/search/**',
  '/users',
  '/versions',
  '/zen',
]

// What stands neither here nor above may be about any.
const PUBLIC_READS: readonly Route[] = [
  { methods: ['GET'], path: '/networks/{owner}/{repo}/events', operation: 'api-read' },
  ...ABOUT_NO_REPOSITORY.map(readOnly),
]

/** What a document does, only the document tells. */
export const GRAPHQL_ROUTES: readonly Route[] = [
  { methods: ['POST'], path: '/graphql', operation: 'unknown-write', lands: 'unknown', body: { graphql: 'github' } },
]

// /markdown and `attestations/bulk-list` are left out on purpose: free text in the body.
export const REST_ROUTES: readonly Route[] = [
  ...mount('/repos/{owner}/{repo}', REPOSITORY_ROUTES),
  // Where GitHub sends clients of a renamed repository; the number works from the start.
  ...mountUnnamed('/repositories/{repository_id}', REPOSITORY_ROUTES),
  ...GRAPHQL_ROUTES,
  ...GISTS,
  ...mount('/orgs/{org}', ORGANIZATION),
  ...mount('/organizations/{org}', ORGANIZATION),
  ...mount('/user', ONESELF),
  ...mount('/users/{username}', OTHER_USERS),
  ...mount('/enterprises/{enterprise}', ENTERPRISE),
  ...APPS,
  { methods: WRITES, path: '/notifications/**', operation: 'metadata-write' },
  { methods: ['POST'], path: '/_private/browser/{what}', operation: 'telemetry' },
  ...PUBLIC_READS,
]

/** uploads.github.com, which has no other routes. */
export const UPLOAD_ROUTES: readonly Route[] = [
  { methods: ['POST'], path: '/repos/{owner}/{repo}/releases/{id}/assets', operation: 'release-upload' },
  {
    methods: ['POST'],
    path: '/repos/{owner}/{repo}/code-scanning/codeql/databases/{language}',
    operation: 'artifact-upload',
  },
  {
    methods: ['POST'],
    path: '/repositories/{id}/releases/{release}/assets',
    operation: 'release-upload',
    lands: 'unknown',
  },
]

function readOnly(path: string): Route {
  return { methods: ['GET'], path, operation: 'api-read', lands: 'none' }
}

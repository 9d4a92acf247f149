/** The REST API of Gitea and Forgejo, version 1 (each server's own /api/swagger). */
import { mount, type Route, reads, writes } from '../service-entry.ts'

const REPOSITORY: readonly Route[] = [
  ...reads({ '/raw/**': 'download', '/media/**': 'download', '/archive/**': 'download', '/**': 'api-read' }),
  { methods: ['POST', 'PUT', 'DELETE'], path: '/contents/**', operation: 'file-write', base64: 'content' },
  { methods: ['POST', 'PATCH', 'DELETE'], path: '/wiki/**', operation: 'file-write', base64: 'content_base64' },
  ...writes(
    {
      '/forks': 'repo-fork',
      '/generate': 'repo-create',
      '/transfer/**': 'repo-transfer',
      // A mirror pushes the repository to any address, again and again.
      '/push_mirrors/**': 'settings-write',
      '/push_mirrors-sync': 'settings-write',
    },
    'unknown',
  ),
  ...writes({
    '/diffpatch': 'file-write',
    '/git/notes/**': 'file-write',
    '/branches/**': 'ref-write',
    '/tags/**': 'ref-write',
    '/merge-upstream': 'ref-write',
    '/sync_fork/**': 'ref-write',
    '/branch_protections/**': 'settings-write',
    '/tag_protections/**': 'settings-write',
    '/releases/**': 'release-upload',
    '/pulls/{index}/merge': 'ref-write',
    '/pulls/{index}/update': 'ref-write',
    '/pulls/**': 'issue-write',
    '/issues/{index}/assets/**': 'file-upload',
    '/issues/comments/{id}/assets/**': 'file-upload',
    '/issues/**': 'issue-write',
    '/labels/**': 'issue-write',
    '/milestones/**': 'issue-write',
    '/statuses/{sha}': 'metadata-write',
    '/topics/**': 'metadata-write',
    '/subscription': 'metadata-write',
    '/notifications': 'metadata-write',
    '/hooks/**': 'hook-add',
    '/keys/**': 'key-add',
    '/collaborators/**': 'access-write',
    '/teams/**': 'access-write',
    '/actions/secrets/**': 'secret-write',
    '/actions/variables/**': 'secret-write',
    '/actions/runners/**': 'compute-admin',
    '/actions/workflows/{workflow}/dispatches': 'ci-run',
    '/actions/workflows/**': 'settings-write',
    '/actions/runs/**': 'ci-run',
    '/actions/jobs/**': 'ci-run',
    '/actions/artifacts/**': 'metadata-write',
    '/mirror-sync': 'settings-write',
    '/avatar': 'settings-write',
    '/convert': 'settings-write',
    '/flags/**': 'settings-write',
  }),
  // One route renames, archives, and makes public: the strictest of what its body may ask for.
  { methods: ['PATCH'], path: '', operation: 'repo-visibility' },
  { methods: ['DELETE'], path: '', operation: 'repo-delete' },
]

const LANDING_ELSEWHERE = writes(
  {
    '/repos/migrate': 'repo-create',
    '/user/repos': 'repo-create',
    '/org/{org}/repos': 'repo-create',
    '/orgs/{org}/repos': 'repo-create',
    '/admin/users/{username}/repos': 'repo-create',
    '/packages/**': 'package-publish',
  },
  'unknown',
)

const REST = writes({
  '/user/keys/**': 'key-add',
  '/user/gpg_keys/**': 'key-add',
  '/user/gpg_key_verify': 'key-add',
  '/admin/users/{username}/keys/**': 'key-add',
  '/user/applications/**': 'access-write',
  '/users/{username}/tokens/**': 'access-write',
  '/user/hooks/**': 'hook-add',
  '/orgs/{org}/hooks/**': 'hook-add',
  '/admin/hooks/**': 'hook-add',
  '/user/actions/secrets/**': 'secret-write',
  '/user/actions/variables/**': 'secret-write',
  '/orgs/{org}/actions/secrets/**': 'secret-write',
  '/orgs/{org}/actions/variables/**': 'secret-write',
  '/user/actions/runners/**': 'compute-admin',
  '/orgs/{org}/actions/runners/**': 'compute-admin',
  '/admin/actions/runners/**': 'compute-admin',
  '/user/starred/{owner}/{repo}': 'metadata-write',
  '/teams/{id}/repos/{owner}/{repo}': 'access-write',
  '/teams/**': 'access-write',
  '/orgs/{org}/teams/**': 'access-write',
  '/orgs/{org}/members/**': 'access-write',
  '/orgs/{org}/public_members/**': 'access-write',
  '/orgs/{org}/labels/**': 'issue-write',
  '/user/**': 'account-write',
  '/orgs': 'account-write',
  '/orgs/{org}/rename': 'account-write',
  '/orgs/{org}': 'settings-write',
  '/admin/**': 'settings-write',
  '/notifications/**': 'metadata-write',
})

// /markdown, /markup and /activitypub are left out on purpose: free text, or the words of another server.
export const REST_ROUTES: readonly Route[] = [
  ...LANDING_ELSEWHERE,
  ...reads({ '/repos/issues/search': 'api-read', '/repos/search': 'api-read' }, 'none'),
  ...mount('/repos/{owner}/{repo}', REPOSITORY),
  ...REST,
  ...reads(
    {
      '/user/**': 'api-read',
      '/users/**': 'api-read',
      '/orgs/**': 'api-read',
      '/settings/**': 'api-read',
      '/version': 'api-read',
      '/nodeinfo': 'api-read',
    },
    'none',
  ),
]

/** Below `/api`, beside REST: packages belong to an owner, and what a runner hands in to the repository of its token. */
export const OTHER_API_ROUTES: readonly Route[] = writes(
  { '/packages/**': 'package-publish', '/actions_pipeline/**': 'artifact-upload', '/actions/**': 'artifact-upload' },
  'unknown',
)

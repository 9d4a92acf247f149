/** Bitbucket Cloud's REST API, version 2.0 (developer.atlassian.com/cloud/bitbucket/rest). */
import { mount, type Route, reads, writes } from '../service-entry.ts'

const REPOSITORY: readonly Route[] = [
  ...reads({ '/downloads/**': 'download', '/**': 'api-read' }),
  ...writes({ '/forks': 'repo-fork' }, 'unknown'),
  ...writes({
    '/src': 'file-write',
    '/refs/**': 'ref-write',
    '/downloads/**': 'release-upload',
    '/commit/{sha}/comments/**': 'issue-write',
    '/commit/{sha}/approve': 'issue-write',
    '/commit/{sha}/reports/**': 'artifact-upload',
    '/commit/{sha}/statuses/**': 'metadata-write',
    '/commit/{sha}/properties/**': 'metadata-write',
    '/properties/**': 'metadata-write',
    '/pullrequests/{id}/merge': 'ref-write',
    '/pullrequests/**': 'issue-write',
    '/issues/{id}/attachments/**': 'file-upload',
    '/issues/import': 'file-upload',
    '/issues/**': 'issue-write',
    '/pipelines/**': 'ci-run',
    '/pipelines_config/schedules/**': 'ci-run',
    '/pipelines_config/variables/**': 'secret-write',
    '/pipelines_config/ssh/**': 'key-add',
    '/pipelines_config/**': 'settings-write',
    '/pipelines-config/runners/**': 'compute-admin',
    '/pipelines-config/caches/**': 'metadata-write',
    '/deployments_config/environments/{environment}/variables/**': 'secret-write',
    '/environments/**': 'settings-write',
    '/hooks/**': 'hook-add',
    '/deploy-keys/**': 'key-add',
    '/permissions-config/**': 'access-write',
    '/branch-restrictions/**': 'settings-write',
    '/branching-model/settings': 'settings-write',
    '/default-reviewers/**': 'settings-write',
    '/override-settings': 'settings-write',
  }),
  { methods: ['POST'], path: '', operation: 'repo-create' },
  { methods: ['PUT'], path: '', operation: 'repo-visibility' },
  { methods: ['DELETE'], path: '', operation: 'repo-delete' },
]

const WORKSPACE = writes({
  '/hooks/**': 'hook-add',
  '/permissions/**': 'access-write',
  '/members/**': 'access-write',
  '/pipelines-config/variables/**': 'secret-write',
  '/pipelines-config/runners/**': 'compute-admin',
  '/pipelines-config/**': 'settings-write',
  '/projects/{project_key}/deploy-keys/**': 'key-add',
  '/projects/{project_key}/permissions-config/**': 'access-write',
  // A project's visibility is its repositories'.
  '/projects/**': 'settings-write',
})

const ACCOUNT = writes({
  '/users/{user}/ssh-keys/**': 'key-add',
  '/users/{user}/gpg-keys/**': 'key-add',
  '/users/{user}/pipelines_config/variables/**': 'secret-write',
  '/teams/{team}/pipelines_config/variables/**': 'secret-write',
  '/users/{user}/properties/**': 'metadata-write',
  '/user/**': 'account-write',
  '/addon/**': 'account-write',
})

export const REST_ROUTES: readonly Route[] = [
  ...mount('/repositories/{owner}/{repo}', REPOSITORY),
  ...writes({ '/snippets/**': 'gist-write' }, 'unknown'),
  ...mount('/workspaces/{workspace}', WORKSPACE),
  ...ACCOUNT,
  ...reads({
    '/user/**': 'api-read',
    '/users/**': 'api-read',
    '/workspaces/**': 'api-read',
    '/hook_events/**': 'api-read',
  }),
]

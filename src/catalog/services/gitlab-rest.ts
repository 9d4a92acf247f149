/** GitLab's REST API, version 4 (docs.gitlab.com/api): what writes, and where it lands. */
import { mount, type Route, reads, writes } from '../service-entry.ts'
import { PROJECT_ROUTES } from './gitlab-rest-project.ts'

const GROUP = [
  ...writes(
    {
      '/projects/{project_id}': 'repo-transfer',
      '/transfer': 'repo-transfer',
      '/export/**': 'settings-write',
      '/export_relations/**': 'settings-write',
      '/wikis/attachments': 'file-upload',
      '/wikis/**': 'file-write',
      '/uploads/**': 'file-upload',
      '/packages/**': 'package-publish',
      '/-/packages/**': 'package-publish',
      '/debian_distributions/**': 'package-publish',
    },
    'unknown',
  ),
  ...writes({
    '/variables/**': 'secret-write',
    '/hooks/**': 'hook-add',
    '/integrations/**': 'hook-add',
    '/runners/**': 'compute-admin',
    '/cluster_agents/**': 'compute-admin',
    '/clusters/**': 'compute-admin',
    '/ssh_certificates/**': 'key-add',
    '/deploy_tokens/**': 'access-write',
    '/access_tokens/**': 'access-write',
    '/access_requests/**': 'access-write',
    '/invitations/**': 'access-write',
    '/members/**': 'access-write',
    '/billable_members/**': 'access-write',
    '/member_roles/**': 'access-write',
    '/service_accounts/**': 'access-write',
    '/share/**': 'access-write',
    '/ldap_group_links/**': 'access-write',
    '/saml_group_links/**': 'access-write',
    '/epics/**': 'issue-write',
    '/epic_boards/**': 'issue-write',
    '/boards/**': 'issue-write',
    '/labels/**': 'issue-write',
    '/milestones/**': 'issue-write',
    '/badges/**': 'settings-write',
    '/custom_attributes/**': 'settings-write',
    '/dependency_proxy/**': 'settings-write',
    '/protected_environments/**': 'settings-write',
    '/push_rule': 'settings-write',
    '/notification_settings': 'metadata-write',
    '/restore': 'settings-write',
  }),
]

const LANDING_ELSEWHERE = writes(
  {
    '/projects': 'repo-create',
    '/projects/user/{user_id}': 'repo-create',
    '/projects/import': 'repo-create',
    '/projects/import-relation': 'repo-create',
    '/projects/remote-import': 'repo-create',
    '/projects/remote-import-s3': 'repo-create',
    '/import/**': 'repo-create',
    '/bulk_imports/**': 'repo-create',
    '/groups/import/**': 'repo-create',
    '/snippets/**': 'gist-write',
    '/packages/**': 'package-publish',
    // A suggestion is a change of code that lies ready in a comment.
    '/suggestions/**': 'file-write',
    // What a runner asks for and hands in: its token says which project it works for.
    '/jobs/{job_id}/artifacts/**': 'artifact-upload',
    '/jobs/{job_id}/trace': 'artifact-upload',
    '/jobs/**': 'ci-run',
    '/chat/**': 'ai-prompt',
    '/code_suggestions/**': 'ai-prompt',
    '/duo_workflows/**': 'ai-prompt',
  },
  'unknown',
)

const ACCOUNT = writes({
  '/user/keys/**': 'key-add',
  '/user/gpg_keys/**': 'key-add',
  '/users/{user_id}/keys/**': 'key-add',
  '/users/{user_id}/gpg_keys/**': 'key-add',
  '/deploy_keys/**': 'key-add',
  '/user/personal_access_tokens': 'access-write',
  '/users/{user_id}/personal_access_tokens': 'access-write',
  '/users/{user_id}/impersonation_tokens/**': 'access-write',
  '/personal_access_tokens/**': 'access-write',
  '/service_accounts/**': 'access-write',
  '/member_roles/**': 'access-write',
  '/user/runners': 'compute-admin',
  '/runners/**': 'compute-admin',
  '/user/**': 'account-write',
  '/users/**': 'account-write',
  '/groups': 'account-write',
  '/organizations/**': 'account-write',
  '/hooks/**': 'hook-add',
  '/admin/ci/variables/**': 'secret-write',
  '/admin/**': 'settings-write',
  '/application/**': 'settings-write',
  '/applications/**': 'settings-write',
  '/broadcast_messages/**': 'settings-write',
  '/features/**': 'settings-write',
  '/geo_nodes/**': 'settings-write',
  '/geo_sites/**': 'settings-write',
  '/license/**': 'settings-write',
  '/namespaces/**': 'settings-write',
  '/topics/**': 'settings-write',
  '/todos/**': 'metadata-write',
  '/notification_settings': 'metadata-write',
})

const TELEMETRY = ['track_event', 'track_events', 'increment_counter', 'increment_unique_users'].map(
  (name): Route => ({ methods: ['POST'], path: `/usage_data/${name}`, operation: 'telemetry' }),
)

const ABOUT_NO_REPOSITORY = reads(
  {
    '/application/**': 'api-read',
    '/broadcast_messages/**': 'api-read',
    '/metadata': 'api-read',
    '/namespaces/**': 'api-read',
    '/personal_access_tokens/**': 'api-read',
    '/projects': 'api-read',
    '/topics/**': 'api-read',
    '/user/**': 'api-read',
    '/users/**': 'api-read',
    '/version': 'api-read',
  },
  'none',
)

// /markdown, /ci/lint and the like are left out on purpose: free text in the body, and nothing vouches that it is not kept.
export const REST_ROUTES: readonly Route[] = [
  ...LANDING_ELSEWHERE,
  ...mount('/projects/{project}', PROJECT_ROUTES),
  ...mount('/groups/{group_id}', GROUP),
  // A group's visibility is its projects'.
  { methods: ['PUT', 'PATCH'], path: '/groups/{group_id}', operation: 'repo-visibility', lands: 'unknown' },
  { methods: ['DELETE'], path: '/groups/{group_id}', operation: 'account-write' },
  ...ACCOUNT,
  ...TELEMETRY,
  ...ABOUT_NO_REPOSITORY,
]

/** Below `/api`, beside REST: a query by GET may be a mutation to a server that is old enough. */
export const GRAPHQL_ROUTES: readonly Route[] = [
  { methods: ['GET'], path: '/graphql/**', operation: 'unknown-write', lands: 'unknown' },
  { methods: ['POST'], path: '/graphql', operation: 'unknown-write', lands: 'unknown', body: { graphql: 'gitlab' } },
]

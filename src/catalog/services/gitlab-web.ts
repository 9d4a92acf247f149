/** GitLab's web pages: sign-in, and the forms that write. Undocumented, so that what is missing is a write. */
import { mount, type Route, reads, signIns, writes } from '../service-entry.ts'

const SIGN_IN = signIns(
  '/users/sign_in',
  '/users/sign_out',
  '/users/auth/saml',
  '/users/auth/saml/callback',
  '/users/auth/github',
  '/users/auth/google_oauth2',
  '/users/auth/openid_connect',
  '/users/auth/ldapmain/callback',
  '/groups/{group}/-/saml/callback',
  '/users/passkeys/sign_in',
  '/oauth/token',
  '/oauth/revoke',
  '/oauth/introspect',
  '/oauth/authorize_device',
)

const ACCOUNT = writes({
  // An application is let in, or a device; `authorize_device` above is the device that asks.
  '/oauth/authorize/**': 'access-write',
  '/oauth/device/**': 'access-write',
  '/oauth/authorized_applications/**': 'access-write',
  '/-/user_settings/ssh_keys/**': 'key-add',
  '/-/user_settings/gpg_keys/**': 'key-add',
  '/-/user_settings/personal_access_tokens/**': 'access-write',
  '/-/user_settings/applications/**': 'access-write',
  '/-/user_settings/**': 'account-write',
  '/-/profile/keys/**': 'key-add',
  '/-/profile/gpg_keys/**': 'key-add',
  '/-/profile/personal_access_tokens/**': 'access-write',
  '/-/profile/**': 'account-write',
  '/users': 'account-write',
  '/users/password': 'account-write',
  '/users/confirmation': 'account-write',
  '/groups': 'account-write',
})

const LANDING_ELSEWHERE = writes(
  {
    '/projects': 'repo-create',
    '/import/**': 'repo-create',
    '/-/snippets/**': 'gist-write',
    '/uploads/**': 'file-upload',
    '/v2/**': 'package-publish',
  },
  'unknown',
)

const FORMS = [
  ...writes(
    {
      '/forks/**': 'repo-fork',
      '/merge_requests': 'issue-write',
      '/issues/{iid}/move': 'issue-write',
      '/mirror/**': 'settings-write',
    },
    'unknown',
  ),
  ...writes({
    '/create/**': 'file-write',
    '/create_dir/**': 'file-write',
    '/new/**': 'file-write',
    '/edit/**': 'file-write',
    '/update/**': 'file-write',
    '/blob/**': 'file-write',
    '/preview/**': 'file-write',
    '/wikis/**': 'file-write',
    '/snippets/**': 'gist-write',
    '/uploads/**': 'file-upload',
    '/releases/**': 'release-upload',
    '/branches/**': 'ref-write',
    '/merged_branches': 'ref-write',
    '/tags/**': 'ref-write',
    '/merge_requests/{iid}/merge': 'ref-write',
    '/merge_requests/{iid}/rebase': 'ref-write',
    '/merge_requests/**': 'issue-write',
    '/issues/**': 'issue-write',
    '/work_items/**': 'issue-write',
    '/incidents/**': 'issue-write',
    '/notes/**': 'issue-write',
    '/labels/**': 'issue-write',
    '/milestones/**': 'issue-write',
    '/boards/**': 'issue-write',
    '/pipelines/**': 'ci-run',
    '/pipeline_schedules/**': 'ci-run',
    '/jobs/**': 'ci-run',
    '/variables/**': 'secret-write',
    '/hooks/**': 'hook-add',
    '/settings/integrations/**': 'hook-add',
    '/deploy_keys/**': 'key-add',
    '/project_members/**': 'access-write',
    '/group_links/**': 'access-write',
    '/triggers/**': 'access-write',
    '/settings/access_tokens/**': 'access-write',
    '/runners/**': 'compute-admin',
    '/clusters/**': 'compute-admin',
    '/environments/**': 'settings-write',
    '/feature_flags/**': 'settings-write',
    '/pages/**': 'settings-write',
    '/protected_branches/**': 'settings-write',
    '/protected_tags/**': 'settings-write',
    '/settings/**': 'settings-write',
  }),
]

export const WEB_ROUTES: readonly Route[] = [
  ...SIGN_IN,
  { methods: ['POST'], path: '/-/collect_events', operation: 'telemetry' },
  ...ACCOUNT,
  ...LANDING_ELSEWHERE,
  ...mount('/{path}/-', FORMS),
  ...writes({
    '/{path}/uploads': 'file-upload',
    // Where LFS uploads go.
    '/{path}/gitlab-lfs/objects/{oid}/{size}': 'lfs-upload',
    '/{path}/gitlab-lfs/objects/{oid}/{size}/authorize': 'lfs-upload',
  }),
  ...reads({
    '/{path}/gitlab-lfs/objects/{oid}': 'download',
    '/{path}/-/raw/**': 'download',
    '/{path}/-/archive/**': 'download',
    '/{path}/-/jobs/{job_id}/artifacts/**': 'download',
    '/{path}/-/**': 'web-read',
    '/{owner}/{repo}': 'web-read',
    '/': 'web-read',
    '/{owner}': 'web-read',
    '/{reserved}/**': 'web-read',
  }),
]

/** First segments that no group and no user can have for a name. */
export const RESERVED: readonly string[] = `
  - .well-known abuse_reports admin api assets autocomplete dashboard explore files groups health_check help import
  invites jwt login oauth profile projects public s search sent_notifications sitemap snippets unsubscribes uploads users v2
`
  .trim()
  .split(/\s+/)

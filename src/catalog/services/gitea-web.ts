/** The web pages of Gitea and Forgejo: sign-in, and the forms that write. */
import { mount, type Route, reads, signIns, writes } from '../service-entry.ts'

const SIGN_IN = signIns(
  '/user/login',
  '/user/login/openid',
  '/user/logout',
  '/user/two_factor',
  '/user/two_factor/scratch',
  '/user/webauthn/assertion',
  '/user/webauthn/passkey/login',
  '/user/link_account_signin',
  '/login/oauth/access_token',
  '/login/oauth/introspect',
)

const ACCOUNT = writes({
  // An application is let in.
  '/login/oauth/authorize': 'access-write',
  '/login/oauth/grant': 'access-write',
  '/user/settings/keys/**': 'key-add',
  '/user/settings/applications/**': 'access-write',
  '/user/settings/hooks/**': 'hook-add',
  '/user/settings/actions/secrets/**': 'secret-write',
  '/user/settings/actions/variables/**': 'secret-write',
  '/user/settings/**': 'account-write',
  '/user/sign_up': 'account-write',
  '/user/forgot_password': 'account-write',
  '/user/recover_account': 'account-write',
  '/org/create': 'account-write',
})

const LANDING_ELSEWHERE = writes(
  {
    '/repo/create': 'repo-create',
    '/repo/migrate': 'repo-create',
    '/repo/fork/{id}': 'repo-fork',
    '/v2/**': 'package-publish',
  },
  'unknown',
)

const REPOSITORY = [
  ...reads({ '/raw/**': 'download', '/media/**': 'download', '/archive/**': 'download', '/**': 'web-read' }),
  ...writes(
    {
      '/fork': 'repo-fork',
      // The form of a repository's settings does everything, to the transfer, by a field in its body.
      '/settings': 'repo-transfer',
    },
    'unknown',
  ),
  ...writes({
    '/_new/**': 'file-write',
    '/_edit/**': 'file-write',
    '/_upload/**': 'file-write',
    '/_delete/**': 'file-write',
    '/_diffpatch/**': 'file-write',
    '/_cherrypick/**': 'ref-write',
    '/upload-file': 'file-write',
    '/upload-remove': 'file-write',
    '/wiki/**': 'file-write',
    '/issues/attachments/**': 'file-upload',
    '/issues/{index}/attachments/**': 'file-upload',
    '/releases/**': 'release-upload',
    '/branches/**': 'ref-write',
    '/tags/**': 'ref-write',
    '/pulls/{index}/merge': 'ref-write',
    '/pulls/{index}/update': 'ref-write',
    '/pulls/**': 'issue-write',
    '/issues/**': 'issue-write',
    '/comments/**': 'issue-write',
    '/compare/**': 'issue-write',
    '/labels/**': 'issue-write',
    '/milestones/**': 'issue-write',
    '/projects/**': 'issue-write',
    '/settings/hooks/**': 'hook-add',
    '/settings/keys/**': 'key-add',
    '/settings/collaboration/**': 'access-write',
    '/settings/actions/secrets/**': 'secret-write',
    '/settings/actions/variables/**': 'secret-write',
    '/settings/actions/runners/**': 'compute-admin',
    '/settings/**': 'settings-write',
    '/actions/**': 'ci-run',
  }),
]

export const WEB_ROUTES: readonly Route[] = [
  ...SIGN_IN,
  ...ACCOUNT,
  ...LANDING_ELSEWHERE,
  ...mount('/{owner}/{repo}', REPOSITORY),
  ...reads({ '/': 'web-read', '/{owner}': 'web-read', '/{reserved}/**': 'web-read' }),
]

/** First segments that no user and no organization can have for a name. */
export const RESERVED: readonly string[] = `
  -  .well-known admin api assets attachments avatar avatars captcha devtest explore favicon.ico ghost healthz issues login
  metrics milestones notifications org pulls repo repo-avatars robots.txt search serviceworker.js ssh_info swagger.v1.json
  user v2
`
  .trim()
  .split(/\s+/)

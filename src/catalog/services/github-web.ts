/** GitHub's web pages: sign-in, telemetry, and the forms that write. Undocumented, so that what is missing is a write. */
import { mount, type Route, signIns, WRITES } from '../service-entry.ts'

// In full, and not "whatever is below": what is taken for a sign-in is rarely refused.
const SIGN_IN = signIns(
  '/session',
  '/sessions/sudo',
  '/sessions/two-factor',
  '/sessions/two-factor/app',
  '/sessions/two-factor/mobile',
  '/sessions/two-factor/mobile_poll',
  '/sessions/two-factor/recovery',
  '/sessions/two-factor/resend',
  '/sessions/two-factor/sms/confirm',
  '/sessions/two-factor/webauthn',
  '/sessions/verified-device',
  '/sessions/verified-device/resend',
  '/login',
  '/login/device',
  '/login/device/code',
  '/login/device/select_account',
  '/login/oauth/access_token',
  '/login/webauthn',
  '/logout',
  '/orgs/{org}/saml/initiate',
  '/orgs/{org}/saml/consume',
  '/enterprises/{enterprise}/saml/initiate',
  '/enterprises/{enterprise}/saml/consume',
  '/saml/consume',
)

const ACCOUNT: readonly Route[] = [
  // Whoever is let in here reads from outside what the account may read.
  { methods: ['POST'], path: '/login/oauth/authorize', operation: 'access-write' },
  { methods: ['POST'], path: '/login/device/authorize', operation: 'access-write' },
  { methods: ['POST'], path: '/login/device/confirmation', operation: 'access-write' },
  { methods: ['POST'], path: '/signup/**', operation: 'account-write' },
  { methods: ['POST'], path: '/join/**', operation: 'account-write' },
  { methods: WRITES, path: '/password_reset/**', operation: 'account-write' },
  { methods: WRITES, path: '/settings/keys/**', operation: 'key-add' },
  { methods: WRITES, path: '/settings/ssh_keys/**', operation: 'key-add' },
  { methods: WRITES, path: '/settings/gpg_keys/**', operation: 'key-add' },
  { methods: WRITES, path: '/settings/tokens/**', operation: 'access-write' },
  { methods: WRITES, path: '/settings/personal-access-tokens/**', operation: 'access-write' },
  { methods: WRITES, path: '/settings/**', operation: 'account-write' },
  { methods: WRITES, path: '/account/**', operation: 'account-write' },
  { methods: WRITES, path: '/notifications/**', operation: 'metadata-write' },
]

const TELEMETRY: readonly Route[] = [
  { methods: ['POST'], path: '/_private/browser/stats', operation: 'telemetry' },
  { methods: ['POST'], path: '/_private/browser/errors', operation: 'telemetry' },
]

// The repository is in the body, or nowhere yet.
const LANDING_ELSEWHERE: readonly Route[] = [
  { methods: WRITES, path: '/upload/**', operation: 'file-write', lands: 'unknown' },
  { methods: ['POST'], path: '/repositories', operation: 'repo-create', lands: 'unknown' },
  { methods: ['POST'], path: '/new/import', operation: 'repo-create', lands: 'unknown' },
  { methods: WRITES, path: '/{reserved}/**', operation: 'unknown-write', lands: 'unknown' },
]

const REPOSITORY: readonly Route[] = [
  { methods: ['GET'], path: '/raw/**', operation: 'download' },
  { methods: ['GET'], path: '/archive/**', operation: 'download' },
  { methods: ['GET'], path: '/zipball/**', operation: 'download' },
  { methods: ['GET'], path: '/tarball/**', operation: 'download' },
  { methods: ['GET'], path: '/releases/download/**', operation: 'download' },
  { methods: ['GET'], path: '/**', operation: 'web-read' },
  { methods: WRITES, path: '/upload/**', operation: 'file-write' },
  { methods: WRITES, path: '/create/**', operation: 'file-write' },
  { methods: WRITES, path: '/new/**', operation: 'file-write' },
  { methods: WRITES, path: '/edit/**', operation: 'file-write' },
  { methods: WRITES, path: '/delete/**', operation: 'file-write' },
  { methods: WRITES, path: '/tree-save/**', operation: 'file-write' },
  { methods: WRITES, path: '/blob/**', operation: 'file-write' },
  { methods: WRITES, path: '/wiki/**', operation: 'file-write' },
  { methods: WRITES, path: '/releases/**', operation: 'release-upload' },
  { methods: WRITES, path: '/branches/**', operation: 'ref-write' },
  { methods: WRITES, path: '/refs/**', operation: 'ref-write' },
  { methods: WRITES, path: '/issues/**', operation: 'issue-write' },
  { methods: WRITES, path: '/issue_comments/**', operation: 'issue-write' },
  { methods: WRITES, path: '/pull/{number}/merge', operation: 'ref-write' },
  { methods: WRITES, path: '/pull/{number}/page_data/merge', operation: 'ref-write' },
  { methods: WRITES, path: '/pull/**', operation: 'issue-write' },
  { methods: WRITES, path: '/discussions/**', operation: 'issue-write' },
  { methods: ['POST'], path: '/fork', operation: 'repo-fork', lands: 'unknown' },
  { methods: ['POST'], path: '/generate', operation: 'repo-create', lands: 'unknown' },
  { methods: WRITES, path: '/settings/set_visibility', operation: 'repo-visibility' },
  { methods: WRITES, path: '/settings/transfer', operation: 'repo-transfer', lands: 'unknown' },
  { methods: WRITES, path: '/settings/delete', operation: 'repo-delete' },
  { methods: WRITES, path: '/settings/keys/**', operation: 'key-add' },
  { methods: WRITES, path: '/settings/hooks/**', operation: 'hook-add' },
  { methods: WRITES, path: '/settings/secrets/**', operation: 'secret-write' },
  { methods: WRITES, path: '/settings/variables/**', operation: 'secret-write' },
  { methods: WRITES, path: '/settings/access/**', operation: 'access-write' },
  { methods: WRITES, path: '/settings/**', operation: 'settings-write' },
  { methods: WRITES, path: '/actions/**', operation: 'ci-run' },
  // The next form may be a fork, or somebody let in: what is not named here proves not to stay in the repository.
  { methods: WRITES, path: '/**', operation: 'unknown-write', lands: 'unknown' },
]

export const WEB_ROUTES: readonly Route[] = [
  ...SIGN_IN,
  ...ACCOUNT,
  ...TELEMETRY,
  ...LANDING_ELSEWHERE,
  ...mount('/{owner}/{repo}', REPOSITORY),
  { methods: ['GET'], path: '/', operation: 'web-read' },
  { methods: ['GET'], path: '/{owner}', operation: 'web-read' },
  { methods: ['GET'], path: '/{reserved}/**', operation: 'web-read' },
]

/** gist.github.com: the number decides which gist it is, and the owner beside it is decoration. */
export const GIST_ROUTES: readonly Route[] = [
  ...signIns('/session'),
  { methods: WRITES, path: '/**', operation: 'gist-write', lands: 'unknown' },
]

/** The first segments of github.com that are pages of GitHub's own; no user or organization can have these names. */
export const RESERVED: readonly string[] = `
  _private about account advisories api apps assets auth codespaces collections contact copilot customer-stories
  dashboard discussions enterprise enterprises events explore features gist gists issues join login logout
  marketplace mobile models new notifications organizations orgs password_reset pricing pulls readme repositories
  search security session sessions settings setup signup site sponsors stafftools stars status storage support
  team topics trending upload user-attachments users watching wiki
`
  .trim()
  .split(/\s+/)

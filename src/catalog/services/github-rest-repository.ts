/** What GitHub's REST API does to one repository: rows below `/repos/{owner}/{repo}` (docs.github.com/rest). */
import { type Route, WRITES } from '../service-entry.ts'

const CODE: readonly Route[] = [
  { methods: ['PUT', 'DELETE'], path: '/contents/**', operation: 'file-write', base64: 'content', namesFile: true },
  { methods: ['POST'], path: '/git/blobs', operation: 'file-write', base64: 'content' },
  { methods: ['POST'], path: '/git/trees', operation: 'file-write' },
  { methods: ['POST'], path: '/git/commits', operation: 'file-write' },
  { methods: ['POST'], path: '/git/tags', operation: 'ref-write' },
  { methods: ['POST', 'PATCH', 'DELETE'], path: '/git/refs/**', operation: 'ref-write' },
  { methods: ['POST'], path: '/merges', operation: 'ref-write' },
  { methods: ['POST'], path: '/merge-upstream', operation: 'ref-write' },
  { methods: ['POST'], path: '/branches/**/rename', operation: 'ref-write' },
  { methods: ['PUT'], path: '/pulls/{number}/merge', operation: 'ref-write' },
  { methods: ['PUT'], path: '/pulls/{number}/update-branch', operation: 'ref-write' },
  { methods: ['POST'], path: '/code-scanning/alerts/{number}/autofix/commits', operation: 'file-write' },
]

const RELEASES: readonly Route[] = [
  { methods: ['POST'], path: '/releases/{id}/reactions', operation: 'issue-write' },
  { methods: ['DELETE'], path: '/releases/{id}/reactions/{reaction}', operation: 'issue-write' },
  // Writes notes from what is there already and keeps nothing, but its configuration is free text.
  { methods: ['POST'], path: '/releases/generate-notes', operation: 'metadata-write' },
  // The notes of a release are a file of 125,000 characters: creating and changing one counts as its assets do.
  { methods: WRITES, path: '/releases/**', operation: 'release-upload' },
]

const DISCUSSION: readonly Route[] = [
  { methods: ['POST'], path: '/pulls/{number}/codespaces', operation: 'compute-admin' },
  { methods: WRITES, path: '/pulls/**', operation: 'issue-write' },
  { methods: WRITES, path: '/issues/**', operation: 'issue-write' },
  { methods: WRITES, path: '/comments/**', operation: 'issue-write' },
  { methods: ['POST'], path: '/commits/{sha}/comments', operation: 'issue-write' },
  { methods: WRITES, path: '/labels/**', operation: 'issue-write' },
  { methods: WRITES, path: '/milestones/**', operation: 'issue-write' },
  // A temporary private fork: it lands in a repository that GitHub names.
  { methods: ['POST'], path: '/security-advisories/{id}/forks', operation: 'repo-fork', lands: 'unknown' },
  {
    methods: ['POST', 'PATCH'],
    path: '/security-advisories/**',
    operation: 'issue-write',
    // Whoever works on it sees it, and its fork.
    fields: {
      collaborating_users: 'access-write',
      collaborating_teams: 'access-write',
      start_private_fork: 'repo-fork',
    },
  },
]

const AUTOMATION: readonly Route[] = [
  { methods: ['POST'], path: '/dispatches', operation: 'ci-run' },
  { methods: ['POST'], path: '/actions/workflows/{workflow}/dispatches', operation: 'ci-run' },
  { methods: ['PUT'], path: '/actions/workflows/{workflow}/{enable_or_disable}', operation: 'settings-write' },
  { methods: ['POST', 'DELETE'], path: '/actions/runs/**', operation: 'ci-run' },
  { methods: ['POST'], path: '/actions/jobs/**', operation: 'ci-run' },
  { methods: WRITES, path: '/actions/secrets/**', operation: 'secret-write' },
  // Variables are secrets that nobody hides: the same channel into the same runs.
  { methods: WRITES, path: '/actions/variables/**', operation: 'secret-write' },
  { methods: WRITES, path: '/actions/runners/**', operation: 'compute-admin' },
  { methods: ['DELETE'], path: '/actions/artifacts/{id}', operation: 'metadata-write' },
  { methods: ['DELETE'], path: '/actions/caches/**', operation: 'metadata-write' },
  { methods: ['PUT'], path: '/actions/**', operation: 'settings-write' },
  // A deployment starts the workflows that wait for one.
  { methods: ['POST'], path: '/deployments', operation: 'ci-run' },
  { methods: ['POST', 'DELETE'], path: '/deployments/**', operation: 'metadata-write' },
  { methods: ['POST'], path: '/check-runs/{id}/rerequest', operation: 'ci-run' },
  { methods: ['POST'], path: '/check-suites/{id}/rerequest', operation: 'ci-run' },
  { methods: ['PATCH'], path: '/check-suites/preferences', operation: 'settings-write' },
  { methods: ['POST', 'PATCH'], path: '/check-runs/**', operation: 'metadata-write' },
  { methods: ['POST'], path: '/check-suites', operation: 'metadata-write' },
  { methods: ['POST'], path: '/statuses/{sha}', operation: 'metadata-write' },
  { methods: WRITES, path: '/codespaces/secrets/**', operation: 'secret-write' },
  { methods: ['POST'], path: '/codespaces', operation: 'compute-admin' },
  { methods: WRITES, path: '/dependabot/secrets/**', operation: 'secret-write' },
  { methods: WRITES, path: '/environments/{environment}/secrets/**', operation: 'secret-write' },
  { methods: WRITES, path: '/environments/{environment}/variables/**', operation: 'secret-write' },
  { methods: WRITES, path: '/environments/**', operation: 'settings-write' },
]

const SECURITY: readonly Route[] = [
  { methods: ['POST'], path: '/attestations', operation: 'artifact-upload' },
  { methods: ['POST'], path: '/dependency-graph/snapshots', operation: 'artifact-upload' },
  { methods: ['POST'], path: '/code-scanning/sarifs', operation: 'artifact-upload' },
  { methods: ['POST'], path: '/code-scanning/codeql/databases/{language}', operation: 'artifact-upload' },
  { methods: ['POST'], path: '/code-scanning/codeql/variant-analyses', operation: 'ci-run' },
  { methods: ['PATCH'], path: '/code-scanning/default-setup', operation: 'settings-write' },
  { methods: WRITES, path: '/code-scanning/**', operation: 'metadata-write' },
  // It lets a secret through that push protection held back.
  { methods: ['POST'], path: '/secret-scanning/push-protection-bypasses', operation: 'settings-write' },
  { methods: ['PATCH'], path: '/secret-scanning/alerts/{number}', operation: 'metadata-write' },
  { methods: ['PATCH'], path: '/dependabot/alerts/{number}', operation: 'metadata-write' },
]

const ADMINISTRATION: readonly Route[] = [
  // One route renames, archives, and makes public: the strictest of what its body may ask for.
  {
    methods: ['PATCH'],
    path: '',
    operation: 'settings-write',
    fields: { private: 'repo-visibility', visibility: 'repo-visibility' },
  },
  { methods: ['DELETE'], path: '', operation: 'repo-delete' },
  { methods: ['POST'], path: '/forks', operation: 'repo-fork', lands: 'unknown' },
  { methods: ['POST'], path: '/generate', operation: 'repo-create', lands: 'unknown' },
  { methods: ['POST'], path: '/transfer', operation: 'repo-transfer', lands: 'unknown' },
  { methods: WRITES, path: '/hooks/**', operation: 'hook-add' },
  { methods: WRITES, path: '/keys/**', operation: 'key-add' },
  { methods: WRITES, path: '/collaborators/**', operation: 'access-write' },
  { methods: WRITES, path: '/invitations/**', operation: 'access-write' },
  { methods: ['POST'], path: '/pages/builds', operation: 'ci-run' },
  // A site makes what is in a private repository public.
  { methods: ['POST'], path: '/pages/deployments/**', operation: 'repo-visibility' },
  { methods: WRITES, path: '/pages', operation: 'repo-visibility' },
  { methods: WRITES, path: '/branches/**', operation: 'settings-write' },
  { methods: WRITES, path: '/rulesets/**', operation: 'settings-write' },
  { methods: WRITES, path: '/autolinks/**', operation: 'settings-write' },
  { methods: ['PATCH'], path: '/properties/values', operation: 'settings-write' },
  { methods: ['PUT', 'DELETE'], path: '/interaction-limits', operation: 'settings-write' },
  { methods: ['PUT', 'DELETE'], path: '/immutable-releases', operation: 'settings-write' },
  { methods: ['PUT', 'DELETE'], path: '/vulnerability-alerts', operation: 'settings-write' },
  { methods: ['PUT', 'DELETE'], path: '/automated-security-fixes', operation: 'settings-write' },
  { methods: ['PUT', 'DELETE'], path: '/private-vulnerability-reporting', operation: 'settings-write' },
  { methods: ['PUT'], path: '/topics', operation: 'metadata-write' },
  { methods: ['PUT', 'DELETE'], path: '/subscription', operation: 'metadata-write' },
  { methods: ['PUT'], path: '/notifications', operation: 'metadata-write' },
]

// What is not here is no row for "any write": a new route may be the next fork, which lands elsewhere.
export const REPOSITORY_ROUTES: readonly Route[] = [
  { methods: ['GET'], path: '/**', operation: 'api-read' },
  ...CODE,
  ...RELEASES,
  ...DISCUSSION,
  ...AUTOMATION,
  ...SECURITY,
  ...ADMINISTRATION,
]

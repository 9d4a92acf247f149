/** What GitLab's REST API does to one project: rows below `/projects/:id` (docs.gitlab.com/api). */
import { type Route, reads, writes } from '../service-entry.ts'

const READS = reads({
  '/repository/archive': 'download',
  '/repository/archive.zip': 'download',
  '/repository/archive.tar.gz': 'download',
  '/repository/archive.tar.bz2': 'download',
  '/jobs/{job_id}/artifacts/**': 'download',
  '/packages/generic/**': 'download',
  '/export/download': 'download',
  '/**': 'api-read',
})

const CODE = [
  ...writes({
    '/repository/commits/{sha}/comments': 'issue-write',
    '/repository/commits/{sha}/discussions/**': 'issue-write',
    '/repository/commits/{sha}/cherry_pick': 'ref-write',
    '/repository/commits/{sha}/revert': 'ref-write',
    '/repository/commits': 'file-write',
  }),
  // `content` is base64 or text. Text that happens to be base64 is discounted too, and says no more than what it decodes to.
  ...writes({ '/repository/files/**': 'file-write' }).map((route): Route => ({ ...route, base64: 'content' })),
  ...writes({
    '/repository/submodules/**': 'file-write',
    '/repository/changelog': 'file-write',
    '/repository/branches/**': 'ref-write',
    '/repository/merged_branches': 'ref-write',
    '/repository/tags/{tag}/release': 'release-upload',
    '/repository/tags/**': 'ref-write',
    '/wikis/attachments': 'file-upload',
    '/wikis/**': 'file-write',
    '/snippets/**': 'gist-write',
    '/uploads/**': 'file-upload',
    '/releases/**': 'release-upload',
    '/catalog/publish': 'release-upload',
  }),
]

const PACKAGES = writes({
  '/packages/protection/**': 'settings-write',
  '/packages/**': 'package-publish',
  '/debian_distributions/**': 'package-publish',
  '/registry/protection/**': 'settings-write',
  '/registry/**': 'package-publish',
  // State, models and metrics: files of any content under another name.
  '/terraform/state/**': 'artifact-upload',
  '/ml/mlflow/**': 'artifact-upload',
})

const DISCUSSION = [
  // `target_project_id` in the body says where a merge request is opened, and `to_project_id` where an issue goes.
  ...writes(
    { '/merge_requests': 'issue-write', '/issues/{iid}/move': 'issue-write', '/issues/{iid}/clone': 'issue-write' },
    'unknown',
  ),
  ...writes({
    '/merge_requests/{iid}/merge': 'ref-write',
    '/merge_requests/{iid}/rebase': 'ref-write',
    '/merge_requests/{iid}/pipelines': 'ci-run',
    '/merge_requests/**': 'issue-write',
    '/issues/{iid}/metric_images/**': 'file-upload',
    '/alert_management_alerts/{iid}/metric_images/**': 'file-upload',
    '/issues/**': 'issue-write',
    '/labels/**': 'issue-write',
    '/milestones/**': 'issue-write',
    '/boards/**': 'issue-write',
    '/vulnerabilities/**': 'issue-write',
    '/statuses/{sha}': 'metadata-write',
    '/deployments/**': 'metadata-write',
    '/star': 'metadata-write',
    '/unstar': 'metadata-write',
    '/notification_settings': 'metadata-write',
  }),
]

const AUTOMATION = writes({
  '/variables/**': 'secret-write',
  '/secure_files/**': 'secret-write',
  '/pipeline_schedules/{id}/variables/**': 'secret-write',
  '/pipeline_schedules/**': 'ci-run',
  '/pipeline': 'ci-run',
  '/pipelines/**': 'ci-run',
  '/jobs/**': 'ci-run',
  '/trigger/pipeline': 'ci-run',
  '/ref/**/trigger/pipeline': 'ci-run',
  // A trigger is a token with which anybody starts pipelines.
  '/triggers/**': 'access-write',
  '/job_token_scope/**': 'access-write',
  '/runners/**': 'compute-admin',
  '/clusters/**': 'compute-admin',
  '/cluster_agents/**': 'compute-admin',
  '/environments/**': 'settings-write',
  '/protected_environments/**': 'settings-write',
  '/feature_flags/**': 'settings-write',
  '/feature_flags_user_lists/**': 'settings-write',
  '/freeze_periods/**': 'settings-write',
  '/resource_groups/**': 'settings-write',
})

const ADMINISTRATION = [
  ...writes(
    {
      '/fork/**': 'repo-fork',
      '/transfer': 'repo-transfer',
      // An export may be sent to any address, and a mirror pushes the project there again and again.
      '/export/**': 'settings-write',
      '/export_relations/**': 'settings-write',
      '/remote_mirrors/**': 'settings-write',
    },
    'unknown',
  ),
  ...writes({
    '/hooks/**': 'hook-add',
    '/integrations/**': 'hook-add',
    '/services/**': 'hook-add',
    '/external_status_checks/**': 'hook-add',
    '/deploy_keys/**': 'key-add',
    '/deploy_tokens/**': 'access-write',
    '/access_tokens/**': 'access-write',
    '/access_requests/**': 'access-write',
    '/invitations/**': 'access-write',
    '/members/**': 'access-write',
    '/share/**': 'access-write',
    '/protected_branches/**': 'settings-write',
    '/protected_tags/**': 'settings-write',
    '/push_rule': 'settings-write',
    '/approvals': 'settings-write',
    '/approval_rules/**': 'settings-write',
    '/merge_request_approval_setting': 'settings-write',
    '/badges/**': 'settings-write',
    '/custom_attributes/**': 'settings-write',
    '/mirror/pull': 'settings-write',
    '/housekeeping': 'settings-write',
    '/archive': 'settings-write',
    '/unarchive': 'settings-write',
    '/restore': 'settings-write',
    '/pages/**': 'settings-write',
    '/error_tracking/**': 'settings-write',
  }),
]

// What is not here is no row for "any write": a new route may be the next fork, which lands elsewhere.
export const PROJECT_ROUTES: readonly Route[] = [
  ...READS,
  ...CODE,
  ...PACKAGES,
  ...DISCUSSION,
  ...AUTOMATION,
  ...ADMINISTRATION,
  // One route renames, archives, and makes public: the strictest of what its body may ask for.
  { methods: ['PUT', 'PATCH'], path: '', operation: 'repo-visibility' },
  { methods: ['DELETE'], path: '', operation: 'repo-delete' },
]

/** The REST API of Azure DevOps (learn.microsoft.com/rest/api/azure/devops), below `_apis` wherever that stands. */
import { mount, mountUnnamed, type Route, reads, writes } from '../service-entry.ts'

const REPOSITORY: readonly Route[] = [
  ...reads({ '/**': 'api-read' }),
  // Completing a pull request is a change of its state: the strictest of what the body may ask for.
  { methods: ['PATCH'], path: '/pullrequests/{id}', operation: 'ref-write' },
  ...writes({
    '/pushes': 'file-write',
    '/importrequests/**': 'file-write',
    '/refs/**': 'ref-write',
    '/annotatedtags': 'ref-write',
    '/cherrypicks': 'ref-write',
    '/reverts': 'ref-write',
    '/merges': 'ref-write',
    '/forksyncrequests': 'ref-write',
    '/commits/{sha}/statuses': 'metadata-write',
    '/pullrequests/{id}/attachments/**': 'file-upload',
    '/pullrequests/**': 'issue-write',
  }),
  { methods: ['PATCH'], path: '', operation: 'settings-write' },
  { methods: ['DELETE'], path: '', operation: 'repo-delete' },
]

const AREAS = [
  ...writes(
    {
      '/git/repositories': 'repo-create',
      '/projects/**': 'repo-create',
      '/wiki/**': 'file-write',
      '/tfvc/**': 'file-write',
      '/wit/attachments/**': 'file-upload',
      '/test/**': 'artifact-upload',
      '/testresults/**': 'artifact-upload',
      '/packaging/**': 'package-publish',
    },
    'unknown',
  ),
  ...writes({
    '/wit/**': 'issue-write',
    '/work/**': 'issue-write',
    '/build/definitions/**': 'settings-write',
    '/build/**': 'ci-run',
    '/pipelines/**': 'ci-run',
    '/release/definitions/**': 'settings-write',
    '/release/**': 'ci-run',
    '/distributedtask/variablegroups/**': 'secret-write',
    '/distributedtask/securefiles/**': 'secret-write',
    '/distributedtask/**': 'compute-admin',
    '/serviceendpoint/**': 'secret-write',
    '/hooks/**': 'hook-add',
    '/policy/**': 'settings-write',
    '/git/policy/**': 'settings-write',
    '/tokens/**': 'access-write',
    '/accesscontrolentries/**': 'access-write',
    '/accesscontrollists/**': 'access-write',
    '/graph/**': 'access-write',
    '/userentitlements/**': 'access-write',
    '/teams/**': 'access-write',
  }),
]

/** Rows for a path that begins with the organization, or with a collection of a server. */
export const REST_ROUTES: readonly Route[] = [
  ...mount('/{owner}/{team_project}/_apis/git/repositories/{repo}', REPOSITORY),
  // Without a project only an id names a repository.
  ...mountUnnamed('/{owner}/_apis/git/repositories/{id}', REPOSITORY),
  ...mount('/{owner}/{team_project}/_apis', AREAS),
  ...mount('/{owner}/_apis', AREAS),
]

/** Bitbucket: the cloud, its API in three places, and servers of one's own. */
import { describe, expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'
import { checkTable } from './table.ts'

const API = `
GET    /2.0/repositories/acme/widget                             api-read         =
GET    /2.0/repositories/acme/widget/src/main/a.ts               api-read         =
GET    /2.0/repositories/acme/widget/downloads/a.zip             download         =
GET    /2.0/repositories/acme                                    api-read         ?
GET    /2.0/user                                                 api-read         -
GET    /2.0/repositories/acme/%7B0a1b%7D                         api-read         ?
GET    /2.0/repositories/acme/01234567-89ab-cdef-0123-456789abcdef  api-read      ?
POST   /2.0/repositories/acme/widget/src                         file-write       =
POST   /2.0/repositories/Acme/Widget/src                         file-write       =
POST   /2.0/repositories/acme/%7B0a1b%7D/src                     file-write       ?
POST   /2.0/repositories/acme/widget/src/                        unknown-write    ?
POST   /2.0/repositories/acme/widget/refs/branches               ref-write        =
DELETE /2.0/repositories/acme/widget/refs/branches/feature%2Fx   ref-write        =
POST   /2.0/repositories/acme/widget/refs/tags                   ref-write        =
POST   /2.0/repositories/acme/widget/downloads                   release-upload   =
DELETE /2.0/repositories/acme/widget/downloads/a.zip             release-upload   =
POST   /2.0/repositories/acme/widget/commit/0a1b/comments        issue-write      =
POST   /2.0/repositories/acme/widget/commit/0a1b/approve         issue-write      =
PUT    /2.0/repositories/acme/widget/commit/0a1b/reports/x       artifact-upload  =
POST   /2.0/repositories/acme/widget/commit/0a1b/statuses/build  metadata-write   =
POST   /2.0/repositories/acme/widget/pullrequests                issue-write      =
POST   /2.0/repositories/acme/widget/pullrequests/7/comments     issue-write      =
POST   /2.0/repositories/acme/widget/pullrequests/7/merge        ref-write        =
POST   /2.0/repositories/acme/widget/issues                      issue-write      =
POST   /2.0/repositories/acme/widget/issues/7/attachments        file-upload      =
POST   /2.0/repositories/acme/widget/pipelines                   ci-run           =
POST   /2.0/repositories/acme/widget/pipelines/7/stopPipeline    ci-run           =
PUT    /2.0/repositories/acme/widget/pipelines_config            settings-write   =
POST   /2.0/repositories/acme/widget/pipelines_config/variables  secret-write     =
POST   /2.0/repositories/acme/widget/pipelines_config/schedules  ci-run           =
PUT    /2.0/repositories/acme/widget/pipelines_config/ssh/key_pair  key-add       =
POST   /2.0/repositories/acme/widget/deployments_config/environments/1/variables  secret-write  =
POST   /2.0/repositories/acme/widget/environments                settings-write   =
POST   /2.0/repositories/acme/widget/hooks                       hook-add         =
POST   /2.0/repositories/acme/widget/deploy-keys                 key-add          =
PUT    /2.0/repositories/acme/widget/permissions-config/users/1  access-write     =
POST   /2.0/repositories/acme/widget/branch-restrictions         settings-write   =
PUT    /2.0/repositories/acme/widget/branching-model/settings    settings-write   =
PUT    /2.0/repositories/acme/widget/default-reviewers/ada       settings-write   =
POST   /2.0/repositories/acme/widget/forks                       repo-fork        ?
POST   /2.0/repositories/acme/widget                             repo-create      =
PUT    /2.0/repositories/acme/widget                             repo-visibility  =
DELETE /2.0/repositories/acme/widget                             repo-delete      =
POST   /2.0/repositories/acme/widget/something-new               unknown-write    ?
POST   /2.0/snippets                                             gist-write       ?
PUT    /2.0/snippets/acme/kypj                                   gist-write       ?
POST   /2.0/workspaces/acme/hooks                                hook-add         -
POST   /2.0/workspaces/acme/pipelines-config/variables           secret-write     -
POST   /2.0/workspaces/acme/projects                             settings-write   -
POST   /2.0/users/ada/ssh-keys                                   key-add          -
PUT    /2.0/addon                                                account-write    -
POST   /1.0/repositories                                         unknown-write    ?
POST   /internal/repositories/acme/widget/src                    unknown-write    ?
`

const WEB = `
GET    /acme/widget                                              web-read         =
GET    /acme/widget/src/main/a.ts                                web-read         =
GET    /acme/widget/raw/main/a.ts                                download         =
GET    /acme/widget/get/main.zip                                 download         =
GET    /acme/widget/downloads/a.zip                              download         =
GET    /account/settings                                         web-read         -
GET    /acme/widget.git/info/refs?service=git-receive-pack       git-fetch        =
POST   /acme/widget.git/git-receive-pack                         git-push         =  git-push
POST   /Acme/Widget/git-receive-pack                             git-push         =  git-push
POST   /snippets/acme/kypj/x.git/git-receive-pack                git-push         ?  git-push
POST   /acme/widget.git/info/lfs/objects/batch                   lfs-upload       =
POST   /!api/2.0/repositories/acme/widget/src                    file-write       =
POST   /!api/2.0/snippets                                        gist-write       ?
POST   /!api/internal/repositories/acme/widget/src               unknown-write    ?
POST   /api/2.0/repositories/acme/widget/src                     file-write       =
POST   /api/1.0/repositories                                     unknown-write    ?
POST   /account/signin                                           sign-in          -
POST   /site/oauth2/access_token                                 sign-in          -
POST   /site/oauth2/access_token/x                               unknown-write    ?
POST   /account/settings                                         unknown-write    ?
POST   /repo/create                                              repo-create      ?
POST   /acme/widget/admin                                        unknown-write    ?
`

const SERVER = `
GET    /scm/KEY/widget.git/info/refs?service=git-upload-pack     git-fetch        =
POST   /scm/key/widget.git/git-receive-pack                      git-push         =  git-push
POST   /scm/~ada/x.git/git-receive-pack                          git-push         stash.acme.example/~ada/x  git-push
POST   /key/widget.git/git-receive-pack                          git-push         ?  git-push
POST   /context/scm/key/widget.git/git-receive-pack              git-push         ?  git-push
PUT    /rest/git-lfs/storage/KEY/widget/0a1b                     lfs-upload       =
GET    /rest/git-lfs/storage/KEY/widget/0a1b                     download         =
GET    /rest/api/1.0/projects/KEY/repos/widget                   api-read         =
GET    /rest/api/latest/projects/KEY/repos/widget/browse/a.ts    api-read         =
GET    /rest/api/1.0/projects/KEY/repos/widget/archive           download         =
GET    /rest/api/1.0/projects/KEY                                api-read         ?
PUT    /rest/api/1.0/projects/KEY/repos/widget/browse/a.ts       file-write       =
PUT    /rest/api/1.0/users/ada/repos/x/browse/a.ts               unknown-write    ?
POST   /rest/api/1.0/projects/KEY/repos/widget/branches          ref-write        =
POST   /rest/api/1.0/projects/KEY/repos/widget/tags              ref-write        =
POST   /rest/git/1.0/projects/KEY/repos/widget/tags              ref-write        =
POST   /rest/branch-utils/1.0/projects/KEY/repos/widget/branches  ref-write       =
POST   /rest/api/1.0/projects/KEY/repos/widget/commits/0a1b/comments  issue-write  =
POST   /rest/api/1.0/projects/KEY/repos/widget/commits/0a1b/builds  metadata-write  =
POST   /rest/api/1.0/projects/KEY/repos/widget/pull-requests     issue-write      ?
POST   /rest/api/1.0/projects/KEY/repos/widget/pull-requests/7/comments  issue-write  =
POST   /rest/api/1.0/projects/KEY/repos/widget/pull-requests/7/merge  ref-write   =
POST   /rest/api/1.0/projects/KEY/repos/widget/pull-requests/7/Merge  ref-write   =
POST   /rest/api/1.0/projects/KEY/repos/widget/pull-requests/7/merge.json  ref-write  =
POST   /projects/KEY/repos/widget/attachments                    file-upload      =
POST   /rest/api/1.0/projects/KEY/repos/widget/webhooks          hook-add         =
PUT    /rest/api/1.0/projects/KEY/repos/widget/permissions/users  access-write    =
PUT    /rest/api/1.0/projects/KEY/repos/widget/settings/hooks/x/enabled  settings-write  =
POST   /rest/keys/1.0/projects/KEY/repos/widget/ssh              key-add          =
POST   /rest/ssh/1.0/keys                                        key-add          -
PUT    /rest/access-tokens/1.0/users/ada                         access-write     -
PUT    /rest/insights/1.0/projects/KEY/repos/widget/commits/0a1b/reports/x  artifact-upload  =
POST   /rest/build-status/1.0/commits/0a1b                       metadata-write   ?
POST   /rest/api/1.0/projects/KEY/repos                          repo-create      ?
POST   /rest/api/1.0/projects/KEY/repos/widget                   repo-fork        ?
PUT    /rest/api/1.0/projects/KEY/repos/widget                   repo-visibility  ?
DELETE /rest/api/1.0/projects/KEY/repos/widget                   repo-delete      =
DELETE /rest/api/1.0/projects/KEY/repos/widget.json              repo-delete      ?
POST   /rest/api/1.0/projects                                    settings-write   -
POST   /rest/api/1.0/admin/users                                 settings-write   -
POST   /rest/oauth2/latest/token                                 sign-in          -
POST   /j_atl_security_check                                     sign-in          -
POST   /rest/search/latest/search                                unknown-write    ?
GET    /projects/KEY/repos/widget/raw/a.ts                       download         =
GET    /projects/KEY/repos/widget/browse                         web-read         =
POST   /projects/KEY/repos/widget/settings                       settings-write   =
`

describe('Bitbucket', () => {
  checkTable('api.bitbucket.org', 'bitbucket.org/acme/widget', API)
  checkTable('bitbucket.org', 'bitbucket.org/acme/widget', WEB)
  checkTable('stash.acme.example', 'stash.acme.example/key/widget', SERVER)

  it.each([
    ['POST', 'id.atlassian.com/rest/authenticate', 'sign-in'],
    ['POST', 'auth.atlassian.com/oauth/token', 'sign-in'],
    ['POST', 'id.atlassian.com/rest/authenticate/x', 'unknown-write'],
    ['POST', 'id.atlassian.com/profile', 'unknown-write'],
    ['PUT', 'bbuseruploads.s3.amazonaws.com/x', 'release-upload'],
    ['PUT', 'api.media.atlassian.com/upload/1', 'file-upload'],
    ['GET', 'altssh.bitbucket.org/acme/widget', 'unknown-write'],
  ])('%s %s is %s', (method, url, operation) => expect(classifyUrl(method, url).operation).toBe(operation))
})

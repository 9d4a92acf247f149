/** Gitea, Forgejo, and Gitee, which borrowed the form of its API from elsewhere. */
import { describe, expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'
import { checkTable } from './table.ts'

const GITEA = `
GET    /acme/widget.git/info/refs?service=git-upload-pack        git-fetch        =
POST   /Acme/Widget.git/git-receive-pack                         git-push         =  git-push
POST   /acme/widget/x/git-receive-pack                           git-push         ?  git-push
POST   /acme/widget.git/info/lfs/objects/batch                   lfs-upload       =
PUT    /acme/widget.git/info/lfs/objects/0a1b/12                 lfs-upload       =
GET    /api/v1/repos/acme/widget                                 api-read         =
GET    /api/v1/repos/acme/widget/raw/a.ts                        download         =
GET    /api/v1/repos/acme/widget/archive/main.zip                download         =
GET    /api/v1/repos/search?q=x                                  api-read         -
GET    /api/v1/repos/issues/search                               api-read         -
GET    /api/v1/user                                              api-read         -
GET    /api/v1/repositories/42                                   api-read         ?
POST   /api/v1/repos/acme/widget/contents/a.ts                   file-write       =  base64:content
PUT    /api/v1/repos/acme/widget/contents/src/a.ts               file-write       =  base64:content
DELETE /api/v1/repos/acme/widget/contents/a.ts                   file-write       =  base64:content
POST   /api/v1/repos/acme/widget/contents                        file-write       =  base64:content
POST   /api/v1/repos/acme/widget/diffpatch                       file-write       =
POST   /api/v1/repos/acme/widget/wiki/new                        file-write       =  base64:content_base64
PATCH  /api/v1/repos/acme/widget/wiki/page/Home                  file-write       =  base64:content_base64
POST   /api/v1/repos/acme/widget/branches                        ref-write        =
DELETE /api/v1/repos/acme/widget/branches/feature%2Fx            ref-write        =
POST   /api/v1/repos/acme/widget/tags                            ref-write        =
POST   /api/v1/repos/acme/widget/merge-upstream                  ref-write        =
POST   /api/v1/repos/acme/widget/branch_protections              settings-write   =
POST   /api/v1/repos/acme/widget/releases                        release-upload   =
POST   /api/v1/repos/acme/widget/releases/7/assets?name=a        release-upload   =
POST   /api/v1/repos/acme/widget/pulls                           issue-write      =
POST   /api/v1/repos/acme/widget/pulls/7/merge                   ref-write        =
POST   /api/v1/repos/acme/widget/pulls/7/update                  ref-write        =
POST   /api/v1/repos/acme/widget/pulls/7/reviews                 issue-write      =
POST   /api/v1/repos/acme/widget/issues                          issue-write      =
POST   /api/v1/repos/acme/widget/issues/7/comments               issue-write      =
POST   /api/v1/repos/acme/widget/issues/7/assets                 file-upload      =
POST   /api/v1/repos/acme/widget/issues/comments/7/assets        file-upload      =
POST   /api/v1/repos/acme/widget/labels                          issue-write      =
POST   /api/v1/repos/acme/widget/statuses/0a1b                   metadata-write   =
PUT    /api/v1/repos/acme/widget/topics                          metadata-write   =
POST   /api/v1/repos/acme/widget/hooks                           hook-add         =
PATCH  /api/v1/repos/acme/widget/hooks/git/pre-receive           hook-add         =
POST   /api/v1/repos/acme/widget/keys                            key-add          =
PUT    /api/v1/repos/acme/widget/collaborators/ada               access-write     =
PUT    /api/v1/repos/acme/widget/teams/owners                    access-write     =
PUT    /api/v1/repos/acme/widget/actions/secrets/KEY             secret-write     =
POST   /api/v1/repos/acme/widget/actions/variables/KEY           secret-write     =
POST   /api/v1/repos/acme/widget/actions/workflows/ci.yml/dispatches  ci-run      =
POST   /api/v1/repos/acme/widget/actions/runners/registration-token  compute-admin  =
POST   /api/v1/repos/acme/widget/push_mirrors                    settings-write   ?
POST   /api/v1/repos/acme/widget/mirror-sync                     settings-write   =
POST   /api/v1/repos/acme/widget/forks                           repo-fork        ?
POST   /api/v1/repos/acme/widget/generate                        repo-create      ?
POST   /api/v1/repos/acme/widget/transfer                        repo-transfer    ?
PATCH  /api/v1/repos/acme/widget                                 repo-visibility  =
DELETE /api/v1/repos/acme/widget                                 repo-delete      =
POST   /api/v1/repos/acme/widget/markdown                        unknown-write    ?
POST   /api/v1/repos/acme/widget/something-new                   unknown-write    ?
POST   /api/v1/repos/migrate                                     repo-create      ?
POST   /api/v1/user/repos                                        repo-create      ?
POST   /api/v1/orgs/acme/repos                                   repo-create      ?
POST   /api/v1/admin/users/ada/repos                             repo-create      ?
POST   /api/v1/user/keys                                         key-add          -
POST   /api/v1/users/ada/tokens                                  access-write     -
POST   /api/v1/user/applications/oauth2                          access-write     -
POST   /api/v1/user/hooks                                        hook-add         -
PUT    /api/v1/orgs/acme/actions/secrets/KEY                     secret-write     -
PATCH  /api/v1/user/settings                                     account-write    -
POST   /api/v1/orgs                                              account-write    -
PUT    /api/v1/teams/7/members/ada                               access-write     -
PUT    /api/v1/teams/7/repos/acme/widget                         access-write     =
PUT    /api/v1/user/starred/acme/widget                          metadata-write   =
POST   /api/v1/markdown                                          unknown-write    ?
POST   /api/v1/activitypub/user-id/1/inbox                       unknown-write    ?
PUT    /api/packages/acme/generic/app/1.0/app.bin                package-publish  ?
PUT    /api/packages/acme/npm/app                                package-publish  ?
POST   /api/actions_pipeline/_apis/pipelines/workflows/1/artifacts  artifact-upload  ?
PUT    /v2/acme/widget/manifests/latest                          package-publish  ?
GET    /acme/widget                                              web-read         =
GET    /acme/widget/raw/branch/main/a.ts                         download         =
GET    /acme/widget/archive/main.zip                             download         =
GET    /explore/repos                                            web-read         -
POST   /user/login                                               sign-in          -
POST   /user/two_factor                                          sign-in          -
POST   /login/oauth/access_token                                 sign-in          -
POST   /login/oauth/grant                                        access-write     -
POST   /user/login/x                                             unknown-write    ?
POST   /User/login                                               unknown-write    ?
POST   /user/sign_up                                             account-write    -
POST   /user/settings/keys                                       key-add          -
POST   /user/settings/applications                               access-write     -
POST   /repo/create                                              repo-create      ?
POST   /repo/migrate                                             repo-create      ?
POST   /repo/fork/42                                             repo-fork        ?
POST   /acme/widget/fork                                         repo-fork        ?
POST   /acme/widget/_new/main                                    file-write       =
POST   /acme/widget/_edit/main/a.ts                              file-write       =
POST   /acme/widget/_upload/main                                 file-write       =
POST   /acme/widget/upload-file                                  file-write       =
POST   /acme/widget/wiki/_new                                    file-write       =
POST   /acme/widget/issues/new                                   issue-write      =
POST   /acme/widget/issues/attachments                           file-upload      =
POST   /acme/widget/releases/new                                 release-upload   =
POST   /acme/widget/branches/_new/branch/main                    ref-write        =
POST   /acme/widget/pulls/7/merge                                ref-write        =
POST   /acme/widget/compare/main...x                             issue-write      =
POST   /acme/widget/settings                                     repo-transfer    ?
POST   /acme/widget/Settings                                     repo-transfer    ?
POST   /acme/widget/settings/hooks/gitea/new                     hook-add         =
POST   /acme/widget/settings/keys                                key-add          =
POST   /acme/widget/settings/collaboration                       access-write     =
POST   /acme/widget/settings/actions/secrets                     secret-write     =
POST   /acme/widget/settings/branches/edit                       settings-write   =
POST   /acme/widget/something-new                                unknown-write    ?
`

const GITEE = `
POST   /acme/widget.git/git-receive-pack                         git-push         =  git-push
POST   /acme/widget/git-receive-pack                             git-push         =  git-push
GET    /api/v5/repos/acme/widget                                 api-read         =
GET    /api/v5/repos/acme/widget/raw/a.ts                        download         =
GET    /api/v5/user                                              api-read         -
POST   /api/v5/repos/acme/widget/contents/a.ts                   file-write       =  base64:content
PUT    /api/v5/repos/acme/widget/contents/a.ts                   file-write       =  base64:content
POST   /api/v5/repos/acme/widget/commits                         file-write       =
POST   /api/v5/repos/acme/widget/branches                        ref-write        =
PUT    /api/v5/repos/acme/widget/branches/main/protection        settings-write   =
POST   /api/v5/repos/acme/widget/tags                            ref-write        =
POST   /api/v5/repos/acme/widget/releases                        release-upload   =
POST   /api/v5/repos/acme/widget/releases/7/attach_files         release-upload   =
POST   /api/v5/repos/acme/widget/pulls                           issue-write      =
PUT    /api/v5/repos/acme/widget/pulls/7/merge                   ref-write        =
POST   /api/v5/repos/acme/widget/issues/I1/comments              issue-write      =
POST   /api/v5/repos/acme/issues                                 issue-write      ?
PATCH  /api/v5/repos/acme/issues/I1                              issue-write      ?
POST   /api/v5/repos/acme/issues/contents/a.ts                   file-write       gitee.com/acme/issues  base64:content
POST   /api/v5/repos/acme/widget/hooks                           hook-add         =
POST   /api/v5/repos/acme/widget/keys                            key-add          =
PUT    /api/v5/repos/acme/widget/collaborators/ada               access-write     =
POST   /api/v5/repos/acme/widget/pages/builds                    ci-run           =
PUT    /api/v5/repos/acme/widget/clear                           repo-delete      =
POST   /api/v5/repos/acme/widget/forks                           repo-fork        ?
PATCH  /api/v5/repos/acme/widget                                 repo-visibility  =
DELETE /api/v5/repos/acme/widget                                 repo-delete      =
POST   /api/v5/repos/acme/widget/something-new                   unknown-write    ?
POST   /api/v5/user/repos                                        repo-create      ?
POST   /api/v5/orgs/acme/repos                                   repo-create      ?
POST   /api/v5/gists                                             gist-write       ?
POST   /api/v5/user/keys                                         key-add          -
PATCH  /api/v5/user                                              account-write    -
PUT    /api/v5/user/starred/acme/widget                          metadata-write   =
POST   /api/v8/repos/acme/widget/contents/a.ts                   unknown-write    ?
GET    /acme/widget/raw/main/a.ts                                download         =
GET    /acme/widget                                              web-read         =
GET    /explore                                                  web-read         -
POST   /login                                                    sign-in          -
POST   /oauth/token                                              sign-in          -
POST   /login/x                                                  unknown-write    ?
POST   /profile/sshkeys                                          key-add          -
POST   /projects                                                 repo-create      ?
POST   /acme/widget/issues                                       unknown-write    ?
`

describe('Gitea', () => {
  checkTable('gitea.acme.example', 'gitea.acme.example/acme/widget', GITEA)
  checkTable('gitee.com', 'gitee.com/acme/widget', GITEE)

  it.each(['codeberg.org', 'gitea.com', 'git.disroot.org', 'notabug.org', 'forgejo.acme.example'])(
    'is what %s runs, or a relative of it',
    (host) => {
      const { operation, repository } = classifyUrl('PUT', `${host}/api/v1/repos/Acme/x/contents/a`)
      expect([operation, repository]).toEqual(['file-write', { state: 'known', value: `${host}/acme/x` }])
    },
  )
})

/** GitLab: git with subgroups, REST by number and by path, GraphQL, and the forms of its pages. */
import { describe, expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'
import { checkTable } from './table.ts'

const GIT = `
GET    /acme/team/widget.git/info/refs?service=git-upload-pack   git-fetch      =
POST   /Acme/team/Widget.git/git-receive-pack                    git-push       =  git-push
POST   /acme/team/widget/git-receive-pack                        git-push       =  git-push
POST   /acme/team/widget.wiki.git/git-receive-pack               git-push       gitlab.com/acme/team/widget.wiki  git-push
POST   /acme/git-receive-pack                                    git-push       ?  git-push
POST   /snippets/12.git/git-receive-pack                         git-push       ?  git-push
POST   /acme/team/widget/snippets/12.git/git-receive-pack        git-push       gitlab.com/acme/team/widget/snippets/12  git-push
POST   /acme/team/widget.git/info/lfs/objects/batch              lfs-upload     =
PUT    /acme/team/widget.git/gitlab-lfs/objects/0a1b/12          lfs-upload     =
PUT    /acme/team/widget.git/gitlab-lfs/objects/0a1b/12/authorize  lfs-upload   =
GET    /acme/team/widget.git/gitlab-lfs/objects/0a1b             download       =
PUT    /acme/gitlab-lfs/objects/0a1b/12                          unknown-write  ?
PUT    /acme/team/widget/gitlab-lfs/objects/evil/x.git/gitlab-lfs/objects/0a1b/12  unknown-write  ?
`

const PROJECT = `
GET    /api/v4/projects/acme%2Fteam%2Fwidget                     api-read         =
GET    /api/v4/projects/acme%2fteam%2fwidget/issues              api-read         =
GET    /api/v4/projects/42/issues                                api-read         ?
GET    /api/v4/projects/acme/team/widget/issues                  api-read         ?
GET    /api/v4/projects/acme%2Fteam%2Fwidget/repository/archive.zip  download     =
GET    /api/v4/projects/acme%2Fteam%2Fwidget/repository/files/src%2Fa.ts/raw  api-read  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/commits  file-write       =
POST   /api/v4/projects/ACME%2Fteam%2FWidget/repository/commits  file-write       =
POST   /api/v4/projects/42/repository/commits                    file-write       ?
POST   /api/v4/projects/widget/repository/commits                unknown-write    ?
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/files/src%2Fa.ts  file-write  =  base64:content
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/repository/files/README.md   file-write  =  base64:content
DELETE /api/v4/projects/acme%2Fteam%2Fwidget/repository/files/README.md   file-write  =  base64:content
POST   /api/v4/projects/42/repository/files/README.md            file-write       ?  base64:content
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/branches  ref-write       =
DELETE /api/v4/projects/acme%2Fteam%2Fwidget/repository/branches/feature%2Fx  ref-write  =
DELETE /api/v4/projects/acme%2Fteam%2Fwidget/repository/merged_branches  ref-write  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/tags     ref-write        =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/tags/v1/release  release-upload  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/commits/0a1b/comments  issue-write  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/commits/0a1b/cherry_pick  ref-write  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/commits/0a1b/revert  ref-write  =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/repository/submodules/lib  file-write  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/repository/changelog  file-write     =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/wikis               file-write       =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/wikis/home          file-write       =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/wikis/attachments   file-upload      =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/snippets            gist-write       =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/uploads             file-upload      =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/releases            release-upload   =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/releases/v1/assets/links  release-upload  =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/packages/generic/app/1.0/app.bin  package-publish  =
PUT    /api/v4/projects/42/packages/generic/app/1.0/app.bin      package-publish  ?
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/packages/npm/@acme%2fapp  package-publish  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/packages/pypi       package-publish  =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/packages/maven/a/b/1/b.jar  package-publish  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/packages/protection/rules  settings-write  =
DELETE /api/v4/projects/acme%2Fteam%2Fwidget/registry/repositories/1  package-publish  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/terraform/state/prod  artifact-upload  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/issues              issue-write      =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/issues/7/notes      issue-write      =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/issues/7/metric_images  file-upload  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/issues/7/move       issue-write      ?
POST   /api/v4/projects/acme%2Fteam%2Fwidget/merge_requests      issue-write      ?
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/merge_requests/7    issue-write      =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/merge_requests/7/notes  issue-write  =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/merge_requests/7/merge  ref-write    =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/merge_requests/7/merge.json  ref-write  =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/merge_requests/7/rebase  ref-write   =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/merge_requests/7/pipelines  ci-run   =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/labels              issue-write      =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/milestones          issue-write      =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/statuses/0a1b       metadata-write   =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/star                metadata-write   =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/hooks               hook-add         =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/integrations/slack  hook-add         =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/deploy_keys         key-add          =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/deploy_tokens       access-write     =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/access_tokens       access-write     =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/members             access-write     =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/share               access-write     =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/variables           secret-write     =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/variables/KEY       secret-write     =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/secure_files        secret-write     =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/triggers            access-write     =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/trigger/pipeline    ci-run           =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/ref/main/trigger/pipeline  ci-run    =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/pipeline            ci-run           =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/pipelines/7/retry   ci-run           =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/jobs/7/play         ci-run           =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/pipeline_schedules  ci-run           =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/pipeline_schedules/7/variables  secret-write  =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/runners             compute-admin    =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/protected_branches  settings-write   =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/environments        settings-write   =
POST   /api/v4/projects/acme%2Fteam%2Fwidget/fork                repo-fork        ?
PUT    /api/v4/projects/acme%2Fteam%2Fwidget/transfer            repo-transfer    ?
POST   /api/v4/projects/acme%2Fteam%2Fwidget/remote_mirrors      settings-write   ?
POST   /api/v4/projects/acme%2Fteam%2Fwidget/export              settings-write   ?
PUT    /api/v4/projects/acme%2Fteam%2Fwidget                     repo-visibility  =
PUT    /api/v4/projects/acme%2Fteam%2Fwidget.json                repo-visibility  ?
DELETE /api/v4/projects/acme%2Fteam%2Fwidget                     repo-delete      =
DELETE /api/v4/projects/42                                       repo-delete      ?
POST   /api/v4/projects/acme%2Fteam%2Fwidget/ci/lint             unknown-write    ?
POST   /api/v4/projects/acme%2Fteam%2Fwidget/something-new       unknown-write    ?
`

const REST = `
GET    /api/v4/projects                                          api-read         -
GET    /api/v4/user                                              api-read         -
GET    /api/v4/groups/acme/projects                              api-read         ?
GET    /api/graphql?query=mutation                               unknown-write    ?
POST   /api/graphql                                              unknown-write    ?
POST   /api/v4/projects                                          repo-create      ?
POST   /api/v4/projects/user/7                                   repo-create      ?
POST   /api/v4/projects/import                                   repo-create      ?
POST   /api/v4/import/github                                     repo-create      ?
POST   /api/v4/bulk_imports                                      repo-create      ?
POST   /api/v4/snippets                                          gist-write       ?
PUT    /api/v4/snippets/7                                        gist-write       ?
POST   /api/v4/groups                                            account-write    -
PUT    /api/v4/groups/7                                          repo-visibility  ?
DELETE /api/v4/groups/7                                          account-write    -
POST   /api/v4/groups/7/projects/42                              repo-transfer    ?
POST   /api/v4/groups/7/variables                                secret-write     -
POST   /api/v4/groups/acme/hooks                                 hook-add         -
POST   /api/v4/groups/acme/members                               access-write     -
POST   /api/v4/groups/acme/epics                                 issue-write      -
POST   /api/v4/groups/acme/wikis                                 file-write       ?
POST   /api/v4/groups/acme%2Fteam/variables                      unknown-write    ?
PUT    /api/v4/groups/acme/-/packages/npm/app                    package-publish  ?
PUT    /api/v4/packages/npm/app                                  package-publish  ?
POST   /api/v4/user/keys                                         key-add          -
POST   /api/v4/user/gpg_keys                                     key-add          -
POST   /api/v4/users/7/keys                                      key-add          -
POST   /api/v4/users/7/personal_access_tokens                    access-write     -
POST   /api/v4/personal_access_tokens/self/rotate                access-write     -
PUT    /api/v4/user/status                                       account-write    -
POST   /api/v4/runners                                           compute-admin    -
POST   /api/v4/jobs/request                                      ci-run           ?
PATCH  /api/v4/jobs/7/trace                                      artifact-upload  ?
POST   /api/v4/jobs/7/artifacts                                  artifact-upload  ?
PUT    /api/v4/suggestions/7/apply                               file-write       ?
POST   /api/v4/code_suggestions/completions                      ai-prompt        ?
POST   /api/v4/usage_data/track_event                            telemetry        -
POST   /api/v4/usage_data/track_event/x                          unknown-write    ?
POST   /api/v4/markdown                                          unknown-write    ?
POST   /api/v3/projects                                          unknown-write    ?
`

const WEB = `
GET    /                                                         web-read         -
GET    /acme                                                     web-read         -
GET    /acme/widget                                              web-read         gitlab.com/acme/widget
GET    /acme/team/widget/-/blob/main/a.ts                        web-read         =
GET    /acme/team/widget/-/blob/main/-/a.ts                      web-read         =
GET    /acme/team/widget/-/raw/main/a.ts                         download         =
GET    /acme/team/widget/-/archive/main/widget-main.zip          download         =
GET    /groups/acme/-/group_members                              web-read         -
GET    /explore/projects                                         web-read         -
POST   /users/sign_in                                            sign-in          -
POST   /users/sign_out                                           sign-in          -
POST   /users/auth/saml/callback                                 sign-in          -
POST   /oauth/token                                              sign-in          -
POST   /oauth/authorize                                          access-write     -
POST   /oauth/authorize_device                                   sign-in          -
POST   /users/sign_in/x                                          unknown-write    ?
POST   /users/sign_in.json                                       unknown-write    ?
POST   /users/Sign_in                                            unknown-write    ?
PUT    /users/sign_in                                            unknown-write    ?
POST   /oauth/token/x                                            unknown-write    ?
POST   /oauth/applications                                       unknown-write    ?
POST   /users                                                    account-write    -
POST   /-/user_settings/ssh_keys                                 key-add          -
POST   /-/user_settings/personal_access_tokens                   access-write     -
POST   /-/user_settings/profile                                  account-write    -
POST   /-/snippets                                               gist-write       ?
POST   /projects                                                 repo-create      ?
POST   /import/github                                            repo-create      ?
POST   /uploads/personal_snippet                                 file-upload      ?
POST   /acme/team/widget/uploads                                 file-upload      =
POST   /acme/team/widget/-/create/main                           file-write       =
PUT    /acme/team/widget/-/update/main/a.ts                      file-write       =
POST   /acme/team/widget/-/create_dir/main                       file-write       =
POST   /acme/team/widget/-/wikis                                 file-write       =
POST   /acme/team/widget/-/snippets                              gist-write       =
POST   /acme/team/widget/-/branches                              ref-write        =
POST   /acme/team/widget/-/tags                                  ref-write        =
POST   /acme/team/widget/-/releases                              release-upload   =
POST   /acme/team/widget/-/issues                                issue-write      =
POST   /acme/team/widget/-/issues/7/move                         issue-write      ?
POST   /acme/team/widget/-/merge_requests                        issue-write      ?
POST   /acme/team/widget/-/merge_requests/7/merge                ref-write        =
POST   /acme/team/widget/-/merge_requests/7/Merge                ref-write        =
POST   /acme/team/widget/-/merge_requests/7/merge.json           ref-write        =
POST   /acme/team/widget/-/merge_requests/7/notes                issue-write      =
POST   /acme/team/widget/-/forks                                 repo-fork        ?
POST   /acme/team/widget/-/pipelines                             ci-run           =
PATCH  /acme/team/widget/-/variables                             secret-write     =
POST   /acme/team/widget/-/hooks                                 hook-add         =
POST   /acme/team/widget/-/deploy_keys                           key-add          =
POST   /acme/team/widget/-/settings/access_tokens                access-write     =
PATCH  /acme/team/widget/-/settings/repository                   settings-write   =
POST   /acme/team/widget/-/something-new                         unknown-write    ?
POST   /acme/team/widget/issues                                  unknown-write    ?
POST   /groups/acme/-/settings/ci_cd                             unknown-write    ?
POST   /acme/-/create/main                                       unknown-write    ?
`

describe('GitLab', () => {
  const counts = [GIT, PROJECT, REST, WEB].map((table) =>
    checkTable('gitlab.com', 'gitlab.com/acme/team/widget', table),
  )
  it('has a table worth the name', () => expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(190))

  it.each([
    ['PUT', 'registry.gitlab.com/v2/acme/widget/blobs/uploads/1', 'package-publish'],
    ['POST', 'registry.gitlab.com/v2/acme/widget/blobs/uploads', 'package-publish'],
    ['GET', 'registry.gitlab.com/v2/acme/widget/manifests/latest', 'download'],
    ['POST', 'snowplowprd.trx.gitlab.net/com.snowplowanalytics.snowplow/tp2', 'telemetry'],
    ['POST', 'snowplowprd.trx.gitlab.net/x', 'unknown-write'],
    ['GET', 'altssh.gitlab.com/acme/widget', 'unknown-write'],
    ['PUT', 'salsa.debian.org/api/v4/projects/acme%2Fwidget/repository/files/a', 'file-write'],
    ['PUT', 'code.corp.example/api/v4/projects/acme%2Fwidget/repository/files/a', 'file-write'],
    ['POST', 'registry.eu.corp.example/v2/acme/widget/blobs/uploads', 'package-publish'],
  ])('%s %s is %s', (method, url, operation) => expect(classifyUrl(method, url).operation).toBe(operation))

  it('names the projects of a server under its first name', () => {
    const { repository } = classifyUrl('PUT', 'old-code.corp.example/api/v4/projects/Acme%2Fx/repository/files/a')
    expect(repository).toEqual({ state: 'known', value: 'code.corp.example/acme/x' })
  })
})

describe('an encoded slash', () => {
  const commits = (project: string): string => `gitlab.com/api/v4/projects/${project}/repository/commits`

  it.each([
    ['of a name that begins with a number', 'gitlab.com/api/v4/projects/42%2Fissues%2Fx'],
    ['that another server takes for a route', 'gitlab.com/api/v4/projects/42%2Fissues'],
    ['that hides a route of another project', 'gitlab.com/api/v4/projects/42%2Frepository%2Fcommits'],
    ['that hides a fork', 'gitlab.com/api/v4/projects/42%2Ffork'],
  ])('%s is no name', (_, url) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { operation, repository } = classifyUrl(method, url)
      expect([method, operation, repository.state]).toEqual([method, 'unknown-write', 'never'])
    }
  })

  it.each([
    'ours%2F..%2Fevil%2Fx',
    'ours%2F.%2Fx',
    'ours%2F%2Fx',
    'ours%2Fx%2F',
    '%2Fours%2Fx',
    'ours%252Fx',
    'ours%5Cx',
    'ours%2Fx%00',
    'ours%2Fx%3Fy',
    'ours%2Fx%23y',
    'ours%2Fx%3By',
    'ours%2Fx%20y',
    'ours%EF%BC%8Fx',
    'ours%C0%AFx',
    'ours;%2Fx',
    'ours/x',
    'ours//x',
  ])('does not make a name of projects/%s', (project) => {
    const { operation, repository } = classifyUrl('POST', commits(project))
    expect([operation, repository.state]).toEqual(['unknown-write', 'never'])
  })

  it.each([
    'gitlab.com/api%2Fv4/projects/ours%2Fx/repository/commits',
    'gitlab.com/api/v4%2Fprojects/ours%2Fx/repository/commits',
    'gitlab.com/api/v4/projects/ours%2Fx%2Frepository/commits',
    'gitlab.com/api/v4/projects/ours%2Fx/repository%2Fcommits',
    'gitlab.com/api/v4/projects%2Fours%2Fx/repository/commits',
    'gitlab.com/api/v4/Projects/ours%2Fx/repository/commits',
    'gitlab.com/api/v4//projects/ours%2Fx/repository/commits',
    'gitlab.com/api/v4/./projects/ours%2Fx/repository/commits',
    'gitlab.com/api/v4/projects/ours%2Fx/repository/commits/',
    'gitlab.com/acme%2Fteam/widget/-/create/main',
    'gitlab.com/acme/team/widget%2F-/create/main',
    'gitlab.com/acme/team/widget/%2D%2F/create/main',
    'api.github.com/repos/ours%2Fx/contents/a',
    'codeberg.org/api/v1/repos/ours%2Fx/contents/a',
  ])('stays ambiguous anywhere else: %s', (url) => {
    const { operation, repository } = classifyUrl('POST', url)
    expect([operation, repository.state]).toEqual(['unknown-write', 'never'])
  })

  it('names the same project where other escapes spell it', () => {
    const { operation, repository } = classifyUrl('POST', commits('our%73%2Fx'))
    expect([operation, repository]).toEqual(['file-write', { state: 'known', value: 'gitlab.com/ours/x' }])
  })
})

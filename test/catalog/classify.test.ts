import { describe, expect, it } from 'vitest'
import { classifyAnnounced } from '../../src/catalog/classify.ts'
import { CATALOG, classifyUrl, show } from './classified.ts'

// METHOD HOST/TARGET OPERATION REPOSITORY SERVICE; `-` is none, `?` a repository that cannot be told.
const REQUESTS = `
GET    github.com/acme/widget.git/info/refs?service=git-upload-pack        git-fetch        github.com/acme/widget  github
GET    github.com/acme/widget.git/info/refs?service=git-receive-pack       git-fetch        github.com/acme/widget  github
HEAD   github.com/acme/widget/info/refs?service=git-receive-pack           git-fetch        github.com/acme/widget  github
GET    github.com/Acme/Widget.GIT/info/refs?service=git-upload-pack        git-fetch        github.com/acme/widget  github
POST   github.com/acme/widget.git/git-receive-pack                         git-push         github.com/acme/widget  github
POST   github.com/acme/widget/git-receive-pack                             git-push         github.com/acme/widget  github
POST   github.com/ACME/Widget/git-receive-pack                             git-push         github.com/acme/widget  github
POST   www.github.com/acme/widget/git-receive-pack                         git-push         github.com/acme/widget  github
POST   github.com/acme/widget.wiki.git/git-receive-pack                    git-push         github.com/acme/widget.wiki  github
POST   github.com/acme/acme.github.io/git-receive-pack                      git-push         github.com/acme/acme.github.io  github
POST   github.com/a/b/c/git-receive-pack                                   git-push         ?  github
POST   github.com/git-receive-pack                                         git-push         ?  github
POST   github.com/acme/.git/git-receive-pack                               git-push         ?  github
POST   github.com/acme/x.git.git/git-receive-pack                          git-push         ?  github
POST   github.com/acme/*/git-receive-pack                                  git-push         ?  github
PUT    github.com/acme/widget/git-receive-pack                             unknown-write    ?  github
GET    github.com/acme/widget/git-receive-pack                             unknown-write    ?  github
POST   github.com/acme/widget.git/info/lfs/objects/batch                   lfs-upload       github.com/acme/widget  github
PUT    github.com/acme/widget.git/info/lfs/objects/0a1b                    lfs-upload       github.com/acme/widget  github
GET    github.com/acme/widget.git/info/lfs/objects/0a1b                    download         github.com/acme/widget  github
GET    github.com/acme/widget.git/info/lfs/locks                           lock-check       github.com/acme/widget  github
POST   github.com/acme/widget.git/info/lfs/locks                           metadata-write   github.com/acme/widget  github
POST   github.com/acme/widget.git/info/lfs/locks/7/unlock                  metadata-write   github.com/acme/widget  github
DELETE github.com/acme/widget.git/info/lfs/locks/7                         unknown-write    github.com/acme/widget  github
POST   github.com/acme/widget.git/info/lfs/locks/verify                    unknown-write    github.com/acme/widget  github
POST   github.com/acme/widget.git/git-upload-pack                          unknown-write    github.com/acme/widget  github
GET    github.com/                                                         web-read         -  github
GET    github.com/acme                                                     web-read         -  github
GET    github.com/acme/widget                                              web-read         github.com/acme/widget  github
GET    github.com/acme/widget/                                             web-read         github.com/acme/widget  github
GET    github.com/acme/widget/blob/main/src/a.ts                           web-read         github.com/acme/widget  github
GET    github.com/acme/widget/raw/main/src/a.ts                            download         github.com/acme/widget  github
GET    github.com/acme/widget/archive/refs/heads/main.zip                  download         github.com/acme/widget  github
GET    github.com/acme/widget/releases/download/v1/a.tgz                   download         github.com/acme/widget  github
OPTIONS github.com/acme/widget                                             web-read         github.com/acme/widget  github
GET    github.com/settings/profile                                         web-read         -  github
GET    github.com/orgs/acme/repositories                                   web-read         -  github
GET    github.com/search?q=secret                                          web-read         -  github
POST   github.com/session                                                  sign-in          -  github
POST   github.com/login                                                    sign-in          -  github
POST   github.com/login/oauth/access_token                                 sign-in          -  github
POST   github.com/login/device/code                                        sign-in          -  github
POST   github.com/login/device                                             sign-in          -  github
POST   github.com/login/oauth/authorize                                    access-write     -  github
POST   github.com/login/oauth/authorize.json                               access-write     -  github
POST   github.com/login/device/authorize                                   access-write     -  github
POST   github.com/login/device/confirmation                                access-write     -  github
POST   github.com/acme/widget/Fork                                         repo-fork        ?  github
POST   github.com/acme/widget/fork.json                                    repo-fork        ?  github
POST   github.com/acme/widget/generate.html                                repo-create      ?  github
POST   github.com/acme/widget/advisories/GHSA-1/collaborators              unknown-write    ?  github
GET    api.github.com/graphql                                              api-read         ?  github
OPTIONS api.github.com/graphql                                              api-read         ?  github
GET    api.github.com/graphql?query=%7Bviewer%7D                           unknown-write    ?  github
GET    api.github.com/graphql?id=1                                         unknown-write    ?  github
HEAD   api.github.com/graphql?x                                            unknown-write    ?  github
GET    api.github.com/graphql/?query=%7Bviewer%7D                          unknown-write    ?  github
GET    api.github.com/GraphQL?query=%7Bviewer%7D                           unknown-write    ?  github
GET    api.github.com/graphql.json?query=%7Bviewer%7D                      unknown-write    ?  github
POST   api.github.com/graphql?query=%7Bviewer%7D                           unknown-write    ?  github
GET    api.github.com/repos/graphql/graphql?page=2                         api-read         github.com/graphql/graphql  github
GET    git.acme.example/api/graphql?query=%7Bviewer%7D                     unknown-write    ?  acme-github
GET    gitlab.com/api/graphql?query=%7Bproject%7D                          unknown-write    ?  gitlab
POST   github.com/sessions/two-factor/app                                  sign-in          -  github
POST   github.com/orgs/acme/saml/consume                                   sign-in          -  github
POST   github.com/logout                                                   sign-in          -  github
PUT    github.com/session                                                  unknown-write    ?  github
POST   github.com/sessions/x                                               unknown-write    ?  github
POST   github.com/login/x                                                  unknown-write    ?  github
POST   github.com/login/oauth/access_token/x                               unknown-write    ?  github
POST   github.com/Login                                                    unknown-write    ?  github
POST   collector.github.com/x                                              unknown-write    -  github
PUT    ghcr.io/v2/acme/widget/manifests/latest                             package-publish  ?  github
PUT    npm.pkg.github.com/@acme%2fwidget                                   package-publish  ?  github
GET    ghcr.io/v2/acme/widget/manifests/latest                             download         ?  github
POST   github.com/_private/browser/stats                                   telemetry        -  github
POST   collector.github.com/github/collect                                 telemetry        -  github
POST   api.github.com/_private/browser/stats                               telemetry        -  github
POST   github.com/upload/policies/assets                                   file-write       ?  github
PUT    github.com/upload/upload-manifest-files/1                           file-write       ?  github
POST   github.com/acme/widget/upload/main                                  file-write       github.com/acme/widget  github
POST   github.com/acme/widget/create/main                                  file-write       github.com/acme/widget  github
POST   github.com/acme/widget/edit/main/README.md                          file-write       github.com/acme/widget  github
POST   github.com/acme/widget/tree-save/main/README.md                     file-write       github.com/acme/widget  github
POST   github.com/acme/widget/releases                                     release-upload   github.com/acme/widget  github
POST   github.com/acme/widget/issues                                       issue-write      github.com/acme/widget  github
POST   github.com/acme/widget/pull/7/merge                                 ref-write        github.com/acme/widget  github
POST   github.com/acme/widget/fork                                         repo-fork        ?  github
POST   github.com/acme/widget/settings/set_visibility                      repo-visibility  github.com/acme/widget  github
POST   github.com/acme/widget/settings/transfer                            repo-transfer    ?  github
POST   github.com/acme/widget/settings/keys                                key-add          github.com/acme/widget  github
POST   github.com/acme/widget/settings/branches                            settings-write   github.com/acme/widget  github
POST   github.com/repositories                                             repo-create      ?  github
POST   github.com/settings/keys                                            key-add          -  github
POST   github.com/settings/tokens                                          access-write     -  github
POST   github.com/settings/profile                                         account-write    -  github
POST   github.com/acme/widget/something-new                                unknown-write    ?  github                     
POST   github.com/orgs/acme/something-new                                  unknown-write    ?  github
POST   github.com/Orgs/acme/something-new                                  unknown-write    ?  github
POST   github.com/acme                                                     unknown-write    ?  github
GET    api.github.com/                                                     api-read         -  github
GET    api.github.com/user                                                 api-read         -  github
GET    api.github.com/user/repos                                           api-read         -  github
GET    api.github.com/search/code?q=x                                      api-read         -  github
GET    api.github.com/repos/acme/widget                                    api-read         github.com/acme/widget  github
GET    api.github.com/repos/acme/widget/contents/a/b.ts                    api-read         github.com/acme/widget  github
HEAD   api.github.com/repos/ACME/widget/zipball                            api-read         github.com/acme/widget  github
OPTIONS api.github.com/repos/acme/widget/git/blobs                         api-read         github.com/acme/widget  github
GET    api.github.com/orgs/acme/teams/x/repos/acme/widget                  api-read         github.com/acme/widget  github
GET    api.github.com/repositories/42/contents/a                           api-read         ?  github
GET    api.github.com/gists/0a1b                                           api-read         ?  github
GET    api.github.com/no/such/route                                        api-read         ?  github
PUT    api.github.com/repos/acme/widget/contents/a/b.ts                    file-write       github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/contents/a%2Fb.ts                  file-write       github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/contents/C%23/a%20b%3F.cs          file-write       github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/contents/100%25.txt                file-write       github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/contents/%C3%A9.md                 file-write       github.com/acme/widget  github
PUT    api.github.com/%72epos/acme/wid%67et/contents/a                     file-write       github.com/acme/widget  github
DELETE api.github.com/repos/acme/widget/contents/a.ts                      file-write       github.com/acme/widget  github
PUT    api.github.com/repositories/42/contents/a.ts                        file-write       ?  github
POST   api.github.com/repos/acme/widget/git/blobs                          file-write       github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/git/trees                          file-write       github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/git/commits                        file-write       github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/git/tags                           ref-write        github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/git/refs                           ref-write        github.com/acme/widget  github
PATCH  api.github.com/repos/acme/widget/git/refs/heads/main                ref-write        github.com/acme/widget  github
PATCH  api.github.com/repos/acme/widget/git/refs/heads%2Fmain              ref-write        github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/merges                             ref-write        github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/pulls/7/merge                      ref-write        github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/branches/feature%2Fx/rename        ref-write        github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/branches/main/protection           settings-write   github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/branches/main/protection/enforce_admins  settings-write  github.com/acme/widget  github
PUT    api.github.com/repos/acme/wid%20get/contents/a                      file-write       ?  github
PUT    api.github.com/repos/acme/*/contents/a                              file-write       ?  github
POST   api.github.com/gists                                                gist-write       ?  github
PATCH  api.github.com/gists/0a1b                                           gist-write       ?  github
POST   api.github.com/gists/0a1b/comments                                  gist-write       ?  github
PUT    api.github.com/gists/0a1b/star                                      metadata-write   ?  github
POST   api.github.com/repos/acme/widget/releases                           release-upload   github.com/acme/widget  github
POST   uploads.github.com/repos/acme/widget/releases/7/assets?name=x       release-upload   github.com/acme/widget  github
POST   uploads.github.com/repos/acme/widget/something                      unknown-write    ?  github
POST   api.github.com/repos/acme/widget/issues                             issue-write      github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/pulls/7/comments                   issue-write      github.com/acme/widget  github
DELETE api.github.com/repos/acme/widget/labels/kind%2Fbug                  issue-write      github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/actions/workflows/ci.yml/dispatches  ci-run         github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/dispatches                         ci-run           github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/actions/workflows/ci.yml/disable   settings-write   github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/actions/secrets/TOKEN              secret-write     github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/actions/variables                  secret-write     github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/environments/prod/secrets/TOKEN    secret-write     github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/code-scanning/sarifs               artifact-upload  github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/pages/deployments                  repo-visibility  github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/pages                              repo-visibility  github.com/acme/widget  github
PATCH  api.github.com/repos/acme/widget                                    settings-write   github.com/acme/widget  github
PATCH  api.github.com/repositories/42                                      settings-write   ?  github
DELETE api.github.com/repos/acme/widget                                    repo-delete      github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/forks                              repo-fork        ?  github
POST   api.github.com/repos/acme/template/generate                         repo-create      ?  github
POST   api.github.com/repos/acme/widget/transfer                           repo-transfer    ?  github
POST   api.github.com/repos/acme/widget/hooks                              hook-add         github.com/acme/widget  github
POST   api.github.com/repos/acme/widget/keys                               key-add          github.com/acme/widget  github
PUT    api.github.com/repos/acme/widget/collaborators/mallory              access-write     github.com/acme/widget  github
POST   api.github.com/user/repos                                           repo-create      ?  github
POST   api.github.com/orgs/acme/repos                                      repo-create      ?  github
POST   api.github.com/user/keys                                            key-add          -  github
POST   api.github.com/orgs/acme/hooks                                      hook-add         -  github
PUT    api.github.com/orgs/acme/actions/secrets/TOKEN                      secret-write     -  github
PUT    api.github.com/orgs/acme/teams/x/repos/acme/widget                  access-write     github.com/acme/widget  github
POST   api.github.com/user/codespaces                                      compute-admin    ?  github
POST   api.github.com/app/installations/7/access_tokens                    sign-in          -  github
POST   api.github.com/graphql                                              unknown-write    ?  github
POST   api.github.com/markdown                                             unknown-write    ?  github
POST   api.github.com/repos/acme/widget/something-new                      unknown-write    ?  github
POST   api.github.com/Repos/acme/widget/issues                             unknown-write    ?  github
POST   api.github.com/acme/widget.git/git-receive-pack                     git-push         ?  github
BREW   api.github.com/repos/acme/widget                                    unknown-write    ?  github
POST   gist.github.com/                                                    gist-write       ?  github
POST   gist.github.com/0a1b.git/git-receive-pack                           git-push         ?  github
GET    gist.github.com/ada/0a1b                                            web-read         ?  github
GET    codeload.github.com/acme/widget/zip/refs/heads/main                 download         github.com/acme/widget  github
GET    raw.githubusercontent.com/acme/widget/main/a.ts                     download         github.com/acme/widget  github
GET    media.githubusercontent.com/media/acme/widget/main/a.bin            download         github.com/acme/widget  github
GET    objects.githubusercontent.com/github-production-release-asset/1     download         ?  github
PUT    github-cloud.s3.amazonaws.com/alambic/media/1                       lfs-upload       ?  github
POST   github-production-user-asset-6210df.s3.amazonaws.com/               file-upload      ?  github
POST   results-receiver.actions.githubusercontent.com/twirp/x/CreateArtifact  artifact-upload  ?  github
GET    avatars.githubusercontent.com/u/1                                   download         -  github
GET    ssh.github.com/acme/widget                                          unknown-write    ?  github
POST   ssh.github.com/acme/widget/git-receive-pack                         unknown-write    ?  github
POST   ssh.github.com/session                                              unknown-write    ?  github
GET    docs.github.com/en                                                  web-read         ?  github
PUT    git.acme.example/api/v3/repos/team/app/contents/a                   file-write       git.acme.example/team/app  acme-github
PUT    code.acme.example/api/v3/repos/team/app/contents/a                  file-write       git.acme.example/team/app  acme-github
POST   git.acme.example/api/graphql                                        unknown-write    ?  acme-github
POST   git.acme.example/api/uploads/repos/team/app/releases/7/assets       release-upload   git.acme.example/team/app  acme-github
POST   git.acme.example/Team/App.git/git-receive-pack                      git-push         git.acme.example/team/app  acme-github
POST   code.acme.example/team/app.git/git-receive-pack                     git-push         git.acme.example/team/app  acme-github
POST   git.acme.example/gist/0a1b.git/git-receive-pack                     git-push         ?  acme-github
POST   git.acme.example/gist                                               gist-write       ?  acme-github
POST   gist.git.acme.example/0a1b                                          gist-write       ?  acme-github
GET    raw.code.git.acme.example/team/app/main/a                           download         code.git.acme.example/team/app  acme-github
GET    raw.code.acme.example/team/app/main/a                               download         git.acme.example/team/app  acme-github
GET    raw.git.acme.example/team/app/main/a                                download         git.acme.example/team/app  acme-github
POST   git.acme.example/login                                              sign-in          -  acme-github
PUT    git.acme.example/repos/team/app/contents/a                          unknown-write    ?  acme-github
POST   octo.ghe.com/team/app/git-receive-pack                              git-push         octo.ghe.com/team/app  github-tenants
PUT    api.octo.ghe.com/repos/team/app/contents/a                          file-write       octo.ghe.com/team/app  github-tenants
POST   src.acme.example/Team/deep/App.git/git-receive-pack                 git-push         src.acme.example/Team/deep/App  acme-git
POST   old-src.acme.example/team/app/git-receive-pack                      git-push         src.acme.example/team/app  acme-git
POST   one.repos.acme.example/app/git-receive-pack                         git-push         one.repos.acme.example/app  acme-git
GET    src.acme.example/team/app                                           web-read         ?  acme-git
POST   src.acme.example/team/app/issues                                    unknown-write    ?  acme-git
POST   gitlab.com/Acme/group/widget.git/git-receive-pack                   git-push         gitlab.com/acme/group/widget  gitlab
GET    gitlab.com/acme/widget.git/info/refs?service=git-receive-pack       git-fetch        gitlab.com/acme/widget  gitlab
POST   gitlab.com/api/v4/projects/1/repository/commits                     file-write       ?  gitlab
POST   bitbucket.org/acme/widget.git/git-receive-pack                      git-push         bitbucket.org/acme/widget  bitbucket
POST   api.bitbucket.org/2.0/repositories/acme/widget/src                  file-write       bitbucket.org/acme/widget  bitbucket
GET    api.bitbucket.org/2.0/user                                          api-read         -  bitbucket
POST   codeberg.org/acme/widget/git-receive-pack                           git-push         codeberg.org/acme/widget  codeberg
POST   dev.azure.com/acme/proj/_git/widget/git-receive-pack                git-push         dev.azure.com/acme/proj/widget  azure-devops
POST   dev.azure.com/acme/my%20proj/_git/widget/git-receive-pack           git-push         ?  azure-devops
POST   git.sr.ht/~ada/widget/git-receive-pack                              git-push         git.sr.ht/~ada/widget  sourcehut
POST   huggingface.co/acme/model/git-receive-pack                          git-push         huggingface.co/acme/model  hugging-face
POST   git.unknown.example/Team/app.git/git-receive-pack                   git-push         git.unknown.example/Team/app  -
POST   git.unknown.example/team/app.github.io/git-receive-pack              git-push         git.unknown.example/team/app.github.io  -
POST   git.unknown.example/app/info/lfs/objects/batch                      lfs-upload       git.unknown.example/app  -
GET    git.unknown.example/app/info/refs?service=git-upload-pack           git-fetch        git.unknown.example/app  -
GET    git.unknown.example/app/info/refs                                   web-read         -  -
POST   git.unknown.example/app/info/refs?service=git-upload-pack           unknown-write    ?  -
GET    git.unknown.example/app/refs?service=git-upload-pack                web-read         -  -
GET    git.unknown.example/app/info/refs?service=other                     web-read         -  -
GET    www.acme.example/page?a=b                                           web-read         -  -
POST   www.acme.example/form                                               unknown-write    ?  -
OPTIONS www.acme.example/form                                              web-read         -  -
get    www.acme.example/page                                               unknown-write    ?  -
GET    mega.nz/                                                            web-read         -  mega
POST   g.api.mega.co.nz/cs?id=1                                            file-upload      -  mega
POST   gfs270n1.userstorage.mega.co.nz/ul/token/0                          file-upload      -  mega
POST   content.dropboxapi.com/2/files/upload                               file-upload      -  dropbox
POST   content.dropboxapi.com/2/files/download                             unknown-write    -  dropbox
POST   api.dropboxapi.com/2/files/list_folder                              unknown-write    -  dropbox
POST   upload.box.com/api/2.0/files/content                                file-upload      -  box
PUT    upload.box.com/api/2.0/files/upload_sessions/1                      file-upload      -  box
GET    api.pcloud.com/uploadfile?auth=x                                    file-upload      -  pcloud
POST   www.mediafire.com/api/1.5/upload/simple.php                         file-upload      -  mediafire
POST   buzzheavier.com/x                                                   file-upload      -  buzzheavier
POST   paste.sh/x                                                          paste            -  paste-sh
GET    drive.google.com/file/d/1                                           unknown-write    -  google-drive
PUT    transfer.sh/secret.zip                                              file-upload      -  transfer-sh
POST   0x0.st/                                                             file-upload      -  0x0
POST   pastebin.com/api/api_post.php                                       paste            -  pastebin
GET    pastebin.com/raw/x                                                  unknown-write    -  pastebin
POST   hooks.slack.com/services/T/B/x                                      webhook-post     -  slack-webhooks
POST   slack.com/api/files.upload                                          file-upload      -  slack
POST   api.telegram.org/bot1/sendDocument                                  webhook-post     -  telegram-bots
GET    webhook.site/0a1b?data=x                                            unknown-write    -  webhook-site
POST   discord.com/api/webhooks/1/token                                    webhook-post     -  discord
POST   discord.com/api/v10/webhooks/1/token                                webhook-post     -  discord
POST   discord.com/api/v10/channels/1/messages                             webhook-post     -  discord
GET    discord.com/channels/@me                                            web-read         -  discord
GET    x.trycloudflare.com/                                                web-read         -  cloudflared
POST   www.googleapis.com/upload/drive/v3/files?uploadType=media           file-upload      -  google-storage
PUT    bucket.s3.amazonaws.com/key                                         file-upload      -  aws-s3
GET    storage.googleapis.com/bucket/key                                   download         -  google-storage
POST   api.openai.com/v1/files                                             ai-prompt        -  openai
`

const ROWS = REQUESTS.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))

describe('classify', () => {
  it('has a table worth the name', () => expect(ROWS.length).toBeGreaterThan(150))

  it.each(ROWS)('%s %s is %s of %s at %s', (method = '', url = '', operation, repository, service) => {
    expect(show(classifyUrl(method, url))).toBe(`${operation} ${repository} ${service}`)
  })

  it('lets git read the body of a push, whatever its content type, and of nothing else', () => {
    const pushed = ['application/x-git-receive-pack-request', 'text/plain', null].map((contentType) =>
      classifyUrl('POST', 'github.com/acme/widget/git-receive-pack', { contentType }),
    )
    expect(pushed.map(({ body }) => body)).toEqual(['git-push', 'git-push', 'git-push'])
    expect(classifyUrl('PUT', 'github.com/acme/widget/git-receive-pack').body).toBe('plain')
    expect(classifyUrl('POST', 'github.com/acme/widget/issues').body).toBe('plain')
  })

  it('takes git and LFS at their word only for so long where no service says that they are spoken', () => {
    const FETCH = 'application/x-git-upload-pack-request'
    const LFS = 'application/vnd.git-lfs+json'
    const asked = (host: string): unknown[] =>
      [
        ['git-upload-pack', FETCH],
        ['info/lfs/locks/verify', LFS],
        ['info/lfs/objects/batch', LFS],
      ].map(([path, contentType = null]) => classifyUrl('POST', `${host}/a/b/${path}`, { contentType }).body)
    const [long, short] = ['git-fetch lfs-locks lfs-batch', 'short-git-fetch short-lfs-locks short-lfs-batch']
    for (const host of ['github.com', 'gist.github.com', 'git.sr.ht', 'src.acme.example', 'huggingface.co'])
      expect([host, asked(host).join(' ')]).toEqual([host, long])
    for (const host of ['git.unknown.example', 'x.workers.dev', 'chatgpt.com', 'bucket.s3.amazonaws.com'])
      expect([host, asked(host).join(' ')]).toEqual([host, short])
  })

  it('takes nothing for a read of git’s where a GET can be the upload itself', () => {
    for (const host of ['webhook.site', 'transfer.sh', 'pastebin.com', 'cloudflare-dns.com']) {
      const answers = [
        classifyUrl('POST', `${host}/a/git-upload-pack`, { contentType: 'application/x-git-upload-pack-request' }),
        classifyUrl('POST', `${host}/a/info/lfs/locks/verify`, { contentType: 'application/vnd.git-lfs+json' }),
        classifyUrl('GET', `${host}/a/info/refs?service=git-upload-pack&data=x`),
        classifyUrl('GET', `${host}/a/info/lfs/locks?cursor=x`),
        classifyUrl('GET', `${host}/a/info/lfs/objects/x`),
      ]
      expect([host, ...new Set(answers.map(({ operation, body }) => `${operation} ${JSON.stringify(body)}`))]).toEqual([
        host,
        'unknown-write "plain"',
      ])
    }
  })

  it('reads no document where the query may be one too', () => {
    const body = (url: string): unknown => classifyUrl('POST', url, { contentType: 'application/json' }).body
    for (const path of ['api.github.com/graphql', 'git.acme.example/api/graphql', 'gitlab.com/api/graphql']) {
      expect([body(path), body(`${path}?`)]).toEqual([
        expect.objectContaining({ graphql: expect.any(String) }),
        expect.objectContaining({ graphql: expect.any(String) }),
      ])
      expect([body(`${path}?query=x`), body(`${path}?x`)]).toEqual(['plain', 'plain'])
    }
  })

  it('says how a read that is a POST is proven', () => {
    const body = (path: string, contentType: string): unknown =>
      classifyUrl('POST', `github.com/acme/widget.git/${path}`, { contentType }).body
    expect(body('git-upload-pack', 'application/x-git-upload-pack-request')).toBe('git-fetch')
    expect(body('git-upload-archive', 'application/x-git-upload-archive-request')).toBe('git-fetch')
    expect(body('info/lfs/locks/verify', 'application/vnd.git-lfs+json')).toBe('lfs-locks')
    expect(body('git-upload-pack', 'text/plain')).toBe('plain')
    expect(body('info/lfs/locks/verify', 'text/plain')).toBe('plain')
    expect(classifyUrl('GET', 'github.com/acme/widget.git/info/lfs/locks').body).toBe('plain')
  })

  it('knows no repository by an id in place of its name', () => {
    const id = '01234567-89ab-cdef-0123-456789ABCDEF'
    for (const path of [`acme/${id}`, `${id}/widget`])
      expect(classifyUrl('POST', `git.unknown.example/${path}/git-receive-pack`).repository.state).toBe('never')
  })

  it.each(['x01234567-89ab-cdef-0123-456789abcdef', '01234567-89ab-cdef-0123-456789abcdef0'])(
    'knows a repository whose name only has an id in it: %s',
    (name) => {
      const { repository } = classifyUrl('POST', `git.unknown.example/acme/${name}/git-receive-pack`)
      expect(repository).toMatchObject({ state: 'known', value: `git.unknown.example/acme/${name}` })
    },
  )

  it.each([
    ['git-upload-pack', 'application/x-git-upload-pack-request', 'git-fetch'],
    ['git-upload-pack', 'Application/X-Git-Upload-Pack-Request; charset=x', 'git-fetch'],
    ['git-upload-pack', 'application/x-git-receive-pack-request', 'unknown-write'],
    ['git-upload-pack', 'text/plain', 'unknown-write'],
    ['git-upload-archive', 'application/x-git-upload-archive-request', 'git-fetch'],
    ['info/lfs/locks/verify', 'application/vnd.git-lfs+json', 'lock-check'],
    ['info/lfs/locks/verify', 'text/plain', 'unknown-write'],
  ])('a POST to %s of %s is %s', (path, contentType, operation) => {
    expect(classifyUrl('POST', `git.unknown.example/app/${path}`, { contentType }).operation).toBe(operation)
  })

  it.each([
    'service=git-upload-pack&service=git-receive-pack',
    'service=git-receive-pack&service=git-upload-pack',
    'x=1&service=git%2Dreceive%2Dpack',
  ])('info/refs?%s is a fetch, whichever the server heeds', (query) => {
    expect(classifyUrl('GET', `github.com/acme/widget/info/refs?${query}`).operation).toBe('git-fetch')
  })

  it('calls a mixture of services no fetch', () => {
    const answer = classifyUrl('GET', 'git.unknown.example/app/info/refs?service=git-upload-pack&service=other')
    expect(answer.operation).toBe('web-read')
  })

  it.each(['GET', 'HEAD', 'OPTIONS'])('takes a %s with content for a write', (method) => {
    for (const url of [
      'www.acme.example/',
      'api.github.com/repos/acme/widget',
      'github.com/a/b/info/refs?service=git-upload-pack',
    ]) {
      const answer = classifyUrl(method, url, { hasContent: true })
      expect([answer.operation, answer.repository.state]).toEqual(['unknown-write', 'never'])
    }
  })

  it('names the template that matched, and none where nothing did', () => {
    expect(classifyUrl('PUT', 'api.github.com/repos/a/b/contents/c').route).toBe('/repos/{owner}/{repo}/contents/**')
    expect(classifyUrl('POST', 'github.com/a/b/git-receive-pack').route).toBe('/**/git-receive-pack')
    expect(classifyUrl('POST', 'api.github.com/graphql').route).toBe('/graphql')
  })
})

describe('a body that tells what is done', () => {
  const bodyOf = (url: string, contentType: string | null): unknown => {
    return classifyUrl(url.includes('graphql') ? 'POST' : 'PATCH', url, { contentType }).body
  }

  it.each(['application/json', 'Application/JSON; charset=utf-8'])('does so as %s', (contentType) => {
    expect(bodyOf('api.github.com/graphql', contentType)).toMatchObject({ graphql: 'github', host: 'github.com' })
    expect(bodyOf('gitlab.com/api/graphql', contentType)).toMatchObject({ graphql: 'gitlab', host: 'gitlab.com' })
    expect(bodyOf('api.github.com/repos/a/b', contentType)).toMatchObject({ isJson: true })
  })

  it.each([
    [null, ''],
    ['application/x-www-form-urlencoded', ''],
    ['multipart/form-data; boundary=x', ''],
    ['application/json, application/x-www-form-urlencoded', ''],
    ['text/plain', ''],
    ['application/json', '?query=mutation'],
    ['application/json', '?private=false'],
    ['application/json', '?%5Fjson'],
  ])('does not as %s behind %s', (contentType, query) => {
    for (const url of ['api.github.com/graphql', 'gitlab.com/api/graphql'])
      expect(bodyOf(url + query, contentType)).toBe('plain')
    expect(bodyOf(`api.github.com/repos/a/b${query}`, contentType)).toMatchObject({ isJson: false })
  })
})

describe('classifyAnnounced', () => {
  it.each([
    ['github.com', '/acme/widget.git/git-upload-pack', ['git-fetch', 'unknown-write']],
    ['github.com', '/acme/widget.git/info/lfs/locks/verify', ['lock-check', 'unknown-write']],
    ['gfs1.userstorage.mega.co.nz', '/dl/token', ['download', 'unknown-write']],
    ['api.github.com', '/repos/acme/widget/issues', ['issue-write']],
  ])('tells of a POST to %s%s all that it may turn out to be', (host, target, operations) => {
    const found = classifyAnnounced(CATALOG, { host, method: 'POST', target }).map(({ operation }) => operation)
    expect([...new Set(found)].toSorted()).toEqual(operations)
  })
})

/** Azure DevOps: organizations in the path and in the host, ids in place of names, and servers of one's own. */
import { describe, expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'
import { checkTable } from './table.ts'

const ID = '01234567-89ab-cdef-0123-456789abcdef'

const CLOUD = `
GET    /acme/proj/_git/widget/info/refs?service=git-upload-pack  git-fetch        =
POST   /Acme/Proj/_git/Widget/git-receive-pack                   git-push         =  git-push
POST   /acme/proj/_GIT/widget/git-receive-pack                   git-push         =  git-push
POST   /acme/_git/widget/git-receive-pack                        git-push         dev.azure.com/acme/widget/widget  git-push
POST   /acme/proj/_git/_full/widget/git-receive-pack             git-push         =  git-push
POST   /acme/proj/_git/_optimized/widget/git-receive-pack        git-push         =  git-push
POST   /acme/proj/team/_git/widget/git-receive-pack              git-push         ?  git-push
POST   /acme/proj/_git/widget/x/git-receive-pack                 git-push         ?  git-push
POST   /acme/proj/_git/git-receive-pack                          git-push         ?  git-push
POST   /acme/proj/_git/${ID}/git-receive-pack                    git-push         ?  git-push
POST   /acme/${ID}/_git/widget/git-receive-pack                  git-push         ?  git-push
POST   /acme/my%20proj/_git/widget/git-receive-pack              git-push         ?  git-push
POST   /acme/proj/_git/widget/info/lfs/objects/batch             lfs-upload       =
GET    /acme/proj/_git/widget                                    web-read         =
GET    /acme/proj/_git/widget/pullrequest/7                      web-read         =
GET    /acme/proj                                                web-read         -
GET    /acme/proj/_apis/git/repositories/widget/items?path=a     api-read         =
GET    /acme/proj/_apis/git/repositories/${ID}/items?path=a      api-read         ?
GET    /acme/_apis/git/repositories/${ID}/items                  api-read         ?
GET    /acme/_apis/projects                                      web-read         ?
POST   /acme/proj/_apis/git/repositories/widget/pushes?api-version=7.1  file-write  =
POST   /acme/proj/_apis/git/repositories/Widget/Pushes           file-write       =
POST   /acme/proj/_APIS/Git/Repositories/widget/pushes           file-write       =
POST   /acme/proj/_apis/git/repositories/${ID}/pushes            file-write       ?
POST   /acme/_apis/git/repositories/${ID}/pushes                 file-write       ?
POST   /acme/proj/_apis/git/repositories/widget/refs             ref-write        =
PATCH  /acme/proj/_apis/git/repositories/widget/refs             ref-write        =
POST   /acme/proj/_apis/git/repositories/widget/annotatedtags    ref-write        =
POST   /acme/proj/_apis/git/repositories/widget/cherryPicks      ref-write        =
POST   /acme/proj/_apis/git/repositories/widget/reverts          ref-write        =
POST   /acme/proj/_apis/git/repositories/widget/importRequests   file-write       =
POST   /acme/proj/_apis/git/repositories/widget/pullrequests     issue-write      =
PATCH  /acme/proj/_apis/git/repositories/widget/pullRequests/7   ref-write        =
POST   /acme/proj/_apis/git/repositories/widget/pullRequests/7/threads  issue-write  =
POST   /acme/proj/_apis/git/repositories/widget/pullRequests/7/attachments/a.zip  file-upload  =
POST   /acme/proj/_apis/git/repositories/widget/commits/0a1b/statuses  metadata-write  =
PATCH  /acme/proj/_apis/git/repositories/widget                  settings-write   =
DELETE /acme/proj/_apis/git/repositories/widget                  repo-delete      =
DELETE /acme/_apis/git/repositories/${ID}                        repo-delete      ?
POST   /acme/proj/_apis/git/repositories                         repo-create      ?
POST   /acme/_apis/git/repositories                              repo-create      ?
POST   /acme/proj/_apis/git/repositories/widget/itemsbatch       unknown-write    ?
POST   /acme/_apis/projects                                      repo-create      ?
POST   /acme/proj/_apis/wit/attachments?fileName=a.zip           file-upload      ?
POST   /acme/proj/_apis/wit/workitems/$Bug                       issue-write      -
POST   /acme/proj/_apis/wit/workItems/7/comments                 issue-write      -
PUT    /acme/proj/_apis/wiki/wikis/w/pages                       file-write       ?
POST   /acme/proj/_apis/tfvc/changesets                          file-write       ?
POST   /acme/proj/_apis/build/builds                             ci-run           -
POST   /acme/proj/_apis/pipelines/7/runs                         ci-run           -
POST   /acme/proj/_apis/build/definitions                        settings-write   -
POST   /acme/proj/_apis/release/releases                         ci-run           -
POST   /acme/proj/_apis/distributedtask/variablegroups           secret-write     -
POST   /acme/proj/_apis/distributedtask/securefiles              secret-write     -
POST   /acme/_apis/serviceendpoint/endpoints                     secret-write     -
POST   /acme/_apis/hooks/subscriptions                           hook-add         -
POST   /acme/proj/_apis/policy/configurations                    settings-write   -
POST   /acme/_apis/tokens/pats                                   access-write     -
POST   /acme/_apis/accesscontrolentries/x                        access-write     -
POST   /acme/_apis/something/new                                 unknown-write    ?
POST   /acme/proj/_git/widget                                    unknown-write    ?
POST   /_signedin                                                sign-in          -
POST   /_signedin/x                                              unknown-write    ?
`

const OLD_HOST = `
GET    /proj/_git/widget/info/refs?service=git-upload-pack       git-fetch        =
POST   /proj/_git/widget/git-receive-pack                        git-push         =  git-push
POST   /_git/widget/git-receive-pack                             git-push         dev.azure.com/acme/widget/widget  git-push
POST   /DefaultCollection/proj/_git/widget/git-receive-pack      git-push         =  git-push
POST   /defaultcollection/_git/widget/git-receive-pack           git-push         dev.azure.com/acme/widget/widget  git-push
POST   /proj/_apis/git/repositories/widget/pushes                file-write       =
POST   /DefaultCollection/proj/_apis/git/repositories/widget/pushes  file-write   =
POST   /_apis/git/repositories/${ID}/pushes                      file-write       ?
GET    /proj/_git/widget                                         web-read         =
GET    /                                                         web-read         -
`

const SERVER = `
POST   /acme/proj/_git/widget/git-receive-pack                   git-push         =  git-push
POST   /tfs/acme/proj/_git/widget/git-receive-pack               git-push         =  git-push
POST   /TFS/acme/_git/widget/git-receive-pack                    git-push         tfs.acme.example/acme/widget/widget  git-push
POST   /acme/proj/_apis/git/repositories/widget/pushes           file-write       =
POST   /tfs/acme/proj/_apis/git/repositories/widget/pushes       file-write       =
POST   /tfs/acme/_apis/git/repositories/${ID}/pushes             file-write       ?
POST   /tfs/acme/_apis/git/repositories/widget/pushes            file-write       ?
GET    /tfs/acme/proj/_git/widget                                web-read         =
`

describe('Azure DevOps', () => {
  checkTable('dev.azure.com', 'dev.azure.com/acme/proj/widget', CLOUD)
  checkTable('acme.visualstudio.com', 'dev.azure.com/acme/proj/widget', OLD_HOST)
  checkTable('tfs.acme.example', 'tfs.acme.example/acme/proj/widget', SERVER)

  it.each([
    ['POST', 'x.acme.visualstudio.com/proj/_git/widget/git-receive-pack', 'git-push', 'never'],
    ['POST', 'x.acme.visualstudio.com/proj/_apis/git/repositories/widget/pushes', 'file-write', 'never'],
    ['PUT', 'pkgs.dev.azure.com/acme/_packaging/feed/npm/registry/app', 'package-publish', 'never'],
    ['PUT', 'acme.pkgs.visualstudio.com/_packaging/feed/npm/registry/app', 'package-publish', 'never'],
    ['POST', 'app.vssps.visualstudio.com/_signedin', 'sign-in', 'absent'],
    ['POST', 'app.vssps.visualstudio.com/oauth2/token', 'sign-in', 'absent'],
    ['GET', 'ssh.dev.azure.com/v3/acme/proj/widget', 'unknown-write', 'never'],
    ['GET', 'vs-ssh.visualstudio.com/v3/acme/proj/widget', 'unknown-write', 'never'],
  ])('%s %s is %s', (method, url, operation, state) => {
    const answer = classifyUrl(method, url)
    expect([answer.operation, answer.repository.state]).toEqual([operation, state])
  })
})

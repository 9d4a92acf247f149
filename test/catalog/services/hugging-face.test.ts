/** Hugging Face: git, the hub's API, and what only looks like either. */
import { describe, expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'
import { checkTable } from './table.ts'

const HUB = `
POST   /acme/widget.git/git-receive-pack                  git-push         =  git-push
POST   /datasets/acme/widget.git/git-receive-pack         git-push         huggingface.co/datasets/acme/widget  git-push
POST   /acme/widget.git/info/lfs/objects/batch            lfs-upload       =
GET    /acme/widget/resolve/main/a.bin                    web-read         ?
GET    /api/models/acme/widget                            api-read         =
GET    /api/models/acme/widget/tree/main                  api-read         =
GET    /api/datasets/acme/widget                          api-read         ?
GET    /api/models?search=x                               api-read         ?
POST   /api/models/acme/widget/commit/main                file-write       =
POST   /api/models/Acme/Widget/commit/main                file-write       =
POST   /api/models/acme/widget/commit/refs%2Fpr%2F1       file-write       =
POST   /api/datasets/acme/widget/commit/main              file-write       huggingface.co/datasets/acme/widget
POST   /api/spaces/acme/widget/commit/main                file-write       huggingface.co/spaces/acme/widget
POST   /api/models/acme/widget/preupload/main             file-write       =
POST   /api/models/acme/widget/branch/x                   ref-write        =
DELETE /api/models/acme/widget/tag/v1                     ref-write        =
POST   /api/models/acme/widget/super-squash/main          ref-write        =
POST   /api/models/acme/widget/discussions                issue-write      =
POST   /api/models/acme/widget/discussions/7/comment      issue-write      =
POST   /api/models/acme/widget/discussions/7/merge        ref-write        =
PUT    /api/models/acme/widget/settings                   repo-visibility  =
POST   /api/spaces/acme/widget/secrets                    secret-write     huggingface.co/spaces/acme/widget
DELETE /api/spaces/acme/widget/variables                  secret-write     huggingface.co/spaces/acme/widget
POST   /api/spaces/acme/widget/hardware                   compute-admin    huggingface.co/spaces/acme/widget
POST   /api/spaces/acme/widget/duplicate                  repo-create      ?
POST   /api/repos/create                                  repo-create      ?
DELETE /api/repos/delete                                  repo-delete      ?
POST   /api/repos/move                                    repo-transfer    ?
POST   /api/complete_multipart?uploadId=x                 lfs-upload       ?
POST   /api/settings/webhooks                             hook-add         -
POST   /login                                             sign-in          -
POST   /login/                                            unknown-write    ?
POST   /Login                                             unknown-write    ?
POST   /api/models/acme/widget/commit/main/               unknown-write    ?
POST   /api/models/acme/widget/Commit/main                unknown-write    ?
POST   /api/models/acme%2Fwidget/commit/main              unknown-write    ?
POST   /api/models/widget/commit/main                     unknown-write    ?
PUT    /api/models/acme/widget/commit/main                unknown-write    ?
POST   /api/models/acme/widget/paths-info/main            unknown-write    ?
POST   /api/validate-yaml                                 unknown-write    ?
POST   /acme/widget/upload/main                           unknown-write    ?
`

describe('Hugging Face', () => {
  checkTable('huggingface.co', 'huggingface.co/acme/widget', HUB)

  it.each([
    ['POST', 'router.huggingface.co/v1/chat/completions', 'ai-prompt', 'absent'],
    ['POST', 'cas-server.xethub.hf.co/v1/xorbs/default/0a1b', 'lfs-upload', 'never'],
    ['GET', 'cas-server.xethub.hf.co/v1/reconstructions/0a1b', 'download', 'never'],
    ['POST', 'upload.hf.co/x', 'unknown-write', 'never'],
  ])('%s %s is %s', (method, url, operation, state) => {
    const answer = classifyUrl(method, url)
    expect([answer.operation, answer.repository.state, answer.service?.id]).toEqual([operation, state, 'hugging-face'])
  })

  it('is not a host that ends like it', () => {
    expect(classifyUrl('POST', 'evilhuggingface.co/api/repos/create').service).toBeNull()
    expect(classifyUrl('POST', 'huggingface.co.acme.example/api/repos/create').service).toBeNull()
  })
})

